"""Starts bots that can be killed: imports everything once, then forks a process for each bot.

Reads lines `<api url> <data folder> <database url or ->` and prints the number of the process. A fork has everything
of a real process, and starts in milliseconds, so that fifty kills fit into a test.
"""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import sys
import warnings
from pathlib import Path

from pydantic import SecretStr

from bot.face import TelegramFace
from bot.logs import set_up_logs
from bot.settings import Settings
from tests.bot_api.standin import TOKEN
from tests.face.bots import FREE, EchoTurn


def main() -> None:
    """Fork for every line."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    gc.freeze()
    for line in sys.stdin:
        api_url, folder, database = line.split()
        child = os.fork()
        if child == 0:
            run(api_url, Path(folder), "" if database == "-" else database)
        print(child, flush=True)


def run(api_url: str, folder: Path, database: str) -> None:
    """Be a bot until killed."""
    warnings.simplefilter("ignore")
    # The pipes belong to the zygote.
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1):
        os.dup2(nowhere, stream)
    set_up_logs("ERROR")
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    settings = Settings(
        data_dir=folder,
        telegram_token=SecretStr(TOKEN),
        telegram_api_url=api_url,
        database_url=database,
    )
    asyncio.run(TelegramFace(settings, EchoTurn(), FREE).serve(asyncio.Event()))
    os._exit(0)


if __name__ == "__main__":
    main()
