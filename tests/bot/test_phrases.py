"""What short messages say by their very words, and how the conversation goes on from them."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.events import CommandGiven, PositionShared
from bot.conversation.phrases import (
    asks_about_doors,
    asks_again,
    asks_for_another,
    asks_nearer,
    asks_there,
    language_named,
    name_asked_about,
    says_only_a_place,
    says_other_meant,
    says_unclear,
)
from content.library import Library
from nlu.reading import Candidate, Entities, NotUnderstood, Reading, Unsure
from tests.bot.doubles import talk, understood

NAMES = ("São Paulo", "Sao Paulo")
READINGS: Mapping[str, Reading] = {
    "comida": understood("basics.food"),
    "comida en Quito": understood("basics.food", place="quito"),
    "¿y a qué hora abren?": understood("basics.food"),
    "¿y en São Paulo?": NotUnderstood(language="es", entities=Entities(place="sao-paulo")),
    "en Cuenca": understood("change_city"),
    "Esmeraldas": Unsure(language="es", candidates=(Candidate("protection.threats", 0.6),)),
    "no es eso": understood("deny"),
    "¿y hay otro más cerca?": Unsure(language="es", candidates=(Candidate("education.school", 0.5),)),
    "numero de telefono de casa 4": Unsure(language="es", candidates=(Candidate("family.tracing", 0.5),)),
    "¿hay otro?": NotUnderstood(language="es"),
    "otra ciudad, por favor": understood("change_city"),
    "São Paulo": NotUnderstood(language="pt", entities=Entities(place="sao-paulo", named="sao paulo")),
    "in English please": understood("change_language", language="en"),
    "otro idioma": understood("change_language"),
    "vivo en Guamaní": NotUnderstood(language="es", entities=Entities(place="quito", named="guamani")),
    "chao": understood("goodbye", language="pt"),
    "oi": understood("greet", language="pt"),
    "no entiendo, me pegan": understood("protection.gender_violence", danger="violence"),
}


@pytest.mark.parametrize(
    "text",
    ["y en são paulo?", "e em São Paulo", "and in Sao Paulo?", "et à São Paulo ?", "epi nan Sao Paulo"],
)
def test_and_there_is_heard_in_five_languages(text: str) -> None:
    """ "And in São Paulo?" asks for the same there; whoever says that they moved does not."""
    assert asks_there(text, NAMES)
    assert not asks_there(f"estoy {text}", NAMES)
    assert not asks_there("y necesito un albergue en São Paulo", NAMES)


def test_words_that_say_more_are_left_to_the_engine() -> None:
    """Only whole messages are phrases."""
    for text in (
        "no entiendo el formulario de la visa",
        "otra vez me negaron el refugio",
        "repita los papeles que piden",
        "otro hospital cerca de mi casa",
        "otra visa",
        "no es eso, es mi hijo",
    ):
        assert not asks_again(text)
        assert not asks_nearer(text)
        assert not asks_for_another(text)
        assert not says_other_meant(text)
        assert not says_unclear(text)
    assert not asks_about_doors("me dijeron que abren pero ayer fui con mis hijos y nadie salió")
    assert language_named("español o português") is None


@given(st.text(max_size=100))
def test_any_text_is_read(text: str) -> None:
    """None of them raises."""
    (
        asks_again(text),
        says_unclear(text),
        asks_nearer(text),
        asks_for_another(text),
        says_other_meant(text),
        asks_about_doors(text),
        language_named(text),
    )
    asks_there(text, NAMES), says_only_a_place(text, NAMES)


async def test_what_was_said_is_repeated_where_the_conversation_stands(library: Library) -> None:
    """The question for the place while it is asked, then the answer."""
    person = talk(library, READINGS)
    await person.say("comida")
    asked = [reply.text for reply in person.last]
    assert [reply.text for reply in await person.say("Repita, por favor")] == asked
    await person.say("1")
    answered = [reply.text for reply in person.last]
    assert [reply.text for reply in await person.say("otra vez")] == answered


async def test_who_does_not_understand_gets_one_sentence_and_a_person(library: Library) -> None:
    """The first sentence of the answer, who explains it, and nothing counted twice; danger in the same words comes first."""
    person = talk(library, READINGS)
    await person.say("comida en Quito")
    card = person.last[0].text
    short = await person.say("No entiendo")
    assert "Lo más importante:" in short[0].text
    assert short[0].text.split("\n")[1] in card
    assert len(short[0].text) < len(card) / 2
    assert person.labels[0] == "Hablar con una persona"
    assert person.counted.happenings[-1].place is None
    assert (await person.say("no entiendo, me pegan"))[0].urgent


async def test_a_question_about_the_doors_gets_the_doors_alone(library: Library) -> None:
    """Who asks when they open has read the answer already."""
    person = talk(library, READINGS)
    doors = (await person.say("comida en Quito"))[1]
    assert [reply.text for reply in await person.say("¿y a qué hora abren?")] == [doors.text]


@pytest.mark.parametrize(
    "text",
    [
        "tem outro mais perto?",
        "is there another one closer?",
        "il y en a un plus proche ?",
        "gen yon lòt pi pre?",
    ],
)
def test_nearer_is_heard_in_five_languages(text: str) -> None:
    """Whoever names what should be near asks something of their own."""
    assert asks_nearer(text)
    assert not asks_nearer(f"hospital {text}")


async def test_who_asks_for_another_place_sees_the_next_ones(library: Library) -> None:
    """Also when the engine does not know the words; "nearer" asks where the person is, for the same question."""
    person = talk(library, READINGS)
    shown = (await person.say("comida en Quito"))[1].services
    more = await person.say("¿hay otro?")
    assert more[0].services
    assert not set(more[0].services) & set(shown)
    assert "¿Dónde está?" in (await person.say("¿y hay otro más cerca?"))[0].text
    assert (await person.do(PositionShared(-0.19, -78.49)))[0].need == "basics.food"


async def test_who_asks_for_the_telephone_of_a_house_is_offered_that_house(library: Library) -> None:
    """By its name, before what the engine guesses; what is no such question is left to the guess."""
    person = talk(library, READINGS)
    await person.say("comida en Quito")
    await person.say("numero de telefono de casa 4")
    assert person.labels[0] == "Casa 4"
    assert "+593 2 299 3204" in (await person.press("Casa 4"))[0].text
    assert name_asked_about("¿cuál es el teléfono de ACNUR?") == "acnur"
    assert name_asked_about("¿a qué hora abren?") == name_asked_about("necesito ayuda de ACNUR") == ""


async def test_an_answer_to_another_question_is_no_door_that_failed(library: Library) -> None:
    """ "That is not it" is said of the answer: other words are asked for, not how the visit was."""
    person = talk(library, READINGS)
    await person.say("comida en Quito")
    assert "otras palabras" in (await person.say("no es eso"))[0].text


async def test_and_there_answers_the_same_there(library: Library) -> None:
    """The need just discussed, in the other place; the person's own place stays."""
    person = talk(library, READINGS)
    await person.say("comida en Quito")
    assert (await person.say("¿y en São Paulo?"))[0].text.startswith("# Comida · São Paulo")
    assert person.sessions.remembered(b"somebody").place == "quito"


