"""Brings a database to the schema of this version, and does next to nothing when it is there already.

A start asks each database for one row; the machinery of migrations is loaded when there is a step to take.
"""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from demand.database import connect, plain_url


def bring_up_to_date(migrations: ModuleType, url: str) -> None:
    """Run the steps of a room that a database lacks. Blocks: call it outside the event loop."""
    if revision_of(migrations, url) != head_of(migrations):
        migrations.upgrade(url)


def head_of(migrations: ModuleType) -> str:
    """The last step of a room: its files begin with their number."""
    steps = Path(str(migrations.__file__)).parent / "versions"
    return max(path.stem.partition("_")[0] for path in steps.glob("[0-9]*.py"))


def revision_of(migrations: ModuleType, url: str) -> str | None:
    """The step at which a database stands; None for an empty one."""
    plain = plain_url(url)
    if plain.get_backend_name() == "sqlite" and not Path(plain.database or "").is_file():
        return None
    engine = connect(url)
    try:
        with engine.connect() as connection:
            rows = connection.execute(text(f"SELECT version_num FROM {migrations.VERSION_TABLE}"))  # noqa: S608
            return str(rows.scalar_one())
    except SQLAlchemyError:
        return None
    finally:
        engine.dispose()
