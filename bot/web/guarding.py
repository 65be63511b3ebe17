"""What stands before the chat page and the desk's: the headers of every page of ours, and no long bodies."""

from __future__ import annotations

from starlette.middleware import Middleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from console.headers import StrictHeaders, headers_with

MOST_BYTES = 16_384  # a long message has 4,000 characters


def guards() -> list[Middleware]:
    """For every page of the chat and the desk; the chat runs a script of ours and may ask for the position."""
    headers = headers_with("script-src", "connect-src", "manifest-src", geolocation="self")
    return [Middleware(StrictHeaders, headers=headers), Middleware(ShortBodies)]


class ShortBodies:
    """Refuses bodies that no message needs."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, with a limit on the way in."""
        await self._app(scope, _limited(receive) if scope["type"] == "http" else receive, send)


def _limited(receive: Receive) -> Receive:
    taken = 0

    async def receive_at_most() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > MOST_BYTES:
            return {"type": "http.disconnect"}
        return message

    return receive_at_most
