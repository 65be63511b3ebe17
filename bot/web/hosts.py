"""The console under a host of its own: no page of the chat shares its origin, its cookies or its storage.

Decides by the name that was asked for, and by nothing else; names of this machine reach everything.
"""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse, RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

CONSOLE = "/console"
_EVERYWHERE = ("/healthz", "/readyz", "/metrics")
_THIS_MACHINE = ("localhost", "127.0.0.1", "[::1]")


class HostOfConsole:
    """Answers the console under its host alone, and everything else under every other."""

    def __init__(self, app: ASGIApp, host: str) -> None:
        self._app = app
        self._host = host.lower()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what belongs to the host that was asked for."""
        if scope["type"] != "http" or self._belongs(scope):
            await self._app(scope, receive, send)
        elif scope["path"] == "/" and _asked(scope) == self._host:
            await RedirectResponse(f"{CONSOLE}/")(scope, receive, send)
        else:
            await PlainTextResponse("Not found", 404)(scope, receive, send)

    def _belongs(self, scope: Scope) -> bool:
        path: str = scope["path"]
        asked = _asked(scope)
        if path in _EVERYWHERE or asked in _THIS_MACHINE:
            return True
        return (path == CONSOLE or path.startswith(f"{CONSOLE}/")) == (asked == self._host)


def _asked(scope: Scope) -> str:
    """The host that was asked for, without its port."""
    host = Headers(scope=scope).get("host", "").lower()
    return host.partition("]")[0] + "]" if host.startswith("[") else host.partition(":")[0]
