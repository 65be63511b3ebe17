"""The library's bot with our limiter, polling that reads updates one by one, and a short way for messages.

Never logs: the library's loggers are held at WARNING by `bot.logs`, because below that they print texts.
"""

from __future__ import annotations

import os
from typing import Any, cast

from telegram.ext import ExtBot
from telegram.request import RequestData
from telegram.request._requestparameter import RequestParameter

from bot.face.limiter import Limiter
from bot.face.tempo import Tempo
from bot.face.transport import Transport
from bot.face.updates import ALLOWED

_READ_SECONDS = 10.0


class Bot(ExtBot[bool]):
    """ExtBot whose updates come as plain objects, so that one that cannot be read does not hide the others."""

    async def call(self, method: str, given: dict[str, Any], *, urgent: bool = False) -> dict[str, Any]:
        """A method that answers with a message, as the plain object: to build the library's object around the one
        number that is needed takes as long as to send it. Through the limiter, and with the library's errors."""
        parameters = RequestData([RequestParameter(name, value, None) for name, value in given.items()])
        answer = await cast("Limiter", self.rate_limiter).process_request(
            self.request.post, (f"{self.base_url}/{method}", parameters), {}, method, given, urgent
        )
        return cast("dict[str, Any]", answer)

    async def shutdown(self) -> None:
        """Close the connections also of a bot that Telegram never answered: the library leaves those open."""
        await super().shutdown()
        for transport in self._request:
            await transport.shutdown()

    async def poll(self, offset: int, timeout: float, limit: int = 100) -> list[dict[str, Any]]:
        """getUpdates: confirms everything before `offset`; Telegram may hold the call for `timeout` seconds."""
        given = {"offset": offset, "limit": limit, "timeout": int(timeout), "allowed_updates": list(ALLOWED)}
        batch = await self._post("getUpdates", given, read_timeout=_READ_SECONDS + timeout)
        return cast("list[dict[str, Any]]", batch)


def build_bot(token: str, api_url: str, tempo: Tempo) -> Bot:
    """A bot that speaks to `api_url` (without /bot). Opens nothing yet."""
    # The library warns about plain seconds on every 429 unless it may give timedeltas.
    os.environ.setdefault("PTB_TIMEDELTA", "true")
    return Bot(
        token=token,
        base_url=f"{api_url}/bot",
        base_file_url=f"{api_url}/file/bot",
        # As many connections as chats at once and presses answered beside them; a full pool waits, it does not fail.
        request=Transport(api_url, 96, _READ_SECONDS, pool_seconds=60),
        get_updates_request=Transport(api_url, 2, _READ_SECONDS, pool_seconds=5),
        rate_limiter=Limiter(tempo),
    )
