"""What was offered last, so that it can be chosen in words: by its number, or by a button's own words.

Holds the signed state of our own buttons and their labels, packed small because every conversation keeps one; nothing
that a person wrote. Pure: what a choice does is what pressing does, and is decided where a press is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.conversation.numbers import number_said
from bot.replies import Button, Reply
from content.folding import bare_words
from nlu.embedded.words import sound

# "Yes" and "more" answer a button that begins so; other first words ("food, money") may mean another thing than it does.
_FIRST_WORDS = frozenset(("si", "sim", "yes", "oui", "wi", "mas", "mais", "more", "plus", "plis"))


@dataclass(frozen=True)
class Chosen:
    """The button that a message means."""

    button: Button


@dataclass(frozen=True)
class Missed:
    """The message says a number at which nothing stands."""

    number: int


def packed(replies: Sequence[Reply]) -> bytes:
    """The last keyboard of a turn's replies; empty when they offer nothing."""
    reply = next((one for one in reversed(replies) if one.buttons or one.numbered), None)
    if reply is None:
        return b""
    entries = _numbered(reply) if reply.numbered else list(enumerate(reply.buttons, start=1))
    return "\n".join(_line(number, button) for number, button in entries).encode()


def _numbered(reply: Reply) -> list[tuple[int, Button]]:
    """What the text numbers, then the buttons that it does not number: these are chosen by their words alone."""
    known = [button for _, button in reply.numbered]
    return [*reply.numbered, *((0, button) for button in reply.buttons if button not in known)]


def buttons_of(offered: bytes) -> list[Button]:
    """Everything that was offered, as buttons, in the order in which it was shown."""
    return [button for _, button in _unpacked(offered)]


def choice_in(text: str, offered: bytes, language: str | None = None) -> Chosen | Missed | None:
    """What a message chooses of the last offer; None when it says something else, or nothing was offered."""
    entries = _unpacked(offered)
    if not entries:
        return None
    if (button := _worded(text, [button for _, button in entries])) is not None:
        return Chosen(button)
    number = number_said(text, language)
    if number is None:
        return None
    meant = next((button for known, button in entries if known and known == number), None)
    return Chosen(meant) if meant else Missed(number)


def _worded(text: str, buttons: Sequence[Button]) -> Button | None:
    """The one button whose own words these are, as they are written or as they sound, or that begins with such a word."""
    said = bare_words(text)
    if not said:
        return None
    begins = len(said) == 1 and said[0] in _FIRST_WORDS
    worded = [(button, _words_of_label(button.label)) for button in buttons]
    ways: tuple[Callable[[list[str]], bool], ...] = (
        lambda words: words == said,
        lambda words: begins and words[:1] == said,
        # Of another length it never sounds the same: a story is not said aloud beside every label.
        lambda words: len(words) == len(said) and _sounds(words) == _sounds(said),
    )
    for means in ways:
        if same := [button for button, words in worded if means(words)]:
            return same[0] if len(same) == 1 else None
    return None


@lru_cache(maxsize=1000)
def _words_of_label(label: str) -> list[str]:
    """The words of what Orienta itself wrote on a button, which stands under many answers."""
    return bare_words(label)


def _sounds(words: Sequence[str]) -> list[str]:
    return [sound(word) for word in words]


def _line(number: int, button: Button) -> str:
    where = "@" if button.share_position else button.url or button.data
    return "\t".join((str(number), where, " ".join(button.label.split())))


def _unpacked(offered: bytes) -> list[tuple[int, Button]]:
    """Each thing offered, with its number or 0."""
    lines = [line.split("\t") for line in offered.decode().split("\n")] if offered else []
    return [(int(number), _button(where, label)) for number, where, label in lines]


def _button(where: str, label: str) -> Button:
    if where == "@":
        return Button(label, share_position=True)
    return Button(label, url=where) if ":" in where else Button(label, where)
