"""Is a place ready to be opened? Each rule is done, to do, or exempt with a reason.

A place opens when every "must" is done or exempt; what is only wished for ("should") is shown beside it.
Exemptions are written, with their reason, in `<country>/readiness.yml` under the place and the rule.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from content.ageing import Age, age_of
from content.answers import Answer
from content.cards import facts_of
from content.check import EVERY_LANGUAGE
from content.collection import Collection
from content.emergency import DANGERS
from content.places import Place


class State(StrEnum):
    """How a rule stands for a place."""

    DONE = "done"
    TO_DO = "to do"
    EXEMPT = "exempt"


@dataclass(frozen=True)
class Rule:
    """One rule of readiness as it stands: `detail` says how far, or why it is exempt."""

    name: str
    must: bool
    state: State
    detail: str


def readiness(collection: Collection, place: Place, today: date) -> tuple[Rule, ...]:
    """Every rule as it stands for a place on a day."""
    exempt = collection.exemptions.get(place.code, {})
    return tuple(
        _judge(name, must, measure(collection, place, today), exempt) for name, must, measure in _RULES
    )


def is_ready(rules: tuple[Rule, ...]) -> bool:
    """Whether the place may be opened."""
    return all(rule.state is not State.TO_DO for rule in rules if rule.must)


def _judge(name: str, must: bool, measured: tuple[int, int], exempt: Mapping[str, str]) -> Rule:
    done, wanted = measured
    if done >= wanted:
        return Rule(name, must, State.DONE, f"{min(done, wanted)} of {wanted}")
    if name in exempt:
        return Rule(name, must, State.EXEMPT, exempt[name])
    return Rule(name, must, State.TO_DO, f"{done} of {wanted}")


def _answers(collection: Collection, place: Place) -> list[Answer]:
    found = []
    for need in collection.taxonomy.needs:
        national = collection.answers.get((place.country, need))
        overlay = collection.answers.get((place.code, need))
        answer = national.with_overlay(overlay) if national else overlay
        if answer is not None:
            found.append(answer)
    return found


def _answered(collection: Collection, place: Place, today: date) -> tuple[int, int]:
    return len(_answers(collection, place)), len(collection.taxonomy.needs)


def _founded(collection: Collection, place: Place, today: date) -> tuple[int, int]:
    """Three needs in four must rest on facts; the others may say honestly that nothing is known."""
    resting = sum(any(facts_of(part) for part in answer.parts) for answer in _answers(collection, place))
    return resting, round(0.75 * len(collection.taxonomy.needs))


def _urgent(collection: Collection, place: Place, today: date) -> tuple[int, int]:
    languages = [code for code, language in collection.languages.items() if language.open]
    written = sum(
        all(code in part.texts for part in answer.parts for code in languages)
        for answer in _answers(collection, place)
        if answer.need in EVERY_LANGUAGE
    )
    return written, len(EVERY_LANGUAGE)


def _dangers(collection: Collection, place: Place, today: date) -> tuple[int, int]:
    codes = {place.country, place.code, place.within}
    known = {danger for number in collection.numbers if number.place in codes for danger in number.dangers}
    return len(known & set(DANGERS)), len(DANGERS)


def _current(collection: Collection, place: Place, today: date) -> tuple[int, int]:
    names = {
        name for answer in _answers(collection, place) for part in answer.parts for name in facts_of(part)
    }
    facts = [collection.facts[name] for name in names if name in collection.facts]
    ages = [age_of(fact.kind, fact.source_date, today, collection.intervals) for fact in facts]
    return sum(age is Age.CURRENT for age in ages), len(ages)


def _reviewed(collection: Collection, place: Place, today: date) -> tuple[int, int]:
    answers = _answers(collection, place)
    return sum(bool(answer.reviewed_by) for answer in answers), len(answers)


def _programme(collection: Collection, place: Place, today: date) -> tuple[int, int]:
    return sum(programme.place == place.code for programme in collection.programmes), 1


_RULES: tuple[tuple[str, bool, Callable[[Collection, Place, date], tuple[int, int]]], ...] = (
    ("every need is answered", True, _answered),
    ("answers rest on facts", True, _founded),
    ("urgent needs in every language", True, _urgent),
    ("a number for every danger", True, _dangers),
    ("facts within their review date", False, _current),
    ("answers reviewed by a person of the city", False, _reviewed),
    ("the city's programme is told", False, _programme),
)
