"""How much more sentences help: accuracy on the expected utterances against sentences per label and language.

Takes the first N sentences of each label and language (N as arguments), fits, and prints a table.
"""

from __future__ import annotations

import sys
from collections import Counter

from nlu.embedded.training import Sentence, fit
from nlu.embedded.words import words_of
from nlu.evaluation import Case, read_cases
from nlu.training_data import read_folder
from tests.bench.measuring import ROOT

GROUPS = {"all": None, "es": ("es",), "pt": ("pt",), "en fr ht": ("en", "fr", "ht")}


def first_of_each(most: int) -> list[Sentence]:
    """The first `most` sentences of every label and language."""
    seen: Counter[tuple[str, str | None]] = Counter()
    chosen = []
    for example in read_folder(ROOT / "nlu" / "data"):
        seen[example.label, example.language] += 1
        words = tuple(words_of(example.text))
        if words and seen[example.label, example.language] <= most:
            chosen.append(Sentence(words, example.label, example.language))
    return chosen


def shares(sentences: list[Sentence], cases: list[Case]) -> list[str]:
    """For all and for each group of languages the share right, first and among three."""
    classifier = fit(sentences)
    ranked = []
    for case in cases:
        chances = classifier.score(words_of(case.text), case.language).chances
        ranked.append([classifier.labels[i] for i in (-chances).argsort()[:3]])
    cells = []
    for languages in GROUPS.values():
        rows = [
            (c, r) for c, r in zip(cases, ranked, strict=True) if languages is None or c.language in languages
        ]
        first = sum(r[0] in c.right for c, r in rows) / len(rows)
        three = sum(bool(c.right & set(r)) for c, r in rows) / len(rows)
        cells.append(f"{first:.3f} ({three:.3f})")
    return cells


def main(sizes: list[int]) -> None:
    """Print the table."""
    cases = read_cases([ROOT / "nlu" / "expected" / "development.jsonl"])
    print("| at most, per label and language | sentences | " + " | ".join(GROUPS) + " |")
    print("|--:|--:|" + "--:|" * len(GROUPS))
    for size in sizes:
        sentences = first_of_each(size)
        print(f"| {size} | {len(sentences)} | " + " | ".join(shares(sentences, cases)) + " |", flush=True)


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or [8, 25, 50, 100, 200, 1000])
