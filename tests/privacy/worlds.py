"""Made-up weeks as exact counts, drawn person by person, for attacks that need years in seconds."""

from __future__ import annotations

import random
from collections import Counter
from datetime import date

from content.library import Library
from content.places import Place, Places
from demand.codes import countable
from demand.counts import EVERYWHERE, Counts, Kind, no_counts
from demand.outcomes import Outcome

_OUTCOMES = {Outcome.ANSWERED: 70, Outcome.NO_SERVICE: 10, Outcome.CLOSED: 10, Outcome.NOT_UNDERSTOOD: 10}
_LANGUAGES = {"es": 62, "pt": 13, "en": 7, "fr": 5, "ht": 13}


def eight_places(library: Library) -> Places:
    """The places of the content, and as many again under other names."""
    places: list[Place] = []
    for number in range(2):
        for place in library.places.open:
            suffix = "-" + "ab"[number]
            places.append(place.model_copy(update={"code": place.code + suffix, "within": None}))
    return Places({place.code: place for place in places})


def made_up_week(library: Library, askers: dict[str, int], seed: int, week: date) -> Counts:
    """The exact counts of a week; every person has one to three needs of Zipf weights."""
    source = random.Random(f"{seed} {week}")
    needs = [need for group in countable(library.taxonomy).values() for need in group] + ["protection"]
    random.Random(seed).shuffle(needs)
    weights = [1 / (rank + 1) ** 0.9 for rank in range(len(needs))]
    counts = no_counts()
    for place, number in askers.items():
        for _ in range(max(0, round(source.gauss(number, number**0.5)))):
            _one_person(source, counts, place, set(_choose(source, needs, weights)))
        counts[Kind.HOURS][place, EVERYWHERE] = 168
    return counts


def _choose(source: random.Random, needs: list[str], weights: list[float]) -> list[str]:
    return source.choices(needs, weights, k=source.choices((1, 2, 3), (60, 25, 15))[0])


def _one_person(source: random.Random, counts: Counts, place: str, needs: set[str]) -> None:
    if "protection" in needs:
        counts[Kind.PROTECTION][place, "protection"] += 1
    plain = needs - {"protection"}
    for need in plain:
        counts[Kind.NEED][place, need] += 1
        counts[Kind.EVERYWHERE][EVERYWHERE, need] += 1
    for sector in {need.split(".")[0] for need in plain}:
        counts[Kind.SECTOR][place, sector] += 1
    if plain:
        counts[Kind.ASKERS][place, EVERYWHERE] += 1
        counts[Kind.LANGUAGE][place, source.choices(list(_LANGUAGES), list(_LANGUAGES.values()))[0]] += 1
        outcome = source.choices(list(_OUTCOMES), list(_OUTCOMES.values()))[0]
        counts[Kind.OUTCOME][place, outcome.value] += 1


def need_by_language(seed: int, askers: int) -> Counter:
    """A cross table of need and language for one place and week."""
    source = random.Random(seed)
    needs, weights = [f"need{rank}" for rank in range(36)], [1 / (rank + 1) ** 0.9 for rank in range(36)]
    table: Counter = Counter({(need, language): 0 for need in needs for language in _LANGUAGES})
    for _ in range(askers):
        language = source.choices(list(_LANGUAGES), list(_LANGUAGES.values()))[0]
        for need in set(_choose(source, needs, weights)):
            table[need, language] += 1
    return table
