"""How near a message comes to the nearest training sentence of a label: the second opinion of the rejector."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nlu.embedded.features import Floats, Integers, Vector


@dataclass(frozen=True)
class Evidence:
    """An inverted index: for each n-gram the training sentences that hold it; sentences stand by label."""

    ends: NDArray[np.int32]
    sentences: NDArray[np.int32]
    values: NDArray[np.float16]
    starts: NDArray[np.int32]  # the first sentence of each label
    count: int

    def likeness(self, vector: Vector) -> Floats:
        """For each label the cosine to its nearest sentence (vectors come with length one)."""
        at, values = vector
        if not len(at):
            return np.zeros(len(self.starts), np.float32)
        begin, end = self.ends[at].astype(np.int64), self.ends[at + 1].astype(np.int64)
        counts = end - begin
        places = np.repeat(begin - np.concatenate([[0], np.cumsum(counts)[:-1]]), counts) + np.arange(
            counts.sum()
        )
        weights = self.values[places].astype(np.float32) * np.repeat(values, counts)
        sums = np.bincount(self.sentences[places], weights=weights, minlength=self.count)
        return np.maximum.reduceat(sums, self.starts).astype(np.float32)


def learn_evidence(vectors: Sequence[Vector], labels: Integers, count: int, columns: int) -> Evidence:
    """The index of training vectors of length one; every label has at least one sentence."""
    order = np.argsort(labels, kind="stable")
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    at = np.concatenate([v[0] for v in vectors])
    values = np.concatenate([v[1] for v in vectors])
    sentence = np.repeat(rank, [len(v[0]) for v in vectors])
    by_gram = np.lexsort((sentence, at))
    ends = np.concatenate([[0], np.cumsum(np.bincount(at, minlength=columns))])
    starts = np.searchsorted(labels[order], np.arange(count))
    return Evidence(
        ends.astype(np.int32),
        sentence[by_gram].astype(np.int32),
        values[by_gram].astype(np.float16),
        starts.astype(np.int32),
        len(labels),
    )
