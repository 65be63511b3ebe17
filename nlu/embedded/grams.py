"""Runs of words and of letters of a message as 32-bit marks, many at a time.

Marks stand for the runs everywhere: a tenth of the memory of strings, and no time to load. The same run has the same
mark in every process; two runs share one about once in four thousand million.
"""

from __future__ import annotations

from collections.abc import Sequence
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

Marks = NDArray[np.uint32]
NONE: Marks = np.zeros(0, np.uint32)
_LONGEST_WORD = 40  # letters; a longer one is no word
_BLANK = 32
_STEP = np.uint32(0x01000193)
_IN_ANY_ORDER = np.uint32(0x9E3779B9)  # keeps such pairs apart from runs
# Rounds of xor, shift and multiply, with Chris Wellons' constants (github.com/skeeto/hash-prospector), public domain.
_FIRST, _SECOND = np.uint32(0x7FEB352D), np.uint32(0x846CA68B)


def word_grams(words: Sequence[str], most: int, reach: int = 1) -> Marks:
    """Marks of runs of one to `most` words, first of single words, then of pairs, and so on; then of pairs of words
    that stand two to `reach` apart, in any order."""
    single = np.fromiter(map(word_mark, words), np.uint32, len(words))
    return word_runs(single, np.zeros(len(words), np.int64), most, reach)[0]


def word_mark(word: str) -> int:
    """The mark of a single word."""
    return crc32(b"w" + word.encode())


def word_runs(
    single: Marks, owner: NDArray[np.int64], most: int, reach: int = 1
) -> tuple[Marks, NDArray[np.int64]]:
    """The marks of `word_grams` of several texts, and beside each the number of its text.

    `single` are the marks of their words and `owner` the numbers of their texts, one text after the other.
    """
    runs, owners, run = [], [owner], single
    for length in range(2, min(most, len(single)) + 1):
        run = run[:-1] * _STEP + single[length - 1 :]
        inside = owner[length - 1 :] == owner[: len(run)]
        runs.append(run[inside] + _apart(length))
        owners.append(owner[: len(run)][inside])
    for distance in range(2, min(reach, len(single) - 1) + 1):
        one, other = single[:-distance], single[distance:]
        inside = owner[distance:] == owner[:-distance]
        pair = np.minimum(one, other) * _STEP + np.maximum(one, other)
        runs.append(pair[inside] + _IN_ANY_ORDER)
        owners.append(owner[distance:][inside])
    marks = np.concatenate([single, _mixed(np.concatenate(runs))]) if runs else single
    return marks, np.concatenate(owners)


def letter_grams(words: Sequence[str], shortest: int, longest: int) -> Marks:
    """Marks of runs of `shortest` to `longest` letters inside words, the edges of words marked by blanks."""
    return letter_grams_of_each(words, shortest, longest)[0]


def letter_grams_of_each(
    words: Sequence[str], shortest: int, longest: int
) -> tuple[Marks, NDArray[np.int64]]:
    """The marks of `letter_grams`, and beside each the number of its word."""
    text = "".join(f" {word[:_LONGEST_WORD]} " for word in words).encode()
    letters = np.frombuffer(text, np.uint8).astype(np.uint32)
    if len(letters) < shortest:
        return NONE, np.zeros(0, np.int64)
    blank = letters == _BLANK
    # Two blanks side by side stand between words: no run reaches over them.
    edges = np.concatenate([[0], np.cumsum(blank[:-1] & blank[1:])])
    runs, owners, run = [], [], letters
    for length in range(1, min(longest, len(letters)) + 1):
        if length > 1:
            run = run[:-1] * _STEP + letters[length - 1 :]
        if length >= shortest:
            inside = edges[length - 1 :] == edges[: len(edges) - length + 1]
            runs.append(run[inside] + _apart(length))
            owners.append(edges[: len(run)][inside])
    return _mixed(np.concatenate(runs)), np.concatenate(owners)


def _apart(length: int) -> np.uint32:
    """Keeps runs of different lengths apart."""
    return np.uint32(length * int(_FIRST) & 0xFFFFFFFF)


def _mixed(marks: Marks) -> Marks:
    """Spreads neighbouring sums over all marks; changes the array it is given."""
    marks ^= marks >> np.uint32(16)
    marks *= _FIRST
    marks ^= marks >> np.uint32(15)
    marks *= _SECOND
    marks ^= marks >> np.uint32(16)
    return marks


def places(marks: Marks, asked: Marks) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Where the marks that are known stand, and which of those asked for are known."""
    if not len(marks):
        return np.zeros(0, np.int64), np.zeros(len(asked), bool)
    at = np.minimum(marks.searchsorted(asked), len(marks) - 1)
    known = marks[at] == asked
    return at[known], known
