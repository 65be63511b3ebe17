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
    """Of each label which of its training sentences hold an n-gram, and how much it weighs there.

    The columns of label `l` stand, ascending, from `firsts[l]` to `firsts[l + 1]`; column `c` of them is held by what
    stands from `starts[c]` to `starts[c + 1]`: the numbers of sentences among those of the label, and its weight in each.
    """

    firsts: NDArray[np.int32]
    columns: NDArray[np.int32]
    starts: NDArray[np.int32]
    sentences: NDArray[np.unsignedinteger]
    values: NDArray[np.uint8]  # in steps of `STEP`

    def nearest(self, vector: Vector, label: int) -> float:
        """The cosine of a vector of length one, its columns ascending, to the nearest sentence of a label; zero when it
        shares nothing."""
        first, last = int(self.firsts[label]), int(self.firsts[label + 1])
        at, asked = vector
        if first == last or not len(at):
            return 0.0
        columns = self.columns[first:last]
        place = np.minimum(columns.searchsorted(at), last - first - 1)
        shared = columns[place] == at
        held = place[shared] + first
        begins = self.starts[held]
        lengths = self.starts[held + 1] - begins
        ends = np.cumsum(lengths)
        if not len(ends):
            return 0.0
        where = np.repeat(begins - ends + lengths, lengths) + np.arange(ends[-1])
        shares = np.repeat(asked[shared], lengths) * self.values[where]
        return float(np.bincount(self.sentences[where], shares).max()) * STEP


def learn_evidence(vectors: Sequence[Vector], labels: Integers, count: int) -> Evidence:
    """The training vectors of length one, as given for `count` labels; what is empty is like nothing and left out."""
    held = [i for i in np.argsort(labels, kind="stable") if len(vectors[i][0])]
    lengths = [len(vectors[i][0]) for i in held]
    of_label = labels[held]
    number = np.arange(len(held)) - np.searchsorted(of_label, of_label)  # among the sentences of its label
    label, sentence = np.repeat(of_label, lengths), np.repeat(number, lengths)
    column = np.concatenate([vectors[i][0] for i in held])
    value = np.rint(np.concatenate([vectors[i][1] for i in held]) / STEP).astype(np.uint8)
    order = np.lexsort((sentence, column, label))
    label, column = label[order], column[order]
    new = np.flatnonzero(np.diff(label, prepend=-1) | np.diff(column, prepend=-1))
    return Evidence(
        np.searchsorted(label[new], np.arange(count + 1)).astype(np.int32),
        column[new].astype(np.int32),
        np.append(new, len(column)).astype(np.int32),
        sentence[order].astype(np.min_scalar_type(int(number.max(initial=0)))),
        value[order],
    )
