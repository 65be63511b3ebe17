"""Figures are what they say, the contract's JSON lines hold, and the data check reports everything at once."""

import asyncio
import io
import json
from pathlib import Path

import pytest

from nlu import cli
from nlu.check import checked
from nlu.embedded.engine import EmbeddedInterpreter
from nlu.evaluation import Case, CasesError, Judged, evaluated, figures, in_words, read_cases
from nlu.reading import Candidate, Context, NotUnderstood, Reading, Understood, Unreachable, Unsure


def _candidates(*labels: str) -> tuple[Candidate, ...]:
    return tuple(Candidate(label, 0.9 / (i + 1)) for i, label in enumerate(labels))


def test_also_counts_as_right_and_refusals_are_counted() -> None:
    """`also` labels are right; not understood is a refusal; danger by rule is a safe path."""
    food = Understood(
        candidates=_candidates("basics.food"), label="basics.food", confidence=0.9, language="es"
    )
    results = [
        Judged(Case("a", "basics.cash", ("basics.food",), "es"), food, 0.001),
        Judged(Case("b", "out_of_scope"), NotUnderstood(), 0.001),
        Judged(
            Case("c", "protection.threats"),
            Unsure(danger="threats", candidates=_candidates("greet", "thanks", "protection.threats")),
            0.001,
        ),
        Judged(Case("d", "danger_now"), food, 0.001),
        Judged(Case("e", "greet"), Unreachable("down"), 0.001),
    ]
    told = figures(results)
    assert told["top1"] == 0.2
    assert told["top3"] == 0.4
    assert told["understood_and_right"] == 0.5
    assert told["out_of_scope_recognised"] == 1.0
    assert told["danger_recall"] == 0.5
    assert told["danger_false_alarms"] == 0.0
    assert told["language"] == 1.0
    assert "right label first" in in_words(told)


def test_a_file_that_is_no_list_of_cases_is_told(tmp_path: Path) -> None:
    """File and line of the first line that is no case."""
    file = tmp_path / "cases.jsonl"
    file.write_text('{"text": "a", "label": "greet"}\n\n[1]\n', encoding="utf-8")
    with pytest.raises(CasesError, match=r"cases\.jsonl:3"):
        read_cases([file])
    with pytest.raises(CasesError, match="no cases"):
        asyncio.run(evaluated(_Silent(), []))
    for broken in (
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"text": 5, "label": "greet"}',
        b'{"text": "a", "label": ["greet"]}',
    ):
        file.write_bytes(broken)
        with pytest.raises(CasesError, match=r"cases\.jsonl"):
            read_cases([file])


def test_an_engine_that_is_away_has_no_figures() -> None:
    """An engine that answered nothing is told, and not measured as one that gets everything wrong."""
    with pytest.raises(CasesError, match="answered none"):
        asyncio.run(evaluated(_Silent(), [Case("a", "greet")]))


class _Silent:
    async def read(self, text: str, context: Context) -> Reading:
        return Unreachable("silent")


def test_understand_answers_line_by_line(small: EmbeddedInterpreter) -> None:
    """One JSON line out for each line in, in order, with the keys of the contract; a bad line does not stop it."""
    out = io.StringIO()
    wrong = cli.understand(small, ['{"text": "quiero pedir refugio"}\n', "nonsense\n", '{"text": ""}\n'], out)
    first, bad, empty = (json.loads(line) for line in out.getvalue().splitlines())
    assert wrong == 1
    assert {"label", "confidence", "decision", "candidates", "language", "danger", "entities"} <= first.keys()
    assert first["candidates"][0]["label"] == first["label"]
    assert set(first["entities"]) == {"place", "profile", "when"}
    assert "error" in bad
    assert (empty["decision"], empty["label"]) == ("not_understood", "out_of_scope")


def test_evaluate_prints_tables_or_json(small: EmbeddedInterpreter, tmp_path: Path) -> None:
    """The same figures as text and as JSON."""
    file = tmp_path / "cases.jsonl"
    file.write_text(
        '{"text": "quiero pedir refugio", "label": "asylum.apply", "lang": "es", "style": "plain"}\n',
        encoding="utf-8",
    )
    out = io.StringIO()
    cli.evaluate(small, [file], out, as_json=True)
    assert json.loads(out.getvalue())["messages"] == 1
    out = io.StringIO()
    cli.evaluate(small, [file], out)
    assert "1 messages" in out.getvalue()


def test_the_check_reports_everything_at_once(tmp_path: Path) -> None:
    """Too few, twice, two labels, nearly the same, leaked: all in one report."""
    (tmp_path / "data/es").mkdir(parents=True)
    (tmp_path / "expected").mkdir()
    (tmp_path / "data/es/a.yml").write_text(
        "nlu:\n- intent: greet\n  examples: |\n    - hola\n    - Hola!\n    - necesito comida para mis tres hijos hoy mismo\n"
        "    - necesito comida para mis tres hijos hoy mismo ya\n- intent: thanks\n  examples: |\n    - hola\n",
        encoding="utf-8",
    )
    (tmp_path / "expected/x.jsonl").write_text(
        '{"text": "comida necesito para mis tres hijos hoy mismo", "label": "basics.food"}\n',
        encoding="utf-8",
    )
    report = checked(tmp_path / "data", tmp_path / "expected")
    told = "\n".join(report.problems)
    for what in (
        "too few: greet in es",
        "twice",
        "under two labels, greet and thanks",
        "nearly the same",
        "also trained on",
    ):
        assert what in told
    assert f"{len(report.problems)} problems" in report.in_words()
