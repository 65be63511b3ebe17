"""`orienta settings`, `accounts`, `db`: what an operator does."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from bot.cli import links, shared
from bot.safeguards import make_private

accounts = typer.Typer(help="Accounts of the console.", no_args_is_help=True)
links.add_to(accounts)
db = typer.Typer(help="Databases.", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    """Add the command that stands alone."""
    app.command()(settings)


def settings(
    markdown: Annotated[bool, typer.Option("--markdown", help="As README's table.")] = False,
) -> None:
    """Every setting, what it does and what is allowed."""
    from bot.settings import Settings, as_markdown

    if markdown:
        typer.echo(as_markdown())
        return
    for name, field in Settings.model_fields.items():
        typer.echo(f"ORIENTA_{name.upper()}\n    {field.description}")


@accounts.command("add")
def add_account(
    email: str,
    role: Annotated[Literal["caseworker", "coordinator", "admin"], typer.Option()],
    place: Annotated[list[str] | None, typer.Option(help="As quito; may be repeated.")] = None,
) -> None:
    """Invite somebody to the console; prints the invitation."""
    run, read = shared.room("console.commands").add_account, shared.settings()
    make_private(read.data_dir)
    shared.end(
        run(
            read.directory_database,
            email,
            role,
            tuple(place or ()),
            sys.stdout,
            read.console_url or read.public_url or ("https://127.0.0.1:8000" if read.tls_certificate else ""),
            read.content_root,
        )
    )


@db.command()
def upgrade() -> None:
    """Bring every database to the schema of this version."""
    read = shared.settings()
    make_private(read.data_dir)
    shared.room("referrals.migrations").upgrade(read.directory_database)
    shared.room("demand.migrations").upgrade(read.demand_database)
    shared.room("console.migrations").upgrade(read.directory_database)
    typer.echo("The databases are up to date.")


@db.command()
def rights(
    role: Annotated[str, typer.Argument(help="Account of the PostgreSQL server that will serve.")],
) -> None:
    """Give a PostgreSQL account what serving needs and no more; run it with the address of the tables' owner."""
    shared.room("bot.rights").grant_rights(shared.settings(), role, sys.stdout)


@db.command()
def backup(target: Annotated[Path, typer.Argument(help="Folder to write to.")]) -> None:
    """Copy the databases while they are in use; released figures only, never the open week."""
    shared.end(shared.room("bot.backup").backup(shared.settings(), target, sys.stdout))


@db.command()
def restore(
    source: Annotated[Path, typer.Argument(help="Folder that `backup` wrote.")],
    force: Annotated[bool, typer.Option("--force", help="Also over data that is there.")] = False,
) -> None:
    """Put a backup into empty databases; the process must not be running."""
    shared.end(shared.room("bot.backup").restore(shared.settings(), source, sys.stdout, force=force))
