"""One linear model over the n-grams: one line between each label and all the others.

Training needs scikit-learn, imported only then; scoring needs numpy alone.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nlu.embedded.features import Floats, Integers, Rows

MEANING_WEIGHT = (
    1.5  # of an encoder's vector beside the letters' one; better than 3 on one fold, nothing else was tried
)
_SHARPNESS = (
    5.0  # margins of one-against-the-rest lines are about ±1; chosen by log-loss on held-out sentences
)

_STEPS = 127  # of few sentences a weight has a byte
# Of many it has four bits, two labels in a byte: an eighth of the memory of a number, and as many messages right
# (`MEASURED.md`). Most weights are small: the levels are close together at zero and wide apart at the end.
_LEVELS = 7  # on each side of zero
_REACH = 12.0  # the last level, in standard deviations of the weights of the label
_CURVE = 2.0


@dataclass(frozen=True)
class Linear:
    """`weights` has a row per n-gram: of each label the part of its `reach` in steps (signed bytes), or the levels of two
    labels in a byte, the first in the lower half (unsigned ones). `bias` is one number for each label.

    `sharpness` turns margins into shares that sum to one; zero means the scores are log-odds of each label alone.
    """

    weights: NDArray[np.int8] | NDArray[np.uint8]
    reach: Floats
    bias: Floats
    sharpness: float = 0.0

    def scores(self, rows: Rows) -> Floats:
        """A row for each message with the score of every label; above zero means rather this label than the rest."""
        weights = self._parts(rows.at)
        ends = rows.ends[::2].tolist()
        sums = [rows.values[begin:end] @ weights[begin:end] for begin, end in pairwise(ends)]
        return np.asarray(np.stack(sums) * self.reach + self.bias, np.float32)

    def with_meanings(self, scores: Floats, meanings: Sequence[Floats | None]) -> Floats:
        """The scores with what the vectors of an encoder add, whose columns stand behind those of the n-grams."""
        for number, meaning in enumerate(meanings):
            if meaning is not None:
                weights = self._parts(np.arange(len(self.weights) - len(meaning), len(self.weights)))
                scores[number] += meaning * np.float32(MEANING_WEIGHT) @ weights * self.reach
        return scores

    def _parts(self, at: Integers) -> Floats:
        """The weights of some n-grams, as parts of the reach of each label."""
        rows = self.weights[at]
        if rows.dtype == np.int8:
            return rows.astype(np.float32) / np.float32(_STEPS)
        pairs: Floats = _pairs().take(rows).view(np.float32)
        return pairs[:, : len(self.reach)]

    def chances(self, scores: Floats) -> Floats:
        """The chance of every label from its scores, a row for each message."""
        if not self.sharpness:
            return np.asarray(1 / (1 + np.exp(-np.clip(scores, -30, 30))), np.float32)
        raised = np.exp(self.sharpness * (scores - scores.max(axis=-1, keepdims=True)))
        return np.asarray(raised / raised.sum(axis=-1, keepdims=True), np.float32)


def as_matrix(rows: Rows, columns: int, meanings: Sequence[Floats | None] = ()) -> Any:
    """Sparse rows as a scipy matrix, the vectors of an encoder behind them."""
    import scipy.sparse

    ends = rows.ends[::2].astype(np.int32)
    matrix = scipy.sparse.csr_matrix(
        (rows.values, rows.at.astype(np.int32), ends), shape=(len(rows), columns)
    )
    known = [meaning for meaning in meanings if meaning is not None]
    if not known:
        return matrix
    return scipy.sparse.hstack([matrix, np.stack(known) * np.float32(MEANING_WEIGHT)], format="csr")


def train_linear(matrix: Any, labels: Integers, count: int, *, large: bool) -> Linear:
    """Fits one line per label, on all cores.

    Few sentences: balanced logistic regression, better there by two points on public sets. Many: a support
    vector machine, as good there and five times faster.
    """
    if count == 1:
        return Linear(np.zeros((matrix.shape[1], 1), np.int8), np.ones(1, np.float32), np.ones(1, np.float32))
    parts = np.zeros((count, matrix.shape[1]), np.int8)
    reach, bias = np.zeros(count, np.float32), np.zeros(count, np.float32)
    one_label, in_parts = (_by_margin, _levels) if large else (_by_odds, _steps)

    def fit(label: int) -> None:
        exact, bias[label] = one_label(matrix, labels == label)
        parts[label], reach[label] = in_parts(exact)

    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        list(pool.map(fit, range(count)))
    weights = packed(parts) if large else np.ascontiguousarray(parts.T)
    return Linear(weights, reach, bias, _SHARPNESS if large else 0.0)


def _steps(exact: Floats) -> tuple[NDArray[np.int8], float]:
    reach = max(float(np.abs(exact).max()), 1e-9)
    return np.rint(exact / reach * _STEPS).astype(np.int8), reach


def _levels(exact: Floats) -> tuple[NDArray[np.int8], float]:
    reach = max(_REACH * float(exact.std()), 1e-9)
    return levels_of(exact / reach), reach


def levels_of(parts: Floats) -> NDArray[np.int8]:
    """The level nearest to each part of the reach; what lies beyond is held at the end."""
    curved = np.minimum(np.abs(parts), 1) ** (1 / _CURVE)
    return np.asarray(np.sign(parts) * np.rint(_LEVELS * curved), np.int8)


def packed(levels: NDArray[np.int8]) -> NDArray[np.uint8]:
    """Levels, a row for each label, as a row for each n-gram with two labels in a byte."""
    nibbles = (levels + 8).astype(np.uint8).T
    if nibbles.shape[1] % 2:
        nibbles = np.pad(nibbles, ((0, 0), (0, 1)), constant_values=8)
    return np.ascontiguousarray(nibbles[:, ::2] | nibbles[:, 1::2] << 4)


@lru_cache(maxsize=1)
def _pairs() -> NDArray[np.float64]:
    """What every byte says, two small numbers side by side in the room of a large one, so that one look finds both."""
    level = np.arange(16) - 8
    part = (np.sign(level) * (np.abs(level) / _LEVELS) ** _CURVE).astype(np.float32)
    both = np.stack([np.tile(part, 16), np.repeat(part, 16)], axis=1)
    return both.view(np.float64)[:, 0]


def _by_odds(matrix: Any, is_label: NDArray[np.bool_]) -> tuple[Floats, float]:
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=30.0, solver="liblinear", class_weight="balanced", tol=1e-3, random_state=0)
    model.fit(matrix, is_label)
    return model.coef_[0].astype(np.float32), float(model.intercept_[0])


def _by_margin(matrix: Any, is_label: NDArray[np.bool_]) -> tuple[Floats, float]:
    from sklearn.svm import LinearSVC

    model = LinearSVC(C=1.0, tol=1e-2, random_state=0)
    model.fit(matrix, is_label)
    return model.coef_[0].astype(np.float32), float(model.intercept_[0])
