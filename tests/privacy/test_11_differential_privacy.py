"""Attack 11, audit of the open-data export: from many releases of two neighbouring worlds, guess which is which."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest
from scipy.stats import beta

from demand.merging import rounded

RUNS = 20_000


def _least_epsilon(release: Callable[[int], int], runs: int) -> float:
    """A lower bound (95 %) of the privacy loss shown by the best threshold between two neighbouring counts."""
    one, other = sorted(release(12) for _ in range(runs)), sorted(release(13) for _ in range(runs))
    best = 0.0
    for threshold in {*one, *other}:
        hit = sum(value >= threshold for value in other)
        false = sum(value >= threshold for value in one)
        low = float(beta.ppf(0.025, hit, runs - hit + 1)) if hit else 0.0
        high = float(beta.ppf(0.975, false + 1, runs - false)) if false < runs else 1.0
        best = max(best, math.log(low / high) if low > 0 else 0.0)
    return best


def test_the_export_keeps_its_promise():
    """The loss that the releases show stays below one for an asker who moves three figures."""
    pytest.importorskip("opendp", reason="the extra dp is not installed")
    from demand.open_data import mechanism

    release = mechanism()
    assert _least_epsilon(lambda count: release([count])[0], RUNS) <= 1.0


def test_rounding_alone_is_not_differential_privacy():
    """Rounded figures of two neighbouring worlds can be told apart with certainty: the audit sees it."""
    assert _least_epsilon(rounded, 2000) > 5
