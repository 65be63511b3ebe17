"""Which tables of which database are kept, found by looking: a room's new table is in the next backup by itself."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from sqlalchemy import Connection, Engine, MetaData, Table, inspect, text

from bot.backup.portable import BackupError, keep_json_as_text
from bot.settings import Settings
from demand.database import connect, plain_url
from demand.tables import figure, open_figure, phrase, release
from demand.tables import metadata as of_demand

# A sign-in, a guess and an invitation belong to the day on which they were made.
_LET_GO = frozenset({"console_session", "console_attempt", "console_invitation"})


@dataclass(frozen=True)
class Database:
    """One database of this installation: its URL and the rooms that brought its tables."""

    name: str
    url: str
    rooms: tuple[str, ...]

    def engine(self) -> Engine:
        """Connections whose writes hold the lock from their first statement."""
        return connect(self.url)

    @property
    def file(self) -> Path | None:
        """The file of a SQLite database."""
        url = plain_url(self.url)
        return Path(url.database or "") if url.get_backend_name() == "sqlite" else None

    @property
    def schemas(self) -> Sequence[ModuleType]:
        """The migrations that make its tables."""
        return [importlib.import_module(f"{room}.migrations") for room in self.rooms]

    def tables(self, connection: Connection) -> list[Table]:
        """The tables whose rows are kept, those that others point to first."""
        versions = {schema.VERSION_TABLE for schema in self.schemas}
        metadata = MetaData()
        metadata.reflect(connection)
        found = [table for table in metadata.sorted_tables if table.name not in versions | _LET_GO]
        for table in found:
            keep_json_as_text(table, connection.dialect.name)
        if self.name == "demand":
            # What was published alone. Exact counts and sent sentences live for days; a copy would live for ever.
            published = {release.name, figure.name, phrase.name, open_figure.name}
            return [table for table in found if table.name in published]
        others = {*of_demand.tables, "demand_revision"}  # they may live in the same database
        return [table for table in found if table.name not in others]

    def revisions(self, connection: Connection) -> dict[str, str]:
        """The step of each room's schema."""
        there = set(inspect(connection).get_table_names())
        return {
            schema.VERSION_TABLE: str(
                connection.execute(text(f"SELECT version_num FROM {schema.VERSION_TABLE}")).scalar_one()  # noqa: S608
            )
            for schema in self.schemas
            if schema.VERSION_TABLE in there
        }


def databases(settings: Settings) -> tuple[Database, Database]:
    """Directory with console, and demand."""
    return (
        Database("directory", settings.directory_database, ("referrals", "console")),
        Database("demand", settings.demand_database, ("demand",)),
    )


def check_whole(database: Database, connection: Connection) -> None:
    """Refuse to copy a damaged SQLite file: a backup that nobody can trust is worse than none."""
    if database.file is None:
        return
    found = connection.exec_driver_sql("PRAGMA integrity_check").scalars().all()
    if found != ["ok"]:
        raise BackupError(
            f"{database.file} is damaged ({len(found)} problems). Restore the last good backup, or look at it with sqlite3."
        )
