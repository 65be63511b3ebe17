"""`orienta run` and `orienta chat`."""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

from bot.cli import shared


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(run)
    app.command()(chat)


def run(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[
        int | None, typer.Option(min=1, max=65535, help="Port; the variable PORT, or 8000.")
    ] = None,
) -> None:
    """Start everything: web chat, console, and Telegram if a token is set."""
    import asyncio
    import gc

    # Until everything stands nothing becomes garbage: looking for it would take a tenth of the start.
    gc.disable()
    settings = shared.settings()
    from bot.running import serve

    asyncio.run(serve(settings, host, port or _port(), sys.stdout))


def _port() -> int:
    given = os.environ.get("PORT") or "8000"
    if not given.isdigit() or not 0 < int(given) < 65536:
        typer.echo(f"PORT: must be a number from 1 to 65535. Given: {given!r}.", err=True)
        raise typer.Exit(1)
    return int(given)


def chat(
    place: Annotated[str | None, typer.Option(help="Begin in this place, as quito or sao-paulo.")] = None,
    language: Annotated[str | None, typer.Option(help="Talk in this language: es, pt, en, fr or ht.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object for each reply.")] = False,
) -> None:
    """Talk with the assistant on standard input and output; `#3` presses the third button of the last reply."""
    import asyncio

    settings = shared.settings()
    from bot.running import talk_on_lines

    code = asyncio.run(talk_on_lines(settings, sys.stdin, sys.stdout, place, language, as_json=as_json))
    shared.end(code)
