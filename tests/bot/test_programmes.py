"""What each place promised at the meeting of 2017 is one press away where it belongs, with what is known today."""

from __future__ import annotations

import pytest

from bot.conversation.events import ButtonPressed
from content.library import Library
from content.wording import wording
from tests.bot.doubles import talk, understood

READINGS = {
    "derechos": understood("legal.rights"),
    "participar": understood("community.participation"),
    "orientación": understood("city.orientation"),
    "comida": understood("basics.food"),
}


def label(library: Library, place: str, language: str = "es") -> str:
    return wording(language)("The programme of {place}", place=library.places.place(place).name(language))


@pytest.mark.parametrize("question", ["derechos", "participar", "orientación"])
@pytest.mark.parametrize("place", ["quito", "pichincha", "sao-paulo", "san-luis"])
async def test_the_programme_stands_under_its_answers(library: Library, place: str, question: str) -> None:
    """Rights, orientation and participation lead to the programme: a card with its name, date and source."""
    person = talk(library, READINGS)
    person.turn.set_out(person.person, place, "es")
    await person.say(question)
    (card,) = await person.press(label(library, place))
    (programme,) = [known for known in library.collection.programmes if known.place == place]
    assert card.text.startswith(f"# {programme.name} · ")
    assert "Comprobado" in card.text
    assert "Fuente: " in card.text
    assert card.buttons
    assert person.counted.happenings[-1].need == "city.orientation"


async def test_the_menu_names_it(library: Library) -> None:
    """Under the menu it stands when a place is known; without one nothing is offered that could not be answered."""
    person = talk(library, READINGS)
    await person.say("comida")
    await person.press("Quito")
    assert label(library, "quito") not in person.labels
    await person.press(wording("es")("All topics"))
    assert label(library, "quito") in person.labels
    newcomer = talk(library, READINGS)
    assert not any("uito" in text for text in newcomer.labels)


async def test_its_button_needs_no_memory(library: Library) -> None:
    """A kept button tells of its own place after everything was forgotten, in each language."""
    for language in ("es", "pt", "en", "fr", "ht"):
        person = talk(library, READINGS)
        person.turn.set_out(person.person, "san-luis", language)
        await person.say("derechos")
        (data,) = [
            b.data for r in person.last for b in r.buttons if b.label == label(library, "san-luis", language)
        ]
        stranger = talk(library, READINGS)
        (card,) = await stranger.do(ButtonPressed(data))
        assert card.text.startswith("# Corredor Humanitario San Luis · ")
