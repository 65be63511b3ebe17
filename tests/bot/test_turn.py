"""The turn: what a person gets, from the first word to the last, with the real content and doubles at the edge."""

from __future__ import annotations

import pytest

from bot.conversation.events import (
    ButtonPressed,
    CommandGiven,
    Left,
    PositionShared,
    SomethingElseSent,
    TextSaid,
)
from bot.turn.telling import TOLD
from content.library import Library
from demand.outcomes import Outcome
from nlu.reading import Candidate, Entities, NotUnderstood, Understood, Unreachable, Unsure
from referrals.doors import Document, Found
from tests.bot.doubles import (
    BrokenDirectory,
    BrokenEngine,
    ListedReadings,
    Street,
    codes_of,
    door,
    talk,
    understood,
)

SHELTER = "no tengo donde dormir"
READINGS = {
    SHELTER: understood("shelter.temporary"),
    "albergue en Quito": understood("shelter.temporary", place="quito"),
    "me pega mi marido": understood("protection.gender_violence", danger="violence"),
    "ayúdeme ya": understood("danger_now", danger="violence"),
    "comida y médico": understood("basics.food", others=("health.care",)),
    "preciso de comida": understood("basics.food", language="pt"),
    "trabajo": Unsure(language="es", candidates=(Candidate("work.job", 0.4), Candidate("work.permit", 0.3))),
    "fútbol": understood("out_of_scope"),
    "el lugar estaba cerrado": understood("complaint"),
    "¿quién ve esto?": understood("privacy"),
    "olvídeme": understood("forget_me"),
    "quiero una persona": understood("human"),
    "lo mismo en São Paulo": NotUnderstood(language="es", entities=Entities(place="sao-paulo")),
    "estoy en Quito": understood("change_city", place="quito"),
}


async def test_a_question_waits_for_the_place_and_is_answered_after(library: Library) -> None:
    """
    The place is asked once; the question is kept and answered as soon as the place is known.
    """
    person = talk(library, READINGS)
    asked = await person.say(SHELTER)
    assert "Albergue temporal" in asked[0].text
    card, doors = await person.press("Quito")
    assert card.text.startswith("# Albergue temporal · Quito")
    assert doors.services == ("service-1", "service-2", "service-3")
    await person.say("comida y médico")
    assert person.last[0].need == "basics.food"


async def test_a_place_in_the_question_is_taken(library: Library) -> None:
    """
    "Albergue en Quito" needs no second question.
    """
    person = talk(library, READINGS)
    replies = await person.say("albergue en Quito")
    assert [reply.need for reply in replies] == ["shelter.temporary"] * 2
    assert {reply.outcome for reply in replies} == {"answered"}


async def test_words_below_a_picture_are_answered_and_the_picture_is_said_to_be_unseen(
    library: Library,
) -> None:
    """
    The answer comes with one line that says what was read; in danger nothing stands before the numbers.
    """
    person = talk(library, READINGS)
    note, card, _ = await person.do(TextSaid("albergue en Quito", beside="photo"))
    assert "No puedo ver" in note.text
    assert card.need == "shelter.temporary"
    first, *others = await person.do(TextSaid("me pega mi marido", beside="photo"))
    assert first.urgent
    assert not any("No puedo ver" in reply.text for reply in others)


async def test_danger_at_the_end_of_a_long_story_is_heard(library: Library) -> None:
    """
    The engine reads the beginning; the danger is found wherever it stands.
    """
    person = talk(library, {})
    replies = await person.say("Llegué con mi hija y trabajo mucho. " * 90 + "Mi marido me quiere matar.")
    assert replies[0].urgent
    assert "911" in replies[0].text


async def test_a_link_of_somebody_else_greets(library: Library) -> None:
    """
    A poster's link adds a word of its own: the person is greeted, not told of a card; a place in it is remembered.
    """
    greeted = await talk(library, READINGS).do(CommandGiven("start", "facebook"))
    assert "# Hola, soy Orienta" in greeted[0].text
    person = talk(library, READINGS)
    greeted = await person.do(CommandGiven("start", "quito"))
    assert "# Hola, soy Orienta" in greeted[0].text
    assert "Quito" in greeted[0].text
    card, _ = await person.say(SHELTER)
    assert card.text.startswith("# Albergue temporal · Quito")


