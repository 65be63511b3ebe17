"""Repairs words nobody wrote in the training sentences: phone spellings, how it sounds, one slipped letter.

Repair looks first among the words of the language of the message, so that a Portuguese word is not turned
into its Spanish neighbour. It never touches a known word, a number or a short word, and forgets what it read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import OSA

from content.plain import read_plain
from nlu.embedded.grams import Marks, places, word_grams, word_mark
from nlu.embedded.words import sound

_SHORTEST = 4
_LONGEST = 30
_FARTHEST = 2  # letters away
_SIZES = _LONGEST + _FARTHEST + 2

Letters = NDArray[np.uint64]  # which letters a word has, a bit each; letters 64 apart share one
Numbers = NDArray[np.int32]


@dataclass(frozen=True)
class WordList:
    """Many words in two arrays: their letters one after the other, and where each word ends."""

    letters: NDArray[np.uint8]
    ends: Numbers

    def __getitem__(self, number: int) -> str:
        begin = self.ends[number - 1] if number else 0
        return self.letters[begin : self.ends[number]].tobytes().decode()


def word_list(words: Sequence[str]) -> WordList:
    """Packs words."""
    encoded = [word.encode() for word in words]
    return WordList(
        np.frombuffer(b"".join(encoded), np.uint8),
        np.cumsum([len(word) for word in encoded]).astype(np.int32),
    )


@dataclass(frozen=True)
class Neighbours:
    """The words of one language by their numbers: by how they sound and by their length, the most frequent first.

    Those of `size` letters stand in `by_length` from `sizes[size]` to `sizes[size + 1]`; `lengths` and `letters` tell how
    many and which letters each has. `sounds` are the marks of how they sound, ascending, `sounding` the most frequent word of each.
    """

    sounds: Marks
    sounding: Numbers
    by_length: Numbers
    lengths: NDArray[np.uint8]
    letters: Letters
    sizes: Numbers

    def alike(self, heard: np.uint32) -> int | None:
        """The word whose sound has this mark."""
        at = int(self.sounds.searchsorted(heard))
        known = at < len(self.sounds) and self.sounds[at] == heard
        return int(self.sounding[at]) if known else None

    def like(self, word: str, reach: int) -> list[int]:
        """The words that may be `reach` letters away: a letter changed is one gone and one come, and each letter that a
        word is longer or shorter leaves one change less."""
        size = len(word)
        begin, end = self.sizes[size - reach], self.sizes[size + reach + 1]
        others = np.bitwise_count(self.letters[begin:end] ^ letters_of([word])[0])
        longer = np.abs(self.lengths[begin:end].astype(np.int8) - np.int8(size)).view(np.uint8)
        near: list[int] = self.by_length[begin:end][others + longer <= 2 * reach].tolist()
        return near


def neighbours(words: Sequence[str], numbers: Sequence[int]) -> Neighbours:
    """Sorts words, most frequent first, for looking up; `numbers` are theirs in the list of all."""
    told = [
        (word, number)
        for word, number in zip(words, numbers, strict=True)
        if _SHORTEST <= len(word) < _SIZES and not word.isdigit()
    ]
    marks = word_grams([sound(word) for word, _ in told], 1)
    sounds, first = np.unique(marks, return_index=True)
    number = np.array([number for _, number in told], np.int32)
    length = np.array([len(word) for word, _ in told], np.int32)
    order = np.argsort(length, kind="stable")
    letters = letters_of([told[n][0] for n in order.tolist()])
    lengths = length[order].astype(np.uint8)
    sizes = np.searchsorted(lengths, np.arange(_SIZES + 1)).astype(np.int32)
    return Neighbours(sounds, number[first], number[order], lengths, letters, sizes)


def letters_of(words: Sequence[str]) -> Letters:
    """Which letters each word has; no word is empty."""
    if not words:
        return np.zeros(0, np.uint64)
    codes = np.frombuffer("".join(words).encode("utf-32-le"), np.uint32)
    firsts = np.cumsum([0, *map(len, words[:-1])])
    return np.bitwise_or.reduceat(np.uint64(1) << (codes & 63).astype(np.uint64), firsts)


@dataclass(frozen=True)
class Repair:
    """All known words, their marks, ascending, and the neighbours of each language (None: of all)."""

    words: WordList
    known: Marks
    neighbours: Mapping[str | None, Neighbours]

    def knows(self, words: Sequence[str]) -> list[bool]:
        """Of each word whether anybody wrote it in the training sentences."""
        known: list[bool] = places(self.known, word_grams(words, 1))[1].tolist()
        return known

    def __call__(self, words: Sequence[str], language: str | None = None) -> list[str]:
        """The words with unknown ones replaced by the likeliest known word; the same when all are known."""
        return self.of_each([words], language)[0]

    def of_each(self, texts: Sequence[Sequence[str]], language: str | None = None) -> list[list[str]]:
        """The same for several texts that share words: each word is looked up once."""
        words = list(dict.fromkeys(word for words in texts for word in words))
        phone = phone_spellings().get(language or "", {})
        instead = {
            word: phone[word].split() if word in phone else [word if known else self._word(word, language)]
            for word, known in zip(words, self.knows(words), strict=True)
        }
        return [[new for word in words for new in instead[word]] for words in texts]

    def _word(self, word: str, language: str | None) -> str:
        if not _SHORTEST <= len(word) <= _LONGEST or any(c.isdigit() for c in word):
            return word
        heard = np.uint32(word_mark(sound(word)))
        groups = [self.neighbours[group] for group in (language, None) if group in self.neighbours]
        return next((near for group in groups if (near := self._nearest(word, heard, group))), word)

    def _nearest(self, word: str, heard: np.uint32, among: Neighbours) -> str | None:
        """The known word that sounds like it, or that is one letter away (two in a long word)."""
        if (alike := among.alike(heard)) is not None:
            return self.words[alike]
        reach = 1 if len(word) < 7 else _FARTHEST
        near = [self.words[number] for number in among.like(word, reach)]
        best = process.extractOne(word, near, scorer=OSA.distance, score_cutoff=reach)
        return str(best[0]) if best else None


def learn_words(texts: Iterable[tuple[Sequence[str], str | None]]) -> dict[str | None, list[str]]:
    """The words of the training sentences by language, most frequent first; None holds all."""
    counts: dict[str | None, Counter[str]] = {None: Counter()}
    for words, language in texts:
        counts[None].update(words)
        if language is not None:
            counts.setdefault(language, Counter()).update(words)
    return {language: [word for word, _ in counter.most_common()] for language, counter in counts.items()}


def repair_by(words: Mapping[str | None, Iterable[str]]) -> Repair:
    """Repair by the words of each language, most frequent first; those of None are all that are known."""
    every = list(words[None])
    number = {word: n for n, word in enumerate(every)}
    groups = {language: list(some) for language, some in words.items()}
    return Repair(
        word_list(every),
        np.unique(word_grams(every, 1)),
        {language: neighbours(some, [number[word] for word in some]) for language, some in groups.items()},
    )


@lru_cache(maxsize=1)
def phone_spellings() -> Mapping[str, Mapping[str, str]]:
    """By language what is typed on a phone and the words it stands for; read once."""
    content: Mapping[str, Mapping[str, str]] = read_plain(
        Path(__file__).with_name("phone_spellings.yml").read_text(encoding="utf-8")
    )
    return content
