"""The schema of the console's own tables in steps, run by the program itself: `upgrade(url)`, `downgrade(url)`.

A step is never edited once released. The directory's tables, which may live in the same database, are not touched.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from alembic.config import Config

_HERE = Path(__file__).parent
VERSION_TABLE = "console_revision_of_schema"


def upgrade(url: str, revision: str = "head") -> None:
    """Bring the database at `url` to `revision`; safe to run again. Blocks: call it outside the event loop."""
    from alembic import command  # slow to load, and seldom needed

    command.upgrade(config_for(url), revision)


def downgrade(url: str, revision: str = "base") -> None:
    """Take the database at `url` back to `revision`."""
    from alembic import command  # slow to load, and seldom needed

    command.downgrade(config_for(url), revision)


def config_for(url: str) -> Config:
    """Alembic's configuration for a database; no ini file is read."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_HERE))
    config.set_main_option("path_separator", "os")
    config.set_main_option("version_locations", str(_HERE / "versions"))
    config.attributes["url"] = url
    return config
