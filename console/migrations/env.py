"""How Alembic reaches the console: the URL is handed in by the program, no ini file is read."""

from __future__ import annotations

from alembic import context
from sqlalchemy import create_engine, event, make_url
from sqlalchemy.pool import NullPool

from console.migrations import VERSION_TABLE
from console.tables import metadata


def run() -> None:
    """Run the steps in one transaction, on a synchronous twin of the program's driver."""
    url = make_url(context.config.attributes["url"])
    sqlite = url.get_backend_name() == "sqlite"
    engine = create_engine(url.set(drivername="sqlite") if sqlite else url, poolclass=NullPool)
    if sqlite:
        _begin_ourselves(engine)
    with engine.begin() as connection:
        context.configure(
            connection=connection,
            target_metadata=metadata,
            version_table=VERSION_TABLE,
            render_as_batch=sqlite,
            compare_type=True,
            include_name=_ours,
        )
        with context.begin_transaction():
            context.run_migrations()
    engine.dispose()


def _ours(name: str | None, kind: str, _parents: object) -> bool:
    """Other rooms' tables in the same database are none of ours."""
    return kind != "table" or (name or "").startswith("console_")


def _begin_ourselves(engine: object) -> None:
    # sqlite3 commits before DDL on its own; without this a failed step would leave half a schema.
    @event.listens_for(engine, "connect")
    def _on_connect(connection: object, _record: object) -> None:
        connection.isolation_level = None  # type: ignore[attr-defined]

    @event.listens_for(engine, "begin")
    def _on_begin(connection: object) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")  # type: ignore[attr-defined]


run()
