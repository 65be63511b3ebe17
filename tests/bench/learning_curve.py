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


def shares(sentences: list[Sentence], groups: dict[str, list[Case]]) -> list[str]:
    """For each group of cases the share right, first and among three."""
    classifier = fit(sentences)
    cells = []
    for cases in groups.values():
        ranked = []
        for case in cases:
            chances = classifier.score([words_of(case.text)], case.language)[0].chances
            ranked.append([classifier.labels[i] for i in (-chances).argsort()[:3]])
        first = sum(r[0] in c.right for c, r in zip(cases, ranked, strict=True)) / len(cases)
        three = sum(bool(c.right & set(r)) for c, r in zip(cases, ranked, strict=True)) / len(cases)
        cells.append(f"{first:.3f} ({three:.3f})")
    return cells


def groups() -> dict[str, list[Case]]:
    """The expected utterances by language, and the hard ones: those read right and those read wrong together."""
    room = ROOT / "nlu" / "expected"
    cases = read_cases([room / "development.jsonl"])
    hard = read_cases([room / "hard.jsonl", room / "known_failures.jsonl"])
    return {
        "all": cases,
        **{name: [c for c in cases if c.language in name.split()] for name in ("es", "pt", "en fr ht")},
        **{
            f"hard, {name}": [c for c in hard if c.language in name.split()] for name in ("es pt", "en fr ht")
        },
    }


def main(sizes: list[int]) -> None:
    """Print the table."""
    asked = groups()
    print("| at most, per label and language | sentences | " + " | ".join(asked) + " |")
    print("|--:|--:|" + "--:|" * len(asked))
    for size in sizes:
        sentences = first_of_each(size)
        print(f"| {size} | {len(sentences)} | " + " | ".join(shares(sentences, asked)) + " |", flush=True)


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or [8, 25, 50, 100, 200, 1000])
