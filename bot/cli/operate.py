"""`orienta settings`, `accounts`, `db`, `demo`: what an operator does."""

from __future__ import annotations

from typing import Annotated

import typer

accounts = typer.Typer(help="Accounts of the console.", no_args_is_help=True)
db = typer.Typer(help="Databases.", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    """Add the commands that stand alone."""
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
