"""`orienta key new · renew · forget`: the secret key is exchanged, and nobody sets up a second factor again."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli import shared

if TYPE_CHECKING:
    from bot.secret_keys import SecretKeys
    from bot.settings import Settings
    from console.renewal import Renewal

app = typer.Typer(
    help="Exchange the secret key: `new`, start again, `renew`, later `forget`.", no_args_is_help=True
)


@app.command()
def new() -> None:
    """Make a new key and keep the present one as an earlier one. Then start Orienta again."""
    from bot.secret_keys import exchange

    settings = shared.settings()
    exchange(settings)
    typer.echo("There is a new key; what the earlier one closed is still opened.")
    typer.echo("Next: start Orienta again, then run `orienta key renew`.")
    asyncio.run(_noted(settings, "key.new"))


@app.command()
def renew() -> None:
    """Encrypt with the present key what an earlier one encrypted. Run again, it changes nothing."""
    total = asyncio.run(_renewal(shared.settings(), write=True))
    typer.echo(f"{total.behind} second factors and linked chats were encrypted anew.")
    if total.unreadable:
        typer.echo(
            f"{total.unreadable} are opened by none of the keys: name the key that is missing in"
            " ORIENTA_EARLIER_SECRET_KEYS and run this again, or invite and link these people anew.",
            err=True,
        )
        raise typer.Exit(1)


@app.command()
def forget(
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Delete the earlier keys that are kept in the data folder, once nothing that is encrypted needs them."""
    from bot.secret_keys import forget_earlier, secret_keys

    settings = shared.settings()
    if not secret_keys(settings).earlier:
        typer.echo("There is no earlier key.")
        return
    if behind := asyncio.run(_renewal(settings, write=False)).behind:
        typer.echo(f"{behind} second factors and linked chats still need an earlier key.", err=True)
        typer.echo("Run `orienta key renew` first. Nothing was deleted.", err=True)
        raise typer.Exit(1)
    typer.echo("Slips of before the exchange are not found any more (none is older than 120 days), and old")
    typer.echo(
        "buttons lead to the menu. A backup of before the exchange keeps second factors that nobody can use."
    )
    if not yes:
        typer.confirm("Forget the earlier keys?", abort=True)
    forget_earlier(settings)
    asyncio.run(_noted(settings, "key.forget"))
    typer.echo("They are deleted from the data folder.")
    if settings.earlier_secret_keys is not None:
        typer.echo("ORIENTA_EARLIER_SECRET_KEYS is still set: take it away and start Orienta again.")


async def _renewal(settings: Settings, *, write: bool) -> Renewal:
    from bot.linked import Links
    from bot.secret_keys import secret_keys
    from console.renewal import renewed_factors

    keys: SecretKeys = secret_keys(settings)
    now = shared.now()
    async with AsyncExitStack() as stack:
        sessions = await shared.staff_sessions(settings, stack)
        links = Links(sessions, keys.present, shared.now, earlier=keys.earlier)
        async with sessions.writing() as session:
            total = await renewed_factors(
                session, keys.present, keys.earlier, int(now.timestamp()), write=write
            )
        return total + await links.renew(write=write)


async def _noted(settings: Settings, action: str) -> None:
    from console import audit

    async with AsyncExitStack() as stack:
        sessions = await shared.staff_sessions(settings, stack)
        async with sessions.writing() as session:
            await audit.note(session, int(shared.now().timestamp()), audit.BY_HAND, action)
