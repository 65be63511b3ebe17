"""Headers of every page that we serve: nothing from elsewhere, nothing inline, nothing kept by the browser.

The console runs no script and asks for no position; a page that does says so when it builds its headers.
"""

from __future__ import annotations

from collections.abc import Mapping

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_HSTS = "max-age=31536000; includeSubDomains"


def headers_with(*from_us: str, geolocation: str = "") -> Mapping[str, str]:
    """The headers; `from_us` names what, beside styles, images and forms, may come from this address alone."""
    ours = [f"{kind} 'self'" for kind in ("style-src", "img-src", "form-action", *from_us)]
    policy = ["default-src 'none'", "object-src 'none'", *ours, "base-uri 'none'", "frame-ancestors 'none'"]
    return {
        "Content-Security-Policy": "; ".join(policy),
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": f"geolocation=({geolocation}), camera=(), microphone=(), payment=(), usb=()",
    }


class StrictHeaders:
    """Puts the headers on every answer."""

    def __init__(self, app: ASGIApp, headers: Mapping[str, str] | None = None, https: bool = False) -> None:
        self._app = app
        self._headers = headers or headers_with()
        self._https = https

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, with headers on the way out."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._put(MutableHeaders(scope=message), scope)
            await send(message)

        await self._app(scope, receive, send_with_headers if scope["type"] == "http" else send)

    def _put(self, headers: MutableHeaders, scope: Scope) -> None:
        for name, value in self._headers.items():
            headers.setdefault(name, value)
        if "/static/" not in scope["path"]:
            headers["Cache-Control"] = "no-store"
        if self._https or scope["scheme"] == "https":
            headers["Strict-Transport-Security"] = _HSTS
