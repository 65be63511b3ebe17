"""The whole web application: what operators watch, what other rooms mount, and the chat page at the root."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from starlette.applications import Starlette
from starlette.routing import BaseRoute, Mount
from starlette.types import ASGIApp

from bot.turn import Turn
from bot.web.chat import WebChat
from bot.web.watch import Check, Metrics, watch_routes


def build_app(
    turn: Turn,
    *,
    checks: Mapping[str, Check],
    metrics: Metrics,
    mounts: Mapping[str, ASGIApp] | None = None,
    routes: Sequence[BaseRoute] = (),
) -> Starlette:
    """The application. `mounts` are applications of other rooms by path; the chat takes what is left."""
    mounted = [Mount(path, app) for path, app in (mounts or {}).items()]
    chat = Mount("/", WebChat(turn).app())
    return Starlette(routes=[*watch_routes(checks, metrics), *routes, *mounted, chat])
