"""The least that a database account needs to serve people: rows of our tables, and no schema. On PostgreSQL alone.

What is proof of who did what it may add and read, never change or delete. Nobody else is given anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TextIO

from sqlalchemy import Connection, Table, text

import console.tables
import demand.tables
from bot.backup.databases import Database, databases
from bot.face import numbers_postgres
from bot.settings import Settings
from referrals.tables import Base

PROOF = frozenset({"console_audit", "console_revision", "change"})
_VACUUMS_SINCE = 170_000
_ROWS = "SELECT, INSERT, UPDATE, DELETE"


class RightsError(Exception):
    """Rights cannot be given; the message says why and what to do."""


def grant_rights(settings: Settings, role: str, out: TextIO) -> None:
    """Give an account the rights to serve and take every other right to our tables away from it.

    The settings name an account that owns the tables. RightsError when nothing was given.
    """
    for database in databases(settings):
        if database.file is not None:
            raise RightsError(
                f"{database.name}: a SQLite file has no accounts; who may read the file may do all."
            )
        engine = database.engine()
        try:
            with engine.begin() as connection:
                _check(connection, role)
                for statement in _statements(connection, database, role):
                    connection.exec_driver_sql(statement)
        finally:
            engine.dispose()
        print(f"{database.name}: {role} may serve and cannot change the schema.", file=out)


def _check(connection: Connection, role: str) -> None:
    asked = text("SELECT rolsuper, rolname = current_user FROM pg_roles WHERE rolname = :role")
    found = connection.execute(asked, {"role": role}).first()
    if found is None:
        raise RightsError(f"There is no account {role}. Make it first: CREATE ROLE {role} LOGIN …")
    if any(found):
        raise RightsError(
            f"{role} owns the tables or may do all: rights do not bind it. Name another account."
        )
    if connection.exec_driver_sql("SHOW server_version_num").scalar_one() < str(_VACUUMS_SINCE):
        raise RightsError(
            "PostgreSQL 17 or newer is needed: in older ones only the owner of a table can vacuum it, and what was"
            " deleted would stay on the disk."
        )


def _statements(connection: Connection, database: Database, role: str) -> Iterator[str]:
    quoted = connection.dialect.identifier_preparer.quote_identifier(role)
    yield f"GRANT USAGE ON SCHEMA public TO {quoted}"
    for table in _tables(database):
        rights = "SELECT, INSERT" if table.name in PROOF else _ROWS
        # What was deleted is gone from the disk when the table is vacuumed.
        rights += ", MAINTAIN" if database.name == "demand" else ""
        yield f"REVOKE ALL ON {table.name} FROM {quoted}"
        yield f"GRANT {rights} ON {table.name} TO {quoted}"
        for sequence in _sequences(connection, table):
            yield f"GRANT USAGE ON SEQUENCE {sequence} TO {quoted}"
    for schema in database.schemas:
        yield f"REVOKE ALL ON {schema.VERSION_TABLE} FROM {quoted}"
        yield f"GRANT SELECT ON {schema.VERSION_TABLE} TO {quoted}"
    if database.name == "directory":
        yield from numbers_postgres.UPGRADE
        yield f"GRANT USAGE ON SCHEMA face TO {quoted}"
        yield f"GRANT {_ROWS} ON face.updates TO {quoted}"
        yield f"GRANT USAGE ON SEQUENCE face.updates_sequence_seq TO {quoted}"


def _tables(database: Database) -> Iterable[Table]:
    if database.name == "demand":
        return demand.tables.metadata.sorted_tables
    return [*Base.metadata.sorted_tables, *console.tables.metadata.sorted_tables]


def _sequences(connection: Connection, table: Table) -> Iterator[str]:
    asked = text("SELECT pg_get_serial_sequence(:table, :column)")
    for column in table.primary_key.columns:
        found = connection.execute(asked, {"table": table.name, "column": column.name}).scalar()
        if found:
            yield str(found)
