"""What a person did, in the past tense, as every face tells it to the turn.

Pure types. An event carries no id of a person, of a chat or of a message; who it was is handed beside
it as opaque bytes. `language_hint` is what the channel knows of the person's language (Telegram's
`language_code`, a browser's `Accept-Language`): a hint, never a choice.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

SomethingElse = Literal[
    "photo", "voice", "video", "sticker", "document", "contact", "poll", "too_long", "other"
]


@dataclass(frozen=True)
class Caseworker:
    """Somebody who works here and linked their own chat; a coordinator alone changes no service."""

    email: str
    places: tuple[str, ...] = ()
    may_write: bool = True


@dataclass(frozen=True, kw_only=True)
class Happened:
    """What every event may carry. `caseworker` is set by the face for a linked chat, and for nobody else."""

    language_hint: str | None = None
    caseworker: Caseworker | None = None


@dataclass(frozen=True)
class TextSaid(Happened):
    """The person wrote something in their own words; `beside` what we cannot read, when it stood below a picture or file."""

    text: str
    beside: SomethingElse | None = None

    def __repr__(self) -> str:
        """Never show what a person wrote, not even in a traceback."""
        return f"TextSaid(<{len(self.text)} characters>)"


@dataclass(frozen=True)
class ButtonPressed(Happened):
    """The person pressed a button; `data` is the signed state it carried."""

    data: str


@dataclass(frozen=True)
class ChoiceMissed(Happened):
    """The person chose in words what cannot be chosen so: a number at which nothing stands, or the button `label`.

    The label is one of ours, of a button that does its work on the phone itself.
    """

    number: int = 0
    label: str = ""


@dataclass(frozen=True)
class CommandGiven(Happened):
    """The person gave a command, named without slash in any of our languages; `argument` is what followed."""

    name: str
    argument: str = ""

    def __repr__(self) -> str:
        """Name the command, never what was written after it."""
        return f"CommandGiven({self.name!r})"


@dataclass(frozen=True)
class PositionShared(Happened):
    """The person shared where they are. Used in this turn alone and not kept."""

    latitude: float
    longitude: float

    def __repr__(self) -> str:
        """A position is as private as a sentence."""
        return "PositionShared()"


@dataclass(frozen=True)
class SomethingElseSent(Happened):
    """Something that the assistant cannot read: a photo, a voice note, a file."""

    kind: SomethingElse


@dataclass(frozen=True)
class Left(Happened):
    """The person blocked or left the channel: everything of theirs is forgotten, nothing is answered."""


Event = TextSaid | ButtonPressed | ChoiceMissed | CommandGiven | PositionShared | SomethingElseSent | Left
