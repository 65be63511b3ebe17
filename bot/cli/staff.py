"""`orienta accounts list`, `accounts disable`, `audit verify`, `audit follow`: who may work in the console, and its log."""

from __future__ import annotations

import asyncio
import io
import sys
from contextlib import AsyncExitStack, suppress
from pathlib import Path
from typing import Annotated

import typer

from bot.cli import links, shared

_NOBODY = "There is no account yet. Make one with: orienta accounts add EMAIL --role admin"
audit = typer.Typer(help="The console's log of who did what.", no_args_is_help=True)


def add_to(accounts: typer.Typer) -> None:
    """Add the commands that look after accounts that exist."""
    accounts.command("list")(list_accounts)
    accounts.command()(disable)


def list_accounts() -> None:
    """Every account with its role and places, then whose chat is linked."""
    listed = io.StringIO()
    code = shared.room("console.commands").list_accounts(shared.settings().directory_database, listed)
    lines = [*listed.getvalue().splitlines(), *links.linked()]
    for line in lines:
        typer.echo(line)
    if not lines:
        typer.echo(_NOBODY, err=True)
    shared.end(code)


def disable(email: str) -> None:
    """Keep an account from signing in, end its sessions and the link of its chat."""
    run = shared.room("console.commands").disable_account
    code = run(shared.settings().directory_database, email, sys.stdout)
    links.end_link(email)
    shared.end(code)


@audit.command()
def follow(
    mark: Annotated[
        Path | None,
        typer.Option(help="File that keeps how far it came, so that no row is left out or sent twice."),
    ] = None,
    once: Annotated[bool, typer.Option("--once", help="The rows that are there, then end.")] = False,
) -> None:
    """Write the log as JSON lines, and go on with each new row: for a collector on another machine."""
    settings = shared.settings()

    async def run() -> None:
        from console.following import follow as follow_rows

        async with AsyncExitStack() as stack:
            await follow_rows(await shared.staff_sessions(settings, stack), sys.stdout, mark, once=once)

    # Whoever reads has left, or the operator stops it: neither is an error, and the mark says how far it came.
    with suppress(KeyboardInterrupt, BrokenPipeError):
        asyncio.run(run())


@audit.command()
def verify() -> None:
    """Whether no row of the log was changed or taken away; exit code 1 when one was."""
    run = shared.room("console.commands").verify_audit
    shared.end(run(shared.settings().directory_database, sys.stdout))
