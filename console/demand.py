"""What was released about demand, and what people chose to send, as the console reads it.

Without a demand database there is nothing. Exact counts are never read here.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import date
from typing import TypeVar

from sqlalchemy import Engine

from console.directory_state import directory_states
from console.visit import Visit
from demand.commands import document_for, opened, phrases_shown, releases_shown
from demand.database import reading, writing
from demand.phrases import Phrase
from demand.released import Release
from demand.reports.document import Document
from demand.sentences import Sentence, open_sentences, take_out
from demand.weeks import write_day

T = TypeVar("T")


async def releases(visit: Visit) -> tuple[Release, ...]:
    """Every release that readers see."""
    return await _shown(visit, releases_shown)


async def phrases(visit: Visit) -> tuple[Phrase, ...]:
    """What was not understood and many said."""
    return await _shown(visit, phrases_shown)


async def _shown(visit: Visit, read: Callable[[Engine], tuple[T, ...]]) -> tuple[T, ...]:
    url = visit.desk.given.demand_url
    return await asyncio.to_thread(_read, url, read) if url else ()


def _read(url: str, read: Callable[[Engine], tuple[T, ...]]) -> tuple[T, ...]:
    with opened(url) as engine:
        return read(engine)


async def document(
    visit: Visit, found: tuple[Release, ...], place: str | None, criterion: int | None = None
) -> Document:
    """The report of a place or of all, in the reader's language."""
    said, states = await phrases(visit), None
    if criterion is not None:
        async with visit.desk.sessions.reading() as session:
            states = await directory_states(session, visit.desk.library, visit.desk.moment())
    return await asyncio.to_thread(
        document_for, found, visit.desk.library, visit.desk.moment(), place, visit.w.language, criterion, states, said
    )  # fmt: skip


async def sentences(visit: Visit) -> tuple[Sentence, ...]:
    """What people chose to send and nobody has decided on."""
    url = visit.desk.given.demand_url
    places = visit.desk.library.places.all
    return (
        await asyncio.to_thread(_read_sentences, url, write_day(visit.desk.moment(), places)) if url else ()
    )


def _read_sentences(url: str, today: date) -> tuple[Sentence, ...]:
    with opened(url) as engine, reading(engine) as connection:
        return open_sentences(connection, today)


async def take_sentence(visit: Visit, number: int) -> Sentence | None:
    """A sentence, deleted for good; None when it waits no more."""
    url = visit.desk.given.demand_url
    return await asyncio.to_thread(_take_sentence, url, number) if url else None


def _take_sentence(url: str, number: int) -> Sentence | None:
    with opened(url) as engine, writing(engine) as connection:
        return take_out(connection, number)
