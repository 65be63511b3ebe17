"""`orienta accounts list`, `accounts disable`, `audit verify`: who may work in the console, and whether its log is whole."""

from __future__ import annotations

import sys

import typer

from bot.cli import links, shared

audit = typer.Typer(help="The console's log of who did what.", no_args_is_help=True)


def add_to(accounts: typer.Typer) -> None:
    """Add the commands that look after accounts that exist."""
    accounts.command("list")(list_accounts)
    accounts.command()(disable)


def list_accounts() -> None:
    """Every account with its role and places, then whose chat is linked."""
    run = shared.room("console.commands").list_accounts
    code = run(shared.settings().directory_database, sys.stdout)
    for line in links.linked():
        typer.echo(line)
    shared.end(code)


def disable(email: str) -> None:
    """Keep an account from signing in, end its sessions and the link of its chat."""
    run = shared.room("console.commands").disable_account
    code = run(shared.settings().directory_database, email, sys.stdout)
    links.end_link(email)
    shared.end(code)


@audit.command()
def verify() -> None:
    """Whether no row of the log was changed or taken away; exit code 1 when one was."""
    run = shared.room("console.commands").verify_audit
    shared.end(run(shared.settings().directory_database, sys.stdout))