async def test_what_to_do_without_a_paper_reads_as_a_sentence(library: Library) -> None:
    """
    The advice stands below the papers; where there are several it names its own.
    """
    passport, bill = Document("Pasaporte", without="Sirve una denuncia."), Document("Recibo de luz")
    for papers, line in (
        ((passport,), "Lleve: Pasaporte\nSi no tiene eso: Sirve una denuncia."),
        ((passport, bill), "Lleve: Pasaporte y Recibo de luz\nSi no tiene «Pasaporte»: Sirve una denuncia."),
    ):
        person = talk(library, READINGS, directory=Street((door(1, documents=papers),)))
        assert line in (await person.say("albergue en Quito"))[1].text


async def test_a_cry_is_never_taken_for_a_code(library: Library) -> None:
    """
    Three words as long as the groups of a code are words of a person.
    """
    person = talk(library, {"quero morir hoje": NotUnderstood(danger="self_harm")})
    for cry in ("quero morir hoje", "tengo mucho frio"):
        said = await person.say(cry)
        assert "código" not in said[0].text
    assert (await person.say("quero morir hoje"))[0].urgent


async def test_a_place_is_also_chosen_in_words(library: Library) -> None:
    """
    Who writes "estoy en Quito" instead of pressing gets the answer that waits.
    """
    person = talk(library, READINGS)
    await person.say(SHELTER)
    replies = await person.say("estoy en Quito")
    assert replies[0].text.startswith("# Albergue temporal · Quito")


async def test_a_shared_position_names_the_place_and_is_not_kept(library: Library) -> None:
    """
    The position sorts the doors of this turn; the next turn knows the place and no position.
    """
    street = Street()
    person = talk(library, READINGS, directory=street)
    await person.say(SHELTER)
    await person.do(PositionShared(-0.19, -78.49))
    assert street.requests[-1].position is not None
    await person.say("comida y médico")
    assert street.requests[-1].place == "quito"
    assert street.requests[-1].position is None


async def test_a_position_outside_every_place_is_told_honestly(library: Library) -> None:
    """
    Somebody in Paris learns which places we know.
    """
    person = talk(library, READINGS)
    await person.do(PositionShared(48.85, 2.35))
    assert person.last[0].outcome == Outcome.ELSEWHERE
    assert "Quito" in person.text


async def test_danger_comes_before_everything_also_without_a_place(library: Library) -> None:
    """
    Safety text and numbers of all countries first, then the place is asked, then the answer of the place.
    """
    person = talk(library, READINGS)
    first, second = await person.say("me pega mi marido")
    assert first.urgent
    assert first.outcome == Outcome.EMERGENCY
    for number in ("911", "190"):
        assert number in first.text
    assert [button.label for button in second.buttons][:4] == ["Quito", "Pichincha", "São Paulo", "San Luis"]
    replies = await person.press("São Paulo")
    assert replies[0].urgent
    assert "190" in replies[0].text
    assert replies[1].need == "protection.gender_violence"
    assert all(happening.need is None for happening in person.counted.happenings)


async def test_who_speaks_of_dying_is_offered_no_guesses(library: Library) -> None:
    """
    What helps is offered, and nothing that the engine merely thought of; in other danger its guesses stand.
    """
    guesses = (Candidate("health.pregnancy", 0.3), Candidate("legal.discrimination", 0.2))
    said = {
        "adiós a todos": Unsure(language="es", danger="self_harm", candidates=guesses),
        "auxilio": Unsure(language="es", candidates=(Candidate("danger_now", 0.4), *guesses)),
    }
    person = talk(library, said)
    await person.do(PositionShared(-0.19, -78.49))
    await person.say("adiós a todos")
    assert person.labels[0] == "Apoyo psicológico"
    assert "Embarazo" not in " ".join(person.labels)
    await person.say("auxilio")
    assert "Embarazo" in person.labels[0]


