"""Which share of right answers may be given up to recognise what nobody taught: chosen on other people's messages.

Public sets of intents (Banking77, CLINC150, HWU64; not in this repository) are made into small chatbots: some of the
intents, few sentences each, asked half about them and half about something else. Prints for each share the mean
Matthews correlation. `bounds_of_right_answers` holds the best.

Usage: python -m tests.bench.rejection FOLDER…; each with `train.csv` and `test.csv` (`text`, `label`); test
messages with the label `none` belong to no intent.
"""

from __future__ import annotations

import csv
import sys
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from nlu.embedded.confidence import learn_confidence
from nlu.embedded.training import Sentence, fit, held_out
from nlu.embedded.words import words_of

SHARES = (0.01, 0.02, 0.05, 0.08, 0.1, 0.12, 0.15, 0.2, 0.25, 0.3, 0.4)
CHATBOTS = 12  # of each set
NONE = "none"
_MOST_ASKED = 300  # messages about what was taught, and as many about something else
Labelled = tuple[str, str]


def read(file: Path) -> list[Labelled]:
    """Messages with their labels; raises KeyError where a column is missing."""
    with file.open(encoding="utf-8", newline="") as lines:
        return [(row["text"], row["label"]) for row in csv.DictReader(lines)]


def chatbot(train: Iterable[Labelled], chance: np.random.Generator) -> list[Labelled]:
    """Some of the intents, of each a few sentences, of one more and of another less."""
    by_label = defaultdict(list)
    for text, label in train:
        by_label[label].append(text)
    size, mean = int(chance.choice([18, 28, 40])), int(chance.choice([6, 10, 16]))
    chosen = []
    for label in chance.permutation(sorted(by_label))[:size].tolist():
        few = int(np.clip(mean * chance.lognormal(0, 0.6), 3, 60))
        chosen += [(text, label) for text in chance.permutation(by_label[label])[:few].tolist()]
    return chosen


def questions(
    test: Sequence[Labelled], taught: set[str], far: Sequence[str], chance: np.random.Generator
) -> list[Labelled]:
    """Half about what was taught; of the others half about neighbouring intents and half about none."""
    inside = [one for one in test if one[1] in taught]
    near = [text for text, label in test if label not in taught and label != NONE]
    others = [*_some(near, _MOST_ASKED // 2, chance), *_some(far, _MOST_ASKED // 2, chance)]
    return [*_some(inside, _MOST_ASKED, chance), *((text, NONE) for text in others)]


def _some(items: Sequence[Any], most: int, chance: np.random.Generator) -> list[Any]:
    return [items[n] for n in chance.permutation(len(items))[:most].tolist()]


def correlations(taught: Sequence[Labelled], asked: Sequence[Labelled]) -> list[float]:
    """For each share given up the Matthews correlation of one chatbot."""
    from sklearn.metrics import matthews_corrcoef

    sentences = [Sentence(tuple(words_of(text)), label, None) for text, label in taught if words_of(text)]
    held = held_out(sentences)
    signs, right = np.array(held.signs), np.array(held.right)
    confidence = learn_confidence(signs, right, balanced=True)
    good, classifier = np.sort(confidence.of(signs)[right]), fit(sentences)
    scored = classifier.score([words_of(text) for text, _ in asked])
    sure = [float(confidence.of(one.signs())) for one in scored]
    found = [classifier.labels[one.best] for one in scored]
    bounds = [float(good[int(share * len(good))]) for share in SHARES]
    said = ([f if s >= bound else NONE for f, s in zip(found, sure, strict=True)] for bound in bounds)
    return [float(matthews_corrcoef([label for _, label in asked], labels)) for labels in said]


def main(folders: Sequence[str]) -> None:
    """One line a chatbot, and the mean of all."""
    sets = [(read(Path(f) / "train.csv"), read(Path(f) / "test.csv")) for f in folders]
    far = [text for _, test in sets for text, label in test if label == NONE]
    chance, rows = np.random.default_rng(5), []
    print("share given up", *SHARES, sep="\t")
    for _ in range(CHATBOTS):
        for folder, (train, test) in zip(folders, sets, strict=True):
            taught = chatbot(train, chance)
            rows.append(correlations(taught, questions(test, {label for _, label in taught}, far, chance)))
            print(Path(folder).name, *(f"{value:.3f}" for value in rows[-1]), sep="\t", flush=True)
    print("mean", *(f"{value:.4f}" for value in np.mean(rows, axis=0)), sep="\t")


if __name__ == "__main__":
    main(sys.argv[1:])
