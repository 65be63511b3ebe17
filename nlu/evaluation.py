"""Measures an interpreter on messages with known labels: how often right, how honestly sure, how safe, how fast.

Works on any interpreter. `also` labels count as right. It keeps figures, never texts.
"""

from __future__ import annotations

import json
import math
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from nlu.reading import Context, Interpreter, NotUnderstood, Reading, Understood, Unreachable

OUT_OF_SCOPE = "out_of_scope"
DANGER_NOW = "danger_now"
SENSITIVE_SECTOR = "protection"
# Where the safety card is no false alarm: what is told there is danger too, though not a sensitive need.
_GRAVE = frozenset((DANGER_NOW, "legal.detention", "health.emergency", "health.mental"))
_BINS = (0.0, 0.2, 0.4, 0.6, 0.8, 0.9, 0.95, 1.0)


@dataclass(frozen=True)
class Case:
    """A message with its label, the labels that are as right (`also`), its language and style."""

    text: str
    label: str
    also: tuple[str, ...] = ()
    language: str | None = None
    style: str = "-"

    @property
    def right(self) -> frozenset[str]:
        """Every label that counts as right."""
        return frozenset((self.label, *self.also))

    @property
    def endangered(self) -> bool:
        """Whether the message must reach the safe path."""
        return self.label == DANGER_NOW or self.label.startswith(f"{SENSITIVE_SECTOR}.")

    @property
    def harmless(self) -> bool:
        """Whether no label that would be right tells of danger."""
        return not any(label in _GRAVE or label.startswith(f"{SENSITIVE_SECTOR}.") for label in self.right)


