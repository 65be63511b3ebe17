"""Facts: deadlines, prices, phones, laws and links, each once, with its source, its date and its confidence.

Texts name a value of a fact by a placeholder and never repeat it, so that every language states the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, field_validator

from content.ageing import PartialDate, first_day
from content.documents import Reader, Strict

Kind = Literal[
    "law", "rule", "procedure", "deadline", "price", "phone", "address", "hours", "link", "name", "context"
]
Confidence = Literal["high", "medium", "low"]


class Source(Strict):
    """Where a fact was read. `url` is empty only for sources without a page of their own."""

    title: str = Field(min_length=3)
    url: str

    @field_validator("url")
    @classmethod
    def _well_formed(cls, url: str) -> str:
        parts = urlsplit(url)
        if url and (parts.scheme not in ("http", "https") or "." not in parts.netloc or " " in url):
            raise ValueError("is not a link that begins with https:// and names a site")
        return url


class Money(Strict):
    """An amount of money."""

    amount: float
    currency: str = Field(pattern=r"^[A-Z]{3}$")


class Day(Strict):
    """A date, as exact as it is known."""

    date: PartialDate


class Telephone(Strict):
    """A telephone number, as it is dialled from abroad or as a short code."""

    phone: str = Field(min_length=2)


class Link(Strict):
    """A page."""

    url: str = Field(pattern=r"^https?://\S+\.\S+$")


class Clock(Strict):
    """A time of day."""

    clock: str = Field(pattern=r"^\d{2}:\d{2}$")


Value = Money | Day | Telephone | Link | Clock | int | float | str


class Fact(Strict):
    """One fact. `place` is a country (valid everywhere in it) or a place.

    `services` are those of the directory that it is about: when one is closed, texts that rest on the fact say so.
    """

    id: str = Field(pattern=r"^[a-z]{2}-[a-z0-9-]+$")
    place: str
    kind: Kind
    states: str = Field(min_length=10)
    values: Mapping[str, Value] = Field(default_factory=dict)
    legal_basis: str = ""
    source: Source
    source_date: PartialDate | None
    checked: PartialDate
    confidence: Confidence
    note: str = ""
    services: tuple[str, ...] = ()

    @property
    def day(self) -> date | None:
        """The day from which the fact's age counts."""
        return first_day(self.source_date) if self.source_date else None


def read_facts(reader: Reader, folder: Path) -> dict[str, Fact]:
    """The facts of a country's `facts.yml` by id; an id given twice is reported."""
    path = folder / "facts.yml"
    facts: dict[str, Fact] = {}
    for fact in reader.read(path, tuple[Fact, ...]) or ():
        if fact.id in facts:
            reader.report(path, 0, f"The fact {fact.id} stands twice.", "Give one of them another id.")
        facts[fact.id] = fact
    return facts
