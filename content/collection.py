"""All content as it was read, before anybody asks: the checked data that the library answers from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from content.ageing import Interval
from content.answers import Answer, read_answers
from content.documents import Reader
from content.emergency import (
    EmergencyNumber,
    Programme,
    SafetyText,
    read_numbers,
    read_programmes,
    read_safety,
)
from content.facts import Fact, read_facts
from content.languages import Language, read_languages
from content.place_words import WordsOfPlaces, read_place_words
from content.places import Places, read_places
from content.taxonomy import Taxonomy, read_taxonomy
from content.translations import read_translations, translated_safety, translated_taxonomy

DATA = Path(__file__).resolve().parent / "data"


@dataclass(frozen=True)
class Collection:
    """Everything in one content folder."""

    root: Path
    taxonomy: Taxonomy
    languages: Mapping[str, Language]
    places: Places
    intervals: Mapping[str, Interval]
    safety: Mapping[str, SafetyText]
    facts: Mapping[str, Fact] = field(default_factory=dict)
    answers: Mapping[tuple[str, str], Answer] = field(default_factory=dict)
    numbers: tuple[EmergencyNumber, ...] = ()
    programmes: tuple[Programme, ...] = ()
    # Names of offices that are never translated, by country.
    names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    # Rules of readiness that a place need not meet, each with its reason, by place.
    exemptions: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    # Districts and landmarks that this installation added, by place.
    place_words: WordsOfPlaces = field(default_factory=dict)

    @property
    def countries(self) -> tuple[str, ...]:
        """Every country that has a place, in the order of the places."""
        return tuple(dict.fromkeys(place.country for place in self.places.all))

    @property
    def open_countries(self) -> tuple[str, ...]:
        """The countries with a place that is offered to people."""
        return tuple(dict.fromkeys(place.country for place in self.places.open))


def read_collection(reader: Reader) -> Collection:
    """Read a content folder; what is wrong stands in `reader.problems`."""
    root = reader.root
    places = read_places(reader, root)
    facts: dict[str, Fact] = {}
    answers: dict[tuple[str, str], Answer] = {}
    numbers: list[EmergencyNumber] = []
    programmes: list[Programme] = []
    names: dict[str, tuple[str, ...]] = {}
    exemptions: dict[str, dict[str, str]] = {}
    for country in dict.fromkeys(place.country for place in places.all):
        folder = root / country
        facts |= read_facts(reader, folder)
        answers |= read_answers(reader, folder, country)
        numbers += read_numbers(reader, folder)
        programmes += read_programmes(reader, folder)
        names[country] = reader.read(folder / "names.yml", tuple[str, ...]) or ()
        exemptions |= reader.read_if_written(folder / "readiness.yml", dict[str, dict[str, str]]) or {}
    translations = read_translations(reader, root)
    return Collection(
        root=root,
        taxonomy=translated_taxonomy(read_taxonomy(reader, root), translations),
        languages=read_languages(reader, root),
        places=places,
        intervals=reader.read(root / "review.yml", dict[str, Interval]) or {},
        safety=translated_safety(read_safety(reader, root), translations),
        facts=facts,
        answers=answers,
        numbers=tuple(numbers),
        programmes=tuple(programmes),
        names=names,
        exemptions=exemptions,
        place_words=read_place_words(reader),
    )
