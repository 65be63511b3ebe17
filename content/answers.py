"""Answers: what a person may do about a need in a place, in parts that each rest on named facts.

A part carries all its languages side by side, so that they state the same facts by construction. An
overlay of a place replaces or adds parts of its country's answer; a national rule is written once.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, model_validator

from content.documents import Reader, Strict

About = Literal[
    "right", "who", "first_step", "where", "bring", "without", "cost", "time", "never", "refused", "more"
]
ORDER: tuple[str, ...] = (
    "right", "who", "first_step", "where", "bring", "without", "cost", "time", "never", "refused", "more",
)  # fmt: skip
LANGUAGES = ("es", "pt", "en", "fr", "ht")


class Part(Strict):
    """One or two sentences about one side of the need; `facts` are those it rests on besides its placeholders."""

    about: About
    facts: tuple[str, ...] = ()
    texts: dict[str, str]

    @model_validator(mode="before")
    @classmethod
    def _gather_languages(cls, data: Any) -> Any:
        """In the file the languages stand beside `about`, which reads better than one level more."""
        if not isinstance(data, dict) or "texts" in data:
            return data
        texts = {key: value for key, value in data.items() if key not in ("about", "facts")}
        kept = {key: value for key, value in data.items() if key in ("about", "facts")}
        return {**kept, "texts": texts}


class Answer(Strict):
    """The answer to one need for one country or place."""

    need: str
    place: str
    version: int = Field(ge=1)
    author: str
    reviewed_by: tuple[str, ...] = ()
    parts: tuple[Part, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _each_side_once(self) -> Answer:
        sides = [part.about for part in self.parts]
        if len(sides) != len(set(sides)):
            raise ValueError("a side of the need (about) stands twice")
        return self

    def with_overlay(self, overlay: Answer | None) -> Answer:
        """This answer with the parts of a place laid over it, in the usual order."""
        if overlay is None:
            return self
        parts = {part.about: part for part in (*self.parts, *overlay.parts)}
        ordered = tuple(parts[about] for about in ORDER if about in parts)
        reviewers = tuple(name for name in self.reviewed_by if name in overlay.reviewed_by)
        return Answer(
            need=self.need,
            place=overlay.place,
            version=self.version + overlay.version,
            author=overlay.author,
            reviewed_by=reviewers,
            parts=ordered,
        )


def answer_files(folder: Path) -> Iterator[Path]:
    """Every answer file below a country's folder, overlays of places too."""
    yield from sorted((folder / "answers").rglob("*.yml"))


def read_answers(reader: Reader, folder: Path, country: str) -> dict[tuple[str, str], Answer]:
    """The answers below a country's folder by (place or country, need); misplaced files are reported."""
    answers: dict[tuple[str, str], Answer] = {}
    for path in answer_files(folder):
        answer = reader.read(path, Answer)
        if answer is None:
            continue
        place = country if path.parent.name == "answers" else path.parent.name
        if (answer.need, answer.place) != (path.stem, place):
            reader.report(
                path, 1, f"The file says it is {answer.need} for {answer.place}.",
                f"Its name and folder say {path.stem} for {place}: make them agree.",
            )  # fmt: skip
        answers[(answer.place, answer.need)] = answer
    return answers
