"""Counting in memory: different people, three needs each, nothing that could lead back to them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from demand.counts import EVERYWHERE, Kind
from demand.ledger import Ledger
from demand.outcomes import Happening, Outcome
from demand.weeks import week_of

MOMENT = datetime(2026, 3, 4, 15, tzinfo=UTC)
WEEK = week_of(MOMENT, "America/Guayaquil")


def _ledger(library) -> Ledger:
    return Ledger(library.places, library.taxonomy, MOMENT - timedelta(hours=5))


def _ask(
    ledger: Ledger, asker: str, need: str | None, *, place="quito", outcome=Outcome.ANSWERED, moment=MOMENT
):
    ledger.count(Happening(place, need, outcome, "es"), asker.encode(), moment)


def test_a_person_counts_once_per_need_and_week(library):
    """A thousand questions of one account are one asker; another person is one more."""
    ledger = _ledger(library)
    for _ in range(1000):
        _ask(ledger, "1", "work.job")
    _ask(ledger, "2", "work.job")
    counts = ledger.counts(MOMENT)[WEEK]
    assert counts[Kind.NEED]["quito", "work.job"] == 2
    assert counts[Kind.SECTOR]["quito", "work"] == 2
    assert counts[Kind.ASKERS]["quito", EVERYWHERE] == 2
    assert counts[Kind.EVERYWHERE][EVERYWHERE, "work.job"] == 2
    assert counts[Kind.LANGUAGE]["quito", "es"] == 2


def test_a_person_moves_three_needs_at_most(library):
    """The fourth need of a week is answered and not counted, also in another place."""
    ledger = _ledger(library)
    for need in ("work.job", "work.permit", "health.care"):
        _ask(ledger, "1", need)
    _ask(ledger, "1", "basics.food", place="sao-paulo")
    counts = ledger.counts(MOMENT)[WEEK]
    assert sum(counts[Kind.NEED].values()) == 3
    assert counts[Kind.SECTOR]["quito", "work"] == 1


def test_protection_is_one_figure_when_it_is_counted(library):
    """No need of the protection sector, no language and no outcome of it exists anywhere in the ledger."""
    ledger = _ledger(library)
    _ask(ledger, "1", "protection.gender_violence")
    _ask(ledger, "2", "protection.lgbti", outcome=Outcome.NO_SERVICE)
    counts = ledger.counts(MOMENT)[WEEK]
    assert counts[Kind.PROTECTION]["quito", "protection"] == 2
    assert all(not counts[kind] for kind in Kind if kind not in (Kind.PROTECTION, Kind.HOURS))


def test_danger_is_never_counted(library):
    """An emergency leaves the ledger as it was."""
    ledger = _ledger(library)
    _ask(ledger, "1", "health.emergency", outcome=Outcome.EMERGENCY)
    assert ledger.events == 0
    assert all(
        not counts[kind] for counts in ledger.counts(MOMENT).values() for kind in Kind if kind != Kind.HOURS
    )


def test_marks_and_key_die_with_the_week(library):
    """When the week is over everywhere its key and sets are gone, and the same person gets another mark."""
    ledger = _ledger(library)
    _ask(ledger, "1", "work.job")
    key = ledger._open[WEEK].key
    later = MOMENT + timedelta(days=7)
    counts = ledger.counts(later)[WEEK]
    assert counts[Kind.NEED]["quito", "work.job"] == 1
    assert WEEK not in ledger._open
    _ask(ledger, "1", "work.job", moment=later)
    assert ledger._open[week_of(later, "America/Guayaquil")].key != key
    _ask(ledger, "9", "work.job", moment=MOMENT)
    assert ledger.counts(later)[WEEK][Kind.NEED]["quito", "work.job"] == 1


def test_the_week_is_that_of_the_places_clock(library):
    """Monday 03:00 UTC is still Sunday in Quito and already Monday in São Paulo."""
    ledger = _ledger(library)
    moment = datetime(2026, 3, 9, 3, 30, tzinfo=UTC)
    _ask(ledger, "1", "work.job", moment=moment)
    _ask(ledger, "2", "work.job", place="sao-paulo", moment=moment)
    counts = ledger.counts(moment)
    assert counts[WEEK][Kind.NEED] == {("quito", "work.job"): 1}
    assert counts[WEEK + timedelta(days=7)][Kind.NEED] == {("sao-paulo", "work.job"): 1}


def test_hours_of_counting_are_recorded(library):
    """Five hours alive are five hours, and a week that nobody watched shows none."""
    counts = _ledger(library).counts(MOMENT)
    assert counts[WEEK][Kind.HOURS]["quito", EVERYWHERE] == 5
