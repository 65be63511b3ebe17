"""What `orienta content …` does: plain functions over a content folder, for the command line to call.

Each writes sentences to a stream and returns the exit code: 0 when all is well, 1 when something is to do.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TextIO

from content.check import check
from content.collection import DATA, Collection, read_collection
from content.documents import Reader
from content.readiness import is_ready, readiness
from content.scaffold import ScaffoldError, new_language, new_place
from content.seen import mark_as_seen, marks_today


def run_check(out: TextIO, today: date, root: Path = DATA, notices: bool = False) -> int:
    """Print every problem; with `notices` also each fact that is past its review date."""
    report = check(today, root)
    for problem in (*report.errors, *(report.notices if notices else ())):
        print(problem, file=out)
    print(_summary(len(report.errors), len(report.notices)), file=out)
    return 1 if report.errors else 0


def run_readiness(out: TextIO, today: date, place: str | None = None, root: Path = DATA) -> int:
    """Print each rule of a place (of all places) and whether it may be opened."""
    collection = _collection(root)
    if place is not None and place not in collection.places:
        print(
            f"{place} is no place. Known are: {', '.join(p.code for p in collection.places.all)}.", file=out
        )
        return 1
    chosen = [p for p in collection.places.all if place in (None, p.code)]
    ready = True
    for one in chosen:
        rules = readiness(collection, one, today)
        print(f"{one.code} ({'open' if one.open else 'in preparation'})", file=out)
        for rule in rules:
            level = "must" if rule.must else "should"
            print(f"  {rule.state.value:7} {level:6} {rule.name}: {rule.detail}", file=out)
        ready = ready and (is_ready(rules) or not one.open)
    return 0 if ready else 1


def run_seen(out: TextIO, files: tuple[str, ...], root: Path = DATA) -> int:
    """Note that files were read against their facts; all of them when none is named."""
    collection = _collection(root)
    unknown = [file for file in files if file not in marks_today(collection)]
    if unknown:
        print(f"No answer is written in {', '.join(unknown)}.", file=out)
        return 1
    print(f"{mark_as_seen(collection, files)} texts noted as read.", file=out)
    return 0


def run_new_place(out: TextIO, code: str, country: str, name: str, model: str, root: Path = DATA) -> int:
    """Write the skeleton of a place and say what to fill."""
    try:
        written = new_place(_collection(root), code, country, name, model)
    except ScaffoldError as error:
        print(error, file=out)
        return 1
    answers = tuple(str(path.relative_to(root)) for path in written if path.parent.name != country)
    mark_as_seen(_collection(root), tuple(name for name in answers if "/answers/" in name))
    return _written(out, written, root)


def run_new_language(out: TextIO, code: str, name: str, root: Path = DATA) -> int:
    """Write the skeleton of a language and say what to fill."""
    try:
        written = new_language(_collection(root), code, name)
    except ScaffoldError as error:
        print(error, file=out)
        return 1
    return _written(out, written, root)


def _written(out: TextIO, paths: list[Path], root: Path) -> int:
    for path in paths:
        print(f"wrote {path.relative_to(root)}", file=out)
    print("Fill these, then run: orienta content check", file=out)
    return 0


def _collection(root: Path) -> Collection:
    return read_collection(Reader(root))


def _summary(errors: int, notices: int) -> str:
    state = "The content is in order." if not errors else f"{errors} problems to mend."
    due = f" {notices} facts are due for review (--notices names them)." if notices else ""
    return state + due
