"""Word and letter n-grams of messages as sparse rows over the vocabulary of the training sentences.

The vocabulary is kept as sorted 32-bit marks of the n-grams, not as strings: a tenth of the memory, no
time to load. It never learns at answering time; of what it read it keeps only where the letters of words stand
that are in the training sentences, never a word that a person alone wrote.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from nlu.embedded.grams import (
    Marks,
    letter_grams,
    letter_grams_of_each,
    places,
    word_grams,
    word_runs,
)

Floats = NDArray[np.float32]
Integers = NDArray[np.int64]
Vector = tuple[Integers, Floats]
Found = tuple[int, NDArray[np.int32]]  # of a word: its mark, and the columns of its letter runs
MOST_HELD = 4000  # words of which something is kept: the most frequent ones come first
_NOWHERE: Integers = np.zeros(0, np.int64)


@dataclass(frozen=True)
class Shape:
    """Which n-grams are taken and how much a block of them weighs; as chosen on messages that others wrote
    (`MEASURED.md`)."""

    letters_from: int = 2
    letters_to: int = 5
    word_grams: int = 2
    reach: int = 3  # how far apart two words may stand and still be a pair, in any order
    word_weight: float = 1.0  # of the words of a message beside its letters
    least: int = 1  # an n-gram of fewer sentences is not kept
    least_runs: int = 1  # nor a run of words of fewer
    least_pairs: int = 1  # nor a pair in any order of fewer


@dataclass(frozen=True)
class Rows:
    """Messages as sparse vectors: columns and values one after the other, those of words before those of letters.

    Row `i` has its words from `ends[2 * i]` to `ends[2 * i + 1]` and its letters from there to `ends[2 * i + 2]`.
    """

    at: Integers
    values: Floats
    ends: Integers

    def __len__(self) -> int:
        return len(self.ends) // 2

    def row(self, number: int) -> Vector:
        """One row, words and letters."""
        begin, end = self.ends[2 * number], self.ends[2 * number + 2]
        return self.at[begin:end], self.values[begin:end]

    def words(self, number: int) -> Vector:
        """The words of one row."""
        begin, end = self.ends[2 * number], self.ends[2 * number + 1]
        return self.at[begin:end], self.values[begin:end]


@dataclass(frozen=True)
class Vocabulary:
    """The n-grams known, in order of their marks, with what each weighs (inverse sentence frequency)."""

    shape: Shape
    marks: tuple[Marks, Marks]  # of words, of letters
    weights: NDArray[np.float16]  # of words, then of letters
    any_order: NDArray[np.bool_]  # which of the words are pairs in any order
    sentences: int
    _held: dict[str, Found] = field(default_factory=dict, repr=False, compare=False)

    @property
    def size(self) -> int:
        """The number of columns of a vector."""
        return len(self.marks[0]) + len(self.marks[1])

    def rows(self, texts: Sequence[Sequence[str]]) -> Rows:
        """Messages, given as words, as sparse rows."""
        flat = [word for words in texts for word in words]
        found = self._found(flat)
        single = np.array([found[word][0] for word in flat], np.uint32)
        owner = np.repeat(np.arange(len(texts)), [len(words) for words in texts])
        marks, owners = word_runs(single, owner, self.shape.word_grams, self.shape.reach)
        at, known = places(self.marks[0], marks)
        letters = [found[word][1] for word in flat]
        letter_at = np.concatenate(letters) if letters else _NOWHERE
        letter_owner = np.repeat(owner, [len(columns) for columns in letters])
        keys = np.concatenate([owners[known] * self.size + at, letter_owner * self.size + letter_at])
        return self._counted(keys, len(texts))

    def told(self, rows: Rows, number: int) -> Vector:
        """The words and runs of words of one row, of length one: how near it is to another shows in them best."""
        at, values = rows.words(number)
        kept = ~self.any_order[at]
        return unit((at[kept], values[kept]))

    def _counted(self, keys: Integers, texts: int) -> Rows:
        """Rows from the places of all n-grams, a place as often as its n-gram stands."""
        keys.sort()
        new = np.ones(len(keys), bool)
        np.not_equal(keys[1:], keys[:-1], out=new[1:])
        firsts = new.nonzero()[0]
        counts = np.diff(firsts, append=len(keys))
        keys = keys[firsts]
        starts = np.repeat(np.arange(texts + 1) * self.size, 2)[
            :-1
        ]  # of each row, once for words, once for letters
        words_first = np.arange(2 * texts + 1) % 2 * len(self.marks[0])
        ends = keys.searchsorted(starts + words_first)
        lengths = np.diff(ends)
        at = keys - np.repeat(starts[:-1], lengths)
        values = (1 + np.log(counts, dtype=np.float32)) * self.weights[at]
        block = np.repeat(np.arange(2 * texts), lengths)
        norms = np.sqrt(np.bincount(block, values * values, 2 * texts)).astype(np.float32)
        norms[::2] /= np.float32(self.shape.word_weight)
        return Rows(at, values / norms[block], ends)

    def _found(self, words: Sequence[str]) -> Mapping[str, Found]:
        """The mark of each word and the columns of its letter runs."""
        held = self._held
        fresh = [word for word in dict.fromkeys(words) if word not in held]
        if not fresh:
            return held
        marks, owners = letter_grams_of_each(fresh, self.shape.letters_from, self.shape.letters_to)
        order = np.argsort(owners, kind="stable")
        at, known = places(self.marks[1], marks[order])
        ends = np.searchsorted(owners[order][known], np.arange(len(fresh) + 1))
        columns, single = (at + len(self.marks[0])).astype(np.int32), word_grams(fresh, 1)
        made = {
            word: (mark, columns[ends[n] : ends[n + 1]].copy())
            for n, (word, mark) in enumerate(zip(fresh, single.tolist(), strict=True))
        }
        self._hold(made, places(self.marks[0], single)[1].tolist())
        return {word: held[word] for word in words if word in held} | made

    def _hold(self, made: Mapping[str, Found], known: Sequence[bool]) -> None:
        """Keep what was found of words that stand in the training sentences."""
        room = MOST_HELD - len(self._held)
        told = (word for word, is_known in zip(made, known, strict=True) if is_known)
        self._held.update((word, made[word]) for word in islice(told, max(room, 0)))

    def coverage(self, words: Sequence[str]) -> float:
        """The share of the message, by weight, that is made of known words."""
        if not words:
            return 0.0
        unknown = math.log(1 + self.sentences) + 1
        at, known = places(self.marks[0], word_grams(words, 1))
        weight = float(self.weights[at].sum(dtype=np.float32))
        return weight / (weight + unknown * int(len(known) - known.sum()))


def learn_vocabulary(texts: Sequence[Sequence[str]], shape: Shape) -> Vocabulary:
    """The vocabulary of the training sentences (as words); rare n-grams left out."""
    told = [_kinds(words, shape) for words in texts]
    least = shape.least, shape.least_runs, shape.least_pairs
    kinds = [_frequencies((kind[n] for kind in told), least[n]) for n in range(len(least))]
    marks, counts = np.concatenate([k[0] for k in kinds]), np.concatenate([k[1] for k in kinds])
    order = np.argsort(marks, kind="stable")
    letters = _frequencies(
        (letter_grams(t, shape.letters_from, shape.letters_to) for t in texts), shape.least
    )
    counts = np.concatenate([counts[order], letters[1]])
    weights = (np.log((1 + len(texts)) / (1 + counts)) + 1).astype(np.float16)
    any_order = order >= len(marks) - len(kinds[2][0])
    return Vocabulary(shape, (marks[order], letters[0]), weights, any_order, len(texts))


def _kinds(words: Sequence[str], shape: Shape) -> tuple[Marks, Marks, Marks]:
    """The marks of single words, of runs of words, and of pairs in any order."""
    marks = word_grams(words, shape.word_grams, shape.reach)
    runs = sum(max(len(words) - length, 0) for length in range(shape.word_grams))
    return marks[: len(words)], marks[len(words) : runs], marks[runs:]


def _frequencies(grams: Iterable[Marks], least: int) -> tuple[Marks, Integers]:
    """In how many sentences each n-gram stands."""
    once = [np.unique(g) for g in grams if len(g)]
    if not once:
        return np.zeros(0, np.uint32), np.zeros(0, np.int64)
    marks, counts = np.unique(np.concatenate(once), return_counts=True)
    return marks[counts >= least], counts[counts >= least]


def unit(vector: Vector) -> Vector:
    """The same direction with length one."""
    at, values = vector
    return (at, values / np.float32(math.sqrt(float(values @ values)))) if len(values) else vector
