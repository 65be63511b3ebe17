"""The trained engine at answering time: words in, labels with their chances out. numpy and rapidfuzz only.

It knows labels, not their meaning: danger, places and dialogue are decided around it (see `engine`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from nlu.embedded.confidence import Confidence
from nlu.embedded.evidence import Evidence
from nlu.embedded.features import Floats, Rows, Vector, Vocabulary, unit
from nlu.embedded.linear import Linear
from nlu.embedded.repair import Repair
from nlu.language import LanguageModel

if TYPE_CHECKING:
    from nlu.encoder import SentenceEncoder


@dataclass(frozen=True)
class Scored:
    """What the model made of a message: the chance of each label taken alone, and how to weigh the best of them."""

    chances: Floats
    words: Sequence[str]  # as repaired
    near: tuple[Vector, Vector]  # the message as typed and as repaired, the way `Evidence` compares
    classifier: Classifier

    @property
    def best(self) -> int:
        """The number of the likeliest label."""
        return int(self.chances.argmax())

    def first(self, count: int) -> list[int]:
        """The numbers of the likeliest labels, best first."""
        return [int(number) for number in np.argsort(-self.chances)[:count]]

    def signs(self) -> NDArray[np.float64]:
        """The signs of certainty: how clear, how far ahead, how near to a known sentence, how many known words.

        Weighed only where somebody asks how sure.
        """
        evidence, best = self.classifier.evidence, self.best
        typed, repaired = self.near
        likeness = evidence.nearest(typed, best)
        return self._signs(likeness, likeness if typed is repaired else evidence.nearest(repaired, best))

    def signs_at_best(self, weights: NDArray[np.float64]) -> NDArray[np.float64]:
        """The signs if the likeness were what `weights` like best: to be had without comparing any sentence."""
        return self._signs(float(weights[2] > 0), float(weights[3] > 0))

    def _signs(self, likeness: float, likeness_repaired: float) -> NDArray[np.float64]:
        second = float(np.partition(self.chances, -2)[-2]) if len(self.chances) > 1 else 0.0
        top = _logit(float(self.chances[self.best]))
        known = self.classifier.vocabulary.coverage(self.words)
        return np.array([top, top - _logit(second), likeness, likeness_repaired, known])


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
        self,
        texts: Sequence[Sequence[str]],
        language: str | None = None,
        meanings: Sequence[Floats | None] = (),
    ) -> list[Scored]:
        """Scores every label for messages given as words, and as vectors of an encoder where there is one.

        A message counts half as it was typed and half as it was repaired.
        """
        repaired = self.repair.of_each(texts, language)
        changed = [n for n, words in enumerate(texts) if repaired[n] != list(words)]
        rows = self.vocabulary.rows([*texts, *(repaired[n] for n in changed)])
        scores = self.linear.scores(rows)
        second = {n: len(texts) + k for k, n in enumerate(changed)}
        means = scores[: len(texts)]
        means[changed] = (means[changed] + scores[len(texts) :]) / 2
        chances = self.linear.chances(self.linear.with_meanings(means, meanings))
        return [
            Scored(chances[n], repaired[n], self._near(rows, n, second.get(n)), self)
            for n in range(len(texts))
        ]

    def _near(self, rows: Rows, typed: int, repaired: int | None) -> tuple[Vector, Vector]:
        first = self.compared(rows, typed)
        return first, first if repaired is None else self.compared(rows, repaired)

    def compared(self, rows: Rows, number: int) -> Vector:
        """One row the way `Evidence` compares it."""
        return self.vocabulary.told(rows, number) if self.by_words else unit(rows.row(number))


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

    def score(
        self, texts: Sequence[Sequence[str]], language: str | None = None, typed: Sequence[str] = ()
    ) -> list[Scored]:
        """Scores messages given as words; `typed` are the same as they were typed, for an encoder."""
        said = typed or [" ".join(words) for words in texts]
        return self.classifier.score(
            texts, language, list(self.encoder.vectors(said)) if self.encoder else ()
        )

    def rank(self, scored: Scored) -> list[tuple[str, float]]:
        """Labels best first with confidences that sum to at most one."""
        sure = self.sure(scored)
        order = np.argsort(-scored.chances)
        others = scored.chances[order[1:]]
        rest = float(others.sum()) or 1.0
        shares = np.minimum((1 - sure) / max(rest, 1.0 - sure) * others, sure)
        return [(self.labels[i], c) for i, c in zip(order.tolist(), [sure, *shares.tolist()], strict=True)]

    def sure(self, scored: Scored) -> float:
        """The chance that the likeliest label is right."""
        return float(self.confidence.of(scored.signs()))

    def is_as_sure_as(self, bound: float, scored: Scored) -> bool:
        """Whether the chance that the likeliest label is right reaches a bound; compared only where it could."""
        at_best = self.confidence.of(scored.signs_at_best(self.confidence.weights))
        return bool(at_best >= bound) and self.sure(scored) >= bound
