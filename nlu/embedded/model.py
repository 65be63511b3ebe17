"""The trained engine at answering time: words in, labels with their chances out. numpy and rapidfuzz only.

It knows labels, not their meaning: danger, places and dialogue are decided around it (see `engine`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nlu.embedded.confidence import Confidence
from nlu.embedded.evidence import Evidence
from nlu.embedded.features import Floats, Vector, Vocabulary, mean
from nlu.embedded.linear import Linear
from nlu.embedded.repair import Repair
from nlu.language import LanguageModel


@dataclass(frozen=True)
class Scored:
    """What the model made of a message: the chance of each label taken alone, and the signs of certainty."""

    chances: Floats
    signs: NDArray[np.float64]


@dataclass(frozen=True)
class Classifier:
    """Vocabulary, spelling repair, linear model and nearest sentences, fitted together."""

    labels: tuple[str, ...]
    vocabulary: Vocabulary
    repair: Repair
    linear: Linear
    evidence: Evidence
    by_words: bool  # evidence over words alone (large data) or over all n-grams

    def score(self, words: Sequence[str], language: str | None = None) -> Scored:
        """Scores every label for a message given as words."""
        typed = list(words)
        repaired = self.repair(typed, language)
        raw = self.vocabulary.vector(typed)
        fixed = raw if repaired == typed else self.vocabulary.vector(repaired)
        vector = raw if fixed is raw else mean(raw, fixed)
        alone = self.linear.chances(vector)
        return Scored(alone, self._signs(alone, raw, fixed, typed, repaired))

    def _signs(
        self, alone: Floats, raw: Vector, fixed: Vector, typed: list[str], repaired: list[str]
    ) -> NDArray[np.float64]:
        best = int(alone.argmax())
        second = float(np.partition(alone, -2)[-2]) if len(alone) > 1 else 0.0
        likeness = [
            float(self.evidence.likeness(self._unit(v, w))[best])
            for v, w in ((raw, typed), (fixed, repaired))
        ]
        top = float(alone[best])
        return np.array(
            [_logit(top), _logit(top) - _logit(second), *likeness, self.vocabulary.coverage(repaired)]
        )

    def _unit(self, vector: Vector, words: list[str]) -> Vector:
        if self.by_words:
            return self.vocabulary.words_vector(words)
        at, values = vector
        length = np.sqrt(float(values @ values)) if len(values) else 1.0
        return at, values / np.float32(length)


def _logit(chance: float) -> float:
    bounded = min(max(chance, 1e-4), 1 - 1e-4)
    return float(np.log(bounded / (1 - bounded)))


@dataclass(frozen=True)
class Model:
    """A classifier with its calibrated confidence, the languages it heard, and the mark of its data."""

    classifier: Classifier
    confidence: Confidence
    language: LanguageModel | None
    fingerprint: str

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels it can give, in order."""
        return self.classifier.labels

    def rank(
        self, words: Sequence[str], language: str | None = None
    ) -> tuple[list[tuple[str, float]], float]:
        """Labels best first with confidences that sum to at most one, and the confidence of the best."""
        scored = self.classifier.score(words, language)
        sure = float(self.confidence.of(scored.signs))
        order = np.argsort(-scored.chances)
        rest = float(scored.chances[order[1:]].sum()) or 1.0
        shares = [(1 - sure) * float(scored.chances[i]) / max(rest, 1.0 - sure) for i in order[1:]]
        ranked = [sure, *(min(share, sure) for share in shares)]
        return [(self.labels[i], c) for i, c in zip(order, ranked, strict=True)], sure
