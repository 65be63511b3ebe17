"""Which of the five languages a message is written in; None when nothing tells, never a guess of English.

Words and letter runs of the training sentences are counted per language when the engine is trained;
greetings of a word or two stand in `language.yml`. Where Spanish and Portuguese are mixed, the language is the one
whose small words and everyday verbs build the message. A chosen language is never argued with.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from content.plain import read_plain
from nlu.embedded.features import MOST_HELD, Floats
from nlu.embedded.grams import Marks, letter_grams, places, word_grams
from nlu.training_data import LANGUAGES

_STAY = 1.5  # how much more a message must say for another language before the conversation changes to it
_CLEAR = 0.5  # the least lead of one language over the next
_TELLING = 4.0  # what a word of the list is worth in a message of few words
_FEW = 3
# On a tie the first: it is mostly Spanish speakers who borrow from the language around them.
_MIXED = ("es", "pt")
_LEAN = 1  # how many function words the conversation's own language is worth in a mixed message


@dataclass(frozen=True)
class LanguageModel:
    """For each n-gram mark, how much it speaks for each language (log chances, a column each).

    What a word says is kept for words of the training sentences, never for one that a person alone wrote.
    """

    languages: tuple[str, ...]
    marks: Marks
    weights: NDArray[np.float16]
    _held: dict[str, Floats | None] = field(default_factory=dict, repr=False, compare=False)

    def evidence(self, words: Sequence[str]) -> Floats | None:
        """What the words say for each language, in log chances relative to the mean; None when unknown."""
        said = [says for word in words if (says := self._says(word)) is not None]
        if not said:
            return None
        total: Floats = np.add.reduce(said)
        return np.asarray(total - total.mean(), np.float32)

    def _says(self, word: str) -> Floats | None:
        """The sum of what the n-grams of a word say: no n-gram reaches over two words."""
        if word in self._held:
            return self._held[word]
        at, known = places(self.marks, _grams([word]))
        says = self.weights[at].sum(axis=0, dtype=np.float32) if len(at) else None
        if known.any() and known[0] and len(self._held) < MOST_HELD:
            self._held[word] = says
        return says

    def identify(self, words: Sequence[str], stay: str | None = None) -> str | None:
        """The language of the message; `stay` is the language of the conversation so far."""
        spoken = [w for w in words if not w.isdigit() and not w.startswith("emoji")]
        found = self.evidence(spoken)
        if found is None or sum(len(w) for w in spoken) < 2:
            return stay
        if (
            stay
            and len(spoken) == 1
            and not any(spoken[0] in telling for telling in telling_words().values())
        ):
            return stay  # "ok" changes no conversation
        found = found.copy()
        if len(spoken) <= _FEW:
            for column, language in enumerate(self.languages):
                found[column] += _TELLING * sum(w in telling_words()[language] for w in spoken)
        if stay in self.languages:
            found[self.languages.index(stay)] += _STAY
        order = np.argsort(-found)
        mixed = built_of(spoken, stay) if self.languages[int(order[0])] in _MIXED else None
        if mixed in self.languages:
            return mixed
        if found[order[0]] - found[order[1]] < _CLEAR:
            return stay
        return self.languages[int(order[0])]


def built_of(words: Sequence[str], stay: str | None = None) -> str | None:
    """Of a message that mixes Spanish and Portuguese: which of the two has most of its function words.

    None when the message does not mix them.
    """
    theirs = function_words()
    counts = {language: sum(w in theirs[language] for w in words) for language in _MIXED}
    if not all(counts.values()):
        return None
    if stay in counts:
        counts[stay] += _LEAN
    return max(_MIXED, key=lambda language: counts[language])


@lru_cache(maxsize=1)
def function_words() -> dict[str, frozenset[str]]:
    """Of Spanish and Portuguese the small words and everyday verbs that only one of them has."""
    content = read_plain(Path(__file__).with_name("function_words.yml").read_text(encoding="utf-8"))
    return {language: frozenset(words.split()) for language, words in content.items()}


@lru_cache(maxsize=1)
def telling_words() -> dict[str, frozenset[str]]:
    """For each language the words that tell it in a message of a word or two."""
    content = read_plain(Path(__file__).with_name("language.yml").read_text(encoding="utf-8"))
    return {language: frozenset(words.split()) for language, words in content.items()}


def _grams(words: Sequence[str]) -> Marks:
    # Words count three times: they are what tells Spanish from Portuguese.
    return np.concatenate([*[word_grams(words, 1)] * 3, letter_grams(words, 1, 4)])


def learn_languages(texts: Iterable[tuple[Sequence[str], str | None]]) -> LanguageModel | None:
    """Counts n-grams by language; None when fewer than two languages were given."""
    grams: dict[str, list[Marks]] = {}
    for words, language in texts:
        if language in LANGUAGES:
            grams.setdefault(language, []).append(np.unique(_grams(words)))
    if len(grams) < 2:
        return None
    languages = tuple(sorted(grams))
    counted = [np.unique(np.concatenate(grams[language]), return_counts=True) for language in languages]
    marks = np.unique(np.concatenate([found for found, _ in counted]))
    table = np.zeros((len(marks), len(languages)), np.float64)
    for column, (found, counts) in enumerate(counted):
        table[np.searchsorted(marks, found), column] = counts
    kept = table.sum(axis=1) >= 2
    rates = (table[kept] + 0.3) / (table.sum(axis=0) + 0.3 * kept.sum())
    logs = np.log(rates)
    return LanguageModel(languages, marks[kept], (logs - logs.mean(axis=1, keepdims=True)).astype(np.float16))
