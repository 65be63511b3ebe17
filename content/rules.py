"""The rules of content that would mislead a person if broken: with them broken the program does not start.

Matters of style, age and completeness are in `content.check`; they fail the check, not the start.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from content.ageing import first_day
from content.answers import Answer
from content.cards import facts_of
from content.collection import Collection
from content.facts import Day
from content.place_words import place_word_problems
from content.problems import Problem
from content.rendering import PLACEHOLDER, placeholders

_DIGIT_OR_LINK = re.compile(r"\d|https?:|www\.|@")
_MARKUP = re.compile(r"</?[a-zA-Z][^>]*>|&[a-z]+;")


def breaking_problems(collection: Collection) -> list[Problem]:
    """Every broken rule, with the file and what to do."""
    words = place_word_problems(collection.places, collection.place_words)
    return [*_fact_problems(collection), *_answer_problems(collection), *_safety_problems(collection), *words]


def file_of(collection: Collection, answer: Answer) -> str:
    """The file an answer is written in, relative to the content folder."""
    if answer.place in collection.places:
        country = collection.places.place(answer.place).country
        return str(Path(country, "answers", answer.place, f"{answer.need}.yml"))
    return str(Path(answer.place, "answers", f"{answer.need}.yml"))


def country_of(collection: Collection, place: str) -> str:
    """The country of a place code; a country's own code is returned as it is."""
    return collection.places.place(place).country if place in collection.places else place


def _fact_problems(collection: Collection) -> Iterator[Problem]:
    latest = max((first_day(fact.checked) for fact in collection.facts.values()), default=None)
    for fact in collection.facts.values():
        file = str(Path(country_of(collection, fact.place), "facts.yml"))
        if fact.place not in collection.places and fact.place not in collection.countries:
            yield Problem(
                file,
                0,
                f"{fact.id}: nobody knows the place {fact.place}.",
                "Use a code of places.yml or a country.",
            )
        if fact.kind not in collection.intervals:
            yield Problem(
                file, 0, f"{fact.id}: the kind {fact.kind} has no interval.", "Add it to review.yml."
            )
        if fact.day and latest and fact.day > first_day(fact.checked):
            yield Problem(
                file,
                0,
                f"{fact.id}: its source is dated after it was checked.",
                "Mend source_date or checked.",
            )
        for name, value in fact.values.items():
            if isinstance(value, Day) and not re.fullmatch(r"[\d-]+", value.date):
                yield Problem(file, 0, f"{fact.id}.{name}: not a date.", "Write it as 2025-08-31.")


def _answer_problems(collection: Collection) -> Iterator[Problem]:
    for answer in collection.answers.values():
        file = file_of(collection, answer)
        if answer.need not in collection.taxonomy.needs:
            yield Problem(file, 0, f"Nobody knows the need {answer.need}.", "Use a code of taxonomy.yml.")
        for part in answer.parts:
            yield from _reference_problems(collection, answer, file, part.about, facts_of(part))
            for language, text in part.texts.items():
                yield from _text_problems(collection, file, f"{part.about}.{language}", language, text)
            yield from _agreement_problems(file, part.about, part.texts)


def _reference_problems(
    collection: Collection, answer: Answer, file: str, about: str, facts: tuple[str, ...]
) -> Iterator[Problem]:
    country = country_of(collection, answer.place)
    for name in facts:
        fact = collection.facts.get(name)
        if fact is None:
            yield Problem(
                file, 0, f"{about}: nobody knows the fact {name}.", "Write it in facts.yml, or mend its name."
            )
        elif country_of(collection, fact.place) != country:
            yield Problem(
                file, 0, f"{about}: {name} is a fact of another country.", "Use a fact of this one."
            )


def _text_problems(
    collection: Collection, file: str, where: str, language: str, text: str
) -> Iterator[Problem]:
    if language not in collection.languages:
        yield Problem(file, 0, f"{where}: nobody knows this key or language.", "Use es, pt, en, fr or ht.")
    for name, value in placeholders(text):
        fact = collection.facts.get(name)
        if fact is not None and value not in fact.values:
            yield Problem(
                file,
                0,
                f"{where}: {name} has no value {value}.",
                "Add it to the fact's values, or mend its name.",
            )
    bare = PLACEHOLDER.sub("", text)
    if found := _DIGIT_OR_LINK.search(bare):
        yield Problem(
            file,
            0,
            f"{where}: a bare {found[0]!r} stands in the text.",
            "Make it a value of a fact and name that.",
        )
    if "{" in bare or "}" in bare:
        yield Problem(file, 0, f"{where}: a placeholder is broken.", "Write {fact-id.value}.")
    if _MARKUP.search(bare):
        yield Problem(file, 0, f"{where}: the text holds HTML.", "Write plain text.")
    if not text.strip():
        yield Problem(file, 0, f"{where}: the text is empty.", "Write it, or take the key out.")


def _agreement_problems(file: str, about: str, texts: dict[str, str]) -> Iterator[Problem]:
    named = {language: frozenset(placeholders(text)) for language, text in texts.items()}
    model = named.get("es", frozenset())
    for language, found in named.items():
        if found != model:
            odd = ", ".join(".".join(name) for name in sorted(found ^ model))
            yield Problem(
                file,
                0,
                f"{about}: es and {language} do not name the same facts: {odd}.",
                "Name them in both.",
            )


def _safety_problems(collection: Collection) -> Iterator[Problem]:
    if "general" not in collection.safety:
        yield Problem("safety.yml", 0, "The text general is missing.", "Write it in every language.")
    for kind, safety in collection.safety.items():
        for language in (code for code, known in collection.languages.items() if known.open):
            if not safety.texts.get(language, "").strip():
                yield Problem(
                    "safety.yml",
                    0,
                    f"{kind} has no text in {language}.",
                    "Write it: danger knows no fallback.",
                )
    for country in collection.open_countries:
        if not any(
            number.place == country or number.place in _codes(collection, country)
            for number in collection.numbers
        ):
            yield Problem(
                f"{country}/emergency.yml",
                0,
                "There is no emergency number.",
                "Add at least one, with its source.",
            )


def _codes(collection: Collection, country: str) -> set[str]:
    return {place.code for place in collection.places.of_country(country)}
