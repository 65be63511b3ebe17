"""Schema steps of a room, run by the program itself; no ini file is read. The directory's and the console's use it.

Nothing here knows a table: each room names its folder of steps, its tables and where it notes how far it came.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Engine, MetaData, create_engine, event, make_url
from sqlalchemy.pool import NullPool

if TYPE_CHECKING:
    from alembic.config import Config


@dataclass(frozen=True)
class Steps:
    """The steps of one room, in the folder `versions` below its own."""

    folder: Path

    def upgrade(self, url: str, revision: str = "head") -> None:
        """Bring the database at `url` to `revision`; safe to run again. Blocks: call it outside the event loop."""
        from alembic import command  # slow to load, and seldom needed

        command.upgrade(self.config_for(url), revision)

    def downgrade(self, url: str, revision: str = "base") -> None:
        """Take the database at `url` back to `revision`."""
        from alembic import command  # slow to load, and seldom needed

        command.downgrade(self.config_for(url), revision)

    def config_for(self, url: str) -> Config:
        """Alembic's configuration for a database."""
        from alembic.config import Config

        config = Config()
        config.set_main_option("script_location", str(self.folder))
        config.set_main_option("path_separator", "os")
        config.set_main_option("version_locations", str(self.folder / "versions"))
        config.attributes["url"] = url
        return config


def run_steps(
    metadata: MetaData,
    version_table: str,
    include_name: Callable[[str | None, str, object], bool] | None = None,
) -> None:
    """For Alembic's `env.py`: the steps in one transaction, on a synchronous twin of the program's driver."""
    from alembic import context

    url = make_url(context.config.attributes["url"])
    sqlite = url.get_backend_name() == "sqlite"
    engine = create_engine(url.set(drivername="sqlite") if sqlite else url, poolclass=NullPool)
    if sqlite:
        _begin_ourselves(engine)
    with engine.begin() as connection:
        context.configure(
            connection=connection,
            target_metadata=metadata,
            version_table=version_table,
            render_as_batch=sqlite,
            compare_type=True,
            include_name=include_name,
        )
        with context.begin_transaction():
            context.run_migrations()
    engine.dispose()


def _begin_ourselves(engine: Engine) -> None:
    # sqlite3 commits before DDL on its own; without this a failed step would leave half a schema.
    @event.listens_for(engine, "connect")
    def _on_connect(connection: object, _record: object) -> None:
        connection.isolation_level = None  # type: ignore[attr-defined]

    @event.listens_for(engine, "begin")
    def _on_begin(connection: object) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")  # type: ignore[attr-defined]
