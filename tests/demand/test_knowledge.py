"""What the audit grants an attacker: the rounding, and what a half lost and gained at the borders of figures."""

from __future__ import annotations

from datetime import date

import pytest

from demand.audit import ContradictionError, System
from demand.knowledge import Attacker, tell
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
