"""Engine and transactions of the demand database, the same on SQLite and PostgreSQL.

Every write begins as `BEGIN IMMEDIATE` and is one commit. What is deleted is overwritten, and the write-ahead
log is emptied after it. No query lives here.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.pool import NullPool

from demand.tables import metadata

_WRITES = "demand_writes"
_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA busy_timeout=5000",
    "PRAGMA secure_delete=ON",
    "PRAGMA temp_store=MEMORY",
)


def plain_url(url: str) -> URL:
    """The URL for the plain driver: this room runs outside the event loop."""
    made = make_url(url)
    return made.set(drivername="sqlite") if made.get_backend_name() == "sqlite" else made


def connect(url: str) -> Engine:
    """An engine for `sqlite+aiosqlite://…` or `postgresql+psycopg://…`; connections close after use."""
    engine = create_engine(plain_url(url), poolclass=NullPool)
    if engine.dialect.name == "sqlite":
        _prepare_sqlite(engine)
    return engine


def _prepare_sqlite(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def _on_connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # `begin` below decides how transactions start
        for pragma in _PRAGMAS:
            connection.execute(pragma).close()

    @event.listens_for(engine, "begin")
    def _on_begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get(_WRITES, False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A connection that sees one state."""
    with engine.connect() as connection:
        yield connection


@contextmanager
def transaction(engine: Engine) -> Iterator[Connection]:
    """A connection that holds the write lock; one commit at the end, or nothing stays."""
    with engine.execution_options(**{_WRITES: True}).begin() as connection:
        yield connection


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A transaction after which nothing that it deleted can be read in any file."""
    with transaction(engine) as connection:
        yield connection
    empty_log(engine)


def empty_log(engine: Engine) -> None:
    """Copy the log into the file and cut it to nothing, so that no deleted row lives on in it."""
    if engine.dialect.name == "sqlite":
        raw = engine.raw_connection()
        try:
            raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").close()
        finally:
            raw.close()
        return
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        # A deleted row stays in a PostgreSQL page until it is vacuumed.
        names = ", ".join(table.name for table in metadata.sorted_tables)
        connection.exec_driver_sql(f"VACUUM (TRUNCATE) {names}")
