"""Read YAML documents strictly: no duplicate keys, no huge files, and the line of everything that is wrong.

The C parser is used because several hundred small files are read at each start. Lines are looked up
only when there is something to report, so a good file costs nothing extra.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

import yaml
from pydantic import BaseModel, TypeAdapter, ValidationError

from content.plain import StrictLoader
from content.problems import Problem

# The longest honest file is a country's facts, under 300 kB; a text beyond this was pasted by mistake.
MAXIMUM_BYTES = 1_000_000
Model = TypeVar("Model")


class Reader:
    """Reads documents below one folder and collects what is wrong with them."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.problems: list[Problem] = []

    def report(self, path: Path, line: int, what: str, remedy: str) -> None:
        """Add one problem of a file below the root."""
        name = str(path.relative_to(self.root)) if path.is_relative_to(self.root) else str(path)
        self.problems.append(Problem(name, line, what, remedy))

    def read(self, path: Path, shape: type[Model]) -> Model | None:
        """The document as `shape`, or None after reporting every problem it has."""
        text = self._text(path)
        if text is None:
            return None
        try:
            data = yaml.load(text, Loader=StrictLoader)  # noqa: S506 (a safe loader, made stricter)
        except yaml.YAMLError as error:
            self._report_yaml(path, error)
            return None
        try:
            return TypeAdapter(shape).validate_python(data)
        except ValidationError as error:
            self._report_validation(path, text, error)
            return None

    def read_if_written(self, path: Path, shape: type[Model]) -> Model | None:
        """As `read`, for a file that need not be there: None without a report where nobody wrote it."""
        return self.read(path, shape) if path.is_file() else None

    def _text(self, path: Path) -> str | None:
        if not path.is_file():
            self.report(
                path, 0, "The file is missing.", "Write it, or take it out of the list that names it."
            )
            return None
        if path.stat().st_size > MAXIMUM_BYTES:
            self.report(
                path, 0, f"The file is larger than {MAXIMUM_BYTES} bytes.", "Split it, or undo the paste."
            )
            return None
        try:
            return path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            self.report(path, 0, "The file is not UTF-8.", "Save it again as UTF-8.")
            return None

    def _report_yaml(self, path: Path, error: yaml.YAMLError) -> None:
        mark = getattr(error, "problem_mark", None)
        what = str(getattr(error, "problem", None) or "not readable")
        self.report(path, mark.line + 1 if mark else 0, f"Not valid YAML: {what}.", "Mend the line named.")

    def _report_validation(self, path: Path, text: str, error: ValidationError) -> None:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        for detail in error.errors():
            where = ".".join(str(step) for step in detail["loc"])
            self.report(
                path,
                line_of(node, detail["loc"]),
                f"{where or 'document'}: {detail['msg']}.",
                _remedy(detail["type"]),
            )


def _remedy(kind: str) -> str:
    return {
        "missing": "Add it.",
        "extra_forbidden": "Take it out, or mend its spelling.",
    }.get(kind, "Give a value of that form.")


def line_of(node: yaml.Node | None, location: Sequence[int | str]) -> int:
    """The line (from 1) of the deepest part of `location` that exists in the composed document."""
    line = 0
    for step in location:
        if node is None:
            break
        line = node.start_mark.line + 1
        node = _child(node, step)
    return node.start_mark.line + 1 if node is not None else line


def _child(node: yaml.Node, step: int | str) -> yaml.Node | None:
    if isinstance(node, yaml.MappingNode):
        return next((value for key, value in node.value if key.value == str(step)), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        child: yaml.Node = node.value[step]
        return child
    return node


class Strict(BaseModel):
    """A model that refuses keys it does not know, so that a typing error in a key is an error."""

    model_config = {"extra": "forbid", "frozen": True}
