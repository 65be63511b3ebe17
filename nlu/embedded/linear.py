"""One linear model over the n-grams: one line between each label and all the others.

Training needs scikit-learn, imported only then; scoring needs numpy alone.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nlu.embedded.features import Floats, Integers, Vector


@dataclass(frozen=True)
class Linear:
    """`weights` has a row per n-gram and a column per label, in half precision; `bias` one per label."""

    weights: NDArray[np.float16]
    bias: Floats

    def scores(self, vector: Vector) -> Floats:
        """The score of every label; above zero means rather this label than the rest."""
        at, values = vector
        if not len(at):
            return self.bias
        return values @ self.weights[at].astype(np.float32) + self.bias


def as_matrix(vectors: Sequence[Vector], columns: int) -> Any:
    """Sparse vectors as one scipy matrix, a row each."""
    import scipy.sparse

    ends = np.concatenate([[0], np.cumsum([len(at) for at, _ in vectors])])
    at = np.concatenate([at for at, _ in vectors]).astype(np.int32)
    values = np.concatenate([values for _, values in vectors])
    matrix = scipy.sparse.csr_matrix((values, at, ends.astype(np.int32)), shape=(len(vectors), columns))
    matrix.sum_duplicates()
    return matrix


def train_linear(matrix: Any, labels: Integers, count: int, strength: float) -> Linear:
    """Fits one balanced logistic regression per label, on all cores."""
    if count == 1:
        return Linear(np.zeros((matrix.shape[1], 1), np.float16), np.ones(1, np.float32))
    weights = np.zeros((matrix.shape[1], count), np.float16)
    bias = np.zeros(count, np.float32)

    def fit(label: int) -> None:
        weights[:, label], bias[label] = _one_label(matrix, labels == label, strength)

    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        list(pool.map(fit, range(count)))
    return Linear(weights, bias)


def _one_label(matrix: Any, is_label: NDArray[np.bool_], strength: float) -> tuple[Floats, float]:
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=strength, solver="liblinear", class_weight="balanced", tol=1e-3, random_state=0)
    model.fit(matrix, is_label)
    return model.coef_[0].astype(np.float32), float(model.intercept_[0])


def chances(scores: Floats) -> Floats:
    """The chance of each label taken alone (logistic of its score)."""
    return (1 / (1 + np.exp(-np.clip(scores, -30, 30)))).astype(np.float32)
