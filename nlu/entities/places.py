"""Towns, districts and landmarks that lead to a place we serve.

A slip of one letter in a long name is forgiven; names that are also common words (Luz, Saúde, Liberdade)
count only after a word that announces a place. Which places there are is told by whoever builds this.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from rapidfuzz import process
from rapidfuzz.distance import OSA

from content.plain import read_plain
from nlu.embedded.words import words_of

if TYPE_CHECKING:
    from content.place_words import WordsOfPlaces

_LONG = 7
Hit = tuple[str, str]


class KnownPlace(Protocol):
    """What is asked of a place; the models of the content have it, and are too heavy to be loaded for it."""

    @property
    def code(self) -> str: ...
    @property
    def names(self) -> Mapping[str, str]: ...
    @property
    def within(self) -> str | None: ...
    @property
    def time_zone(self) -> str: ...


class KnownPlaces(Protocol):
    """All places, and those of them that are open to people."""

    @property
    def all(self) -> Sequence[KnownPlace]: ...
    @property
    def open(self) -> Sequence[KnownPlace]: ...


class KnownNames(Protocol):
    """Names of one place: enough by themselves, or only after an announcing word."""

    @property
    def names(self) -> Sequence[str]: ...
    @property
    def after_a_cue(self) -> Sequence[str]: ...


@dataclass(frozen=True)
class ShippedNames:
    """The names of one place that this version comes with."""

    names: tuple[str, ...] = ()
    after_a_cue: tuple[str, ...] = ()


@dataclass(frozen=True)
class Gazetteer:
    """Names in plain letters → place code. `names` stand alone; `after` need an announcing word before them.

    `within`: the larger place of a city; `own`: the names that the larger places themselves have.
    """

    names: Mapping[str, str]
    after: Mapping[str, str]
    cues: frozenset[str]
    never: frozenset[str]
    within: Mapping[str, str] = field(default_factory=dict)
    own: frozenset[str] = frozenset()
    _lengths: list[int] = field(default_factory=list)  # in words, of all names, the longest first
    _begin: set[str] = field(default_factory=set)  # first words of names: of no other a name is put together
    _long: dict[tuple[str, int], list[str]] = field(
        default_factory=dict
    )  # by first letter and length, give or take one

    def __post_init__(self) -> None:
        known = (*self.names, *self.after)
        self._lengths.extend(sorted({name.count(" ") + 1 for name in known}, reverse=True))
        self._begin.update(name.split(" ", 1)[0] for name in known)
        for name in self.names:
            for length in range(len(name) - 1, len(name) + 2) if len(name) >= _LONG else ():
                self._long.setdefault((name[0], length), []).append(name)

    def find(self, words: Sequence[str]) -> Hit | None:
        """The place most narrowly named, with the name that led to it: the longest wins, then a city, then the first."""
        found = [hit for at in range(len(words)) if (hit := self._at(words, at))]
        if not found:
            found = [hit for at in range(len(words)) if (hit := self._slipped(words, at))]
        if not found:
            return None
        places = {place for _, place in found}
        city = next((place for place in places if {place, self.within.get(place)} == places), None)
        if city:
            # "Quito, Pichincha" is Quito, but "Cayambe, cerca de Quito" is Cayambe.
            towns = [hit for hit in found if hit[1] != city and hit[0] not in self.own]
            return towns[0] if towns else next(hit for hit in found if hit[1] == city)
        return max(found, key=lambda hit: len(hit[0])) if len(places) > 1 else found[0]

    def _at(self, words: Sequence[str], at: int) -> Hit | None:
        if words[at] not in self._begin:
            return None
        for length in self._lengths:
            name = " ".join(words[at : at + length])
            if at + length > len(words):
                continue
            if name in self.names:
                return name, self.names[name]
            if name in self.after and at and words[at - 1] in self.cues:
                return name, self.after[name]
        return None

    def _slipped(self, words: Sequence[str], at: int) -> Hit | None:
        for length in (2, 1):
            name = " ".join(words[at : at + length])
            if len(name) < _LONG or name in self.never or at + length > len(words):
                continue
            near = self._long.get((name[0], len(name)), ())
            best = process.extractOne(name, near, scorer=OSA.distance, score_cutoff=1)
            if best:
                return best[0], self.names[best[0]]
        return None


@dataclass(frozen=True)
class Shipped:
    """What this version knows by itself: the announcing words, and the names of the places it comes with."""

    cues: frozenset[str]
    never: frozenset[str]
    places: Mapping[str, ShippedNames]


@lru_cache(maxsize=1)
def shipped() -> Shipped:
    """The file of this folder, read once."""
    content = read_plain(Path(__file__).with_name("places.yml").read_text(encoding="utf-8"))
    places = {
        place: ShippedNames(tuple(groups.get("names", ())), tuple(groups.get("after_a_cue", ())))
        for place, groups in content["places"].items()
    }
    return Shipped(frozenset(content["cues"].split()), frozenset(content["never"].split()), places)


def shipped_words() -> WordsOfPlaces:
    """The names that this version knows of the places it comes with, as the content keeps such names."""
    from content.place_words import PlaceWords

    return {
        place: PlaceWords(names=known.names, after_a_cue=known.after_a_cue)
        for place, known in shipped().places.items()
    }


def gazetteer_of(places: KnownPlaces, own: Mapping[str, KnownNames]) -> Gazetteer:
    """The names of the open places: first those of the installation, then the shipped ones, then what the places are called."""
    ours = shipped()
    names: dict[str, str] = {}
    after: dict[str, str] = {}
    for known in (own, ours.places):
        for code in (place.code for place in places.open if place.code in known):
            _add(names, code, known[code].names, after)
            _add(after, code, known[code].after_a_cue, names)
    for place in places.open:
        _add(names, place.code, place.names.values(), after)
    within = {place.code: place.within for place in places.open if place.within}
    larger = [name for place in places.open if place.code in within.values() for name in place.names.values()]
    return Gazetteer(names, after, ours.cues, ours.never, within, frozenset(map(_flat, larger)))


def _add(target: dict[str, str], place: str, names: Iterable[str], other: Mapping[str, str]) -> None:
    """Add names; one that leads to another place already stays where it is."""
    for name in map(_flat, names):
        if other.get(name, place) == place:
            target.setdefault(name, place)


def _flat(name: str) -> str:
    return " ".join(words_of(name))
