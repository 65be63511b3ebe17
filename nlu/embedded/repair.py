"""Repairs words nobody wrote in the training sentences: phone spellings, how it sounds, one slipped letter.

Repair looks first among the words of the language of the message, so that a Portuguese word is not turned
into its Spanish neighbour. It never touches a known word, a number or a short word.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import OSA

from content.plain import read_plain
from nlu.embedded.words import sound

_SHORTEST = 4
_LONGEST = 30

Letters = NDArray[np.uint64]  # which letters a word has, a bit each; letters 64 apart share one


@dataclass(frozen=True)
class Neighbours:
    """The words of one language by how they sound and by their length, the most frequent first."""

    sounds: Mapping[str, str]
    lengths: Mapping[int, tuple[Sequence[str], Letters]]

    def nearest(self, word: str) -> str | None:
        """The known word that sounds like it, or that is one letter away (two in a long word)."""
        alike = self.sounds.get(sound(word))
        if alike:
            return alike
        reach = 1 if len(word) < 7 else 2
        best = process.extractOne(word, self.like(word, reach), scorer=OSA.distance, score_cutoff=reach)
        return str(best[0]) if best else None

    def like(self, word: str, reach: int) -> list[str]:
        """The known words that may be `reach` letters away: a letter changed is one gone and one come."""
        own, found = letters_of([word])[0], []
        for size in range(len(word) - reach, len(word) + reach + 1):
            if size in self.lengths:
                words, letters = self.lengths[size]
                near = np.bitwise_count(letters ^ own) <= 2 * reach
                found += [words[n] for n in near.nonzero()[0].tolist()]
        return found


def letters_of(words: Sequence[str]) -> Letters:
    """Which letters each word has; no word is empty."""
    if not words:
        return np.zeros(0, np.uint64)
    codes = np.frombuffer("".join(words).encode("utf-32-le"), np.uint32)
    firsts = np.cumsum([0, *map(len, words[:-1])])
    return np.bitwise_or.reduceat(np.uint64(1) << (codes & 63).astype(np.uint64), firsts)


def neighbours(words: Iterable[str], known_sounds: Mapping[str, str]) -> Neighbours:
    """Sorts words, most frequent first, for looking up; how a word sounds is worked out where it is not known."""
    sounds: dict[str, str] = {}
    lengths: dict[int, list[str]] = {}
    for word in words:
        if len(word) >= _SHORTEST and not word.isdigit():
            lengths.setdefault(len(word), []).append(word)
            sounds.setdefault(known_sounds.get(word) or sound(word), word)
    return Neighbours(sounds, {size: (some, letters_of(some)) for size, some in lengths.items()})


@dataclass
class Repair:
    """Known words by language (None holds those of all), most frequent first; how they sound, as far as that was
    worked out before; and what is sorted from them when a language is first written. What it read it forgets."""

    words: Mapping[str | None, Sequence[str]]
    sounds: Mapping[str, str] = field(default_factory=dict)
    _known: frozenset[str] = field(init=False)
    _neighbours: dict[str | None, Neighbours] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._known = frozenset(self.words.get(None, ()))

    def knows(self, word: str) -> bool:
        """Whether anybody wrote this word in the training sentences."""
        return word in self._known

    def __call__(self, words: Sequence[str], language: str | None = None) -> list[str]:
        """The words with unknown ones replaced by the likeliest known word; the same when all are known."""
        return self.of_each([words], language)[0]

    def of_each(self, texts: Sequence[Sequence[str]], language: str | None = None) -> list[list[str]]:
        """The same for several texts that share words: each word is looked up once."""
        phone = phone_spellings().get(language or "", {})
        instead = {
            word: phone[word].split() if word in phone else [self._word(word, language)]
            for word in dict.fromkeys(word for words in texts for word in words)
        }
        return [[new for word in words for new in instead[word]] for words in texts]

    def _word(self, word: str, language: str | None) -> str:
        if not _SHORTEST <= len(word) <= _LONGEST or self.knows(word) or any(c.isdigit() for c in word):
            return word
        return self._nearest(word, language) or self._nearest(word, None) or word

    def _nearest(self, word: str, language: str | None) -> str | None:
        if language not in self.words:
            return None
        if language not in self._neighbours:
            self._neighbours[language] = neighbours(self.words[language], self.sounds)
        return self._neighbours[language].nearest(word)


def learn_words(texts: Iterable[tuple[Sequence[str], str | None]]) -> dict[str | None, list[str]]:
    """The words of the training sentences by language, most frequent first."""
    counts: dict[str | None, Counter[str]] = {None: Counter()}
    for words, language in texts:
        counts[None].update(words)
        if language is not None:
            counts.setdefault(language, Counter()).update(words)
    return {language: [word for word, _ in counter.most_common()] for language, counter in counts.items()}


@lru_cache(maxsize=1)
def phone_spellings() -> Mapping[str, Mapping[str, str]]:
    """By language what is typed on a phone and the words it stands for; read once."""
    content: Mapping[str, Mapping[str, str]] = read_plain(
        Path(__file__).with_name("phone_spellings.yml").read_text(encoding="utf-8")
    )
    return content
