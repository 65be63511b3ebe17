"""What commands share: settings, today's date on the operator's clock, and honest words for a room that is away."""

from __future__ import annotations

import asyncio
import importlib
from contextlib import AsyncExitStack
from datetime import UTC, date, datetime
from types import ModuleType
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from bot.settings import Settings
    from content.library import Library
    from referrals.database import Sessions


def room(module: str) -> ModuleType:
    """A module of another room; when it is not there, the command says so and ends with 1."""
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        if not error.name or not (module == error.name or module.startswith(f"{error.name}.")):
            raise
        typer.echo(f"This is not built yet ({module} is missing).", err=True)
        raise typer.Exit(1) from None


def settings() -> Settings:
    """The settings, with logs set up by them."""
    from bot.database_password import read_at_each_connection
    from bot.logs import set_up_logs
    from bot.settings import read_settings

    read = read_settings()
    token = read.telegram_token.get_secret_value() if read.telegram_token else ""
    webhook = read.webhook_secret.get_secret_value() if read.webhook_secret else ""
    key = read.secret_key.get_secret_value() if read.secret_key else ""
    earlier = read.earlier_secret_keys.get_secret_value().split() if read.earlier_secret_keys else []
    set_up_logs(read.log_level, [secret for secret in (token, webhook, key, *earlier) if secret])
    read_at_each_connection((read.directory_database, read.demand_database))
    return read


def library() -> Library:
    """The content of this installation."""
    from content.loading import load_library

    return load_library(settings().content_root)


async def directory(library: Library, stack: AsyncExitStack) -> Sessions:
    """The directory of this installation, which has its seeds from the first command on, not the first start."""
    from bot.wiring import open_directory_sessions, read_directory

    sessions = await open_directory_sessions(settings(), stack)
    await read_directory(settings(), library, sessions)
    return sessions


async def staff_sessions(settings: Settings, stack: AsyncExitStack) -> Sessions:
    """The directory's database with the tables of those who work here, brought up to date."""
    from bot.schema import bring_up_to_date
    from bot.wiring import open_directory_sessions

    sessions = await open_directory_sessions(settings, stack)
    await asyncio.to_thread(bring_up_to_date, room("console.migrations"), settings.directory_database)
    return sessions


def now() -> datetime:
    """This moment."""
    return datetime.now(UTC)


def today() -> date:
    """Today, on the operator's clock."""
    return now().astimezone().date()


def end(code: int) -> None:
    """End with an exit code other than 0."""
    if code:
        raise typer.Exit(code)


def words_for_the_operator(error: Exception) -> str | None:
    """The sentence that the operator reads for an error; None for a fault of the program."""
    if is_for_the_operator(error):
        return str(error)
    if isinstance(error, OSError) and error.filename is not None and error.strerror:
        # A file that was named wrongly, a folder that is not there, a disk that is full: the system says it well.
        return f"{error.filename}: {error.strerror}"
    cause = getattr(error, "orig", None)
    if cause is not None and type(error).__name__ == "OperationalError":
        # The driver's first line says why; what follows is the statement, or advice for programmers.
        return f"A database cannot be used: {str(cause).splitlines()[0]}"
    return None


def is_for_the_operator(error: Exception) -> bool:
    """Whether an error is a sentence that its reader can act on, not a fault of the program."""
    from bot.settings import WrongSettingsError

    if isinstance(error, WrongSettingsError):
        return True
    # Errors of other rooms that carry sentences, told by name so that no room is imported for it.
    return type(error).__name__ in {
        "ContentProblemsError",
        "ModelError",
        "EncoderError",
        "AddressInUseError",
        "BackupError",
        "TrainingDataError",
        "CasesError",
        "DemandError",
        "OpenDataError",
        "ContradictionError",
        "MarkError",
        "RightsError",
    }
