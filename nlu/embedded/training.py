"""Trains the engine from examples: any labels, any number of languages, in seconds to a minute or two.

What decides how sure the engine is (confidence, bounds) is always learned on sentences it was not trained on.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from nlu.embedded.confidence import Confidence, bounds, learn_confidence
from nlu.embedded.evidence import learn_evidence
from nlu.embedded.features import Shape, learn_vocabulary
from nlu.embedded.linear import as_matrix, train_linear
from nlu.embedded.model import Classifier, Model
from nlu.embedded.repair import Repair, learn_words
from nlu.embedded.words import words_of
from nlu.language import learn_languages
from nlu.training_data import MIXED, Example

OUT_OF_SCOPE = "out_of_scope"
_LARGE = 4000  # from here on rare n-grams are dropped and nearest sentences are sought by words alone


@dataclass(frozen=True)
class Settings:
    """What was chosen by cross-validation on the training sentences."""

    strength: float = 30.0
    wanted: float = 0.98  # asked of held-out messages so that 0.97 holds on other writers' messages
    lost: float = 0.01


@dataclass(frozen=True)
class Sentence:
    """A training sentence as words."""

    words: tuple[str, ...]
    label: str
    language: str | None


def train(examples: Sequence[Example], fingerprint: str = "", settings: Settings | None = None) -> Model:
    """A model of the examples; raises ValueError when there is nothing to tell apart."""
    chosen = settings or Settings()
    sentences = _sentences(examples)
    if len({sentence.label for sentence in sentences}) < 2:
        raise ValueError("training needs sentences of at least two labels")
    confidence = _confidence(sentences, chosen)
    languages = [(list(s.words), s.language) for s in sentences if s.language not in (None, MIXED)]
    return Model(fit(sentences, chosen), confidence, learn_languages(languages), fingerprint)


def _sentences(examples: Sequence[Example]) -> list[Sentence]:
    made = (Sentence(tuple(words_of(e.text)), e.label, e.language) for e in examples)
    return [sentence for sentence in made if sentence.words]


def fit(sentences: Sequence[Sentence], settings: Settings) -> Classifier:
    """Fits vocabulary, repair, linear model and nearest sentences on the same sentences."""
    large = len(sentences) >= _LARGE
    texts = [sentence.words for sentence in sentences]
    vocabulary = learn_vocabulary(texts, Shape(word_weight=0.5, least=2 if large else 1))
    labels = tuple(sorted({sentence.label for sentence in sentences}))
    number = {label: i for i, label in enumerate(labels)}
    target = np.array([number[sentence.label] for sentence in sentences])
    vectors = [vocabulary.vector(words) for words in texts]
    linear = train_linear(as_matrix(vectors, vocabulary.size), target, len(labels), settings.strength)
    length = np.float32(np.sqrt(1 + vocabulary.shape.word_weight**2))
    near = [vocabulary.words_vector(w) for w in texts] if large else [(at, v / length) for at, v in vectors]
    repair = Repair(learn_words((s.words, s.language if s.language != MIXED else None) for s in sentences))
    evidence = learn_evidence(near, target, len(labels), vocabulary.size)
    return Classifier(labels, vocabulary, repair, linear, evidence, large)


@dataclass
class _HeldOut:
    """What held-out messages showed: the signs, whether the best label was right, whether one could be."""

    signs: list[NDArray[np.float64]]
    right: list[bool]
    in_scope: list[bool]

    def add(self, classifier: Classifier, sentence: Sentence) -> None:
        scored = classifier.score(sentence.words, sentence.language)
        best = classifier.labels[int(scored.chances.argmax())]
        self.signs.append(scored.signs)
        self.right.append(best == sentence.label)
        self.in_scope.append(sentence.label in classifier.labels and sentence.label != OUT_OF_SCOPE)


def _confidence(sentences: Sequence[Sentence], settings: Settings) -> Confidence:
    """Learned on blocks of neighbouring sentences left out (neighbours in a file are alike, so whole blocks
    are the honest test); without an out-of-scope label, whole labels are left out too."""
    has_scope = any(sentence.label == OUT_OF_SCOPE for sentence in sentences)
    split = _blocks if has_scope else _labels_left_out
    held = _HeldOut([], [], [])
    for learned, out in split(sentences):
        if len({s.label for s in learned}) < 2:
            continue
        classifier = fit(learned, settings)
        for sentence in out:
            held.add(classifier, sentence)
    if not held.signs:
        return Confidence(np.array([1.0, 0, 0, 0, 0]), 0.0, 0.3, 0.6)
    signs, right, scope = np.array(held.signs), np.array(held.right), np.array(held.in_scope)
    learned_confidence = learn_confidence(signs, right, balanced=not has_scope)
    sure = learned_confidence.of(signs)
    if has_scope:
        low, high = bounds(sure, right, scope, wanted=settings.wanted, lost=settings.lost)
    else:
        good = np.sort(sure[right])
        low, high = float(good[int(0.08 * len(good))]), float(good[int(0.20 * len(good))])
    return replace(learned_confidence, unsure=low, understood=high)


_Split = tuple[list[Sentence], list[Sentence]]


def _blocks(sentences: Sequence[Sentence], block: int = 10, parts: int = 7, used: int = 2) -> list[_Split]:
    """`used` splits, each leaving out one block of ten neighbours in `parts`."""
    splits = []
    for part in range(used):
        out = [(i // block) % parts == part for i in range(len(sentences))]
        kept = [s for s, left in zip(sentences, out, strict=True) if not left]
        splits.append((kept, [s for s, left in zip(sentences, out, strict=True) if left]))
    return splits


def _labels_left_out(sentences: Sequence[Sentence], folds: int = 4) -> list[_Split]:
    """Four splits, each leaving out a quarter of the labels and a quarter of all sentences."""
    chance = np.random.default_rng(0)
    labels = chance.permutation(sorted({s.label for s in sentences})).tolist()
    order = chance.permutation(len(sentences))
    splits = []
    for fold in range(folds):
        gone, held = set(labels[fold::folds]), set(order[fold::folds].tolist())
        out = [s.label in gone or i in held for i, s in enumerate(sentences)]
        kept = [s for s, left in zip(sentences, out, strict=True) if not left]
        splits.append((kept, [s for s, left in zip(sentences, out, strict=True) if left]))
    return splits


Progress = Callable[[str], None]
