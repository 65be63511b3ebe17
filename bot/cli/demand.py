"""`orienta demand …`: weekly release and reports."""

from __future__ import annotations

import typer

app = typer.Typer(help="Close the week, report, audit.", no_args_is_help=True)