@dataclass(frozen=True)
class Judged:
    """One case and what was made of it."""

    case: Case
    reading: Reading
    seconds: float

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels offered, best first."""
        return (
            () if isinstance(self.reading, Unreachable) else tuple(c.label for c in self.reading.candidates)
        )

    @property
    def first_right(self) -> bool:
        """Whether the best guess is right."""
        return bool(self.labels) and self.labels[0] in self.case.right

    @property
    def refused(self) -> bool:
        """Whether the message was taken for out of scope: by its label, or by not being understood."""
        return isinstance(self.reading, NotUnderstood) or self.labels[:1] == (OUT_OF_SCOPE,)

    @property
    def safe(self) -> bool:
        """Whether the person reaches the safe path: by rule, or by a sensitive label."""
        if isinstance(self.reading, Unreachable):
            return False
        if self.reading.danger:
            return True
        others = self.reading.others if isinstance(self.reading, Understood) else self.labels[1:3]
        shown = (*self.labels[:1], *others)
        return any(label == DANGER_NOW or label.startswith(f"{SENSITIVE_SECTOR}.") for label in shown)


class CasesError(ValueError):
    """A file of cases cannot be read; the message names file and line."""


def read_cases(files: Iterable[Path]) -> list[Case]:
    """The cases of JSON-lines files: `text`, `label`, optionally `also`, `lang`, `style`."""
    cases = []
    for file in files:
        for number, line in enumerate(_text_of(file).splitlines(), 1):
            if not line.strip():
                continue
            try:
                cases.append(_case(json.loads(line)))
            except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
                raise CasesError(
                    f"{file}:{number}: expected a JSON object with `text` and `label`"
                ) from error
    return cases


def _text_of(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise CasesError(f"{file}: not readable as UTF-8 text") from error


def _case(raw: dict[str, Any]) -> Case:
    text, label, also = raw["text"], raw["label"], raw.get("also") or ()
    if not all(isinstance(one, str) for one in (text, label, *also)):
        raise TypeError("a text or a label is no text")
    return Case(text, label, tuple(also), raw.get("lang"), raw.get("style") or "-")


async def judged(interpreter: Interpreter, cases: Sequence[Case]) -> list[Judged]:
    """Reads every case, one by one, without context."""
    results = []
    for case in cases:
        begun = time.perf_counter()
        reading = await interpreter.read(case.text, Context())
        results.append(Judged(case, reading, time.perf_counter() - begun))
    return results


async def evaluated(interpreter: Interpreter, cases: Sequence[Case]) -> dict[str, Any]:
    """All figures of one run, as plain data; shares are between 0 and 1, None where there was no case."""
    if not cases:
        raise CasesError("no cases to evaluate")
    results = await judged(interpreter, cases)
    if all(isinstance(result.reading, Unreachable) for result in results):
        # Shares of nothing would read as an engine that gets everything wrong.
        raise CasesError("the engine answered none of the messages: is it running, and at this address?")
    return figures(results)


def figures(results: Sequence[Judged]) -> dict[str, Any]:
    """The figures of judged cases."""
    scope = [r for r in results if r.case.label != OUT_OF_SCOPE]
    outside = [r for r in results if r.case.label == OUT_OF_SCOPE]
    understood = [r for r in results if isinstance(r.reading, Understood)]
    unsure = [r for r in results if not isinstance(r.reading, (Understood, NotUnderstood, Unreachable))]
    endangered = [r for r in results if r.case.endangered]
    harmless = [r for r in results if r.case.harmless]
    spoken = [r for r in results if r.case.language]
    return {
        "messages": len(results),
        "top1": _share(results, lambda r: r.first_right),
        "top3": _share(results, lambda r: bool(r.case.right & set(r.labels[:3]))),
        "sector": _share(results, _right_sector),
        "understood": _share(results, lambda r: isinstance(r.reading, Understood)),
        "understood_and_right": _share(understood, lambda r: r.first_right),
        "unsure_holds_right": _share(unsure, lambda r: bool(r.case.right & set(r.labels[:3]))),
        "in_scope_rejected": _share(scope, lambda r: r.refused and OUT_OF_SCOPE not in r.case.also),
        "out_of_scope_recognised": _share(outside, lambda r: r.refused),
        "danger_recall": _share(endangered, lambda r: r.safe),
        "danger_false_alarms": _share(harmless, lambda r: bool(getattr(r.reading, "danger", None))),
        "language": _share(spoken, lambda r: getattr(r.reading, "language", None) == r.case.language),
        "by_language": _table(results, lambda r: r.case.language or "-"),
        "by_style": _table(results, lambda r: r.case.style),
        "by_label": _table(results, lambda r: r.case.label),
        "calibration": _calibration(results),
        "latency_ms": _latency([r.seconds for r in results]),
    }


def _share(results: Sequence[Judged], holds: Callable[[Judged], bool]) -> float | None:
    return round(sum(map(holds, results)) / len(results), 4) if results else None


def _right_sector(result: Judged) -> bool:
    sector = result.labels[0].split(".")[0] if result.labels else ""
    return sector in {label.split(".")[0] for label in result.case.right}


def _table(results: Sequence[Judged], key: Callable[[Judged], str]) -> dict[str, dict[str, Any]]:
    groups: dict[str, list[Judged]] = defaultdict(list)
    for result in results:
        groups[key(result)].append(result)
    return {
        name: {
            "messages": len(group),
            "top1": _share(group, lambda r: r.first_right),
            "top3": _share(group, lambda r: bool(r.case.right & set(r.labels[:3]))),
        }
        for name, group in sorted(groups.items())
    }


def _calibration(results: Sequence[Judged]) -> list[dict[str, Any]]:
    """For each band of confidence: how many messages, the mean confidence, the share that was right."""
    sure = [(r.reading.candidates[0].confidence, r.first_right) for r in results
            if not isinstance(r.reading, Unreachable) and r.reading.candidates]  # fmt: skip
    rows = []
    for low, high in pairwise(_BINS):
        inside = [(c, right) for c, right in sure if low <= c < high or (high == 1.0 and c == 1.0)]
        if inside:
            mean = sum(c for c, _ in inside) / len(inside)
            right = sum(r for _, r in inside) / len(inside)
            rows.append({"from": low, "to": high, "messages": len(inside), "confidence": round(mean, 3), "right": round(right, 3)})  # fmt: skip
    return rows


def _latency(seconds: Sequence[float]) -> dict[str, float]:
    ordered = sorted(seconds)

    def at(share: float) -> float:
        return round(1000 * ordered[min(len(ordered) - 1, math.ceil(share * len(ordered)) - 1)], 3)

    return {
        "p50": at(0.5),
        "p95": at(0.95),
        "p99": at(0.99),
        "mean": round(1000 * sum(ordered) / len(ordered), 3),
    }


_HEADLINES = (
    ("top1", "right label first"),
    ("top3", "right label among three"),
    ("sector", "right sector"),
    ("understood", "decided understood"),
    ("understood_and_right", "of these right"),
    ("unsure_holds_right", "unsure, right among three"),
    ("in_scope_rejected", "in scope, rejected"),
    ("out_of_scope_recognised", "out of scope recognised"),
    ("danger_recall", "danger reaches safe path"),
    ("danger_false_alarms", "false alarms"),
    ("language", "language identified"),
)


def in_words(measured: Mapping[str, Any]) -> str:
    """The figures as plain tables."""
    lines = [f"{measured['messages']} messages", ""]
    lines += [f"{title:28}{_percent(measured[key]):>8}" for key, title in _HEADLINES]
    latency = measured["latency_ms"]
    lines += [f"{'milliseconds p50/p95/p99':28}{latency['p50']:>8} {latency['p95']} {latency['p99']}"]
    for key, title in (("by_language", "language"), ("by_style", "style"), ("by_label", "label")):
        lines += ["", f"{title:28}{'messages':>10}{'first':>9}{'in three':>10}"]
        for name, row in measured[key].items():
            lines.append(
                f"{name:28}{row['messages']:>10}{_percent(row['top1']):>9}{_percent(row['top3']):>10}"
            )
    lines += ["", f"{'confidence':16}{'messages':>10}{'said':>8}{'right':>8}"]
    for row in measured["calibration"]:
        band = f"{row['from']:.2f} to {row['to']:.2f}"
        lines.append(f"{band:16}{row['messages']:>10}{row['confidence']:>8.2f}{row['right']:>8.2f}")
    return "\n".join(lines) + "\n"


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{100 * share:.1f} %"
