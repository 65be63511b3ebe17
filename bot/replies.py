"""What a turn answers with, the same for every face.

Pure types. `Reply.text` is plain text with one convention: a line that begins with "# " is a heading.
Phone numbers and web addresses stand bare. Faces escape everything and decide how it looks.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Button:
    """One press. Exactly one of these holds: signed `data` (≤ 64 bytes), a `url`, or `share_position`."""

    label: str
    data: str = ""
    url: str | None = None
    share_position: bool = False


@dataclass(frozen=True)
class Call:
    """A telephone number as it stands in the text, and what is dialled (`+593…` or `911`)."""

    number: str
    tel: str


@dataclass(frozen=True, kw_only=True)
class Reply:
    """One message of the assistant.

    `need`, `services` and `outcome` say what it is about, in codes. `urgent`: safety text, sent with sound and
    never held back. `code` opens the current version of this card (`/start <code>`). `erase`: the face first
    removes what it can of the chat, then shows this one neutral line. `unsay`: the face removes the message that this
    answers, where it can. `columns`: how many buttons stand in a row.
    `calls` are the telephone numbers that stand in the text, for faces that make them links. `numbered`: what the text
    itself numbers ("2. Casa Azul"), each with the press that shows it, for people who type that number.
    For `kind="place"`: the coordinates, title and address of a door.
    For `kind="image"`: `square` is what a square code (QR) says, `text` the words below it, `title` what it shows.
    """

    kind: Literal["text", "place", "image"] = "text"
    text: str = ""
    buttons: tuple[Button, ...] = ()
    columns: int = 1
    calls: tuple[Call, ...] = ()
    numbered: tuple[tuple[int, Button], ...] = ()
    language: str = "es"
    place: str | None = None
    need: str | None = None
    services: tuple[str, ...] = ()
    outcome: str | None = None
    urgent: bool = False
    code: str | None = None
    erase: bool = False
    unsay: bool = False
    latitude: float | None = None
    longitude: float | None = None
    title: str | None = None
    address: str | None = None
    square: str | None = None
