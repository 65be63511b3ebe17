"""`orienta demand …` and `orienta demo`: weekly release, reports, audit, and a simulated quarter to look at.

The demand room does the work. It knows no directory: what the service directory says of itself is handed in.
"""

from __future__ import annotations

import asyncio
import io
import sys
from contextlib import AsyncExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from bot.cli import shared
from bot.safeguards import make_private

if TYPE_CHECKING:
    from content.library import Library
    from demand.reports.criteria import DirectoryState

app = typer.Typer(help="Close the week, report, audit, open data, sentences.", no_args_is_help=True)


@app.command()
def close() -> None:
    """Release every week that is over; run again, it changes nothing."""
    from demand import commands

    shared.end(commands.close(_database(), shared.library(), shared.now(), sys.stdout))


@app.command()
def report(
    place: Annotated[str | None, typer.Option(help="As quito; every place when absent.")] = None,
    form: Annotated[Literal["text", "csv", "xlsx", "html"], typer.Option("--format")] = "text",
    language: Annotated[Literal["es", "pt", "en"], typer.Option(help="Language of the report.")] = "es",
    criterion: Annotated[
        int | None, typer.Option(help="Page of one criterion of a City of Solidarity, 1 to 10.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="A file; standard output when absent.")] = None,
) -> None:
    """What was needed and not met, as released."""
    from demand import commands

    library, database = shared.library(), _database()
    directory = asyncio.run(_directory_states(library)) if criterion else None
    made = io.BytesIO()
    code = commands.report(
        database, library, shared.now(), made, place=place, format=form,
        language=language, criterion_number=criterion, directory=directory,
    )  # fmt: skip
    # Written when it is whole: what went wrong leaves an earlier report as it was.
    if out:
        out.write_bytes(made.getvalue())
    else:
        sys.stdout.buffer.write(made.getvalue())
        sys.stdout.buffer.flush()
    shared.end(code)


@app.command("open-data")
def open_data(
    out: Annotated[Path, typer.Option(help="The file to write; the same figures each time.")],
) -> None:
    """Figures with differential privacy for publication as open data (needs the extra dp)."""
    from demand import commands

    text = io.StringIO()
    code = commands.open_data(_database(), text, sys.stdout)
    shared.end(code)
    out.write_text(text.getvalue(), "utf-8")


@app.command()
def sentences(
    accept: Annotated[
        int | None, typer.Option(help="Take this one up: shown once more, then deleted.")
    ] = None,
    reject: Annotated[int | None, typer.Option(help="Set this one aside: deleted.")] = None,
) -> None:
    """Sentences that people chose to send because they were not understood; seven days at most."""
    from demand import commands

    shared.end(
        commands.sentences(
            _database(),
            shared.library(),
            shared.now(),
            sys.stdout,
            accept=accept,
            reject=reject,
        )
    )


@app.command()
def audit() -> None:
    """Bound every figure that was not published by all that were."""
    from demand import commands

    shared.end(commands.audit(_database(), shared.library(), sys.stdout))


def demo(
    remove: Annotated[bool, typer.Option("--remove", help="Take the simulated demand away.")] = False,
) -> None:
    """Fill an empty installation with simulated demand that is labelled as such."""
    from demand import commands

    if remove:
        shared.end(commands.remove_demo(_database(), sys.stdout))
    else:
        shared.end(commands.demo(_database(), shared.library(), shared.today(), sys.stdout))


def _database() -> str:
    """Where the figures are; its folder is there from the first command on, not the first start."""
    read = shared.settings()
    make_private(read.data_dir)
    return read.demand_database


async def _directory_states(library: Library) -> dict[str, DirectoryState]:
    """What the directory of each place says of itself."""
    from bot.wiring import open_directory_sessions, read_directory
    from console.directory_state import directory_states

    async with AsyncExitStack() as stack:
        sessions = await open_directory_sessions(shared.settings(), stack)
        await read_directory(shared.settings(), library, sessions)
        async with sessions.reading() as reading:
            return await directory_states(reading, library, shared.now())
