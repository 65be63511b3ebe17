"""What `orienta content …` does: plain functions over a content folder, for the command line to call.

Each writes sentences to a stream and returns the exit code: 0 when all is well, 1 when something is to do.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TextIO

from content.check import check
from content.collection import DATA, Collection, read_collection
from content.documents import Reader
from content.problems import ContentProblemsError
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
    with _told(out):
        return _readiness(out, today, place, _collection(root))
    return 1


def _readiness(out: TextIO, today: date, place: str | None, collection: Collection) -> int:
    if place is not None and place not in collection.places:
        known = ", ".join(one.code for one in collection.places.all)
        print(f"{place} is no place. Known are: {known}.", file=out)
        return 1
    ready = True
    for one in (one for one in collection.places.all if place in (None, one.code)):
        rules = readiness(collection, one, today)
        print(f"{one.code} ({'open' if one.open else 'in preparation'})", file=out)
        for rule in rules:
            level = "must" if rule.must else "should"
            print(f"  {rule.state.value:7} {level:6} {rule.name}: {rule.detail}", file=out)
        ready = ready and (is_ready(rules) or not one.open)
    return 0 if ready else 1


def run_seen(out: TextIO, files: tuple[str, ...], root: Path = DATA) -> int:
    """Note that files were read against their facts; all of them when none is named."""
    with _told(out):
        collection = _collection(root)
        written = tuple(marks_today(collection))
        unknown = [file for file in files if file not in written]
        if unknown:
            print(f"No answer is written in {', '.join(unknown)}.", file=out)
            return 1
        print(f"{mark_as_seen(collection, files or written)} texts noted as read.", file=out)
        return 0
    return 1


def run_new_place(out: TextIO, code: str, country: str, name: str, model: str, root: Path = DATA) -> int:
    """Write the skeleton of a place and say what to fill."""
    with _told(out):
        written = new_place(_collection(root), code, country, name, model)
        # A skeleton states nothing that could differ from its facts.
        answers = [
            str(path.relative_to(root)) for path in written if "answers" in path.relative_to(root).parts
        ]
        mark_as_seen(_collection(root), answers)
        return _written(out, written, root)
    return 1


def run_new_language(out: TextIO, code: str, name: str, root: Path = DATA) -> int:
    """Write the skeleton of a language and say what to fill."""
    with _told(out):
        return _written(out, new_language(_collection(root), code, name), root)
    return 1


@contextmanager
def _told(out: TextIO) -> Iterator[None]:
    """What cannot be done is said, and the command ends."""
    try:
        yield
    except (ContentProblemsError, ScaffoldError) as error:
        print(error, file=out)


def _written(out: TextIO, paths: list[Path], root: Path) -> int:
    for path in paths:
        print(f"wrote {path.relative_to(root)}", file=out)
    print("Fill these, then run: orienta content check", file=out)
    return 0


def _collection(root: Path) -> Collection:
    """The content; ContentProblemsError names what cannot be read, so that nothing is judged or written by halves."""
    reader = Reader(root)
    collection = read_collection(reader)
    if reader.problems:
        raise ContentProblemsError(reader.problems)
    return collection


def _summary(errors: int, notices: int) -> str:
    state = "The content is in order." if not errors else f"{errors} problems to mend."
    due = f" {notices} facts are due for review (--notices names them)." if notices else ""
    return state + due
