"""One turn as its steps see it: what is known, what was heard, and the words and buttons to answer with."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.buttons import Action, Press
from bot.conversation.events import Caseworker
from bot.conversation.hearing import Heard
from bot.conversation.memory import Memory
from bot.replies import Button, Reply
from bot.turn.house import House
from content.library import Library
from content.places import Place
from content.wording import Wording, wording
from demand.outcomes import Outcome
from referrals.doors import Position


@dataclass(frozen=True)
class Performed:
    """What a step came to: replies, how the turn ended if this step says so, and what to remember."""

    replies: tuple[Reply, ...] = ()
    outcome: Outcome | None = None
    need: str | None = None
    memory: Memory | None = None


@dataclass(frozen=True)
class Scene:
    """Handed to every step. `text` and `position` live for this turn alone."""

    house: House
    library: Library
    memory: Memory
    heard: Heard
    moment: datetime
    language: str
    text: str = field(default="", repr=False)
    position: Position | None = field(default=None, repr=False)
    caseworker: Caseworker | None = None

    @property
    def w(self) -> Wording:
        """The interface's words in the language of this turn."""
        return wording(self.language)

    @property
    def place(self) -> Place | None:
        """Where the question is about: the place just named, or the one that is known."""
        code = self.heard.place or self.memory.place
        return self.library.places.place(code) if code and code in self.library.places else None

    @property
    def need(self) -> str | None:
        """What the turn is about: the need just named, or the one just discussed."""
        return self.heard.need or self.memory.need

    def local(self, place: Place) -> datetime:
        """This moment on the clock of a place."""
        return self.moment.astimezone(ZoneInfo(place.time_zone))

    def title(self, need: str) -> str:
        """A need's title in the language of this turn."""
        return self.library.taxonomy.needs[need].title(self.language)

    def button(
        self,
        action: Action,
        label: str,
        *,
        need: str | None = None,
        place: str | None = None,
        language: str | None = None,
        number: int = 0,
        item: str = "",
    ) -> Button:
        """A sealed button; it names the place that is known, so that it works without a session."""
        where = place or (self.place.code if self.place else None)
        press = Press(action, language or self.language, where, need, number, item)
        return Button(label, self.house.buttons.seal(press))

    def reply(self, text: str, buttons: Iterable[Button] = (), **more: Any) -> Reply:
        """A text reply in the language of this turn."""
        return Reply(text=text, buttons=tuple(buttons), language=self.language, **more)
