"""What an attacker with every published figure can work out: bounds of each cell by linear programming.

The attacker is taken to know the grid, the rounding and every release. Bounds are those of HiGHS; a few
programs with random aims find points that show most cells to be wide, and every other cell gets two programs
of its own. Nothing here knows the true counts.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
import scipy  # loads its parts when they are used: two seconds that a start does not need

_TRIES = 200
_IDLE_TRIES = 6
_MOST = 1e5
_EPSILON = 1e-6


@dataclass(frozen=True)
class Finding:
    """A cell whose bounds are too near each other."""

    cell: Hashable
    low: float
    high: float

    @property
    def exact(self) -> bool:
        """Whether only one whole number is left."""
        return self.high - self.low < 1 - _EPSILON


@dataclass
class System:
    """Everything that is known: low ≤ Σ weight × cell ≤ high, and no cell below zero."""

    cells: dict[Hashable, int] = field(default_factory=dict)
    rows: list[tuple[dict[int, float], float, float]] = field(default_factory=list)

    def know(self, weights: Mapping[Hashable, float], low: float, high: float) -> None:
        """Add a row; cells are made as they are named."""
        numbered = {self.cells.setdefault(cell, len(self.cells)): weight for cell, weight in weights.items()}
        self.rows.append((numbered, low, high))

    def narrow(
        self, targets: Iterable[Mapping[Hashable, float]], k: int, names: Iterable[Hashable]
    ) -> list[Finding]:
        """The targets (sums of cells) known exactly, or closer than `k` while they may hold fewer than `k`."""
        if not self.rows:
            return []
        listed = list(names)
        aims = self._matrix(
            [{self.cells[c]: w for c, w in target.items() if c in self.cells} for target in targets]
        )
        upper, limits = self._inequalities()
        program = _Program(upper, limits, len(self.cells))
        found = []
        for index in program.too_narrow(aims, k):
            finding = program.look(aims[index].toarray().ravel(), listed[index], k)
            if finding is not None:
                found.append(finding)
        return found

    def _matrix(self, rows: list[dict[int, float]]) -> scipy.sparse.csr_matrix:
        places = [(i, j, w) for i, row in enumerate(rows) for j, w in row.items()]
        lines, columns, weights = zip(*places, strict=True) if places else ((), (), ())
        return scipy.sparse.csr_matrix((weights, (lines, columns)), shape=(len(rows), len(self.cells)))

    def _inequalities(self) -> tuple[scipy.sparse.csr_matrix, np.ndarray]:
        matrix = self._matrix([row for row, _, _ in self.rows])
        low = np.array([row[1] for row in self.rows])
        high = np.array([row[2] for row in self.rows])
        both = scipy.sparse.vstack([matrix[np.isfinite(high)], -matrix[np.isfinite(low)]]).tocsr()
        return both, np.concatenate([high[np.isfinite(high)], -low[np.isfinite(low)]])


@dataclass(frozen=True)
class _Program:
    """The linear program of a system, asked with different aims."""

    upper: scipy.sparse.csr_matrix
    limits: np.ndarray
    size: int

    def too_narrow(self, aims: scipy.sparse.csr_matrix, k: int) -> list[int]:
        """The aims for which no two feasible points were found that are `k` apart, trying all of them at once."""
        random = np.random.default_rng(0)
        low, high = np.full(aims.shape[0], np.inf), np.full(aims.shape[0], -np.inf)
        narrow, idle = np.ones(aims.shape[0], dtype=bool), 0
        for turn in range(_TRIES):
            pull = random.exponential(size=aims.shape[0]) * narrow
            # Down at first and sometimes; else up, each as far as it must and no further, so that many rise at once.
            down = turn == 0 or turn % 5 == 4
            point = (
                self.point(aims.T @ pull)
                if down
                else self._raised(aims[narrow], low[narrow] + k, pull[narrow])
            )
            values = aims @ point
            low, high = np.minimum(low, values), np.maximum(high, values)
            before, narrow = narrow, high - low < k - _EPSILON
            idle = idle + 1 if before.sum() == narrow.sum() else 0
            if not narrow.any() or idle >= _IDLE_TRIES:
                break
        return [int(index) for index in np.flatnonzero(narrow)]

    def _raised(self, aims: scipy.sparse.csr_matrix, tops: np.ndarray, pull: np.ndarray) -> np.ndarray:
        """A feasible point with as many aims as possible at their tops."""
        reached = scipy.sparse.hstack([-aims, scipy.sparse.identity(len(tops))])
        known = scipy.sparse.hstack([self.upper, scipy.sparse.csr_matrix((self.upper.shape[0], len(tops)))])
        cost = np.concatenate([np.zeros(self.size), -pull])
        bounds = [(0, _MOST)] * self.size + [(0, top) for top in tops]
        limits = np.concatenate([self.limits, np.zeros(len(tops))])
        return _solve(cost, scipy.sparse.vstack([known, reached]).tocsr(), limits, bounds)[: self.size]

    def look(self, aim: np.ndarray, cell: Hashable, k: int) -> Finding | None:
        """A finding when the aim's own bounds are too near each other."""
        low, high = float(aim @ self.point(aim)), float(aim @ self.point(-aim))
        finding = Finding(cell, low, high)
        narrow = high - low < k - _EPSILON and low < k - _EPSILON
        return finding if finding.exact or narrow else None

    def point(self, cost: np.ndarray) -> np.ndarray:
        """A feasible point at which a cost is least."""
        return _solve(cost, self.upper, self.limits, [(0, _MOST)] * self.size)


def _solve(
    cost: np.ndarray, upper: scipy.sparse.csr_matrix, limits: np.ndarray, bounds: list[tuple[float, float]]
) -> np.ndarray:
    # A cell that no figure holds from above must not run away when the aim is to make it large.
    answer = scipy.optimize.linprog(cost, A_ub=upper, b_ub=limits, bounds=bounds, method="highs")
    if answer.status != 0:
        raise ContradictionError("The released figures contradict each other: no counts fit all of them.")
    return np.asarray(answer.x)


class ContradictionError(Exception):
    """No counts fit the released figures: one of them was changed by hand."""
