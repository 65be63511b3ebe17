"""What was released about demand, as the console reads it; without a demand database there is nothing."""

from __future__ import annotations

import asyncio
from datetime import datetime

from console.visit import Visit
from content.library import Library
from demand.commands import document_for, opened, releases_shown
from demand.released import Release
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
