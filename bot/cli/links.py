"""`orienta accounts link · unlink`, and the linked chats of `accounts list`: who works here writes from their own chat."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, NoReturn, TypeVar

import typer

from bot.cli import shared
from bot.safeguards import make_private

if TYPE_CHECKING:
    from bot.linked import Links
    from bot.settings import Settings

Result = TypeVar("Result")
Places = Annotated[
    list[str] | None,
    typer.Option(
        "--place",
        help="As quito, or ecuador for its national services; may be repeated. Absent: the account's places.",
    ),
]


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("link")(link)
    app.command("unlink")(unlink)


def link(email: str, place: Places = None) -> None:
    """A code, good once and for a day, with which somebody links their own chat: for the places of their account."""
    role, places = _reach(email, set(place or ()))
    code = asyncio.run(_with_links(lambda links: links.new_code(email, places, role)))
    typer.echo(f"{code}\nThe {role} writes to the bot, within a day:  /vincular {code}")


def _reach(email: str, given: set[str]) -> tuple[str, frozenset[str]]:
    """The role and the places of a link: those given, or those of the account. Ends with a sentence when there are none."""
    run, read = shared.room("console.commands").reach_of, shared.settings()
    make_private(read.data_dir)
    account = run(read.directory_database, email, read.content_root)
    if isinstance(account, str):
        _refuse(account)
    role, places = account or ("caseworker", frozenset())
    known = sorted({code for one in shared.library().places.all for code in (one.code, one.country)})
    if "@" not in email or not (given or places) or not given <= set(known):
        _refuse(f"Give an e-mail and at least one --place out of: {', '.join(known)}.")
    if account is None:
        typer.echo(f"{email} has no account yet: until then the chat reads, and changes nothing.", err=True)
    return role, frozenset(given) or places


def _refuse(sentence: str) -> NoReturn:
    typer.echo(sentence, err=True)
    raise typer.Exit(1)


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
    from bot.secret_keys import secret_keys

    settings: Settings = shared.settings()
    async with AsyncExitStack() as stack:
        sessions = await shared.staff_sessions(settings, stack)
        keys = secret_keys(settings)
        return await work(Links(sessions, keys.present, shared.now, earlier=keys.earlier))


def _day(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M}" if moment else "-"
