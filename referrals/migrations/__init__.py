"""The directory's schema in steps, run by the program itself: `upgrade(url)` and `downgrade(url)`.

A step is never edited once released; the models and the last step say the same, and a test holds them to it.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from alembic.config import Config

_HERE = Path(__file__).parent
# Not alembic_version: demand may live in the same database with steps of its own.
VERSION_TABLE = "directory_revision"


def upgrade(url: str, revision: str = "head") -> None:
    """Bring the database at `url` to `revision`; safe to run again. Blocks: call it outside the event loop."""
    from alembic import command  # slow to load, and seldom needed

    command.upgrade(_config(url), revision)


def downgrade(url: str, revision: str = "base") -> None:
    """Take the database at `url` back to `revision`."""
    from alembic import command  # slow to load, and seldom needed

    command.downgrade(_config(url), revision)


def _config(url: str) -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_HERE))
    config.set_main_option("path_separator", "os")
    config.set_main_option("version_locations", str(_HERE / "versions"))
    config.attributes["url"] = url
    return config
