"""The list of the security standard is whole and true: every number, with a test that exists, a rule, or a reason."""

from __future__ import annotations

import ast
import csv
import re
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LIST = (ROOT / "console" / "ASVS.md").read_text(encoding="utf-8")
RULES = (ROOT / "console" / "SECURITY.md").read_text(encoding="utf-8")
ROW = re.compile(
    r"^\| ([\d.]+) \| ([12]) \| ([^|]+) \| \*\*(met|not applicable|open)\*\*: ([^|]+) \|$", re.MULTILINE
)
TESTS = re.compile(r"`(test_\w+)`")
SECTIONS = re.compile(r"\(SECURITY\.md#([\w-]+)\)")
Row = tuple[str, str, str, str, str]


def rows() -> list[Row]:
    """Number, level, what is asked for, state and reason of every row."""
    return [tuple(found) for found in ROW.findall(LIST)]  # type: ignore[misc]


@pytest.fixture(scope="module")
def tests_there() -> set[str]:
    """The name of every test of the suite."""
    named = set()
    for path in (ROOT / "tests").rglob("test_*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                named.add(node.name)
    return named


def test_every_number_of_the_standard_stands_once_with_its_level() -> None:
    """The numbers of levels 1 and 2 of ASVS 5.0.0 are kept as data; none is missing, none is made up."""
    with (Path(__file__).parent / "standard" / "asvs-5.0.0.csv").open(encoding="utf-8") as file:
        wanted = [(row["number"], row["level"]) for row in csv.DictReader(file)]
    assert len(wanted) == 253
    assert [(number, level) for number, level, *_ in rows()] == wanted
    assert len([line for line in LIST.splitlines() if line.startswith("| ") and line[2].isdigit()]) == len(
        wanted
    )


@pytest.mark.parametrize("row", rows(), ids=lambda row: row[0])
def test_each_row_names_what_is_there(row: Row, tests_there: set[str]) -> None:
    """What is met has a test or a rule, and what is named exists; what is not has a reason."""
    _, _, asked, state, reason = row
    named, sections = TESTS.findall(reason), SECTIONS.findall(reason)
    headings = {line[3:].lower().replace(" ", "-") for line in RULES.splitlines() if line.startswith("## ")}
    assert set(named) <= tests_there
    assert set(sections) <= headings
    assert len(asked) >= 8
    assert len(reason) > 10
    assert state != "met" or named or sections


def test_the_sum_at_the_top_is_that_of_the_rows() -> None:
    """Nobody reads of more that is met than there is."""
    counted = Counter(state for *_, state, _ in rows())
    said = re.search(r"Of (\d+) requirements (\d+) are met, (\d+) do not apply, (\d+) (?:is|are) open", LIST)
    assert said
    assert [int(one) for one in said.groups()] == [
        len(rows()), counted["met"], counted["not applicable"], counted["open"],
    ]  # fmt: skip