async def test_a_city_that_we_do_not_know_is_said_to_be_unknown(library: Library) -> None:
    """The question is not simply asked again, neither for a city nor for the same need said once more."""
    for said in ("en Cuenca", "comida", "Esmeraldas"):
        person = talk(library, READINGS)
        await person.say("comida")
        assert "No encontré en su mensaje una ciudad" in (await person.say(said))[0].text
        assert (await person.say("1"))[0].text.startswith("# Comida · Quito")


async def test_a_district_alone_says_where_somebody_is(library: Library) -> None:
    """At any time, not only when the place was asked."""
    person = talk(library, READINGS)
    assert "Le respondo para Quito" in (await person.say("vivo en Guamaní"))[0].text


async def test_a_language_that_is_named_is_spoken_at_once(library: Library) -> None:
    """Only who names none is asked which; an international word changes none."""
    person = talk(library, READINGS)
    await person.say("comida en Quito")
    assert (await person.say("in English please"))[0].text == "From now on we talk in English."
    assert (await person.say("otro idioma"))[0].text.count("\n") == 4
    other = talk(library, READINGS)
    await other.do(CommandGiven("start", language_hint="es"))
    assert (await other.say("chao"))[0].language == "es"
    assert (await other.say("oi"))[0].language == "pt"


async def test_the_name_of_a_place_alone_changes_no_language(library: Library) -> None:
    """ "São Paulo" is no Portuguese in the mouth of somebody who speaks Creole."""
    person = talk(library, READINGS)
    await person.say("comida", language_hint="ht")
    await person.do(CommandGiven("start", language_hint="ht"))
    spoken = person.last[0].language
    assert (await person.say("São Paulo"))[0].language == spoken


async def test_the_words_of_commands_work_without_their_slash(library: Library) -> None:
    """Alone they are the command; a bare "ayuda" may be a call for help and is left to the engine."""
    person = talk(library, READINGS)
    assert "¿De qué se trata?" in (await person.say("Menú"))[0].text
    assert (await person.say("idioma"))[0].text.count("\n") == 4
    assert "Borrar este chat" in [button.label for button in (await person.say("salir"))[-1].buttons]
    assert (await person.say("ayuda"))[0].outcome == "not_understood"


async def test_another_city_in_words_keeps_the_question(library: Library) -> None:
    """As the button below an answer does."""
    person = talk(library, READINGS)
    await person.say("comida en Quito")
    await person.say("otra ciudad, por favor")
    assert (await person.say("São Paulo"))[0].text.startswith("# Comida · São Paulo")


async def test_a_misspelt_button_and_more_are_understood(library: Library) -> None:
    """ "Kito" sounds like Quito, and "más" begins only one button."""
    person = talk(library, READINGS)
    await person.say("comida")
    assert (await person.say("kito"))[0].text.startswith("# Comida · Quito")
    assert (await person.say("más"))[0].services == ("service-4", "service-5")
