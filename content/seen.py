"""Which texts were read against their facts, so that a changed fact marks every text that rests on it.

`seen.yml` holds a mark for each part as it was when somebody last read it. When a fact or a text changes,
its mark changes, and the check names the texts to be read again, in every place that uses the fact.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import yaml

from content.cards import mark_of
from content.collection import Collection
from content.documents import Reader
from content.problems import ContentProblemsError, Problem
from content.replacing import replaced
from content.rules import file_of

_HEADER = """# Marks of the texts as they were when somebody last read them against their facts.
# Written by `orienta content seen`; a changed fact or text makes `orienta content check` ask for a reading.
"""


def marks_today(collection: Collection) -> dict[str, dict[str, str]]:
    """The mark of every part of every answer, by file and side of the need."""
    return {
        file_of(collection, answer): {part.about: mark_of(part, collection.facts, 8) for part in answer.parts}
        for answer in sorted(collection.answers.values(), key=lambda answer: file_of(collection, answer))
    }


def unseen_problems(collection: Collection) -> Iterator[Problem]:
    """Every part whose text or facts changed since it was read; where the marks cannot be read, what is wrong there."""
    reader = Reader(collection.root)
    seen = _read(reader)
    if reader.problems:
        yield from reader.problems
        return
    for file, marks in marks_today(collection).items():
        changed = [about for about, mark in marks.items() if seen.get(file, {}).get(about) != mark]
        if changed:
            yield Problem(
                file, 0, f"Text or facts changed since they were read together: {', '.join(changed)}.",
                f"Read them against the facts, then run: orienta content seen {file}",
            )  # fmt: skip


def mark_as_seen(collection: Collection, files: Iterable[str]) -> int:
    """Note that these files were read; the number of files noted. ContentProblemsError leaves broken marks as they are."""
    reader = Reader(collection.root)
    today, before = marks_today(collection), _read(reader)
    if reader.problems:
        raise ContentProblemsError(reader.problems)
    chosen = {file: today[file] for file in files}
    seen = {file: marks for file, marks in before.items() if file in today} | chosen
    path = collection.root / "seen.yml"
    with replaced(path) as written:
        written.write((_HEADER + yaml.safe_dump(dict(sorted(seen.items())), allow_unicode=True)).encode())
    return len(chosen)


def _read(reader: Reader) -> Mapping[str, Mapping[str, str]]:
    return reader.read_if_written(reader.root / "seen.yml", dict[str, dict[str, str]]) or {}
