"""Exact counts of one week, as they pass from memory to the database and from there into a release.

Pure numbers by place and code. Nothing here can name, mark or time a person.
"""

from __future__ import annotations

from collections import Counter as Sums
from collections.abc import Mapping
from enum import StrEnum

EVERYWHERE = "all"


class Kind(StrEnum):
    """What is counted; each kind has a table of its own and no two are ever crossed."""

    NEED = "need"
    SECTOR = "sector"
    LANGUAGE = "language"
    OUTCOME = "outcome"
    EVERYWHERE = "everywhere"
    PROTECTION = "protection"
    ASKERS = "askers"
    HOURS = "hours"


Key = tuple[str, str]  # place, code
Counts = dict[Kind, Sums[Key]]


def no_counts() -> Counts:
    """Counts of nothing."""
    return {kind: Sums() for kind in Kind}


def added(one: Mapping[Kind, Sums[Key]], other: Mapping[Kind, Sums[Key]]) -> Counts:
    """The sum of two counts of the same week; what nobody asked for in either stays in it as 0."""
    return {kind: _sum(one.get(kind, Sums()), other.get(kind, Sums())) for kind in Kind}


def _sum(one: Sums[Key], other: Sums[Key]) -> Sums[Key]:
    whole = Sums(one)
    whole.update(other)  # and not `+`, which drops what is 0
    return whole
