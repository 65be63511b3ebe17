"""`orienta directory …`: the service directory on the command line."""

from __future__ import annotations

import typer

app = typer.Typer(help="The service directory in and out.", no_args_is_help=True)
