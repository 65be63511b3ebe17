"""Engines and sessions for the directory, the same on SQLite and PostgreSQL.

On SQLite every write begins as `BEGIN IMMEDIATE`: a deferred transaction that upgrades itself loses updates
under concurrency. Sessions here raise the directory's version with every change that people can see. No query
lives here, and no path or URL is invented here: they are handed in.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import Connection, event, update
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import Session, UOWTransaction

from referrals.tables import SHOWN, Service, Version

WRITES = "orienta_writes"
_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA busy_timeout=5000",
    "PRAGMA foreign_keys=ON",
    "PRAGMA secure_delete=ON",
)


def connect(url: str) -> AsyncEngine:
    """An engine for `sqlite+aiosqlite://…` or `postgresql+psycopg://…`, with the settings we rely on."""
    if make_url(url).get_backend_name() == "sqlite":
        engine = create_async_engine(url)
        _prepare_sqlite(engine)
        return engine
    return create_async_engine(
        url, pool_pre_ping=True, connect_args={"options": "-c statement_timeout=30000"}
    )


def _prepare_sqlite(engine: AsyncEngine) -> None:
    @event.listens_for(engine.sync_engine, "connect")
    def _on_connect(connection: Any, _record: Any) -> None:
        # The driver must not open transactions by itself: `begin` below decides how they start.
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in _PRAGMAS:
            cursor.execute(pragma)
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def _on_begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get(WRITES, False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


class VersionedSession(Session):
    """A session whose flush raises the directory's version when something people can see has changed."""


@event.listens_for(VersionedSession, "before_flush")
def _mark_edited(session: Session, _context: UOWTransaction, _instances: object) -> None:
    """What a caseworker touched is never overwritten by the seed again."""
    for row in (*session.new, *session.dirty, *session.deleted):
        if not isinstance(row, SHOWN):
            continue
        service = row if isinstance(row, Service) else None
        if service is None and (key := getattr(row, "service_id", None)) is not None:
            with session.no_autoflush:
                service = session.get(Service, key)
        if service is not None and service not in session.deleted:
            service.edited = True


@event.listens_for(VersionedSession, "after_flush")
def _raise_version(session: Session, _context: UOWTransaction) -> None:
    touched = (*session.new, *session.dirty, *session.deleted)
    if any(isinstance(row, SHOWN) for row in touched):
        raise_version(session)


def raise_version(session: Session) -> None:
    """Say that the directory changed; needed by hand only after statements that bypass the session's rows."""
    session.execute(
        update(Version).values(number=Version.number + 1), execution_options={"synchronize_session": False}
    )


class Sessions:
    """Reading and writing sessions of one database."""

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine
        writing = engine.execution_options(**{WRITES: True})
        self._reading = async_sessionmaker(engine, expire_on_commit=False)
        self._writing = async_sessionmaker(
            writing, expire_on_commit=False, sync_session_class=VersionedSession
        )

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncSession]:
        """A session that sees one state of the directory and keeps nobody from writing."""
        async with self._reading() as session:
            yield session

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncSession]:
        """A session that holds the write lock from its first statement; commits at the end, or nothing stays."""
        async with self._writing() as session, session.begin():
            yield session

    async def close(self) -> None:
        """Close every connection."""
        await self.engine.dispose()
