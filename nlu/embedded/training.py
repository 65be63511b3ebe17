"""Trains the engine from examples: any labels, any number of languages, in seconds to a minute or two.

What decides how sure the engine is (confidence, bounds) is always learned on sentences it was not trained on.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from nlu.embedded.confidence import (
    Confidence,
    bounds,
    bounds_of_right_answers,
    learn_confidence,
    recalibrated,
)
from nlu.embedded.evidence import learn_evidence
from nlu.embedded.features import Floats, Shape, learn_vocabulary, unit
from nlu.embedded.linear import as_matrix, train_linear
from nlu.embedded.model import Classifier, Model
from nlu.embedded.repair import learn_words, repair_by
from nlu.embedded.words import words_of
from nlu.language import learn_languages
from nlu.training_data import MIXED, Example, TrainingDataError

if TYPE_CHECKING:
    from nlu.encoder import SentenceEncoder

OUT_OF_SCOPE = "out_of_scope"
_LARGE = 4000  # from here on the faster line is fitted and nearest sentences are sought by words alone
_HUGE = 80_000  # from here on n-grams of a single sentence are dropped, for memory
_ENOUGH_APART = 100


@dataclass(frozen=True)
class Settings:
    """What was chosen by cross-validation on the training sentences."""

    wanted: float = 0.975  # of what is answered without asking, how much is right
    lost: float = 0.01


@dataclass(frozen=True)
class Sentence:
    """A training sentence as words."""

    words: tuple[str, ...]
    label: str
    language: str | None
    meaning: Floats | None = None  # the vector of the encoder, where there is one


@dataclass(frozen=True)
class Apart:
    """A message written apart from the training sentences, with every label that is right for it."""

    text: str
    right: frozenset[str]
    language: str | None = None


def train(
    examples: Sequence[Example],
    fingerprint: str = "",
    settings: Settings | None = None,
    apart: Sequence[Apart] = (),
    encoder: SentenceEncoder | None = None,
) -> Model:
    """A model of the examples; raises `TrainingDataError` when there is nothing to tell apart.

    `apart` are never learned from: they only set how sure the model is, where there are enough of them.
    With an `encoder` its vector of each sentence stands beside the n-grams.
    """
    chosen = settings or Settings()
    sentences = _sentences(examples, encoder)
    if len({sentence.label for sentence in sentences}) < 2:
        raise TrainingDataError("training needs sentences of at least two labels")
    with _one_thread_a_product():
        confidence = _confidence(sentences, chosen)
        classifier = fit(sentences)
        if len(apart) >= _ENOUGH_APART:
            confidence = _set_right(classifier, confidence, apart, chosen, encoder)
    languages = [(list(s.words), s.language) for s in sentences if s.language not in (None, MIXED)]
    return Model(classifier, confidence, learn_languages(languages), fingerprint, encoder)


def _one_thread_a_product() -> AbstractContextManager[None]:
    """Labels are fitted side by side already: threads inside a product would wait for each other."""
    from threadpoolctl import threadpool_limits

    limits: AbstractContextManager[None] = threadpool_limits(1)
    return limits


def _set_right(
    classifier: Classifier,
    confidence: Confidence,
    apart: Sequence[Apart],
    settings: Settings,
    encoder: SentenceEncoder | None,
) -> Confidence:
    held = HeldOut([], [], [])
    known = [message for message in apart if message.right & set(classifier.labels)]
    for message, meaning in zip(known, _meanings([m.text for m in known], encoder), strict=True):
        asked = Sentence(tuple(words_of(message.text)), "", message.language, meaning)
        held.judge(classifier, asked, message.right)
    if not held.signs:
        return confidence
    arrays = np.array(held.signs), np.array(held.right), np.array(held.in_scope)
    return recalibrated(confidence, *arrays, wanted=settings.wanted, lost=settings.lost)


def _sentences(examples: Sequence[Example], encoder: SentenceEncoder | None = None) -> list[Sentence]:
    meanings = _meanings([e.text for e in examples], encoder)
    made = (
        Sentence(tuple(words_of(e.text)), e.label, e.language, meaning)
        for e, meaning in zip(examples, meanings, strict=True)
    )
    return [sentence for sentence in made if sentence.words]


def _meanings(texts: Sequence[str], encoder: SentenceEncoder | None) -> Sequence[Floats | None]:
    return list(encoder.vectors(texts)) if encoder else [None] * len(texts)


def _shape(sentences: int) -> Shape:
    """What is counted; of many sentences less that is rare."""
    large = sentences >= _LARGE
    least = 2 if sentences >= _HUGE else 1
    return Shape(least=least, least_runs=2 if large else 1, least_pairs=3 if large else 1)


def fit(sentences: Sequence[Sentence]) -> Classifier:
    """Fits vocabulary, repair, linear model and nearest sentences on the same sentences."""
    large = len(sentences) >= _LARGE
    texts = [sentence.words for sentence in sentences]
    shape = _shape(len(sentences))
    vocabulary = learn_vocabulary(texts, shape)
    labels = tuple(sorted({sentence.label for sentence in sentences}))
    number = {label: i for i, label in enumerate(labels)}
    target = np.array([number[sentence.label] for sentence in sentences])
    rows, meanings = vocabulary.rows(texts), [sentence.meaning for sentence in sentences]
    columns = vocabulary.size + (0 if meanings[0] is None else len(meanings[0]))
    matrix = as_matrix(rows, columns, meanings)
    linear = train_linear(matrix, target, len(labels), large=large)
    near = [vocabulary.told(rows, n) if large else unit(rows.row(n)) for n in range(len(rows))]
    told = ((s.words, s.language if s.language != MIXED else None) for s in sentences)
    repair = repair_by(learn_words(told))
    evidence = learn_evidence(near, target, len(labels))
    return Classifier(labels, vocabulary, repair, linear, evidence, large)


@dataclass
class HeldOut:
    """What held-out messages showed: the signs, whether the best label was right, whether one could be."""

    signs: list[NDArray[np.float64]]
    right: list[bool]
    in_scope: list[bool]

    def judge(self, classifier: Classifier, asked: Sentence, right: frozenset[str]) -> None:
        """Adds one message and whether its best label is right."""
        [scored] = classifier.score([asked.words], asked.language, [asked.meaning])
        self.signs.append(scored.signs())
        self.right.append(classifier.labels[scored.best] in right)
        self.in_scope.append(bool(right & set(classifier.labels)) and OUT_OF_SCOPE not in right)


def held_out(sentences: Sequence[Sentence]) -> HeldOut:
    """What sentences left out of training showed; without an out-of-scope label, whole labels are left out too,
    so that what nobody taught is told apart from what was."""
    split = _interleaved if _has_scope(sentences) else _labels_left_out
    held = HeldOut([], [], [])
    for learned, out in split(sentences):
        if len({s.label for s in learned}) < 2:
            continue
        classifier = fit(learned)
        for sentence in out:
            held.judge(classifier, sentence, frozenset((sentence.label,)))
    return held


def _has_scope(sentences: Sequence[Sentence]) -> bool:
    return any(sentence.label == OUT_OF_SCOPE for sentence in sentences)


def _confidence(sentences: Sequence[Sentence], settings: Settings) -> Confidence:
    held, has_scope = held_out(sentences), _has_scope(sentences)
    if not held.signs:
        return Confidence(np.array([1.0, 0, 0, 0, 0]), 0.0, 0.3, 0.6)
    signs, right, scope = np.array(held.signs), np.array(held.right), np.array(held.in_scope)
    confidence = learn_confidence(signs, right, balanced=not has_scope)
    sure = confidence.of(signs)
    if has_scope:
        low, high = bounds(sure, right, scope, wanted=settings.wanted, lost=settings.lost)
    else:
        low, high = bounds_of_right_answers(sure, right)
    return replace(confidence, unsure=low, understood=high)


_Split = tuple[list[Sentence], list[Sentence]]


def _interleaved(
    sentences: Sequence[Sentence], parts: int = 8, used: int = 1, most: int = 3500
) -> list[_Split]:
    """`used` splits, each leaving out every eighth sentence; of those at most `most` are asked."""
    splits = []
    for part in range(used):
        kept = [s for i, s in enumerate(sentences) if i % parts != part]
        out = [s for i, s in enumerate(sentences) if i % parts == part]
        splits.append((kept, out[:: max(1, -(-len(out) // most))]))
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
