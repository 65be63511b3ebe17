"""What the wiring hands out: a built house and what runs beside it. Builds nothing itself."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.turn import Turn
from bot.web.watch import Check, Metrics

if TYPE_CHECKING:
    from starlette.routing import BaseRoute
    from starlette.types import ASGIApp

    from bot.linked import Links
    from bot.notices import Notices

Part = Callable[[asyncio.Event], Coroutine[None, None, None]]


@dataclass
class Wired:
    """A built house. `parts` run beside the web until they are told to stop."""

    turn: Turn
    metrics: Metrics
    checks: dict[str, Check] = field(default_factory=dict)
    mounts: dict[str, ASGIApp] = field(default_factory=dict)
    routes: list[BaseRoute] = field(default_factory=list)
    links: Links | None = None
    notices: Notices | None = None
    parts: list[Part] = field(default_factory=list)
    # Reads the content again; the problems that kept the old in use, none when the new one is.
    reload: Callable[..., tuple[str, ...]] = lambda: ()
