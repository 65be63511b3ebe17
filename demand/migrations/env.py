"""How Alembic reaches the demand database: the URL is handed in by the program, no ini file is read."""

from __future__ import annotations

from typing import Any

from alembic import context

from demand.database import connect, transaction
from demand.migrations import VERSION_TABLE
from demand.tables import metadata


def _ours(_object: Any, name: str | None, kind: str, _reflected: bool, _other: Any) -> bool:
    """The directory may live in the same database: its tables are not ours to compare."""
    return kind != "table" or name in metadata.tables


def run() -> None:
    """Run the steps in one transaction."""
    engine = connect(context.config.attributes["url"])
    with transaction(engine) as connection:
        context.configure(
            connection=connection,
            target_metadata=metadata,
            version_table=VERSION_TABLE,
            render_as_batch=engine.dialect.name == "sqlite",
            compare_type=True,
            include_object=_ours,
        )
        with context.begin_transaction():
            context.run_migrations()
    engine.dispose()


run()
