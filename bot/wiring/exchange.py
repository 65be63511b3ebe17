"""Opens the directory to everybody, in HSDS. Nothing of people is in it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from bot.wiring.ground import Ground

if TYPE_CHECKING:
    from starlette.routing import Route


def open_routes(ground: Ground) -> list[Route]:
    """The addresses that need no account."""
    from referrals.exchange.api import hsds_routes
    from referrals.exchange.changed import last_changes

    titles = {need.code: need.title("es") for need in ground.library().taxonomy.needs.values()}
    return hsds_routes(ground.directory, titles, changed=partial(last_changes, ground.sessions))
