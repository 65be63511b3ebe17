"""From an event of a face to what was heard: commands, cards, buttons, positions, and free text through the engine."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.conversation.events import (
    ButtonPressed,
    Caseworker,
    ChoiceMissed,
    CommandGiven,
    Event,
    PositionShared,
    SomethingElseSent,
    TextSaid,
)
from bot.conversation.hearing import Heard, hear_command, hear_reading
from bot.conversation.memory import Memory
from bot.conversation.table import Trigger
from bot.logs import describe, get_log
from bot.turn.house import House
from bot.turn.pressing import hear_press
from bot.turn.proving import types_code
from content.cards import read_code
from content.library import Library
from nlu.danger import danger_rules
from nlu.reading import Context, NotUnderstood, Read, Reading, Understood, Unreachable
from referrals import slip_codes
from referrals.change_words import asks_for_work, names_change
from referrals.corrections import clean_value

_log = get_log("turn")
_SURE_OF_A_QUESTION = 0.8
LONGEST = 2_000  # characters that are read; a story longer than this says what it needs before


@dataclass(frozen=True)
class Listener:
    """Hears one event in one memory."""

    house: House
    library: Library
    memory: Memory

    async def hear(self, event: Event) -> Heard:
        """What was heard; the engine's failure is heard as such, never raised."""
        match event:
            case TextSaid() if types_code(event, self.memory):
                return Heard(Trigger.PROOF_TYPED)
            case TextSaid(text=text):
                line = text.strip()
                return hear_work(line[:LONGEST], event.caseworker) or await self._text(line)
            case ButtonPressed(data=data):
                return hear_press(self.house.buttons.open(data))
            case ChoiceMissed(number=number, label=label):
                return Heard(Trigger.CHOICE_MISSED, number=number, item=label)
            case CommandGiven(name=name, argument=argument):
                return self._command(name, argument.strip())
            case PositionShared(latitude=latitude, longitude=longitude):
                return self._position(latitude, longitude)
            case SomethingElseSent(kind=kind):
                return Heard(Trigger.SOMETHING_ELSE_SENT, item=kind)
            case _:
                return Heard(Trigger.LEFT)

    async def _text(self, text: str) -> Heard:
        if not text:
            return Heard(Trigger.HELP_ASKED)
        if text.startswith("/"):
            name, _, argument = text[1:].partition(" ")
            return self._command(name, argument.strip())
        if slip_codes.looks_like_one(text) and danger_rules().of(text) is None:
            return Heard(Trigger.SLIP_TYPED, item=slip_codes.plain(text) or "")
        reading = await self._read(text)
        if self._is_value(text, reading):
            return Heard(Trigger.VALUE_TYPED)
        heard = hear_reading(reading, text, self.memory, self.library.taxonomy.needs, self._names(reading))
        return replace(heard, place=self._open(heard.place))

    def _is_value(self, text: str, reading: Reading) -> bool:
        """Whether this is the new telephone or address that was asked for; danger and questions come first."""
        if self.memory.correcting is None or not isinstance(reading, Read) or reading.danger:
            return False
        asks = isinstance(reading, Understood) and reading.confidence > _SURE_OF_A_QUESTION
        return not asks and clean_value(self.memory.correcting[1], text) is not None

    async def _read(self, text: str) -> Reading:
        known = Context(
            language=self.memory.language,
            place=self.memory.place,
            need=self.memory.pending or self.memory.need,
            moment=self.house.clock(),
            language_chosen=self.memory.language_chosen,
        )
        try:
            reading = await self.house.interpreter.read(text[:LONGEST], known)
        except Exception as error:
            _log.error("engine failed", part="nlu", error=describe(error))
            reading = Unreachable("the engine raised")
        if isinstance(reading, Unreachable):
            return _danger_alone(text) or reading
        # A long story may name the danger at its end, where the engine does not read any more.
        unread = len(text) > LONGEST and not reading.danger
        return replace(reading, danger=danger_rules().of(text)) if unread else reading

    def _names(self, reading: Reading) -> tuple[str, ...]:
        place = reading.entities.place if isinstance(reading, Read) else None
        return tuple(self.library.places.place(place).names.values()) if place in self.library.places else ()  # type: ignore[arg-type]

    def _command(self, name: str, argument: str) -> Heard:
        heard = hear_command(name)
        if heard.trigger is not Trigger.STARTED or not argument:
            return heard
        if read_code(argument) is None:
            # What a poster or somebody else's link added: a place, or nothing of ours.
            return replace(heard, place=self._open(argument.lower()))
        found = self.library.card(argument)
        if found is None:
            return Heard(Trigger.CARD_UNKNOWN)
        card, changed = found
        return Heard(Trigger.CARD_OPENED, need=card.need, place=card.place, changed=changed)

    def _position(self, latitude: float, longitude: float) -> Heard:
        place = self.library.places.nearest(latitude, longitude)
        if place is None:
            return Heard(Trigger.SOMEWHERE_ELSE)
        return Heard(Trigger.PLACE_NAMED, place=place.code, need=self.memory.pending or self.memory.need)

    def _open(self, place: str | None) -> str | None:
        return place if place in {known.code for known in self.library.places.open} else None


def hear_work(text: str, caseworker: Caseworker | None) -> Heard | None:
    """What a linked caseworker wrote about a service; None for everybody else and for everything else."""
    if caseworker is None:
        return None
    if asks_for_work(text):
        return Heard(Trigger.WORK_ASKED)
    return Heard(Trigger.CHANGE_WRITTEN) if names_change(text) else None


def _danger_alone(text: str) -> NotUnderstood | None:
    """The danger in a text that no engine could read: its rules need no engine."""
    danger = danger_rules().of(text)
    return NotUnderstood(danger=danger) if danger else None
