"""The whole of Orienta as `orienta run` starts it, with Telegram's limits opened: not they are measured."""

from __future__ import annotations

import asyncio
import gc
import sys
from functools import partial

gc.disable()  # as `orienta run` does until it is ready

if __name__ == "__main__":
    import bot.face.running
    from bot.logs import set_up_logs
    from bot.running import serve
    from bot.settings import read_settings

    open_limits = {"messages_per_second": 100_000, "burst": 1000, "chat_seconds": 0.00001, "chat_burst": 1000}
    bot.face.running.Tempo = partial(bot.face.running.Tempo, **open_limits)  # type: ignore[misc,assignment]
    set_up_logs("ERROR")
    asyncio.run(serve(read_settings(), "127.0.0.1", int(sys.argv[1]), sys.stdout))
