"""The address that Telegram posts updates to: answered with 200 only after the person was answered.

Refuses everybody who does not know the secret, before reading what they sent. Under more load than it can bear it
asks Telegram to come again later; nothing is queued here that a crash could lose.
"""

from __future__ import annotations

import asyncio
import hmac
import json
from typing import Any

from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.face.handling import Handler
from bot.face.lanes import Lanes
from bot.face.sending import Counts
from bot.face.tempo import Tempo
from bot.face.updates import read_update
from bot.logs import describe, get_log

PATH = "/telegram/webhook"
HEADER = "X-Telegram-Bot-Api-Secret-Token"
MAX_BODY = 1_000_000
_log = get_log("bot.face.webhook")


class Webhook:
    """One route. ValueError without a secret: an open webhook lets anybody speak as anybody."""

    def __init__(self, handler: Handler, secret: str, tempo: Tempo, counts: Counts) -> None:
        if len(secret) < 16:
            raise ValueError("a webhook needs ORIENTA_WEBHOOK_SECRET, 16 characters or more")
        self._secret = secret.encode()
        self._tempo = tempo
        self._counts = counts
        self._lanes = Lanes(handler, tempo, self._is_done, self._is_elsewhere)
        self._open: dict[int, asyncio.Future[bool]] = {}
        self._stopping = False

    def route(self) -> Route:
        """To be mounted by whoever serves HTTP."""
        return Route(PATH, self.receive, methods=["POST"])

    async def stop(self, seconds: float) -> None:
        """Take nothing more; what runs may end, the rest comes again."""
        self._stopping = True
        await self._lanes.stop(seconds)
        for waiting in self._open.values():
            waiting.cancel()

    async def receive(self, request: Request) -> Response:
        """Take one update; 200 when it is done."""
        given = request.headers.get(HEADER, "").encode()
        if not hmac.compare_digest(given, self._secret):
            return PlainTextResponse("wrong secret", 403)
        if self._stopping or len(self._open) >= self._tempo.webhook_at_once:
            return _later()
        try:
            body = await _body(request)
        except ClientDisconnect:
            return PlainTextResponse("", 400)
        if body is None:
            return PlainTextResponse("too large", 413)
        raw = _parsed(body)
        if raw is None:
            return PlainTextResponse("not an update", 400)
        return await self._take(raw)

    async def _take(self, raw: dict[str, Any]) -> Response:
        update_id = raw["update_id"]
        if update_id not in self._open and not self._put(update_id, raw):
            return PlainTextResponse("")  # there is nothing to answer, now or later: do not send it again
        try:
            # Shielded: Telegram may hang up and send the update again while the first is still being answered.
            done = await asyncio.shield(self._open[update_id])
        except asyncio.CancelledError:
            if self._stopping:
                return _later()
            raise
        return PlainTextResponse("") if done else _later()

    def _put(self, update_id: int, raw: dict[str, Any]) -> bool:
        try:
            taken = read_update(raw)
        except Exception as error:
            self._counts.unreadable += 1
            _log.error("an update cannot be read", exception=describe(error))
            return False
        if taken is None:
            return False
        self._open[update_id] = asyncio.get_running_loop().create_future()
        self._lanes.put(taken)
        return True

    def _is_done(self, update_id: int) -> None:
        self._close(update_id, done=True)

    def _is_elsewhere(self, update_id: int) -> None:
        # Should the other process die with it, it has to come again.
        self._close(update_id, done=False)

    def _close(self, update_id: int, *, done: bool) -> None:
        waiting = self._open.pop(update_id, None)
        if waiting and not waiting.done():
            waiting.set_result(done)


async def _body(request: Request) -> bytes | None:
    """What was posted; None when it is too large, however it says its length."""
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > MAX_BODY:
            return None
    return bytes(body)


def _parsed(body: bytes) -> dict[str, Any] | None:
    try:
        raw = json.loads(body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(raw, dict) or not isinstance(raw.get("update_id"), int):
        return None
    return raw


def _later() -> Response:
    return PlainTextResponse("later", 503, headers={"Retry-After": "2"})
