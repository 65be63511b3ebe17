"""What the assistant did not understand, as words that at least ten different people used.

In memory only, and never from a turn about protection or danger. Numbers, addresses, names and words that the
content does not know are dropped before anything is kept; what fewer than ten people said dies with the week.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import unicodedata
from collections.abc import Iterable
from itertools import pairwise

from demand.merging import K
from demand.outcomes import Outcome

_WORD = re.compile(r"[^\W\d_]+", re.UNICODE)
_TELLING = re.compile(r"\S*[@\d/]\S*")
_KEPT = 20_000
_COUNTED = (Outcome.NOT_UNDERSTOOD, Outcome.NO_CONTENT)


def vocabulary(texts: Iterable[str]) -> frozenset[str]:
    """The words that may be kept: those of the assistant's own texts, written small there."""
    return frozenset(
        word for text in texts for word in _WORD.findall(text) if word.islower() and len(word) > 2
    )


class Wordings:
    """Words and two-word phrases of one week by how many different people said them."""

    def __init__(self, known: frozenset[str]) -> None:
        self._known = known
        self._key = secrets.token_bytes(32)
        self._said: dict[str, set[bytes]] = {}

    def hear(self, text: str, asker: bytes, outcome: Outcome, *, sensitive: bool) -> None:
        """Take the harmless words of a message that was not understood; a sensitive turn is not listened to."""
        if sensitive or outcome not in _COUNTED:
            return
        mark = hmac.new(self._key, asker, hashlib.sha256).digest()[:8]
        for phrase in phrases(text, self._known):
            if phrase in self._said or len(self._said) < _KEPT:
                self._said.setdefault(phrase, set()).add(mark)

    def close(self) -> tuple[tuple[str, int], ...]:
        """Phrases of at least ten people with their number rounded down to tens; everything else is forgotten."""
        kept = [(phrase, len(marks)) for phrase, marks in self._said.items() if len(marks) >= K]
        self._said, self._key = {}, secrets.token_bytes(32)
        return tuple(
            sorted(((phrase, count // K * K) for phrase, count in kept), key=lambda item: (-item[1], item[0]))
        )


def phrases(text: str, known: frozenset[str]) -> set[str]:
    """Known words, and known words side by side; names, numbers and addresses break a phrase."""
    plain = _TELLING.sub(" . ", unicodedata.normalize("NFC", text))
    words = [word if word in known else "" for word in re.findall(r"[^\W\d_]+|[^\w\s]", plain)]
    pairs = {f"{one} {other}" for one, other in pairwise(words) if one and other}
    return {word for word in words if word} | pairs
