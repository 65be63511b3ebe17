"""`orienta content …`: the content room on the command line, and places from and to other installations."""

from __future__ import annotations

import asyncio
import sys
from contextlib import AsyncExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli import shared

if TYPE_CHECKING:
    from content.library import Library
    from referrals.records import ServiceRecord

app = typer.Typer(
    help="Check the content; write skeletons for a place or a language; share a place.", no_args_is_help=True
)
Folder = Annotated[Path | None, typer.Option("--data", help="Content folder; ours by default.")]


def _where(data: Path | None) -> dict[str, Path]:
    return {"root": data or shared.settings().content_root}


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


@app.command("export-place")
def export_place(
    place: Annotated[str, typer.Argument(help="As quito.")],
    out: Annotated[Path, typer.Option(help="The file to write, as quito.zip.")],
) -> None:
    """Write a place into one file that another installation can adopt: content, what it rests on, services."""
    from bot.parcels import export_place as parcel_of

    library, read = shared.library(), shared.settings()
    if place not in library.places:
        known = ", ".join(one.code for one in library.places.all)
        typer.echo(f"{place} is no place. Known are: {known}.", err=True)
        raise typer.Exit(1)
    records = asyncio.run(_all_services(library))
    out.write_bytes(parcel_of(library, records, place, shared.today(), read.public_url))
    typer.echo(f"{out} holds {place}. In the other installation: orienta content adopt {out.name}")


@app.command()
def adopt(
    file: Annotated[Path, typer.Argument(help="A file of export-place.", exists=True, dir_okay=False)],
    write: Annotated[
        bool, typer.Option("--write", help="Write it; without, only say what would be.")
    ] = False,
    keep_ours: Annotated[
        bool, typer.Option("--keep-ours", help="Where something stands here otherwise, leave it as it is.")
    ] = False,
) -> None:
    """Take over a place of another installation: what is new, what contradicts; whole, or not at all."""
    from bot.parcels import Adopter, ParcelError

    read = shared.settings()
    adopter = Adopter(read.content_root, read.services_root)
    try:
        found = adopter.look(file.read_bytes())
        for line in (
            *(f"new       {one}" for one in found.new),
            *(f"conflict  {one}" for one in found.conflicts),
        ):
            typer.echo(line)
        for problem in found.problems:
            typer.echo(f"problem   {problem}")
        counts = f"{len(found.new)} new, {found.same} the same, {len(found.conflicts)} in conflict"
        typer.echo(f"{found.place}, exported {found.exported}: {counts}, {len(found.problems)} problems.")
        if found.problems or (found.conflicts and not keep_ours):
            typer.echo(
                "Nothing was written. Where it contradicts, --keep-ours leaves what stands here.", err=True
            )
            raise typer.Exit(1)
        if write:
            typer.echo(f"{adopter.adopt(found, shared.today())} files written. Then: orienta content check")
        else:
            typer.echo("Nothing was written: this is what --write would do.")
    except ParcelError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None


async def _all_services(library: Library) -> tuple[ServiceRecord, ...]:
    from referrals.exchange.exporting import all_records

    async with AsyncExitStack() as stack:
        return await all_records(await shared.directory(library, stack))
