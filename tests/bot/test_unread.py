"""A message that was not understood: its writer may send it on, redacted and previewed, and never where danger came up."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime

import pytest

from bot.buttons import Buttons
from bot.conversation.events import ButtonPressed, Caseworker, CommandGiven, TextSaid
from bot.sessions import Sessions
from bot.turn import Turn
from bot.turn.house import House, Unread
from content.library import Library
from demand.wordings import vocabulary
from nlu.reading import Candidate, NotUnderstood, Unsure
from tests.bot.doubles import NOON, Counted, ListedReadings, Street, Talk, Told, codes_of, understood

OFFER = "Enviarla a quienes mejoran esto"
SENTENCE = "quiero devolver la caja 4417 de Juan Quispe, soy rosa"
SENT = "quiero devolver la caja [...] de [...] soy [...]"
READINGS = {
    "me pega mi marido": understood("protection.gender_violence", danger="violence", place="quito"),
    "me amenazan": understood("protection.threats", place="quito"),
    "hola": understood("greet"),
    "trabajo": Unsure(language="es", candidates=(Candidate("work.job", 0.4), Candidate("work.permit", 0.3))),
    "algo raro pasa con mi hija": NotUnderstood(candidates=(Candidate("protection.child", 0.2),)),
    "algo pasa ahora mismo aqui": NotUnderstood(candidates=(Candidate("danger_now", 0.2),)),
    "no": understood("deny"),
}


@dataclass
class Box:
    """Keeps what was sent and heard."""

    sent: list[tuple[str, str]] = field(default_factory=list)
    heard: list[str] = field(default_factory=list)
    full: bool = False

    def send(self, text: str, language: str) -> bool:
        if not self.full:
            self.sent.append((text, language))
        return not self.full

    def hear(self, text: str, asker: bytes, moment: datetime) -> None:
        self.heard.append(text)


def _talk(library: Library) -> tuple[Talk, Box]:
    box, counted, told = Box(), Counted(), Told()
    known = vocabulary(["quiero devolver la caja de soy algo raro pasa con mi hija ahora mismo aqui"])
    house = House(
        interpreter=ListedReadings(READINGS), library=lambda: library, directory=Street(), counter=counted,
        recorder=told, buttons=Buttons(b"k" * 32, codes_of(library)), clock=lambda: NOON,
        unread=Unread(box, box, known),
    )  # fmt: skip
    sessions = Sessions(lambda: NOON)
    return Talk(Turn(house, sessions), counted, told, sessions), box


async def test_a_sentence_is_offered_previewed_and_sent_on_the_second_press(library: Library) -> None:
    """The preview shows what is sent, word for word; nothing is sent before the person says so, and then once."""
    person, box = _talk(library)
    await person.say(SENTENCE)
    assert OFFER in person.labels
    await person.press(OFFER)
    assert f"“{SENT}”" in person.text
    assert "4417" not in person.text
    assert box.sent == []
    preview = person.last
    await person.press("Enviarla")
    assert box.sent == [(SENT, "es")]
    person.last = preview
    await person.press("Enviarla")
    assert box.sent == [(SENT, "es")]
    assert "Ya no tengo" in person.text


async def test_what_is_not_confirmed_is_forgotten(library: Library) -> None:
    """Refused, or followed by any other message, the sentence is gone; an old preview sends nothing."""
    person, box = _talk(library)
    await person.say(SENTENCE)
    await person.press(OFFER)
    await person.press("No enviarla")
    assert not any(memory.sentence for _, memory in person.sessions._kept.values())
    await person.say(SENTENCE)
    await person.press(OFFER)
    preview = person.last
    await person.say("hola")
    assert not any(memory.sentence for _, memory in person.sessions._kept.values())
    person.last = preview
    await person.press("Enviarla")
    assert box.sent == []


async def test_only_what_was_previewed_can_be_sent(library: Library) -> None:
    """A preview of one sentence does not send another that came later."""
    person, box = _talk(library)
    await person.say(SENTENCE)
    await person.press(OFFER)
    preview = person.last
    await person.say("quiero devolver la caja de algo raro")
    person.last = preview
    await person.press("Enviarla")
    assert box.sent == []


@pytest.mark.parametrize("first", ["me pega mi marido", "me amenazan"])
async def test_after_danger_or_protection_nothing_is_offered_or_listened_to(
    library: Library, first: str
) -> None:
    """From the first sensitive word on, the rest of the conversation is neither heard nor offered to be sent."""
    person, box = _talk(library)
    await person.say(first)
    await person.say("hola")
    await person.say(SENTENCE)
    assert OFFER not in person.labels
    assert box.heard == []


@pytest.mark.parametrize(
    "text",
    [
        "algo raro pasa con mi hija", "algo pasa ahora mismo aqui",
        "me quiere matar y quiero devolver la caja", "quiero devolver la caja, me pega",
    ],
)  # fmt: skip
async def test_a_sensitive_sentence_cannot_be_sent(library: Library, text: str) -> None:
    """What may be about protection, or holds words of danger, is not offered and not held."""
    person, box = _talk(library)
    await person.say(text)
    assert OFFER not in person.labels
    assert box.heard == []
    forged = ButtonPressed(
        person.turn._scene(library, _decision(person), CommandGiven("x")).button(_send(), "x", number=7).data
    )
    await person.do(forged)
    assert box.sent == []


def _decision(person: Talk) -> object:
    from bot.conversation.deciding import Decision
    from bot.conversation.hearing import Heard
    from bot.conversation.table import Trigger

    return Decision(person.sessions.remembered(person.person), (), Heard(Trigger.STARTED))


def _send() -> object:
    from bot.buttons import Action

    return Action.SEND_SENTENCE


async def test_words_are_listened_to_where_nothing_was_understood(library: Library) -> None:
    """Messages of caseworkers, and those that were understood or nearly, are not."""
    person, box = _talk(library)
    await person.say("hola")
    await person.say("trabajo")
    await person.do(TextSaid(SENTENCE, caseworker=Caseworker("luz@example.org", ("quito",))))
    assert box.heard == []
    assert OFFER not in person.labels
    await person.say(SENTENCE)
    assert box.heard == [SENTENCE]


async def test_the_offer_comes_again_when_none_of_ours_was_meant(library: Library) -> None:
    """Who was shown topics that do not fit may send the sentence after saying so."""
    person, _ = _talk(library)
    await person.say("trabajo")
    assert OFFER not in person.labels
    await person.say(SENTENCE)
    await person.say("no")
    assert OFFER in person.labels


async def test_three_a_day_and_a_full_box_says_so(library: Library) -> None:
    """One person does not fill the box; when it takes no more, that is said and nothing is sent."""
    person, box = _talk(library)
    for _ in range(3):
        await person.say(SENTENCE)
        await person.press(OFFER)
        await person.press("Enviarla")
    await person.say(SENTENCE)
    assert OFFER not in person.labels
    other, box = _talk(library)
    box.full = True
    await other.say(SENTENCE)
    await other.press(OFFER)
    await other.press("Enviarla")
    assert "No se envió nada" in other.text


async def test_without_somebody_to_send_to_nothing_is_offered(library: Library) -> None:
    """In the terminal, where one tries the assistant out, there is no such button."""
    person, _ = _talk(library)
    person.turn._house = replace(person.turn._house, unread=None)
    await person.say(SENTENCE)
    assert OFFER not in person.labels
