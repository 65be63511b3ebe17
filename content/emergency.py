"""What is said and which numbers are shown when somebody is in danger.

The safety texts hold in every country and carry no number; the numbers are facts of a country or place.
Both are read before any model is asked, so nothing here may fail for want of another part.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from pydantic import Field

from content.ageing import PartialDate
from content.documents import Reader, Strict
from content.facts import Confidence, Source

DANGERS = (
    "violence", "sexual_violence", "self_harm", "trafficking", "child_alone", "detention", "threats", "medical",
)  # fmt: skip
Danger = Literal[
    "violence",
    "sexual_violence",
    "self_harm",
    "trafficking",
    "child_alone",
    "detention",
    "threats",
    "medical",
    "fire",
]


class EmergencyNumber(Strict):
    """A number to call in danger; `tel` is what is dialled, `use` says in each language what it is for."""

    id: str
    place: str
    number: str
    tel: str = Field(pattern=r"^\+?\d+$")
    name: str
    use: Mapping[str, str]
    dangers: tuple[Danger, ...]
    needs: tuple[str, ...] = ()
    hours: str | None
    free: bool | None
    source: Source
    source_date: PartialDate | None
    checked: PartialDate
    confidence: Confidence
    note: str = ""

    def used_for(self, language: str) -> str:
        """What the number is for, in a language or in Spanish."""
        return self.use.get(language, self.use["es"])


class SafetyText(Strict):
    """What to do this minute; `read_by` are the people who have read it (two lift the note)."""

    version: int
    author: str
    read_by: tuple[str, ...] = ()
    texts: Mapping[str, str]


class Programme(Strict):
    """A place's "city of solidarity" programme of 2017 and what is known of it today."""

    id: str
    place: str
    name: str
    facts: tuple[str, ...] = ()
    needs: tuple[str, ...]
    es: str
    pt: str
    en: str | None = None

    def text(self, language: str) -> tuple[str, str]:
        """The language of the text that exists, and the text."""
        written = {"es": self.es, "pt": self.pt, "en": self.en or self.es}
        return (language, written[language]) if language in written else ("es", self.es)


def read_numbers(reader: Reader, folder: Path) -> tuple[EmergencyNumber, ...]:
    """A country's numbers, in the order in which they are shown."""
    return reader.read(folder / "emergency.yml", tuple[EmergencyNumber, ...]) or ()


def read_safety(reader: Reader, folder: Path) -> dict[str, SafetyText]:
    """The safety texts by kind of danger, `general` among them."""
    return reader.read(folder / "safety.yml", dict[str, SafetyText]) or {}


def read_programmes(reader: Reader, folder: Path) -> tuple[Programme, ...]:
    """A country's programmes."""
    return reader.read(folder / "programmes.yml", tuple[Programme, ...]) or ()
