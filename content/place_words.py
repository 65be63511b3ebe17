"""Names that lead to a place besides its own: districts, streets, landmarks, as its own installation knows them.

What comes with this version stands in the room that reads messages; here is what an installation adds to it or has
adopted. One name leads to one place: the second one is a problem, never a guess.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from content.documents import Reader, Strict
from content.folding import bare_words
from content.places import Places
from content.problems import Problem

PLACE_WORDS = "place_words.yml"
MOST_WORDS_IN_A_NAME = 6
_SHORTEST = 3  # letters of a name that stands by itself; shorter ones are parts of other words


class PlaceWords(Strict):
    """`names`: enough by themselves. `after_a_cue`: also common words, so they count only after "in", "district"."""

    names: tuple[str, ...] = ()
    after_a_cue: tuple[str, ...] = ()

    @property
    def all(self) -> tuple[str, ...]:
        """Both kinds."""
        return (*self.names, *self.after_a_cue)


WordsOfPlaces = Mapping[str, PlaceWords]


def read_place_words(reader: Reader) -> WordsOfPlaces:
    """The names that an installation adds, by place; none where nobody wrote any."""
    return reader.read_if_written(reader.root / PLACE_WORDS, dict[str, PlaceWords]) or {}


def flat(name: str) -> str:
    """A name as it is compared: bare letters, one space between words."""
    return " ".join(bare_words(name))


def place_word_problems(places: Places, words: WordsOfPlaces) -> Iterator[Problem]:
    """Names of unknown places, names that cannot be found in a message, names that lead to two places."""
    leads: dict[str, str] = {}
    for place, some in words.items():
        if place not in places:
            yield _problem(f"nobody knows the place {place}.", "Use a code of places.yml.")
        for name in some.all:
            if leads.setdefault(flat(name), place) != place:
                yield _problem(
                    f"{name} leads to {leads[flat(name)]} and to {place}.", "Keep it at one of them."
                )
        yield from (_problem(f"{place}: {name!r} {what}", remedy) for name, what, remedy in _unfit(some))


def _unfit(words: PlaceWords) -> Iterator[tuple[str, str, str]]:
    for name in words.all:
        if len(flat(name).split()) > MOST_WORDS_IN_A_NAME:
            yield name, f"has more than {MOST_WORDS_IN_A_NAME} words.", "Shorten it."
        if not any(letter.isalpha() for letter in flat(name)):
            yield name, "has no letter.", "Write the name as people say it."
    for name in words.names:
        if len(flat(name)) < _SHORTEST:
            yield name, "is too short to stand by itself.", "Put it under after_a_cue."


def _problem(what: str, remedy: str) -> Problem:
    return Problem(str(Path(PLACE_WORDS)), 0, what, remedy)
