"""Look for a person's words in our own texts when no need was understood.

Accents are ignored and typing errors forgiven; rare words weigh more. It suggests needs for the person to
choose from and never answers by itself.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from content.collection import Collection
from content.folding import without_accents
from content.places import Place
from content.rendering import PLACEHOLDER

_WORD = re.compile(r"\w{3,}")
# A title names the need; a word in it counts as much as three words of a text.
_TITLE_WEIGHT = 3
_MINIMUM_SCORE = 2.5
_MAXIMUM_WORDS = 30


def folded_words(text: str) -> list[str]:
    """Lower-case words of three letters and more, without accents."""
    return _WORD.findall(without_accents(text.lower()))


class TextIndex:
    """Words of the answers, built for a country and language when first asked."""

    def __init__(self, collection: Collection) -> None:
        self._collection = collection
        self._counts = lru_cache(maxsize=32)(self._build)

    def search(self, words: str, place: Place, language: str) -> tuple[str, ...]:
        """Up to three needs that share the rarest words, best first; empty when nothing is near enough."""
        documents, weights = self._counts(place.country, language)
        wanted = {self._nearest(word, weights) for word in folded_words(words)[:_MAXIMUM_WORDS]} - {None}
        scores = {
            need: sum(
                weights[word] * min(count[word], _TITLE_WEIGHT) for word in wanted if word and count[word]
            )
            for need, count in documents.items()
        }
        best = sorted(scores, key=lambda need: (-scores[need], need))[:3]
        return tuple(need for need in best if scores[need] >= _MINIMUM_SCORE)

    def _build(self, country: str, language: str) -> tuple[dict[str, Counter[str]], dict[str, float]]:
        documents = {
            need: self._words_of(need, country, language) for need in self._collection.taxonomy.needs
        }
        frequency = Counter(word for count in documents.values() for word in count)
        weights = {word: math.log((1 + len(documents)) / times) for word, times in frequency.items()}
        return documents, weights

    def _words_of(self, need: str, country: str, language: str) -> Counter[str]:
        answer = self._collection.answers.get((country, need))
        parts = answer.parts if answer else ()
        texts = (PLACEHOLDER.sub(" ", part.texts.get(language, "")) for part in parts)
        count = Counter(word for text in texts for word in set(folded_words(text)))
        for word in folded_words(self._collection.taxonomy.needs[need].title(language)):
            count[word] += _TITLE_WEIGHT
        return count

    @staticmethod
    def _nearest(word: str, weights: dict[str, float]) -> str | None:
        """The known word meant: itself, or the nearest within one letter (two in long words)."""
        if word in weights or len(word) < 5:
            return word if word in weights else None
        found = process.extractOne(
            word, weights.keys(), scorer=OSA.distance, score_cutoff=2 if len(word) > 7 else 1
        )
        return found[0] if found else None
