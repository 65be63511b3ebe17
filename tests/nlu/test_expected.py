"""The bar: what the shipped data must reach on the expected utterances, which are never trained on.

The model is trained here as `make setup` trains it, unless it is fresh.
"""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from nlu.embedded.engine import embedded_interpreter
from nlu.evaluation import Judged, figures, judged, read_cases
from nlu.reading import Unsure

EXPECTED = Path(__file__).resolve().parents[2] / "nlu" / "expected"


def _judged(name: str) -> list[Judged]:
    """One run over one file of expected utterances."""
    return asyncio.run(judged(embedded_interpreter(), read_cases([EXPECTED / f"{name}.jsonl"])))


@pytest.fixture(scope="module")
def results() -> list[Judged]:
    """One run over the utterances that no engine sorted."""
    return _judged("development")


@pytest.fixture(scope="module")
def measured(results: list[Judged]) -> dict[str, Any]:
    """The figures of that run."""
    return figures(results)


@pytest.mark.timeout(900)
@pytest.mark.parametrize(
    ("figure", "least"),
    [
        ("top1", 0.80),
        ("top3", 0.92),
        ("sector", 0.85),
        ("understood_and_right", 0.95),
        ("out_of_scope_recognised", 0.80),
        ("danger_recall", 0.97),
        ("language", 0.95),
    ],
)
def test_the_bar_holds(measured: dict[str, Any], figure: str, least: float) -> None:
    """Each figure is at least the bar."""
    assert measured[figure] >= least


def test_what_is_offered_holds_what_was_meant(results: list[Judged]) -> None:
    """Of the utterances left unsure, four in five have the right label among three; of fewer than ten, all but two."""
    unsure = [one for one in results if isinstance(one.reading, Unsure)]
    missed = [one for one in unsure if not one.case.right & set(one.labels[:3])]
    assert len(missed) <= max(2, len(unsure) // 5)


@pytest.mark.parametrize(("figure", "most"), [("in_scope_rejected", 0.04), ("danger_false_alarms", 0.06)])
def test_nothing_is_refused_or_alarmed_too_often(measured: dict[str, Any], figure: str, most: float) -> None:
    """Refusing what we serve, and alarms about nothing, stay rare."""
    assert measured[figure] <= most


@pytest.mark.parametrize(
    ("language", "least"), [("es", 0.85), ("pt", 0.85), ("en", 0.65), ("fr", 0.65), ("ht", 0.65)]
)
def test_every_language_reaches_its_bar(measured: dict[str, Any], language: str, least: float) -> None:
    """No language is left behind."""
    assert measured["by_language"][language]["top1"] >= least


def test_the_answer_is_quick(measured: dict[str, Any]) -> None:
    """Half the messages are read in less than ten milliseconds, even on a busy machine."""
    assert measured["latency_ms"]["p50"] < 10


def test_what_was_understood_stays_understood() -> None:
    """Hard sentences that were once read right stay right, but for a few."""
    hard = _judged("hard")
    lost = [one.case.text for one in hard if not one.first_right]
    assert len(lost) <= len(hard) // 20, lost


def test_known_failures_still_fail() -> None:
    """What the engine is known to get wrong is listed, and what it learned is taken off the list."""
    learned = [one.case.text for one in _judged("known_failures") if one.first_right]
    assert not learned, f"read right now: move it to expected (nlu/expected/hard.jsonl): {learned}"
