"""`orienta content check`: everything that is wrong or missing, at once, with file, line and remedy.

Errors fail the check. Notices tell what is due (facts past their review date) and do not.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from content.ageing import Age, age_of, first_day
from content.answers import Answer
from content.collection import DATA, Collection, read_collection
from content.documents import Reader
from content.emergency import DANGERS
from content.names import name_problems
from content.problems import Problem
from content.readability import longest_sentence, reading_ease
from content.rendering import render
from content.rules import breaking_problems, country_of, file_of
from content.seen import unseen_problems
from content.wording import wording

# The needs where harm or haste is greatest are written in every language.
EVERY_LANGUAGE = (
    "protection.gender_violence", "protection.trafficking", "protection.lgbti", "protection.child",
    "protection.threats", "asylum.apply", "legal.detention", "health.emergency", "health.care",
    "health.pregnancy", "health.mental", "shelter.temporary", "basics.food", "documents.id_card", "family.tracing",
)  # fmt: skip
# One message of a messenger, with room for title, dates, source and link, without scrolling for long.
MAXIMUM_CHARACTERS = 1400
MAXIMUM_SENTENCE_WORDS = 34
# Reading age of about twelve on each measure. Portuguese words are longer by count, and the measure of
# Martins et al. calls 25 to 50 "difficult" where names of offices and papers alone pull a text that far.
MINIMUM_EASE = {"es": 50.0, "pt": 30.0, "en": 50.0, "fr": 45.0}


@dataclass(frozen=True)
class Report:
    """What the check found."""

    errors: tuple[Problem, ...]
    notices: tuple[Problem, ...]


def check(today: date, root: Path = DATA) -> Report:
    """Check a content folder as of a day."""
    reader = Reader(root)
    collection = read_collection(reader)
    errors = [*reader.problems, *breaking_problems(collection)]
    errors += [*_missing(collection), *_dates_ahead(collection, today), *_danger_gaps(collection)]
    if not errors:
        errors += [*_style(collection), *name_problems(collection)]
    errors += unseen_problems(collection)
    return Report(tuple(sorted(set(errors))), tuple(_due(collection, today)))


def _missing(collection: Collection) -> Iterator[Problem]:
    for country in collection.open_countries:
        for need in collection.taxonomy.needs:
            answer = collection.answers.get((country, need))
            if answer is None:
                file = f"{country}/answers/{need}.yml"
                yield Problem(
                    file,
                    0,
                    "No answer is written for this need.",
                    "Write it; say honestly if nothing is known.",
                )
    for answer in collection.answers.values():
        yield from _missing_languages(collection, answer)


def _missing_languages(collection: Collection, answer: Answer) -> Iterator[Problem]:
    for language in collection.languages.values():
        if not language.open or (not language.complete and answer.need not in EVERY_LANGUAGE):
            continue
        for part in answer.parts:
            if language.code not in part.texts:
                what = f"{part.about} has no text in {language.code}."
                yield Problem(
                    file_of(collection, answer), 0, what, f"Write {language.code}: beside the others."
                )


def _dates_ahead(collection: Collection, today: date) -> Iterator[Problem]:
    for fact in collection.facts.values():
        for name, partial in (("source_date", fact.source_date), ("checked", fact.checked)):
            if partial and first_day(partial) > today:
                file = str(Path(country_of(collection, fact.place), "facts.yml"))
                yield Problem(
                    file, 0, f"{fact.id}: {name} lies in the future.", "Write the day it was really read."
                )


def _danger_gaps(collection: Collection) -> Iterator[Problem]:
    for country in collection.open_countries:
        codes = {country, *(place.code for place in collection.places.of_country(country))}
        known = {
            danger for number in collection.numbers if number.place in codes for danger in number.dangers
        }
        for danger in DANGERS:
            if danger not in known:
                yield Problem(
                    f"{country}/emergency.yml", 0, f"No number for {danger}.", "Name one, or the general one."
                )


def _style(collection: Collection) -> Iterator[Problem]:
    for answer in collection.answers.values():
        file = file_of(collection, answer)
        for language, text in _whole_texts(collection, answer).items():
            if len(text) > MAXIMUM_CHARACTERS:
                yield Problem(
                    file, 0, f"{language}: {len(text)} characters.", f"Shorten it to {MAXIMUM_CHARACTERS}."
                )
            if (words := longest_sentence(text)) > MAXIMUM_SENTENCE_WORDS:
                yield Problem(file, 0, f"{language}: a sentence of {words} words.", "Make two of it.")
            ease = reading_ease(text, language)
            if ease is not None and ease < MINIMUM_EASE[language]:
                yield Problem(
                    file, 0, f"{language}: hard to read ({ease:.0f}).", "Use shorter words and sentences."
                )


def _whole_texts(collection: Collection, answer: Answer) -> Mapping[str, str]:
    languages = [code for code in collection.languages if all(code in part.texts for part in answer.parts)]
    return {
        code: "\n".join(render(part.texts[code], collection.facts, wording(code)) for part in answer.parts)
        for code in languages
    }


def _due(collection: Collection, today: date) -> Iterator[Problem]:
    for fact in collection.facts.values():
        age = age_of(fact.kind, fact.source_date, today, collection.intervals)
        if age is not Age.CURRENT:
            file = str(Path(country_of(collection, fact.place), "facts.yml"))
            since = fact.source_date or "unknown"
            yield Problem(
                file,
                0,
                f"{fact.id} ({fact.kind}, of {since}) is {age.value}.",
                "Look it up and write the new date.",
            )
