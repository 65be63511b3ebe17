"""Opens the console. Without its database there is none, and people are answered all the same."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from bot.logs import get_log
from bot.wiring import clock
from bot.wiring.ground import Ground
from bot.wiring.wired import Wired

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from bot.linked import Links

_log = get_log("wiring")


async def mount_console(wired: Wired, ground: Ground) -> None:
    """The console at `/console`.

    While its database is held it is there, and works when the database is free and brought up to date.
    """
    from sqlalchemy.exc import SQLAlchemyError
    from starlette.responses import RedirectResponse
    from starlette.routing import Route

    try:
        wired.mounts["/console"] = await _console(ground, wired.links)
    except (SQLAlchemyError, OSError) as error:
        _log.error("console not served", reason=type(error).__name__)
        return
    # A mount answers below its path only, and the chat takes what is left.
    wired.routes.append(Route("/console", lambda request: RedirectResponse(f"{request.url.path}/")))


async def _console(ground: Ground, links: Links | None) -> ASGIApp:
    from bot.schema import bring_up_to_date
    from bot.turn.doors_text import door_text
    from console import migrations
    from console.opening import open_console

    settings = ground.settings
    if not ground.held:
        await asyncio.to_thread(bring_up_to_date, migrations, settings.directory_database)
    return open_console(
        ground.sessions, ground.library, ground.directory, clock.now, ground.keys.present, door_text,
        settings.demand_database, settings.console_url or settings.public_url, links, ground.keys.earlier, settings.tls_certificate is not None,
    )  # fmt: skip
