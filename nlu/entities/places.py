"""Towns, districts and landmarks that lead to a place we serve.

A slip of one letter in a long name is forgiven; names that are also common words (Luz, Saúde, Liberdade)
count only after a word that announces a place.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rapidfuzz import process
from rapidfuzz.distance import OSA

from content.plain import read_plain
from nlu.embedded.words import words_of

_LONG = 7


@dataclass(frozen=True)
class Gazetteer:
    """Names in plain letters → place code. `names` stand alone; `after` need an announcing word before them."""

    names: Mapping[str, str]
    after: Mapping[str, str]
    cues: frozenset[str]
    never: frozenset[str]
    _long: dict[tuple[str, int], list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in self.names:
            if len(name) >= _LONG:
                self._long.setdefault((name[0], len(name)), []).append(name)

    def find(self, words: Sequence[str]) -> str | None:
        """The place most narrowly named: the longest name wins, then a city within a province, then the first."""
        found = [hit for at in range(len(words)) if (hit := self._at(words, at))]
        if not found:
            found = [hit for at in range(len(words)) if (hit := self._slipped(words, at))]
        if not found:
            return None
        places = {place for _, place in found}
        if places == {"quito", "pichincha"}:
            # "Quito, Pichincha" is Quito, but "Cayambe, cerca de Quito" is Cayambe.
            towns = [name for name, place in found if place == "pichincha" and name != "pichincha"]
            return "pichincha" if towns else "quito"
        return max(found, key=lambda hit: len(hit[0]))[1] if len(places) > 1 else found[0][1]

    def _at(self, words: Sequence[str], at: int) -> tuple[str, str] | None:
        for length in (4, 3, 2, 1):
            name = " ".join(words[at : at + length])
            if at + length > len(words):
                continue
            if name in self.names:
                return name, self.names[name]
            if name in self.after and at and words[at - 1] in self.cues:
                return name, self.after[name]
        return None

    def _slipped(self, words: Sequence[str], at: int) -> tuple[str, str] | None:
        for length in (2, 1):
            name = " ".join(words[at : at + length])
            if len(name) < _LONG or name in self.never or at + length > len(words):
                continue
            near = [n for size in (-1, 0, 1) for n in self._long.get((name[0], len(name) + size), ())]
            best = process.extractOne(name, near, scorer=OSA.distance, score_cutoff=1)
            if best:
                return best[0], self.names[best[0]]
        return None


def read_gazetteer(file: Path) -> Gazetteer:
    """Reads the names; a name under two places is an error in the file."""
    content = read_plain(file.read_text(encoding="utf-8"))
    names: dict[str, str] = {}
    after: dict[str, str] = {}
    for place, groups in content["places"].items():
        for target, key in ((names, "names"), (after, "after_a_cue")):
            for name in groups.get(key, ()):
                flat = " ".join(words_of(name))
                if target.setdefault(flat, place) != place:
                    raise ValueError(f"{file}: {name!r} stands under {target[flat]} and under {place}")
    cues, never = content["cues"].split(), content["never"].split()
    return Gazetteer(names, after, frozenset(cues), frozenset(never))
