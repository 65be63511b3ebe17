"""Word and letter n-grams of a message as a sparse vector over the vocabulary of the training sentences.

The vocabulary is kept as sorted 32-bit marks of the n-grams, not as strings: a tenth of the memory, no
time to load. It never learns at answering time.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nlu.embedded.grams import Marks, letter_grams, word_grams

Floats = NDArray[np.float32]
Integers = NDArray[np.int64]
Vector = tuple[Integers, Floats]
Blocks = tuple[Vector, Vector]  # of words and of letters, each of length one or empty
MEANING_WEIGHT = (
    1.5  # of an encoder's vector beside the letters' one; better than 3 on one fold, nothing else was tried
)
EMPTY: Vector = (np.zeros(0, np.int64), np.zeros(0, np.float32))


@dataclass(frozen=True)
class Shape:
    """Which n-grams are taken and how much a block of them weighs."""

    letters_from: int = 2
    letters_to: int = 5
    word_grams: int = 2
    word_weight: float = 0.7
    least: int = 1  # an n-gram of fewer sentences is not kept
    least_runs: int = 1  # nor a run of words of fewer


@dataclass(frozen=True)
class Vocabulary:
    """The n-grams known, in order of their marks, with what each weighs (inverse sentence frequency)."""

    shape: Shape
    marks: tuple[Marks, Marks]  # of words, of letters
    weights: tuple[Floats, Floats]
    sentences: int

    @property
    def size(self) -> int:
        """The number of columns of a vector."""
        return len(self.marks[0]) + len(self.marks[1])

    def blocks(self, words: Sequence[str]) -> Blocks:
        """Words and letters of a message as two sparse vectors, each of length one or empty."""
        shape = self.shape
        return (
            _block(word_grams(words, shape.word_grams), self.marks[0], self.weights[0], 0),
            _block(
                letter_grams(words, shape.letters_from, shape.letters_to),
                self.marks[1],
                self.weights[1],
                len(self.marks[0]),
            ),
        )

    def joined(self, blocks: Blocks) -> Vector:
        """The sparse vector of a message: the block of words with its weight, then the block of letters."""
        (word_at, word_values), (letter_at, letter_values) = blocks
        weighed = word_values * np.float32(self.shape.word_weight)
        return np.concatenate([word_at, letter_at]), np.concatenate([weighed, letter_values])

    def coverage(self, words: Sequence[str]) -> float:
        """The share of the message, by weight, that is made of known words."""
        if not words:
            return 0.0
        unknown = math.log(1 + self.sentences) + 1
        marks = word_grams(words, 1)
        at = np.minimum(np.searchsorted(self.marks[0], marks), max(len(self.marks[0]) - 1, 0))
        known = self.marks[0][at] == marks if len(self.marks[0]) else np.zeros(len(words), bool)
        weights = np.where(known, self.weights[0][at] if len(self.marks[0]) else 0.0, unknown)
        return float(weights[known].sum() / weights.sum())


def _block(grams: Marks, marks: Marks, weights: Floats, offset: int) -> Vector:
    if not len(grams) or not len(marks):
        return EMPTY
    found = np.sort(grams)
    at = np.minimum(marks.searchsorted(found), len(marks) - 1)
    at = at[marks[at] == found]
    if not len(at):
        return EMPTY
    firsts = np.flatnonzero(np.concatenate([[True], at[1:] != at[:-1]]))
    counts = np.diff(firsts, append=len(at))
    at = at[firsts]
    values = ((1 + np.log(counts)) * weights[at]).astype(np.float32)
    return unit((at + offset, values))


def learn_vocabulary(texts: Sequence[Sequence[str]], shape: Shape) -> Vocabulary:
    """The vocabulary of the training sentences (as words); rare n-grams left out."""
    words = _joined(
        _frequencies((word_grams(t, 1) for t in texts), shape.least),
        _frequencies((word_grams(t, shape.word_grams)[len(t) :] for t in texts), shape.least_runs),
    )
    letters = _frequencies(
        (letter_grams(t, shape.letters_from, shape.letters_to) for t in texts), shape.least
    )
    weights = tuple(
        (np.log((1 + len(texts)) / (1 + counts)) + 1).astype(np.float32) for _, counts in (words, letters)
    )
    return Vocabulary(shape, (words[0], letters[0]), (weights[0], weights[1]), len(texts))


def _joined(words: tuple[Marks, Integers], runs: tuple[Marks, Integers]) -> tuple[Marks, Integers]:
    marks, counts = np.concatenate([words[0], runs[0]]), np.concatenate([words[1], runs[1]])
    order = np.argsort(marks, kind="stable")
    return marks[order], counts[order]


def _frequencies(grams: Iterable[Marks], least: int) -> tuple[Marks, Integers]:
    """In how many sentences each n-gram stands."""
    once = [np.unique(g) for g in grams if len(g)]
    if not once:
        return np.zeros(0, np.uint32), np.zeros(0, np.int64)
    marks, counts = np.unique(np.concatenate(once), return_counts=True)
    return marks[counts >= least], counts[counts >= least]


def mean(first: Vector, second: Vector) -> Vector:
    """Half of each: the message as it was typed and as it was repaired."""
    half = np.float32(0.5)
    return np.concatenate([first[0], second[0]]), np.concatenate([first[1], second[1]]) * half


def unit(vector: Vector) -> Vector:
    """The same direction with length one."""
    at, values = vector
    return (at, values / np.float32(math.sqrt(float(values @ values)))) if len(values) else vector


def beside(vector: Vector, meaning: Floats | None, columns: int) -> Vector:
    """The vector with the one of a sentence encoder in columns of its own, behind those of the n-grams."""
    if meaning is None:
        return vector
    at = np.arange(columns, columns + len(meaning), dtype=np.int64)
    values = (meaning * MEANING_WEIGHT).astype(np.float32)
    return np.concatenate([vector[0], at]), np.concatenate([vector[1], values])
