"""A keyboard answered in words: the press itself, of what was offered last and of nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.events import CommandGiven, SomethingElseSent
from bot.conversation.offers import Chosen, Missed, choice_in, packed
from bot.replies import Button, Reply
from bot.terminal import Terminal
from content.library import Library
from nlu.reading import Candidate, Unsure
from tests.bot.doubles import BrokenEngine, Street, Talk, door, talk, understood

SHELTER = "no tengo donde dormir"
READINGS = {
    SHELTER: understood("shelter.temporary"),
    "comida en Quito": understood("basics.food", place="quito"),
    "trabajo": Unsure(language="es", candidates=(Candidate("work.job", 0.4), Candidate("work.permit", 0.3))),
    "me pega mi marido": understood("protection.gender_violence", danger="violence"),
}
labels = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=20)
keyboards = st.lists(
    st.builds(Button, labels, st.from_regex(r"[A-Za-z0-9_-]{20}", fullmatch=True)), max_size=12
)


async def asked_where(library: Library) -> Talk:
    """Somebody whose place is asked: Quito, Pichincha, São Paulo, San Luis, elsewhere, share."""
    person = talk(library, READINGS)
    await person.say(SHELTER)
    return person


@pytest.mark.parametrize("said", ["3", "3️⃣", "la tercera", "o 3", "opción 3", "São Paulo", "sao paulo"])
async def test_what_is_typed_is_what_is_pressed(library: Library, said: str) -> None:
    """
    A number and a button's own words give the very replies, count and memory of the press.
    """
    typed, pressed = await asked_where(library), await asked_where(library)
    assert await typed.say(said) == await pressed.press("São Paulo")
    assert typed.counted.happenings == pressed.counted.happenings
    assert typed.sessions.remembered(b"somebody") == pressed.sessions.remembered(b"somebody")


async def test_a_number_counts_for_the_last_keyboard_alone(library: Library) -> None:
    """
    Each answer brings its own; after a message without buttons, and before any, a number says nothing.
    """
    person = talk(library, READINGS)
    assert (await person.say("1"))[-1].outcome == "not_understood"
    await person.do(CommandGiven("menu"))
    first = await person.say("6")
    assert first[0].text.startswith("# Comida")
    again = await person.say("6")
    assert again != first
    await person.do(CommandGiven("borrar"))
    assert (await person.say("1"))[-1].outcome == "not_understood"


async def test_a_number_that_is_not_there_brings_the_choices_again(library: Library) -> None:
    """
    In plain words, with the same buttons, nothing lost and nothing counted for any place; then a number chooses.
    """
    person = await asked_where(library)
    offered = person.labels
    replies = await person.say("17")
    assert "No hay un 17" in replies[0].text.replace("Aquí no", "No")
    assert f"del 1 al {len(offered)}" in replies[0].text
    assert person.labels == offered
    assert person.counted.happenings[-1].place is None
    card = (await person.say("1"))[0]
    assert card.text.startswith("# Albergue temporal · Quito")


async def test_what_only_the_phone_can_do_is_said(library: Library) -> None:
    """
    Sharing a position cannot be typed; it stands last, so that the other numbers are the same in every face.
    """
    person = await asked_where(library)
    assert person.labels[-1] == "Compartir dónde estoy"
    for said in (str(len(person.labels)), "Compartir dónde estoy"):
        replies = await person.say(said)
        assert "“Compartir dónde estoy” solo funciona" in replies[0].text
        assert replies[0].buttons[-1].share_position


@pytest.mark.parametrize("said", ["911", "190", "1 hijo", "2 noches", "0991234567", "tengo 2 hijos", "1/2"])
async def test_other_numbers_choose_nothing(library: Library, said: str) -> None:
    """
    A number to call, children, nights and telephones are read as before.
    """
    person = talk(library, READINGS)
    await person.say("trabajo")
    assert (await person.say(said))[-1].outcome == "not_understood"


async def test_danger_is_read_before_any_choice(library: Library) -> None:
    """
    A button's own words that hold a word of danger get the safety text, although a keyboard holds them.
    """
    said = "me pega mi marido"
    person = talk(library, {**READINGS, "casas": understood("shelter.temporary", place="quito")},
                  directory=Street((door(1, name=said), door(2))))  # fmt: skip
    await person.say("casas")
    replies = await person.say(said)
    assert replies[0].urgent
    assert replies[0].outcome == "emergency"


async def test_where_places_are_numbered_the_number_is_the_place(library: Library) -> None:
    """
    Below an answer "2" is the second place, not the second button; the buttons are chosen by their words.
    """
    person = talk(library, READINGS)
    await person.say("comida en Quito")
    shown = await person.say("la segunda")
    assert shown[0].services == ("service-2",)
    await person.say("comida en Quito")
    more = await person.say("más lugares")
    assert more[0].services == ("service-4", "service-5")
    assert (await person.say("5"))[0].services == ("service-5",)


async def test_places_stand_among_the_choices_that_come_again(library: Library) -> None:
    """
    A number beyond the places names them all as buttons, before the others.
    """
    person = talk(library, READINGS)
    await person.say("comida en Quito")
    buttons = person.labels
    await person.say("9")
    assert person.labels == ["Casa 1", "Casa 2", "Casa 3", *buttons]
    assert (await person.say("3"))[0].services == ("service-3",)


async def test_yes_answers_the_button_that_begins_with_it(library: Library) -> None:
    """
    "Sí" to "what came of it?" tells that it helped, once.
    """
    person = talk(library, READINGS, directory=Street((door(1),)))
    await person.say("comida en Quito")
    await person.say("¿le sirvió?")
    await person.say("sí")
    assert person.told.outcomes == [("service-1", "helped")]


async def test_a_photo_between_leaves_its_own_keyboard(library: Library) -> None:
    """
    What was offered last counts, whoever asked for it.
    """
    person = await asked_where(library)
    await person.do(SomethingElseSent("photo"))
    assert person.labels[0] == "Todos los temas"
    assert "¿De qué se trata?" in (await person.say("1"))[0].text


async def test_choosing_needs_no_engine(library: Library) -> None:
    """
    With the understanding down a number still chooses.
    """
    person = talk(library, interpreter=BrokenEngine())
    await person.do(CommandGiven("ciudad"))
    assert "Quito" in (await person.say("1"))[0].text


async def test_the_terminal_takes_the_bare_number_too(library: Library) -> None:
    """
    `3` and `#3` are the same where the text numbers nothing itself.
    """
    written: list[list[str]] = [[], []]
    for number, lines in zip(("3", "#3"), written, strict=True):
        terminal = Terminal(talk(library, READINGS).turn, lines.append)
        await terminal.answer(SHELTER)
        await terminal.answer(number)
    assert written[0] == written[1]


@given(keyboards, st.text(max_size=12) | st.integers(-5, 130).map(str), st.sampled_from(["es", "pt", None]))
def test_a_choice_is_always_one_of_the_list(buttons: list[Button], said: str, language: str | None) -> None:
    """
    Whatever is typed, nothing raises, and what is chosen was offered; a number stands where it was shown.
    """
    choice = choice_in(said, packed([Reply(text="x", buttons=tuple(buttons))]), language)
    if isinstance(choice, Chosen):
        assert choice.button.data in [button.data for button in buttons]
    if isinstance(choice, Missed):
        assert not 0 < choice.number <= len(buttons)


@given(st.lists(st.just("0123456789"), min_size=1, max_size=15))
def test_every_place_of_a_keyboard_is_reached_by_its_number(names: list[str]) -> None:
    """
    The first is 1, the last is as many as there are.
    """
    buttons = tuple(Button(f"word {chr(97 + at)}", f"data{at}") for at in range(len(names)))
    offered = packed([Reply(text="x", buttons=buttons), Reply(text="no buttons")])
    for at, button in enumerate(buttons, start=1):
        choice = choice_in(str(at), offered)
        assert isinstance(choice, Chosen)
        assert choice.button == button
