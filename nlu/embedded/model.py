"""The trained engine at answering time: words in, labels with their chances out. numpy and rapidfuzz only.

It knows labels, not their meaning: danger, places and dialogue are decided around it (see `engine`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from nlu.embedded.confidence import Confidence
from nlu.embedded.evidence import Evidence
from nlu.embedded.features import Floats, Vector, Vocabulary, beside, mean, unit
from nlu.embedded.linear import Linear
from nlu.embedded.repair import Repair
from nlu.language import LanguageModel

if TYPE_CHECKING:
    from nlu.encoder import SentenceEncoder


@dataclass(frozen=True)
class Scored:
    """What the model made of a message: the chance of each label taken alone, and how to weigh the best of them."""

    chances: Floats
    classifier: Classifier
    near: Sequence[Vector]  # of the message as typed and, where that differs, as repaired
    words: Sequence[str]

    @property
    def best(self) -> int:
        """The number of the likeliest label."""
        return int(self.chances.argmax())

    def signs(self) -> NDArray[np.float64]:
        """The signs of certainty: how clear, how far ahead, how near to a known sentence, how many known words."""
        return self.classifier.signs(self)


@dataclass(frozen=True)
class Classifier:
    """Vocabulary, spelling repair, linear model and nearest sentences, fitted together."""

    labels: tuple[str, ...]
    vocabulary: Vocabulary
    repair: Repair
    linear: Linear
    evidence: Evidence
    by_words: bool  # evidence over words alone (large data) or over all n-grams

    def score(
        self, words: Sequence[str], language: str | None = None, meaning: Floats | None = None
    ) -> Scored:
        """Scores every label for a message given as words, and as the vector of an encoder where there is one."""
        typed = list(words)
        repaired = self.repair(typed, language)
        forms = [typed] if repaired == typed else [typed, repaired]
        blocks = [self.vocabulary.blocks(form) for form in forms]
        vectors = [self.vocabulary.joined(block) for block in blocks]
        vector = vectors[0] if len(vectors) == 1 else mean(*vectors)
        chances = self.linear.chances(beside(vector, meaning, self.vocabulary.size))
        return Scored(chances, self, [words for words, _ in blocks] if self.by_words else vectors, repaired)

    def signs(self, scored: Scored) -> NDArray[np.float64]:
        """The signs of certainty about the best label; weighed only where somebody asks how sure."""
        best = scored.best
        near = scored.near if self.by_words else [unit(vector) for vector in scored.near]
        likeness = [self.evidence.nearest(vector, best) for vector in near]
        second = float(np.partition(scored.chances, -2)[-2]) if len(self.labels) > 1 else 0.0
        top = _logit(float(scored.chances[best]))
        known = self.vocabulary.coverage(scored.words)
        return np.array([top, top - _logit(second), likeness[0], likeness[-1], known])


def _logit(chance: float) -> float:
    bounded = min(max(chance, 1e-4), 1 - 1e-4)
    return float(np.log(bounded / (1 - bounded)))


@dataclass(frozen=True)
class Model:
    """A classifier with its calibrated confidence, the languages it heard, the mark of its data, and the encoder
    it was trained beside, if any."""

    classifier: Classifier
    confidence: Confidence
    language: LanguageModel | None
    fingerprint: str
    encoder: SentenceEncoder | None = None

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels it can give, in order."""
        return self.classifier.labels

    def rank(
        self, words: Sequence[str], language: str | None = None, text: str = ""
    ) -> tuple[list[tuple[str, float]], float]:
        """Labels best first with confidences that sum to at most one, and the confidence of the best.

        `text` is the message as it was typed, for an encoder.
        """
        scored = self._scored(words, language, text)
        sure = self._sure(scored)
        order = np.argsort(-scored.chances)
        others = scored.chances[order[1:]]
        rest = float(others.sum()) or 1.0
        shares = np.minimum((1 - sure) / max(rest, 1.0 - sure) * others, sure)
        return [(self.labels[i], c) for i, c in zip(order, [sure, *shares.tolist()], strict=True)], sure

    def best(
        self, words: Sequence[str], language: str | None = None, text: str = ""
    ) -> tuple[str, Callable[[], float]]:
        """The likeliest label, and how to learn how sure it is."""
        scored = self._scored(words, language, text)
        return self.labels[scored.best], lambda: self._sure(scored)

    def _scored(self, words: Sequence[str], language: str | None, text: str) -> Scored:
        meaning = self.encoder.vector(text or " ".join(words)) if self.encoder else None
        return self.classifier.score(words, language, meaning)

    def _sure(self, scored: Scored) -> float:
        return float(self.confidence.of(scored.signs()))
