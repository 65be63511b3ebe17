"""The age of an answer is that of what is due in it, so that one old price is not hidden by a new address."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from content.cards import facts_of
from content.freshness import last_checked
from content.library import Library

TODAY = date(2026, 11, 28)
ANSWER = ("ecuador", "asylum.apply")


def dated(library: Library, *days: str | None) -> Library:
    """The library with one answer that rests on offices whose sources are of these days."""
    answer = library.collection.answers[ANSWER]
    name = next(name for part in answer.parts for name in facts_of(part))
    model = library.collection.facts[name].model_copy(update={"kind": "address"})
    facts = {f"f{number}": model.model_copy(update={"source_date": day}) for number, day in enumerate(days)}
    part = answer.parts[0].model_copy(update={"facts": tuple(facts), "texts": {"es": "Texto."}})
    changed = {ANSWER: answer.model_copy(update={"parts": (part,)})}
    return Library(replace(library.collection, facts=facts, answers=changed))


def test_the_oldest_source_that_is_due_counts(library: Library) -> None:
    """Beside a new source an old one makes the answer old; where all is current, the newest counts."""
    assert last_checked(dated(library, "2019-06", "2026-10"), "asylum.apply", "quito", TODAY) == date(
        2019, 6, 1
    )
    assert last_checked(dated(library, "2026-09", "2026-10"), "asylum.apply", "quito", TODAY) == date(
        2026, 10, 1
    )


def test_what_has_no_date_or_no_answer_was_never_checked(library: Library) -> None:
    """No day is invented."""
    assert last_checked(dated(library, None), "asylum.apply", "quito", TODAY) is None
    assert last_checked(dated(library, "2026-10"), "work.job", "quito", TODAY) is None
