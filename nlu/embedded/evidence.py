"""How near a message comes to the nearest training sentence of a label: the second opinion of the rejector."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nlu.embedded.features import Integers, Vector

STEP = 1 / 255  # the values of a vector of length one in a byte each: a cosine changes by thousandths


@dataclass(frozen=True)
class Evidence:
    """The training sentences, those of a label side by side: the columns and values of each, one after the other.

    Sentence `i` holds what stands from `ends[i]` to `ends[i + 1]`; those of label `l` go from `firsts[l]` to
    `firsts[l + 1]`.
    """

    columns: NDArray[np.int32]
    values: NDArray[np.uint8]  # in steps of `STEP`
    ends: NDArray[np.int32]
    firsts: NDArray[np.int32]
    size: int

    @property
    def sentences(self) -> int:
        """How many training sentences it holds."""
        return len(self.ends) - 1

    def nearest(self, vector: Vector, label: int) -> float:
        """The cosine of a vector of length one to the nearest sentence of a label; zero when it shares nothing."""
        first, last = int(self.firsts[label]), int(self.firsts[label + 1])
        at, values = vector
        if first == last or not len(at):
            return 0.0
        asked = np.zeros(self.size, np.float32)
        asked[at] = values
        begin, end = self.ends[first], self.ends[last]
        shared = asked[self.columns[begin:end]] * self.values[begin:end]
        return float(np.add.reduceat(shared, self.ends[first:last] - begin).max()) * STEP


def learn_evidence(vectors: Sequence[Vector], labels: Integers, count: int, size: int) -> Evidence:
    """The training vectors of length one, as given for `count` labels; what is empty is like nothing and left out."""
    held = [i for i in np.argsort(labels, kind="stable") if len(vectors[i][0])]
    ends = np.cumsum([0, *(len(vectors[i][0]) for i in held)])
    return Evidence(
        np.concatenate([vectors[i][0] for i in held]).astype(np.int32),
        np.rint(np.concatenate([vectors[i][1] for i in held]) / STEP).astype(np.uint8),
        ends.astype(np.int32),
        np.searchsorted(labels[held], np.arange(count + 1)).astype(np.int32),
        size,
    )
