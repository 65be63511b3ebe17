"""Backup and restore of everything that is worth keeping: the directory, the console's accounts, released demand.

One portable form for SQLite and PostgreSQL, so that a backup of one is restored into the other. Never in it: the open
week of demand, whose small exact counts must not outlive their release in anybody's copy; sign-ins of the console,
which must not rise again; and the secret key, which opens what is encrypted here.
"""

from bot.backup.restoring import restore
from bot.backup.saving import backup

__all__ = ["backup", "restore"]
