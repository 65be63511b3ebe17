"""The `orienta` command: one small function for each command, each of which calls the room that does the work.

Rooms are imported when their command runs, so that `--help` answers at once and a broken room spoils one command.
"""

from bot.cli.main import main

__all__ = ["main"]
