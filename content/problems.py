"""What is wrong with content, in words for whoever wrote it.

Every check collects problems and reports all of them at once; a file that fails is named with its line
and what to do. Nothing here repairs or guesses.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Problem:
    """One thing to mend: where it is (line 0 when it concerns the whole file), what is wrong, what to do."""

    file: str
    line: int
    what: str
    remedy: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.what} {self.remedy}"


class ContentProblemsError(Exception):
    """Content that would mislead: the program does not start on it and keeps the last good content."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(str(problem) for problem in self.problems))
