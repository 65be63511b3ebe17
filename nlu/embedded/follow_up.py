"""Questions that lean on what was just discussed: "y a qué hora abren?" keeps the need.

Only a message made of nothing but such words leans; one that names anything else is read by itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from content.plain import read_plain

_CERTAIN = 0.9
_MOST_WORDS = 12
Ranked = list[tuple[str, float]]


@dataclass(frozen=True)
class FollowUps:
    """`asks`: words of which at least one must stand; `fillers`: words that may stand beside them."""

    asks: frozenset[str]
    fillers: frozenset[str]

    def leans(self, words: Sequence[str]) -> bool:
        """Whether the message says nothing by itself but asks about what was just told."""
        few = 0 < len(words) <= _MOST_WORDS
        return (
            few and any(w in self.asks for w in words) and all(w in self.asks | self.fillers for w in words)
        )

    def about(
        self, words: Sequence[str], need: str | None, ranked: Ranked, understood: float = 0.0
    ) -> Ranked:
        """The ranking with the need just discussed on top, sure enough to be `understood`, when the message leans."""
        if need is None or not self.leans(words) or need not in dict(ranked):
            return ranked
        sure = max(_CERTAIN, understood)
        rest = [(label, min(c, 1 - sure)) for label, c in ranked if label != need]
        return [(need, sure), *rest]


@lru_cache(maxsize=1)
def follow_ups() -> FollowUps:
    """The words of `follow_up.yml`, read once."""
    file = Path(__file__).with_name("follow_up.yml")
    content = read_plain(file.read_text(encoding="utf-8"))
    return FollowUps(frozenset(content["asks"].split()), frozenset(content["fillers"].split()))
