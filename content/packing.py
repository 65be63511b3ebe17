"""One place's content as files, so that another installation can adopt it: what it rests on goes with it.

Of the country: its answers, names, numbers, and those facts alone that something of the place rests on. Nothing of
another place goes along, except those whose services people of the place are shown too.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import yaml

from content.answers import Answer
from content.cards import facts_of
from content.collection import Collection
from content.places import Place
from content.plain import read_plain
from content.rendering import placeholders
from content.rules import file_of

# The lists of a country, each with what tells its entries apart.
LISTS = {"facts.yml": "id", "emergency.yml": "id", "programmes.yml": "id"}
NAMES, PLACES, SEEN = "names.yml", "places.yml", "seen.yml"


def places_with(collection: Collection, code: str) -> tuple[Place, ...]:
    """The place, the larger one that it lies in, and those that lie in it: people are shown the services of all."""
    place = collection.places.place(code)
    near = (one for one in collection.places.all if one.code == place.within or one.within == code)
    return (place, *near)


def packed(collection: Collection, code: str) -> dict[str, bytes]:
    """The files of a place's content, by name."""
    places = places_with(collection, code)
    country = places[0].country
    codes = {country, *(place.code for place in places)}
    answers = [answer for answer in collection.answers.values() if answer.place in codes]
    wanted = {
        "facts.yml": _facts(collection, answers, codes),
        "emergency.yml": {number.id for number in collection.numbers if number.place in codes},
        "programmes.yml": {one.id for one in collection.programmes if one.place in codes},
    }
    files = {PLACES: _entries(collection, PLACES, "code", {place.code for place in places})}
    for name, keys in wanted.items():
        files[f"{country}/{name}"] = _entries(collection, f"{country}/{name}", LISTS[name], keys)
    files[f"{country}/{NAMES}"] = (collection.root / country / NAMES).read_bytes()
    names = [file_of(collection, answer) for answer in answers]
    files |= {name: (collection.root / name).read_bytes() for name in names}
    return files | {SEEN: _marks(collection, names)}


def _facts(collection: Collection, answers: Iterable[Answer], codes: set[str]) -> set[str]:
    """Every fact that an answer or a programme rests on."""
    found = {fact for answer in answers for part in answer.parts for fact in facts_of(part)}
    for programme in collection.programmes:
        if programme.place in codes:
            texts = (programme.es, programme.pt, programme.en or "")
            found |= {*programme.facts, *(fact for text in texts for fact, _ in placeholders(text))}
    return found


def _entries(collection: Collection, file: str, key: str, wanted: set[str]) -> bytes:
    listed = read_plain((collection.root / file).read_text("utf-8")) or []
    return dumped([entry for entry in listed if entry[key] in wanted])


def _marks(collection: Collection, names: Iterable[str]) -> bytes:
    path = collection.root / SEEN
    seen = (read_plain(path.read_text("utf-8")) or {}) if path.is_file() else {}
    return dumped({name: seen[name] for name in sorted(names) if name in seen})


def dumped(value: Any) -> bytes:
    """A value as a document that our reader reads back equal."""
    return yaml.safe_dump(value, allow_unicode=True, sort_keys=False, width=110).encode()
