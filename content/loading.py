"""Load the content, refuse what would mislead, and keep serving the last good content when a reload fails."""

from __future__ import annotations

from pathlib import Path

from content.collection import DATA, read_collection
from content.documents import Reader
from content.library import Library
from content.problems import ContentProblemsError
from content.rules import breaking_problems


def load_library(root: Path = DATA) -> Library:
    """The library of a content folder; ContentProblemsError names every problem that would mislead a person."""
    reader = Reader(root)
    collection = read_collection(reader)
    problems = [*reader.problems]
    if not problems:
        problems += breaking_problems(collection)
    if problems:
        raise ContentProblemsError(problems)
    return Library(collection)


class Shelf:
    """The library in use: a reload that fails leaves it as it was and tells why."""

    def __init__(self, library: Library) -> None:
        self.library = library

    def reload(self, root: Path = DATA) -> tuple[str, ...]:
        """Read again; the problems that kept the old content in use, none when the new one is in use."""
        try:
            self.library = load_library(root)
        except ContentProblemsError as error:
            return tuple(str(problem) for problem in error.problems)
        return ()
