"""Reads training sentences from any folder of Rasa NLU YAML, so that one set of files feeds every engine.

It never guesses: a file that is not in that format is refused with its name, its line and what to do.
Synonyms, lookups, regexes, stories and responses are somebody else's and are passed over.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

LANGUAGES = ("es", "pt", "en", "fr", "ht")
MIXED = "mixed"
_OTHER_ENTRIES = {"synonym", "lookup", "regex"}
_ANNOTATION = re.compile(r"\[([^\]\[]+)\](?:\([^)]*\)|\{[^}]*\})")


class TrainingDataError(ValueError):
    """A file cannot be read as Rasa NLU YAML; the message names file, line and what to do."""


@dataclass(frozen=True)
class Example:
    """One training sentence. `language` is the name of its folder (one of ours or `mixed`), or None."""

    text: str
    label: str
    language: str | None = None
    file: str = ""
    line: int = 0


# The loader in C reads thirty thousand sentences in a second; the one in Python takes minutes.
_FastLoader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_FastLoader):  # type: ignore[misc]
    """A safe loader that remembers on which line each intent and its examples stand."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        mapping: dict[Any, Any] = super().construct_mapping(node, deep=deep)
        mapping["__line__"] = node.start_mark.line + 1
        for key, value in node.value:
            if key.value == "examples":
                mapping["__first__"] = value.start_mark.line + (
                    2 if getattr(value, "style", None) == "|" else 1
                )
        return mapping


def without_annotations(text: str) -> str:
    """The sentence as a person would type it: `[Quito](place)` and `[Quito]{...}` become `Quito`."""
    return _ANNOTATION.sub(r"\1", text).strip()


def read_folder(folder: Path) -> tuple[Example, ...]:
    """Every training sentence under `folder` (or of one file), in the order of file names and lines."""
    if not folder.exists():
        raise TrainingDataError(f"{folder}: there is no such folder or file")
    files = [folder] if folder.is_file() else sorted({*folder.rglob("*.yml"), *folder.rglob("*.yaml")})
    examples = tuple(example for file in files for example in read_file(file))
    if not examples:
        raise TrainingDataError(
            f"{folder}: no sentence found; expected Rasa NLU YAML files (*.yml) with `nlu:`"
        )
    return examples


def read_file(file: Path) -> Iterator[Example]:
    """The sentences of one file; files of other kinds (domain, stories, config) give none."""
    content = _parse(file)
    if not isinstance(content, dict) or "nlu" not in content:
        return
    if not isinstance(content["nlu"], list):
        raise TrainingDataError(f"{file}: `nlu:` must hold a list of `- intent:` entries")
    language = next((part for part in reversed(file.parts[:-1]) if part in (*LANGUAGES, MIXED)), None)
    for entry in content["nlu"]:
        yield from _of_entry(file, language, entry)


def _parse(file: Path) -> Any:
    try:
        return yaml.load(file.read_text(encoding="utf-8"), _Loader)  # noqa: S506 - derives from SafeLoader
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise TrainingDataError(f"{file}:{line}: not valid YAML: {error.problem}") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise TrainingDataError(f"{file}:1: not readable as UTF-8 YAML") from error


def _of_entry(file: Path, language: str | None, entry: Any) -> Iterator[Example]:
    if isinstance(entry, dict) and _OTHER_ENTRIES & entry.keys():
        return
    if not isinstance(entry, dict) or not isinstance(entry.get("intent"), str):
        line = entry.get("__line__", 1) if isinstance(entry, dict) else 1
        raise TrainingDataError(f"{file}:{line}: an entry needs `intent:` with a name and `examples: |`")
    label, examples = entry["intent"], entry.get("examples")
    if isinstance(examples, list):
        yield from _of_list(file, language, entry)
        return
    if not isinstance(examples, str):
        raise TrainingDataError(f"{file}:{entry['__line__']}: intent {label} has no `examples: |` block")
    for number, raw in enumerate(examples.splitlines(), entry["__first__"]):
        text = _sentence(file, number, raw)
        if text:
            yield Example(text, label, language, str(file), number)


def _of_list(file: Path, language: str | None, entry: dict[str, Any]) -> Iterator[Example]:
    """The long form, where each example is a mapping with `text:` or a plain string."""
    for item in entry["examples"]:
        text = item.get("text") if isinstance(item, dict) else item
        if not isinstance(text, str):
            raise TrainingDataError(
                f"{file}:{entry['__line__']}: an example of {entry['intent']} has no `text:`"
            )
        line = item.get("__line__", entry["__line__"]) if isinstance(item, dict) else entry["__line__"]
        yield Example(
            without_annotations(text.strip().removeprefix("- ")), entry["intent"], language, str(file), line
        )


def _sentence(file: Path, line: int, raw: str) -> str:
    stripped = raw.strip()
    if not stripped or stripped.startswith("#"):
        return ""
    if not stripped.startswith("-"):
        raise TrainingDataError(f"{file}:{line}: a sentence must start with `- `: {stripped[:40]!r}")
    return without_annotations(stripped[1:].strip())
