"""`orienta directory …`: the service directory in and out, and the check of its seeds."""

from __future__ import annotations

import asyncio
import sys
from contextlib import AsyncExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from bot.cli import shared

if TYPE_CHECKING:
    from content.library import Library
    from referrals.exchange.importing import Plan

app = typer.Typer(help="The service directory in and out.", no_args_is_help=True)


@app.command("import")
def import_file(
    file: Annotated[
        Path, typer.Argument(help="A .csv, .xlsx, .json or .zip file.", exists=True, dir_okay=False)
    ],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would happen.")] = False,
) -> None:
    """Bring services in: every mistake by row and column, or what is new and what changes."""
    shared.end(asyncio.run(_import(file, dry_run)))


@app.command()
def export(
    form: Annotated[Literal["hsds", "hsds-tables", "csv", "xlsx"], typer.Option("--format")] = "hsds",
    out: Annotated[Path | None, typer.Option(help="A file; standard output when absent.")] = None,
    with_hidden: Annotated[
        bool, typer.Option("--with-hidden", help="With addresses that are secret: only to move house.")
    ] = False,
) -> None:
    """Write the whole directory out."""
    content = asyncio.run(_export(form, with_hidden))
    if out:
        out.write_bytes(content)
    else:
        sys.stdout.buffer.write(content)


@app.command()
def check() -> None:
    """Every problem of the seed files at once."""
    from referrals.loading import read_seeds

    library, services = shared.library(), shared.settings().services_root
    records, problems = read_seeds(services, needs=library.taxonomy.needs, places=_places(library))
    known = {record.id for record in records}
    strange = [
        f"{fact.id}: the fact is about the service {code}, which is not here. Mend `services` in facts.yml."
        for fact in library.collection.facts.values()
        for code in fact.services
        if code not in known
    ]
    for problem in (*problems, *strange):
        typer.echo(str(problem))
    typer.echo(f"{len(records)} services, {len(problems) + len(strange)} problems.")
    shared.end(1 if problems or strange else 0)


@app.command()
def reports() -> None:
    """What people reported: services to look at, money asked for and refusals, corrections that wait."""
    for line in asyncio.run(_reports()):
        typer.echo(line)


async def _reports() -> list[str]:
    from bot.wiring import open_directory_sessions
    from referrals.corrections import Corrections
    from referrals.outcomes import Outcomes

    places = shared.library().places
    async with AsyncExitStack() as stack:
        sessions = await open_directory_sessions(shared.settings(), stack)
        outcomes = Outcomes(sessions, places)
        flagged = await outcomes.flagged(shared.now())
        coordinators = await outcomes.for_coordinators(shared.now())
        proposals = await Corrections(sessions, places).open_ones()
    return [
        *(f"look at    {one.service_id}  {one.name}  {one.kind} {one.count} times" for one in flagged),
        *(f"coordinate {one.service_id}  {one.name}  {one.kind} {one.count} times" for one in coordinators),
        *(f"correction {one.service_id}  {one.name}  {one.field} {one.value}".rstrip() for one in proposals),
    ] or ["Nothing waits."]


async def _import(file: Path, dry_run: bool) -> int:
    from referrals.exchange import importing

    library = shared.library()
    read = importing.read_file(file.name, file.read_bytes())
    problems = (*read.problems, *importing.check_codes(read, library.taxonomy.needs, _places(library)))
    async with AsyncExitStack() as stack:
        sessions = await shared.directory(library, stack)
        plan = await importing.plan(sessions, read.records, problems, read.split)
        _say(plan)
        if plan.problems:
            return 1
        if not dry_run:
            typer.echo(f"{await importing.apply(sessions, plan)} services written.")
    return 0


def _say(plan: Plan) -> None:
    for problem in plan.problems:
        typer.echo(str(problem))
    for one in () if plan.problems else plan.split:
        count = len(one.doors)
        typer.echo(f"{one.name} has {count} locations and becomes {count} services: {', '.join(one.doors)}")
    for record in plan.new:
        typer.echo(f"new      {record.id}  {record.name}")
    for record, fields in plan.changed:
        typer.echo(f"changes  {record.id}  {', '.join(fields)}")
    for twin in plan.twins:
        typer.echo(f"looks like one already listed: {twin.new} and {twin.listed} ({twin.by})")
    counts = f"{len(plan.new)} new, {len(plan.changed)} changed, {plan.same} the same"
    typer.echo(f"{counts}, {len(plan.problems)} problems.")


async def _export(form: str, with_hidden: bool) -> bytes:
    from referrals.exchange import exporting

    library = shared.library()
    titles = {need.code: need.title("es") for need in library.taxonomy.needs.values()}
    async with AsyncExitStack() as stack:
        sessions = await shared.directory(library, stack)
        records = await exporting.all_records(sessions)
    return exporting.export(records, form, titles, with_hidden=with_hidden)


def _places(library: Library) -> set[str]:
    return {code for place in library.places.all for code in (place.code, place.country)}
