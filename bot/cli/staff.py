"""`orienta accounts list`, `accounts disable`, `audit verify`: who may work in the console, and whether its log is whole."""

from __future__ import annotations

import sys

import typer

from bot.cli import shared

audit = typer.Typer(help="The console's log of who did what.", no_args_is_help=True)


def add_to(accounts: typer.Typer) -> None:
    """Add the commands that look after accounts that exist."""
    accounts.command("list")(list_accounts)
    accounts.command()(disable)


def list_accounts() -> None:
    """Every account with its role and places."""
    run = shared.room("console.commands").list_accounts
    shared.end(run(shared.settings().directory_database, sys.stdout))


def disable(email: str) -> None:
    """Keep an account from signing in and end its sessions."""
    run = shared.room("console.commands").disable_account
    shared.end(run(shared.settings().directory_database, email, sys.stdout))


@audit.command()
def verify() -> None:
    """Whether no row of the log was changed or taken away; exit code 1 when one was."""
    run = shared.room("console.commands").verify_audit
    shared.end(run(shared.settings().directory_database, sys.stdout))
