"""Who a visitor is: a random word in a cookie that ends with the visit. It means nothing outside this process."""

from __future__ import annotations

import re
import secrets

from starlette.requests import Request
from starlette.responses import Response

_TOKEN = re.compile(r"[A-Za-z0-9_-]{22}")


def visitor_of(request: Request) -> str:
    """The visitor's word, or a new one."""
    word = request.cookies.get(_name(request), "")
    return word if _TOKEN.fullmatch(word) else secrets.token_urlsafe(16)


def person_of(visitor: str) -> bytes:
    """The opaque key that a turn knows a visitor by."""
    return b"web:" + visitor.encode()


def remember(request: Request, response: Response, visitor: str) -> None:
    """Set the cookie for this visit: no script reads it, no other site sends it."""
    response.set_cookie(
        _name(request), visitor, path="/", httponly=True, samesite="strict", secure=_is_secure(request)
    )


def forget(request: Request, response: Response) -> None:
    """Take the cookie away."""
    response.delete_cookie(
        _name(request), path="/", httponly=True, samesite="strict", secure=_is_secure(request)
    )


def same_origin(request: Request) -> bool:
    """Whether a form or script of our own page sent this; browsers that say nothing are trusted with the cookie."""
    site = request.headers.get("sec-fetch-site", "same-origin")
    return site in ("same-origin", "none")


def _name(request: Request) -> str:
    # Browsers accept the prefix over https alone; on a laptop the page is served over http.
    return "__Host-orienta" if _is_secure(request) else "orienta"


def _is_secure(request: Request) -> bool:
    return request.url.scheme == "https"
