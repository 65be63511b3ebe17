"""Word and letter n-grams of a message as a sparse vector over the vocabulary of the training sentences.

The vocabulary is kept as sorted 32-bit marks of the n-grams, not as strings: a tenth of the memory, no
time to load. It never learns at answering time.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Integers = NDArray[np.int64]
Marks = NDArray[np.uint32]
Vector = tuple[Integers, Floats]
EMPTY: Vector = (np.zeros(0, np.int64), np.zeros(0, np.float32))


@dataclass(frozen=True)
class Shape:
    """Which n-grams are taken and how much a block of them weighs."""

    letters_from: int = 2
    letters_to: int = 5
    word_grams: int = 2
    word_weight: float = 0.7
    least: int = 1  # an n-gram of fewer sentences is not kept


def word_grams(words: Sequence[str], most: int) -> list[int]:
    """Marks of runs of one to `most` words."""
    grams = [crc32(b"w" + word.encode()) for word in words]
    for length in range(2, most + 1):
        grams += [
            crc32(("w" + " ".join(words[i : i + length])).encode()) for i in range(len(words) - length + 1)
        ]
    return grams


def letter_grams(words: Iterable[str], shortest: int, longest: int) -> list[int]:
    """Marks of runs of letters inside words, edges of words marked by blanks."""
    grams: list[int] = []
    for word in words:
        padded = f" {word[:40]} ".encode()
        size = len(padded)
        for length in range(shortest, longest + 1):
            if size <= length:
                grams.append(crc32(padded))
                break
            grams += [crc32(padded[i : i + length]) for i in range(size - length + 1)]
    return grams


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

    def vector(self, words: Sequence[str]) -> Vector:
        """The sparse vector of a message: each block has length one times its weight."""
        shape = self.shape
        blocks = (
            word_grams(words, shape.word_grams),
            letter_grams(words, shape.letters_from, shape.letters_to),
        )
        word = _block(blocks[0], self.marks[0], self.weights[0], 0, shape.word_weight)
        letter = _block(blocks[1], self.marks[1], self.weights[1], len(self.marks[0]), 1.0)
        return np.concatenate([word[0], letter[0]]), np.concatenate([word[1], letter[1]])

    def words_vector(self, words: Sequence[str]) -> Vector:
        """The word block alone, of length one."""
        return _block(word_grams(words, self.shape.word_grams), self.marks[0], self.weights[0], 0, 1.0)

    def coverage(self, words: Sequence[str]) -> float:
        """The share of the message, by weight, that is made of known words."""
        if not words:
            return 0.0
        unknown = math.log(1 + self.sentences) + 1
        marks = np.array([crc32(b"w" + word.encode()) for word in words], np.uint32)
        at = np.minimum(np.searchsorted(self.marks[0], marks), max(len(self.marks[0]) - 1, 0))
        known = self.marks[0][at] == marks if len(self.marks[0]) else np.zeros(len(words), bool)
        weights = np.where(known, self.weights[0][at] if len(self.marks[0]) else 0.0, unknown)
        return float(weights[known].sum() / weights.sum())


def _block(grams: list[int], marks: Marks, weights: Floats, offset: int, weight: float) -> Vector:
    if not grams or not len(marks):
        return EMPTY
    found, counts = np.unique(np.array(grams, np.uint32), return_counts=True)
    at = np.minimum(np.searchsorted(marks, found), len(marks) - 1)
    known = marks[at] == found
    if not known.any():
        return EMPTY
    at = at[known].astype(np.int64)
    values = ((1 + np.log(counts[known])) * weights[at]).astype(np.float32)
    return at + offset, values * np.float32(weight / math.sqrt(float(values @ values)))


def learn_vocabulary(texts: Sequence[Sequence[str]], shape: Shape) -> Vocabulary:
    """The vocabulary of the training sentences (as words); rare n-grams left out."""
    words = _frequencies((word_grams(t, shape.word_grams) for t in texts), shape.least)
    letters = _frequencies(
        (letter_grams(t, shape.letters_from, shape.letters_to) for t in texts), shape.least
    )
    weights = tuple(
        (np.log((1 + len(texts)) / (1 + counts)) + 1).astype(np.float32) for _, counts in (words, letters)
    )
    return Vocabulary(shape, (words[0], letters[0]), (weights[0], weights[1]), len(texts))


def _frequencies(grams: Iterable[list[int]], least: int) -> tuple[Marks, NDArray[np.int64]]:
    """In how many sentences each n-gram stands."""
    once = [np.unique(np.array(g, np.uint32)) for g in grams if g]
    if not once:
        return np.zeros(0, np.uint32), np.zeros(0, np.int64)
    marks, counts = np.unique(np.concatenate(once), return_counts=True)
    return marks[counts >= least], counts[counts >= least]


def mean(first: Vector, second: Vector) -> Vector:
    """Half of each: the message as it was typed and as it was repaired."""
    half = np.float32(0.5)
    return np.concatenate([first[0], second[0]]), np.concatenate([first[1], second[1]]) * half
