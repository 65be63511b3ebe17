"""Brings linked coordinators their morning notice. What Telegram or the database cannot do now is tried again later.

Never writes to anybody who did not link their own chat.
"""

from __future__ import annotations

import asyncio

from bot.face.sending import Blocked, NotSent, Sender
from bot.logs import describe, get_log
from bot.notices import Notice, Notices

_log = get_log("bot.face.noticing")


async def keep_telling(notices: Notices, sender: Sender, pause: float) -> None:
    """Bring what is due, again and again, until cancelled."""
    while True:
        try:
            for notice in await notices.due():
                await _bring(notices, sender, notice)
        except Exception as error:
            _log.error("notices could not be brought", exception=describe(error))
        await asyncio.sleep(pause)


async def _bring(notices: Notices, sender: Sender, notice: Notice) -> None:
    if not await notices.take(notice) or notice.reply is None:
        return
    try:
        await sender.send(notice.chat, [notice.reply])
    except Blocked:
        _log.info("a coordinator's chat is gone")
    except NotSent:
        await notices.give_back(notice)