async def test_a_sensitive_need_is_answered_with_numbers_to_call(library: Library) -> None:
    """
    The card of a sensitive need begins with whom to call, and the chat can be erased in one press.
    """
    person = talk(library, {"x": understood("protection.gender_violence", place="quito")})
    card, _ = await person.say("x")
    assert card.calls
    assert card.text.index(card.calls[0].number) < 300
    assert any(
        button.label == person_words("Erase this chat") for reply in person.last for button in reply.buttons
    )


@pytest.mark.parametrize("broken", ["engine", "directory", "both"])
async def test_a_failing_part_never_keeps_the_answer_back(library: Library, broken: str) -> None:
    """
    Without the directory the card stands; without the engine the topics stand; nothing raises.
    """
    engine = BrokenEngine() if broken != "directory" else ListedReadings(READINGS)
    directory = BrokenDirectory() if broken != "engine" else Street()
    person = talk(library, interpreter=engine, directory=directory)
    replies = await person.say("albergue en Quito")
    assert {reply.outcome for reply in replies} == {"failure"}
    if broken == "directory":
        assert replies[0].text.startswith("# Albergue temporal · Quito")
    else:
        await person.press(person_words("All topics"))
        assert len(person.labels) > 10


async def test_an_engine_that_says_unreachable_is_our_failure(library: Library) -> None:
    """
    The person is not told that they were not understood.
    """
    person = talk(library, {"x": Unreachable("down")})
    await person.say("x")
    assert person.last[0].outcome == Outcome.FAILURE


async def test_several_needs_are_both_offered(library: Library) -> None:
    """
    The first is answered, the second is one press away.
    """
    person = talk(
        library, {**READINGS, "x": understood("basics.food", place="quito", others=("health.care",))}
    )
    await person.say("x")
    assert "Atención médica" in person.labels
    await person.press("Atención médica")
    assert person.last[0].need == "health.care"


async def test_an_unsure_reading_lets_the_person_choose(library: Library) -> None:
    """
    Candidates as buttons and "none of these"; whoever chooses none is asked for other words.
    """
    person = talk(library, READINGS)
    await person.say("trabajo")
    assert person.labels[:2] == ["Buscar trabajo", "Permiso y derechos de trabajo"]
    await person.press(person_words("None of these"))
    assert person.last[0].outcome == Outcome.NOT_UNDERSTOOD


async def test_what_nobody_understood_is_looked_for_in_the_texts(library: Library) -> None:
    """
    Words of our own texts and names of services lead to candidates.
    """
    person = talk(library, {**READINGS, "hola quito": understood("change_city", place="quito")})
    await person.say("hola quito")
    await person.say("alquiler vivienda")
    assert "Alquiler y vivienda" in person.labels
    await person.say("dónde queda casa 2")
    assert "Casa 2" in person.labels
    await person.press("Casa 2")
    assert person.last[0].services == ("service-2",)


async def test_more_doors_are_the_same_however_often_one_asks(library: Library) -> None:
    """
    The button of the second page always gives the second page, also in a session that was lost.
    """
    person = talk(library, READINGS)
    await person.say("albergue en Quito")
    label = person_words("More places")
    more = next(button.data for reply in person.last for button in reply.buttons if button.label == label)
    for who in (b"somebody", b"somebody", b"somebody else"):
        replies = await person.turn.take(ButtonPressed(more), who)
        assert replies[0].services == ("service-4", "service-5")
        assert replies[0].text.startswith("# 4. ")


async def test_every_button_works_without_a_session(library: Library) -> None:
    """
    After a restart of the program every button that a person still sees is answered.
    """
    person = talk(library, READINGS)
    seen: dict[str, str] = {}
    for text in (
        SHELTER,
        "albergue en Quito",
        "trabajo",
        "me pega mi marido",
        "quiero una persona",
        "fútbol",
    ):
        await person.say(text)
        seen.update(
            {button.data: button.label for reply in person.last for button in reply.buttons if button.data}
        )
    await person.do(CommandGiven("menu"))
    seen.update(
        {button.data: button.label for reply in person.last for button in reply.buttons if button.data}
    )
    for number, data in enumerate(seen):
        fresh = await person.turn.take(ButtonPressed(data), b"fresh %d" % number)
        assert fresh, seen[data]
        assert fresh[0].text
        assert fresh[0].outcome != Outcome.FAILURE, seen[data]


