"""`orienta demand …`: weekly release and reports. The demand room does the work; this names its commands."""

from __future__ import annotations

import sys
from typing import Annotated, Literal

import typer

from bot.cli import shared

app = typer.Typer(help="Close the week, report, audit.", no_args_is_help=True)


@app.command()
def close() -> None:
    """Release every week that is over."""
    shared.end(
        shared.room("demand.commands").close(shared.settings().demand_database, shared.now(), sys.stdout)
    )


@app.command()
def report(
    place: Annotated[str, typer.Option(help="As quito.")],
    form: Annotated[Literal["text", "csv", "xlsx", "html"], typer.Option("--format")] = "text",
) -> None:
    """What was needed and not met in a place, as released."""
    run = shared.room("demand.commands").report
    shared.end(run(shared.settings().demand_database, place, form, sys.stdout))


@app.command()
def audit() -> None:
    """Bound every figure that was not published by all that were."""
    shared.end(shared.room("demand.commands").audit(shared.settings().demand_database, sys.stdout))
