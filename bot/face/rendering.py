"""A reply as the messages that Telegram accepts. Pure, and inside every limit by construction.

Everything a reply says is escaped; the only markup is bold headings. Texts are measured in UTF-16 units, as Telegram
does, and cut at paragraphs, else at lines, else between words, never inside a character.
"""

from __future__ import annotations

import html
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import segno

from bot.replies import Button, Reply

TEXT_UNITS = 4096
CALLBACK_BYTES = 64
CAPTION = 1024
HEADINGS = 90  # Telegram keeps 100 entities; phone numbers and links that it finds itself count too
BUTTONS = 100
LABEL_SHORT = 18  # two labels of this length stand beside each other on a small phone
_SEPARATORS = (re.compile(r"\n\s*\n"), re.compile(r"\n"), re.compile(r"(?<=[.!?;:])\s+"), re.compile(r"\s+"))
_BLANK = re.compile(r"\A[\s\u200b\u2060\ufeff\u00ad]*\Z")
# Controls have no meaning in a message; Telegram drops or refuses them.
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")

# As the Bot API spells it; thirty of the library's objects for each answer would only be taken apart again.
Keyboard = dict[str, Any]


@dataclass(frozen=True)
class Text:
    """One text message: HTML and the same without markup, for the case that HTML is refused."""

    html: str
    plain: str
    keyboard: Keyboard | None = None


@dataclass(frozen=True)
class Spot:
    """A point on the map, named when it has a name and an address."""

    latitude: float
    longitude: float
    title: str = ""
    address: str = ""


@dataclass(frozen=True)
class Square:
    """A picture of a square code (QR), with the words below it."""

    png: bytes
    caption: str = ""


Outgoing = Text | Spot | Square


def render(reply: Reply, ask_position: str = "") -> list[Outgoing]:
    """The messages of a reply, in order. `ask_position`: the sentence beside the button that shares a position."""
    messages: list[Outgoing] = []
    inline = inline_keyboard(reply.buttons, reply.columns)
    if reply.kind == "image" and reply.square:
        return [Square(square_png(reply.square), _CONTROLS.sub("", reply.text)[:CAPTION])]
    parts = split(_CONTROLS.sub("", reply.text))
    for number, part in enumerate(parts, 1):
        messages.append(Text(_as_html(part), _as_plain(part), inline if number == len(parts) else None))
    if reply.kind == "place" and _is_on_earth(reply):
        assert reply.latitude is not None
        assert reply.longitude is not None
        spot = Spot(
            reply.latitude, reply.longitude, (reply.title or "").strip(), (reply.address or "").strip()
        )
        messages.insert(0, spot)
    position = next((button for button in reply.buttons if button.share_position), None)
    if position and position.label.strip():
        words = ask_position or position.label
        messages.append(Text(html.escape(words, quote=False), words, _position_keyboard(position.label)))
    return messages


def square_png(said: str) -> bytes:
    """The square code as a picture, large enough for an old camera."""
    png = io.BytesIO()
    segno.make(said, error="m", micro=False).save(png, kind="png", scale=8, border=4)
    return png.getvalue()


def inline_keyboard(buttons: Sequence[Button], columns: int = 1) -> Keyboard | None:
    """The buttons in rows: as many as the reply says, two when two short ones follow each other."""
    usable = [key for key in map(_inline_button, buttons) if key is not None][:BUTTONS]
    rows: list[list[dict[str, str]]] = []
    for key in usable:
        room = max(1, columns) if columns > 1 else 2
        if (
            rows
            and len(rows[-1]) < room
            and all(len(each["text"]) <= LABEL_SHORT for each in (*rows[-1], key))
        ):
            rows[-1].append(key)
        else:
            rows.append([key])
    return {"inline_keyboard": rows} if rows else None


def _inline_button(button: Button) -> dict[str, str] | None:
    label = " ".join(button.label.split())
    if not label or button.share_position:
        return None
    if button.url:
        # Telegram refuses tel: and mailto: buttons; numbers stand in the text, where they can be tapped.
        return {"text": label, "url": button.url} if re.match(r"https?://\S+\Z", button.url) else None
    if 0 < len(button.data.encode()) <= CALLBACK_BYTES:
        return {"text": label, "callback_data": button.data}
    return None


def _position_keyboard(label: str) -> Keyboard:
    key = {"text": label.strip(), "request_location": True}
    return {"keyboard": [[key]], "resize_keyboard": True, "one_time_keyboard": True}


def split(text: str, limit: int = TEXT_UNITS) -> list[str]:
    """The text in parts of at most `limit` UTF-16 units and 90 headings; blank parts are left out."""
    return [part for piece in _by_headings(text) for part in _cut(piece, limit, 0) if not _BLANK.match(part)]


def _by_headings(text: str) -> Iterator[str]:
    lines: list[str] = []
    headings = 0
    for line in text.split("\n"):
        headings += line.startswith("# ")
        if headings > HEADINGS:
            yield "\n".join(lines)
            lines, headings = [], 1
        lines.append(line)
    yield "\n".join(lines)


def _cut(text: str, limit: int, level: int) -> Iterator[str]:
    """Greedy: as many pieces in a part as fit; a piece that is too long is cut at the next finer border."""
    text = text.strip()
    if units(text) <= limit:
        yield text
        return
    if level == len(_SEPARATORS):
        yield from _cut_hard(text, limit)
        return
    part = ""
    for piece, separator in _pieces(text, _SEPARATORS[level]):
        if units(part + piece) <= limit:
            part += piece + separator
            continue
        if part.strip():
            yield part.strip()
        part = ""
        *whole, last = _cut(piece, limit, level + 1)
        yield from whole
        part = last + separator
    if part.strip():
        yield part.strip()


def _pieces(text: str, border: re.Pattern[str]) -> Iterator[tuple[str, str]]:
    start = 0
    for match in border.finditer(text):
        yield text[start : match.start()], match.group()
        start = match.end()
    yield text[start:], ""


def _cut_hard(text: str, limit: int) -> Iterator[str]:
    part: list[str] = []
    size = 0
    for character in text:
        width = 2 if ord(character) > 0xFFFF else 1
        if size + width > limit:
            yield "".join(part)
            part, size = [], 0
        part.append(character)
        size += width
    yield "".join(part)


def units(text: str) -> int:
    """Length in UTF-16 units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _as_html(text: str) -> str:
    lines = (html.escape(line, quote=False) for line in text.split("\n"))
    return "\n".join(f"<b>{line[2:].strip()}</b>" if _is_heading(line) else line for line in lines)


def _as_plain(text: str) -> str:
    return "\n".join(line[2:].strip() if _is_heading(line) else line for line in text.split("\n"))


def _is_heading(line: str) -> bool:
    return line.startswith("# ") and bool(line[2:].strip())


def _is_on_earth(reply: Reply) -> bool:
    if reply.latitude is None or reply.longitude is None:
        return False
    return -90 <= reply.latitude <= 90 and -180 <= reply.longitude <= 180
