"""What the audit grants an attacker: the rounding, and what a half lost and gained at the borders of figures."""

from __future__ import annotations

from datetime import date

import pytest

from demand.audit import ContradictionError, System
from demand.codes import countable
from demand.knowledge import Attacker, _Counted, tell
from demand.released import Figure, Grid, Release
from demand.weeks import weeks_of

START = date(2026, 1, 26)
FIGURES = (Figure(("es",), 60), Figure(("en", "pt"), 30), Figure(("fr", "ht"), 20))


def _bounds(weeks: int, *codes: str) -> tuple[int, int]:
    system = System()
    tell(system, Release(Grid.LANGUAGE, "quito", START, weeks, 672, FIGURES))
    covered = weeks_of(START)[:weeks]
    sums = {("language", "quito", week, code): 1.0 for code in codes for week in covered}
    [found] = system.narrow([sums], 1000, ["sum"])
    return round(found.low), round(found.high)


def test_a_figure_of_four_weeks_is_within_three_and_of_one_week_within_two():
    """That is what the attacker knows of each figure, of one language or of two."""
    assert _bounds(1, "es") == (58, 62)
    assert _bounds(4, "es") == (57, 63)
    assert _bounds(4, "en", "pt") == (27, 33)


def test_what_figures_side_by_side_are_off_by_does_not_add_up():
    """Neighbours in line: who crossed from one is in the other, and the attacker knows it; others may both be off."""
    assert _bounds(4, "es", "en", "pt") == (85, 95)
    assert _bounds(4, "es", "fr", "ht") == (74, 86)
    assert _bounds(4, "es", "en", "pt", "fr", "ht") == (103, 117)
    assert _bounds(1, "es", "en", "pt", "fr", "ht") == (104, 116)


def test_a_figure_changed_by_hand_is_a_contradiction(library):
    """No counts fit a language that has more askers than all its figures say: the audit stops instead of passing it."""
    one = Release(Grid.SECTOR, "quito", START, 1, 168, (Figure(("work",), 200),))
    other = Release(
        Grid.NEED, "quito", START, 4, 672, tuple(Figure((f"work.{n}",), 20) for n in ("business", "job", "permit", "training"))
    )  # fmt: skip
    attacker = Attacker(library.taxonomy)
    with pytest.raises(ContradictionError):
        attacker.findings([one, other])


def _week(start: date, *everywhere: Figure) -> list[Release]:
    """What a week in which Quito alone was counted leaves."""
    return [
        Release(Grid.SECTOR, "quito", start, 1, 168, (), "too few"),
        Release(Grid.EVERYWHERE, "all", start, 1, 168, everywhere, None if everywhere else "too few"),
    ]


def test_a_week_without_a_weekly_table_hides_nobody(library):
    """Before the first count every cell is 0 whoever asked: none is looked at, and a figure is that of the other weeks."""
    needs = [need for members in countable(library.taxonomy).values() for need in members]
    one = Release(Grid.NEED, "quito", START, 4, 336, tuple(Figure((need,), 40) for need in needs))
    weeks = [release for week in weeks_of(START)[2:] for release in _week(week)]
    assert Attacker(library.taxonomy).findings([*weeks, one]) == []
    with pytest.raises(ContradictionError):
        Attacker(library.taxonomy).findings([one])


def test_the_audit_is_not_misled_by_weeks_in_which_nobody_could_ask(library):
    """Beside a need that is known from all places, one that joins it is known too: empty weeks must not hide that."""
    first, second, third, *others = sorted(
        need for members in countable(library.taxonomy).values() for need in members
    )
    rest = [Figure((need,), 40) for need in others]
    everywhere = (Figure((first,), 20), Figure((second, third), 45), *rest)
    joined = (Figure((first, second), 20), Figure((third,), 40), *rest)
    one = Release(Grid.NEED, "quito", START, 4, 168, joined)
    last = weeks_of(START)[3]
    known = {
        cells[0][3]
        for found in Attacker(library.taxonomy).findings([*_week(last, *everywhere), one])
        if isinstance(cells := found.cell, tuple)
    }
    assert second in known


def test_a_need_that_came_later_is_empty_before(library):
    """A published table of all places names what was in the list that week; what it does not name was not counted."""
    needs = sorted(need for members in countable(library.taxonomy).values() for need in members)
    late, *others = needs
    counted = _Counted(frozenset(needs))
    for release in (*_week(START, *(Figure((need,), 40) for need in others)), *_week(weeks_of(START)[1])):
        counted.learn(release)
    assert [counted.holds(("need", "quito", week, late)) for week in weeks_of(START)] == [
        False, True, False, False]  # fmt: skip
