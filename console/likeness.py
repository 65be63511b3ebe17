"""Names that are nearly the same, found quickly among ten thousand and remembered: a name is compared once.

What was found of a name is forgotten when it, or a name like it, changes. Nothing here reads a database.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

import numpy as np
from rapidfuzz import fuzz, process

ALIKE = 92.0
_AT_MOST = 3
_FIRST, _LARGEST = 16, 2048
# Of so many new names it is quicker to begin anew.
_MANY = 100
# Of both names together so many letters may differ, and the other one is no longer than so much.
_DIFFERENT = (100 - ALIKE) / 100
_FARTHEST = _DIFFERENT * (1 + (1 + _DIFFERENT) / (1 - _DIFFERENT)) + 1e-4
_LETTERS = "aeiousnrlcdtmpgb"
_NUMBERS = "ABCDEFGHIJKLMNOP"
_NUMBER_OF = str.maketrans(_LETTERS, _NUMBERS)
_BLOCK = 16


def in_order(name: str) -> str:
    """A name with its words in order: two names are compared whatever the order of their words."""
    return " ".join(sorted(name.split()))


class Names:
    """The names of some services, by code, and for each the later ones that are most like it."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}
        self._later: dict[str, tuple[str, ...]] = {}

    def alike(self, names: Mapping[str, str], enough: int) -> list[tuple[str, str]]:
        """Pairs of codes whose names are alike, in the order of the codes; at least `enough` if there are so many.

        At most three later ones are told of each name, the most alike first.
        """
        named = {code: in_order(names[code]) for code in sorted(names)}
        self._forget(named)
        self._names = named
        made: list[tuple[str, str]] = []
        for code, later in self._in_turn():
            made += [(code, other) for other in later]
            if len(made) >= enough:
                break
        return made

    def _forget(self, named: Mapping[str, str]) -> None:
        gone = {code for code, name in self._names.items() if named.get(code) != name}
        come = {code: name for code, name in named.items() if self._names.get(code) != name}
        if len(gone) + len(come) > _MANY:
            self._later.clear()
            return
        self._later = {
            code: later for code, later in self._later.items() if code not in gone and gone.isdisjoint(later)
        }
        for code, name in come.items():
            earlier = {one: named[one] for one in self._later if one < code}
            near = process.extract(name, earlier, scorer=fuzz.ratio, score_cutoff=ALIKE, limit=None)
            for _, _, one in near:
                del self._later[one]

    def _in_turn(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        codes, size = list(self._names), _FIRST
        for at, code in enumerate(codes):
            if code not in self._later:
                missing = [n for n in range(at, min(at + size, len(codes))) if codes[n] not in self._later]
                self._later |= _most_alike(codes, list(self._names.values()), missing)
                size = min(size * 4, _LARGEST)
            yield code, self._later[code]


def _most_alike(
    codes: Sequence[str], names: Sequence[str], asked: Sequence[int]
) -> dict[str, tuple[str, ...]]:
    """For each of the asked positions the codes of the later names most like it, the most alike first."""
    marks = np.array([_marks(name) for name in names], dtype=np.uint64)
    found: dict[str, tuple[str, ...]] = {}
    for start in range(0, len(asked), _BLOCK):
        block = asked[start : start + _BLOCK]
        bounds = [min(64, int(_FARTHEST * len(names[at]))) for at in block]
        differing = np.bitwise_count(marks[block, None] ^ marks[None, block[0] :])
        near: dict[int, list[tuple[float, int]]] = {at: [] for at in block}
        for row, column in np.argwhere(differing <= np.array(bounds, dtype=np.uint8)[:, None]).tolist():
            one, other = block[row], block[0] + column
            if other > one and (score := fuzz.ratio(names[one], names[other], score_cutoff=ALIKE)):
                near[one].append((-score, other))
        found |= {codes[at]: tuple(codes[o] for _, o in sorted(some)[:_AT_MOST]) for at, some in near.items()}
    return found


@lru_cache(maxsize=50_000)
def _marks(name: str) -> int:
    """Four bits for each of sixteen letters, one set for each time that it stands in the name.

    Putting in or taking out a letter changes one bit at most: names with many different bits cannot be alike, which
    is seen of thousands at once.
    """
    counted, marks = name.translate(_NUMBER_OF), 0
    for number in _NUMBERS:
        marks = marks << 4 | (1 << min(4, counted.count(number))) - 1
    return marks
