"""`orienta accounts link · unlink`, and the linked chats of `accounts list`: caseworkers who write changes from their own chat."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from bot.cli import shared

if TYPE_CHECKING:
    from bot.linked import Links
    from bot.settings import Settings

Result = TypeVar("Result")
Places = Annotated[
    list[str] | None,
    typer.Option("--place", help="As quito, or ecuador for its national services; may be repeated."),
]


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("link")(link)
    app.command("unlink")(unlink)


def link(email: str, place: Places = None) -> None:
    """A code, good once and for a day, with which a caseworker links their own chat."""
    from content.loading import load_library

    library = load_library()
    known = sorted({code for one in library.places.all for code in (one.code, one.country)})
    places = place or []
    if "@" not in email or not places or not set(places) <= set(known):
        typer.echo(f"Give an e-mail and at least one --place out of: {', '.join(known)}.", err=True)
        raise typer.Exit(1)
    code = asyncio.run(_with_links(lambda links: links.new_code(email, places)))
    typer.echo(f"{code}\nThe caseworker writes to the bot, within a day:  /vincular {code}")


def linked() -> list[str]:
    """A line for everybody who is linked or has a code that waits; never a chat."""
    lines = []
    for one in asyncio.run(_with_links(lambda links: links.listed())):
        state = f"chat linked {_day(one.linked)}" if one.linked else f"code until {_day(one.code_expires)}"
        lines.append(f"{one.email}  {', '.join(one.places)}  {state}")
    return lines


def unlink(email: str) -> None:
    """Remove a caseworker's link, or a code that waits."""
    removed = end_link(email)
    typer.echo(f"{email} is not linked any more." if removed else f"{email} was not linked.")
    shared.end(0 if removed else 1)


def end_link(email: str) -> bool:
    """Remove a link; False when there is none."""
    return asyncio.run(_with_links(lambda links: links.unlink(email)))


async def _with_links(work: Callable[[Links], Awaitable[Result]]) -> Result:
    from bot.linked import Links
    from bot.settings import secret_key
    from bot.wiring import open_directory_sessions

    settings: Settings = shared.settings()
    async with AsyncExitStack() as stack:
        sessions = await open_directory_sessions(settings, stack)
        return await work(Links(sessions, secret_key(settings), shared.now))


def _day(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M}" if moment else "-"