async def test_an_old_or_forged_button_gets_a_way_on(library: Library) -> None:
    """
    A button that is not ours is answered with the topics.
    """
    person = talk(library, READINGS)
    for data in ("", "x", "A" * 64, "ñ"):
        await person.do(ButtonPressed(data))
        assert person_words("All topics") in person.labels


async def test_what_came_of_a_door_is_recorded_once(library: Library) -> None:
    """
    Which door, what came of it; the same press again records nothing.
    """
    person = talk(library, READINGS)
    await person.say("albergue en Quito")
    await person.press(person_words("Did this help?"))
    await person.press("Casa 2")
    assert len(person.labels) == len(TOLD)
    data = next(
        button.data for button in person.last[0].buttons if button.label == person_words("It was full")
    )
    await person.do(ButtonPressed(data))
    await person.do(ButtonPressed(data))
    assert person.told.outcomes == [("service-2", "full")]


async def test_a_complaint_after_doors_asks_which(library: Library) -> None:
    """
    "The place was closed" is asked about, not only regretted.
    """
    person = talk(library, READINGS)
    await person.say("albergue en Quito")
    await person.say("el lugar estaba cerrado")
    assert "Casa 1" in person.labels


async def test_the_language_of_the_message_is_answered(library: Library) -> None:
    """
    A hint is a guess; what the person writes decides; what they chose stays.
    """
    person = talk(library, {**READINGS, "x": understood("basics.food", language="pt", place="sao-paulo")})
    await person.say("x", language_hint="en-GB")
    assert person.last[0].language == "pt"
    await person.do(CommandGiven("idioma"))
    await person.press("Español")
    await person.say("x")
    assert person.last[0].language == "es"
    assert "Português" in person.labels


async def test_a_hint_chooses_the_first_language(library: Library) -> None:
    """
    Telegram's language code decides the welcome.
    """
    person = talk(library, READINGS)
    await person.do(CommandGiven("start", language_hint="pt-br"))
    assert person.last[0].language == "pt"


async def test_the_same_elsewhere_stands_beside(library: Library) -> None:
    """
    The other place is answered with what differs, and the own place stays.
    """
    person = talk(library, READINGS)
    await person.say("albergue en Quito")
    card, difference, _ = await person.say("lo mismo en São Paulo")
    assert card.text.startswith("# Albergue temporal · São Paulo")
    assert "Quito" in difference.text
    await person.say(SHELTER)
    assert person.last[0].text.startswith("# Albergue temporal · Quito")


async def test_a_card_opens_by_its_code_and_tells_what_changed(library: Library) -> None:
    """
    The code of today opens silently; an old one says what changed; a strange one is answered too.
    """
    person = talk(library, READINGS)
    await person.say("albergue en Quito")
    code = person.last[0].code
    assert code
    assert len(code) <= 64
    opened = await talk(library).do(CommandGiven("start", code))
    assert opened[0].text.startswith("# Albergue temporal · Quito")
    old = code.rsplit("_", 1)[0] + "_" + "a" * len(code.rsplit("_", 1)[1])
    changed = await talk(library).do(CommandGiven("start", old))
    assert len(changed) == len(opened) + 1
    assert await talk(library).do(CommandGiven("start", "nonsense"))


async def test_privacy_fits_into_sixty_words_in_every_language(library: Library) -> None:
    """
    The promise is short enough to be read.
    """
    for language in library.languages:
        person = talk(library, READINGS)
        replies = await person.do(CommandGiven("privacy", language_hint=language.code))
        assert len(replies[0].text.replace("# ", "").split()) <= 60
        assert "Telegram" in replies[0].text


