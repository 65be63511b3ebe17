"""What was released about demand, as the console reads it; without a demand database there is nothing."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from datetime import datetime

from console.visit import Visit
from content.library import Library
from demand.commands import document_for, opened, releases_shown
from demand.released import Grid, Release
from demand.reports.document import Document


async def releases(visit: Visit) -> tuple[Release, ...]:
    """Every release that readers see."""
    url = visit.desk.given.demand_url
    return await asyncio.to_thread(_read, url) if url else ()


def _read(url: str) -> tuple[Release, ...]:
    with opened(url) as engine:
        return releases_shown(engine)


async def document(
    visit: Visit, found: tuple[Release, ...], place: str | None, criterion: int | None = None
) -> Document:
    """The report of a place or of all, in the reader's language."""
    return await asyncio.to_thread(_document, found, visit.desk.library, visit.desk.moment(), place, visit.w.language,
                                   criterion)  # fmt: skip


def _document(
    found: tuple[Release, ...], library: Library, moment: datetime, place: str | None, language: str,
    criterion: int | None,
) -> Document:  # fmt: skip
    return document_for(found, library, moment, place, language, criterion, None)


def askers(found: tuple[Release, ...]) -> dict[tuple[str, str], int]:
    """How many asked for a need in a place in its latest released period; a joined figure counts for each."""
    latest: dict[str, Release] = {}
    for one in found:
        if one.grid is Grid.NEED and one.figures and not one.simulated:
            latest[one.place] = one
    counted: dict[tuple[str, str], int] = defaultdict(int)
    for place, one in latest.items():
        for figure in one.figures:
            for code in figure.codes:
                counted[place, code] += figure.askers
    return counted
