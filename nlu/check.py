"""Proves the training data: enough of everything, nothing twice, nothing under two labels, nothing leaked.

It reports every problem at once and changes no file. `python -m nlu.check` prints them for our own data and ends
with 1 when there is any.
"""

from __future__ import annotations

import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nlu.embedded.grams import word_grams
from nlu.embedded.words import words_of
from nlu.training_data import Example, TrainingDataError, read_folder

LEAST: Mapping[str, int] = {"es": 200, "pt": 200, "en": 50, "fr": 50, "ht": 50}
LEAST_OF_DIALOGUE: Mapping[str, int] = {"es": 100, "pt": 100, "en": 50, "fr": 50, "ht": 50}
LEAST_OUT_OF_SCOPE: Mapping[str, int] = {"es": 500, "pt": 500, "en": 50, "fr": 50, "ht": 50}
_NEAR = 0.86  # cosine over words and pairs of words; above it two sentences say the same in the same words


@dataclass(frozen=True)
class Report:
    """Counts by (label, language) and all problems found."""

    counts: Mapping[tuple[str, str], int]
    problems: Sequence[str]

    def in_words(self) -> str:
        """A table of counts, then the problems."""
        labels = sorted({label for label, _ in self.counts})
        languages = sorted({language for _, language in self.counts})
        lines = [f"{'':32}" + "".join(f"{language:>8}" for language in languages)]
        lines += [f"{a:32}" + "".join(f"{self.counts.get((a, b), 0):8}" for b in languages) for a in labels]
        totals = (sum(n for (_, b), n in self.counts.items() if b == language) for language in languages)
        lines.append(f"{'total':32}" + "".join(f"{n:8}" for n in totals))
        lines += [*self.problems, f"{len(self.problems)} problems"]
        return "\n".join(lines) + "\n"


def checked(folder: Path, expected: Path | None = None, labels: Sequence[str] | None = None) -> Report:
    """Checks a folder of training data; `expected` is the folder of expected utterances, `labels` what must be there."""
    try:
        examples = read_folder(folder)
    except TrainingDataError as error:
        return Report({}, [str(error)])
    counts = Counter((e.label, e.language or "-") for e in examples)
    problems = [
        *_too_few(counts, labels or sorted({e.label for e in examples})),
        *_same(examples),
        *_near(examples),
        *_leaked(examples, expected),
    ]
    return Report(counts, problems)


def _too_few(counts: Mapping[tuple[str, str], int], labels: Sequence[str]) -> Iterator[str]:
    """What lies under its count."""
    languages = {language for _, language in counts}
    for label in labels:
        least = (
            LEAST if "." in label else LEAST_OUT_OF_SCOPE if label == "out_of_scope" else LEAST_OF_DIALOGUE
        )
        for language, wanted in least.items():
            if language in languages and counts.get((label, language), 0) < wanted:
                have = counts.get((label, language), 0)
                yield f"too few: {label} in {language} has {have} of {wanted} sentences"


def _flat(text: str) -> str:
    return " ".join(words_of(text))


def _same(examples: Sequence[Example]) -> Iterator[str]:
    """The same sentence twice, or under two labels, in one language (`abrigo` is a coat in Spanish)."""
    seen: dict[tuple[str | None, str], Example] = {}
    for example in examples:
        flat = _flat(example.text)
        if not flat:  # pictures and dots without a word train nothing, so they contradict nothing
            continue
        first = seen.setdefault((example.language, flat), example)
        if first is example:
            continue
        what = (
            "twice"
            if first.label == example.label
            else f"under two labels, {first.label} and {example.label}"
        )
        yield f"{example.file}:{example.line}: {what} (also {first.file}:{first.line}): {example.text[:60]!r}"


def _near(examples: Sequence[Example]) -> Iterator[str]:
    """Sentences of four words or more that share nearly all words and pairs of words."""
    from scipy.sparse import csr_matrix

    long = [(e, w) for e in examples if len(w := words_of(e.text)) >= 4]
    if len(long) < 2:
        return
    marks = [np.unique(word_grams(w, 2)) for _, w in long]
    every = np.unique(np.concatenate(marks))
    sizes = np.array([len(m) for m in marks])
    at, values = np.searchsorted(every, np.concatenate(marks)), np.repeat(1 / np.sqrt(sizes), sizes)
    ends = np.concatenate([[0], np.cumsum(sizes)])
    matrix = csr_matrix((values.astype(np.float32), at, ends), shape=(len(marks), len(every)))
    for start in range(0, len(long), 2000):
        likeness = (matrix[start : start + 2000] @ matrix.T).tocoo()
        for row, column in _above(likeness.row, likeness.col, likeness.data, start):
            first, second = long[column][0], long[row][0]
            if _flat(first.text) != _flat(second.text):
                yield (
                    f"{second.file}:{second.line}: nearly the same as {first.file}:{first.line}: "
                    f"{second.text[:60]!r} and {first.text[:60]!r}"
                )


def _above(
    rows: NDArray[np.int32], columns: NDArray[np.int32], values: NDArray[np.float32], start: int
) -> Iterator[tuple[int, int]]:
    near = (values >= _NEAR) & (columns < rows + start)
    return zip((rows[near] + start).tolist(), columns[near].tolist(), strict=True)


def _leaked(examples: Sequence[Example], expected: Path | None) -> Iterator[str]:
    """Expected utterances that stand in the training data, or nearly (the same words in any order)."""
    if expected is None or not expected.is_dir():
        return
    trained: dict[frozenset[str], Example] = {frozenset(words_of(e.text)): e for e in examples}
    firsts = defaultdict(list)
    for example in examples:
        firsts[_flat(example.text)].append(example)
    for file in sorted(expected.glob("*.jsonl")):
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
            text = json.loads(line)["text"] if line.strip() else ""
            words = words_of(text)
            twin = trained.get(frozenset(words)) if len(words) >= 3 else None
            if text and twin:
                yield f"{file}:{number}: also trained on ({twin.file}:{twin.line}): {text[:60]!r}"


def main() -> int:
    """Checks our own data and expected utterances; 1 when there is a problem."""
    room = Path(__file__).parent
    report = checked(room / "data", room / "expected")
    sys.stdout.write(report.in_words())
    return 1 if report.problems else 0


if __name__ == "__main__":
    sys.exit(main())