@pytest.mark.parametrize(
    "how", [TextSaid("olvídeme"), CommandGiven("borrar"), CommandGiven("apagar"), Left()]
)
async def test_forgetting_leaves_nothing(library: Library, how: object) -> None:
    """
    After "forget me", "erase this chat" or leaving, no memory of the person is left.
    """
    person = talk(library, READINGS)
    await person.say("albergue en Quito")
    assert len(person.sessions) == 1
    await person.do(how)  # type: ignore[arg-type]
    assert len(person.sessions) == 0
    if isinstance(how, CommandGiven):
        assert person.last[0].erase
        assert len(person.last[0].text) < 20


@pytest.mark.parametrize(
    "kind",
    ["photo", "voice", "video", "sticker", "document", "contact", "poll", "too_long", "other"],
)
async def test_what_cannot_be_read_gets_a_kind_answer(library: Library, kind: str) -> None:
    """
    Each kind of message gets words and a way on.
    """
    person = talk(library, READINGS)
    await person.do(SomethingElseSent(kind))  # type: ignore[arg-type]
    assert len(person.text) > 20
    assert person.labels


@pytest.mark.parametrize(
    ("found", "outcome"),
    [
        (Found.NONE_HERE, Outcome.NO_SERVICE),
        (Found.NOT_FOR_THIS_PERSON, Outcome.NOT_FOR_PERSON),
        (Found.CLOSED_NOW, Outcome.CLOSED),
        (Found.FULL, Outcome.FULL),
    ],
)
async def test_why_a_need_was_not_met_is_told_and_counted(
    library: Library, found: Found, outcome: Outcome
) -> None:
    """
    Each way in which the directory comes up empty has its sentence and its outcome.
    """
    everything = () if found is Found.NONE_HERE else (door(1),)
    person = talk(library, READINGS, directory=Street(everything, found))
    await person.say("albergue en Quito")
    assert person.counted.happenings[-1].outcome is outcome
    assert person.counted.happenings[-1].need == "shelter.temporary"


async def test_each_turn_is_counted_exactly_once_and_holds_codes_alone(library: Library) -> None:
    """
    One happening for each turn, made of codes.
    """
    person = talk(library, READINGS)
    for text in READINGS:
        await person.say(text)
    assert len(person.counted.happenings) == len(READINGS)
    known = {None, *codes_of(library)}
    for happening in person.counted.happenings:
        assert {happening.place, happening.need, happening.language} <= known


async def test_every_need_is_answered_in_every_place_and_language(library: Library) -> None:
    """
    41 needs, four places, five languages: a card and a way on, each within Telegram's size after a split.
    """
    for place in library.places.open:
        for language in library.languages:
            person = talk(library, {
                need: Understood(label=need, confidence=1, language=language.code, entities=Entities(place=place.code))
                for need in library.taxonomy.needs
            })  # fmt: skip
            for need in library.taxonomy.needs:
                replies = await person.say(need)
                assert replies[0].need == need
                assert len(replies[0].text) < 4000
                assert person.labels


async def test_a_hidden_address_is_not_shown(library: Library) -> None:
    """
    A door that hides its address shows neither address nor point on the map.
    """
    hidden = door(1, hidden_address=True, address="Calle Secreta 1", latitude=-0.2, longitude=-78.5)
    person = talk(library, READINGS, directory=Street((hidden,)))
    await person.say("albergue en Quito")
    assert "Secreta" not in person.text
    assert person_words("See on the map") not in person.labels


async def test_doors_with_a_point_are_shown_on_the_map(library: Library) -> None:
    """
    One place reply for each door with coordinates.
    """
    person = talk(library, READINGS, directory=Street((door(1, latitude=-0.2, longitude=-78.5), door(2))))
    await person.say("albergue en Quito")
    await person.press(person_words("See on the map"))
    points = [reply for reply in person.last if reply.kind == "place"]
    assert [(point.latitude, point.title) for point in points] == [(-0.2, "Casa 1")]


def person_words(sentence: str) -> str:
    """A sentence of the interface in Spanish, as it is translated today."""
    from content.wording import wording

    return wording("es")(sentence)
