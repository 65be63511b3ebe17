"""Needs, sectors and dialogue intents: the one vocabulary that every room shares.

A code means the same thing in training data, content, directory, demand figures and reports.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import Field, model_validator

from content.documents import Reader, Strict


@dataclass(frozen=True)
class Need:
    """A need: SECTOR.NEED, the criteria of a City of Solidarity it informs, titles by language."""

    code: str
    sector: str
    criteria: tuple[int, ...]
    sensitive: bool
    titles: Mapping[str, str]
    means: str

    def title(self, language: str) -> str:
        """Its title in a language, or in Spanish where that is missing."""
        return self.titles.get(language, self.titles["es"])


@dataclass(frozen=True)
class Taxonomy:
    """All needs by code, all sectors with titles, all dialogue intents."""

    needs: Mapping[str, Need]
    sectors: Mapping[str, Mapping[str, str]]
    dialogue: tuple[str, ...]

    @property
    def labels(self) -> tuple[str, ...]:
        """Every label a message can have: needs, then dialogue intents."""
        return (*self.needs, *self.dialogue)

    def needs_of(self, sector: str) -> tuple[Need, ...]:
        """The needs of one sector, in the order of the file."""
        return tuple(need for need in self.needs.values() if need.sector == sector)

    def sector_title(self, sector: str, language: str) -> str:
        """The title of a sector in a language, or in Spanish."""
        titles = self.sectors[sector]
        return titles.get(language, titles["es"])


class _NeedEntry(Strict):
    criteria: tuple[int, ...] = Field(min_length=1)
    sensitive: bool = False
    titles: dict[str, str]
    means: str

    @model_validator(mode="before")
    @classmethod
    def _gather_titles(cls, data: Any) -> Any:
        """In the file the titles stand beside the other keys, each under its language."""
        if not isinstance(data, dict) or "titles" in data:
            return data
        own = {key: data[key] for key in ("criteria", "sensitive", "means") if key in data}
        return {**own, "titles": {key: value for key, value in data.items() if key not in own}}


class _Document(Strict):
    version: int
    sectors: dict[str, dict[str, str]]
    needs: dict[str, dict[str, _NeedEntry]]
    dialogue: dict[str, Any]
    labelling: tuple[str, ...] = ()


def read_taxonomy(reader: Reader, folder: Path) -> Taxonomy:
    """The taxonomy of `taxonomy.yml`; empty after reporting when the file is wrong."""
    document = reader.read(folder / "taxonomy.yml", _Document)
    if document is None:
        return Taxonomy({}, {}, ())
    needs = {
        f"{sector}.{name}": _need(sector, name, entry)
        for sector, entries in document.needs.items()
        for name, entry in entries.items()
    }
    return Taxonomy(needs, document.sectors, tuple(document.dialogue))


def _need(sector: str, name: str, entry: _NeedEntry) -> Need:
    return Need(f"{sector}.{name}", sector, entry.criteria, entry.sensitive, entry.titles, entry.means)
