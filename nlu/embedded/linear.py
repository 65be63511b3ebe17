"""One linear model over the n-grams: one line between each label and all the others.

Training needs scikit-learn, imported only then; scoring needs numpy alone.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
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

_STEPS = 127  # a weight in one byte: half the memory, and margins change by hundredths


@dataclass(frozen=True)
class Linear:
    """`weights` has a row per n-gram and a column per label, in steps of `step` of the label; `bias` one per label.

    `sharpness` turns margins into shares that sum to one; zero means the scores are log-odds of each label alone.
    """

    weights: NDArray[np.int8]
    step: Floats
    bias: Floats
    sharpness: float = 0.0

    def scores(self, rows: Rows) -> Floats:
        """A row for each message with the score of every label; above zero means rather this label than the rest."""
        weights = self.weights[rows.at].astype(np.float32)
        ends = rows.ends[::2].tolist()
        sums = [rows.values[begin:end] @ weights[begin:end] for begin, end in pairwise(ends)]
        return np.asarray(np.stack(sums) * self.step + self.bias, np.float32)

    def with_meanings(self, scores: Floats, meanings: Sequence[Floats | None]) -> Floats:
        """The scores with what the vectors of an encoder add, whose columns stand behind those of the n-grams."""
        for number, meaning in enumerate(meanings):
            if meaning is not None:
                weights = self.weights[-len(meaning) :].astype(np.float32)
                scores[number] += meaning * np.float32(MEANING_WEIGHT) @ weights * self.step
        return scores

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
    weights = np.zeros((count, matrix.shape[1]), np.int8)
    step, bias = np.zeros(count, np.float32), np.zeros(count, np.float32)
    one_label = _by_margin if large else _by_odds

    def fit(label: int) -> None:
        exact, bias[label] = one_label(matrix, labels == label)
        step[label] = max(float(np.abs(exact).max()), 1e-9) / _STEPS
        weights[label] = np.rint(exact / step[label])

    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        list(pool.map(fit, range(count)))
    return Linear(np.ascontiguousarray(weights.T), step, bias, _SHARPNESS if large else 0.0)


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
