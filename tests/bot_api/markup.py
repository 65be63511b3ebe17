"""Checks what a bot wants to send as strictly as Telegram does, or a little more."""

from __future__ import annotations

import html
import json
import re
from dataclasses import dataclass
from typing import Any

from tests.bot_api.rules import BUTTONS, CALLBACK_DATA_BYTES, ENTITIES, TEXT_UNITS

_TAGS = {
    "b",
    "strong",
    "i",
    "em",
    "u",
    "ins",
    "s",
    "strike",
    "del",
    "span",
    "tg-spoiler",
    "a",
    "code",
    "pre",
    "blockquote",
    "tg-emoji",
}
_PIECE = re.compile(
    r"<(/?)([^<>\s/]*)([^<>]*)>|(&(?:lt|gt|amp|quot|#\d+|#x[0-9a-fA-F]+);)|([^<&]+|&)|(<)", re.S
)


class Refused(Exception):  # noqa: N818 (it is an answer, not an error of ours)
    """Telegram says no: code, words, and how long to wait."""

    def __init__(self, code: int, description: str, retry_after: int = 0) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.retry_after = retry_after


def bad(description: str) -> Refused:
    """A 400."""
    return Refused(400, f"Bad Request: {description}")


@dataclass(frozen=True)
class Parsed:
    """Text as the person sees it, and how many entities it has."""

    text: str
    entities: int


def units(text: str) -> int:
    """Length as Telegram counts it."""
    return len(text.encode("utf-16-le")) // 2


def parse_text(text: str, mode: str) -> Parsed:
    """The text that is shown, or a refusal."""
    if mode.lower() not in ("", "html"):
        raise Refused(501, f"the stand-in does not read {mode}")
    parsed = _parse_html(text) if mode else Parsed(text, 0)
    if not parsed.text.strip():
        raise bad("message text is empty")
    if units(parsed.text.strip()) > TEXT_UNITS:
        raise bad("message is too long")
    if parsed.entities > ENTITIES:
        raise bad("too many entities")
    return Parsed(parsed.text.strip(), parsed.entities)


def _parse_html(text: str) -> Parsed:
    shown: list[str] = []
    open_tags: list[str] = []
    entities = 0
    for piece in _PIECE.finditer(text):
        slash, name, _, reference, plain, stray = piece.groups()
        if stray is not None:
            raise bad(f"can't parse entities: Unclosed start tag at byte offset {piece.start()}")
        if reference or plain:
            shown.append(html.unescape(reference) if reference else plain)
        elif slash:
            _close(open_tags, name, piece.start())
        else:
            entities += 1
            open_tags.append(_opened(name, piece.start()))
    if open_tags:
        raise bad(f"can't parse entities: Can't find end tag corresponding to start tag \"{open_tags[-1]}\"")
    return Parsed("".join(shown), entities)


def _opened(name: str, at: int) -> str:
    if name.lower() not in _TAGS:
        raise bad(f'can\'t parse entities: Unsupported start tag "{name}" at byte offset {at}')
    return name.lower()


def _close(open_tags: list[str], name: str, at: int) -> None:
    if not open_tags:
        raise bad(f"can't parse entities: Unexpected end tag at byte offset {at}")
    expected = open_tags.pop()
    if name and name.lower() != expected:
        raise bad(f'can\'t parse entities: Unmatched end tag at byte offset {at}, expected "</{expected}>"')


def parse_keyboard(raw: str | None) -> dict[str, Any] | None:
    """A checked reply_markup, or a refusal."""
    if not raw:
        return None
    try:
        markup = json.loads(raw)
    except ValueError:
        raise bad("can't parse reply keyboard markup JSON object") from None
    if not isinstance(markup, dict):
        raise bad("object expected as reply markup")
    rows = markup.get("inline_keyboard")
    if rows is not None:
        _check_inline(rows)
    for row in markup.get("keyboard", ()):
        for button in row:
            if not (button if isinstance(button, str) else button.get("text")):
                raise bad("keyboard button text must be non-empty")
    return markup


def _check_inline(rows: Any) -> None:
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad('field "inline_keyboard" must be of type Array of Arrays')
    if sum(len(row) for row in rows) > BUTTONS:
        raise bad("reply markup is too long")
    for row in rows:
        for button in row:
            _check_button(button)


def _check_button(button: dict[str, Any]) -> None:
    if not str(button.get("text", "")).strip():
        raise bad("inline keyboard button text must be non-empty")
    actions = [
        key
        for key in ("callback_data", "url", "web_app", "switch_inline_query", "copy_text", "login_url")
        if key in button
    ]
    if len(actions) != 1:
        raise bad("text buttons are unallowed in the inline keyboard")
    if "callback_data" in button and not 0 < len(button["callback_data"].encode()) <= CALLBACK_DATA_BYTES:
        raise bad("BUTTON_DATA_INVALID")
    if "url" in button and not re.match(r"(https?|tg)://[^\s]+\.?[^\s]*$", button["url"]):
        raise bad(f"inline keyboard button URL '{button['url']}' is invalid: unsupported URL protocol")
