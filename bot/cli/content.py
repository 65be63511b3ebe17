"""`orienta content …`: the content room on the command line."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from bot.cli import shared

app = typer.Typer(help="Check the content; write skeletons for a place or a language.", no_args_is_help=True)
Folder = Annotated[Path | None, typer.Option("--data", help="Content folder; ours by default.")]


def _where(data: Path | None) -> dict[str, Path]:
    return {"root": data} if data else {}


@app.command()
def check(
    notices: Annotated[bool, typer.Option(help="Also name the facts that are due for review.")] = False,
    data: Folder = None,
) -> None:
    """Every problem at once, with file and what to do."""
    run = shared.room("content.commands").run_check
    shared.end(run(sys.stdout, shared.today(), notices=notices, **_where(data)))


@app.command()
def readiness(place: Annotated[str | None, typer.Argument()] = None, data: Folder = None) -> None:
    """What a place still needs before it may be opened."""
    shared.end(
        shared.room("content.commands").run_readiness(sys.stdout, shared.today(), place, **_where(data))
    )


@app.command()
def seen(files: Annotated[list[str] | None, typer.Argument()] = None, data: Folder = None) -> None:
    """Note that texts were read against their facts after a fact has changed."""
    shared.end(shared.room("content.commands").run_seen(sys.stdout, tuple(files or ()), **_where(data)))


@app.command("new-place")
def new_place(
    code: Annotated[str, typer.Argument(help="As boa-vista.")],
    country: Annotated[str, typer.Option(help="Folder of the country, as brazil.")],
    name: Annotated[str, typer.Option(help="Its name, as people there write it.")],
    model: Annotated[str, typer.Option("--like", help="A place of the same country to copy the frame of.")],
    data: Folder = None,
) -> None:
    """Write the skeleton of a place, not open yet, with one sentence for each thing to fill."""
    run = shared.room("content.commands").run_new_place
    shared.end(run(sys.stdout, code, country, name, model, **_where(data)))


@app.command("new-language")
def new_language(
    code: Annotated[str, typer.Argument(help="ISO 639 code, as qu.")],
    name: Annotated[str, typer.Option(help="Its own name, as Runasimi.")],
    data: Folder = None,
) -> None:
    """Write the skeleton of a language with one sentence for each thing to fill."""
    shared.end(shared.room("content.commands").run_new_language(sys.stdout, code, name, **_where(data)))
