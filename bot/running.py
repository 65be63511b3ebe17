"""Run the house: one process for web chat, console and Telegram, with a graceful stop; or one talk over lines.

Prints addresses and then `ready` when it can answer, and nothing before. Stops on SIGTERM and SIGINT: what has
begun is answered, then everything is closed.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import signal
import socket
from collections.abc import AsyncIterator, Iterator
from functools import partial
from typing import TextIO
from urllib.parse import urlsplit

import uvicorn

from bot.logs import get_log
from bot.safeguards import keep_memory_off_the_disk, warn_of_open_folder
from bot.secret_warnings import warn_of_plain_secrets
from bot.settings import Settings, WrongSettingsError
from bot.standing_in import kept_alive
from bot.terminal import Terminal
from bot.tls import OwnTls, own_tls, warn_of_weak_ways
from bot.web.app import build_app
from bot.web.hosts import HostOfConsole
from bot.wiring import Wired, open_house, telegram_face

_log = get_log("run")
_GRACE_SECONDS = 10


class AddressInUseError(Exception):
    """Somebody else listens there; the message says how to choose another port."""


class _Server(uvicorn.Server):
    """Leaves signals to us: one stop for web and Telegram together."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture nothing."""
        yield


async def serve(settings: Settings, host: str, port: int, out: TextIO) -> None:
    """Serve until a signal; every part stops before this returns."""
    keep_memory_off_the_disk()
    warn_of_open_folder(settings.data_dir)
    tls = own_tls(settings)
    warn_of_plain_secrets(settings)
    warn_of_weak_ways(host, tls, (settings.public_url, settings.console_url))
    listening = _listen(host, port)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    again = asyncio.Event()
    loop.add_signal_handler(signal.SIGHUP, again.set)
    with listening:
        async with open_house(settings) as wired:
            # What stands now stands until the end: later searches for garbage need not look at it.
            gc.collect()
            gc.freeze()
            gc.enable()
            wired.parts.append(kept_alive("content", partial(_reload, wired, again, tls=tls)))
            await _serve(settings, wired, listening, stop, out, tls)


async def _serve(
    settings: Settings, wired: Wired, listening: socket.socket, stop: asyncio.Event, out: TextIO,
    tls: OwnTls | None,
) -> None:  # fmt: skip
    face = telegram_face(settings, wired)
    app = build_app(
        wired.turn, checks=wired.checks, metrics=wired.metrics, mounts=wired.mounts,
        routes=[*wired.routes, *(face.routes() if face else ())],
    )  # fmt: skip
    console_host = urlsplit(settings.console_url).hostname
    server = _Server(
        uvicorn.Config(
            HostOfConsole(app, console_host) if console_host else app, lifespan="off", log_config=None, access_log=False, server_header=False,
            timeout_graceful_shutdown=_GRACE_SECONDS,
            ssl_context_factory=(lambda *_: tls.context) if tls else None,
        )
    )  # fmt: skip
    web = asyncio.create_task(server.serve(sockets=[listening]), name="web")
    parts: list[asyncio.Task[None]] = [
        web,
        *(asyncio.create_task(part(stop), name="part") for part in wired.parts),
    ]
    if face:
        parts.append(asyncio.create_task(face.serve(stop), name="telegram"))
    announced = asyncio.create_task(
        _announce(server, listening, wired, bool(face), out, "https" if tls else "http")
    )
    try:
        await _until_stopped(parts, stop)
    finally:
        announced.cancel()
        stop.set()
        server.should_exit = True
        results = await asyncio.gather(*parts, return_exceptions=True)
    for result in results:
        if isinstance(result, Exception):
            raise result


async def _reload(
    wired: Wired, again: asyncio.Event, stop: asyncio.Event, *, tls: OwnTls | None = None
) -> None:
    """Read the content, and the certificate, again at each SIGHUP. What would mislead is named in the log, and the last
    good stays in use.
    """
    while not stop.is_set():
        waiting = [asyncio.create_task(event.wait()) for event in (again, stop)]
        await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        for task in waiting:
            task.cancel()
        if again.is_set() and not stop.is_set():
            again.clear()
            await _read_again(wired, tls)


async def _read_again(wired: Wired, tls: OwnTls | None) -> None:
    try:
        if tls:
            tls.read()
    except WrongSettingsError as error:
        _log.error("the certificate was not taken over", reason=str(error))
    problems = await asyncio.to_thread(wired.reload)
    for problem in problems:
        _log.error("the content was not taken over", reason=problem)
    if not problems:
        _log.info("the content was read again")


async def _until_stopped(parts: list[asyncio.Task[None]], stop: asyncio.Event) -> None:
    """Wait for the signal, or for a part that ends before its time."""
    stopped = asyncio.create_task(stop.wait())
    await asyncio.wait([*parts, stopped], return_when=asyncio.FIRST_COMPLETED)
    stopped.cancel()


async def _announce(
    server: uvicorn.Server, listening: socket.socket, wired: Wired, telegram: bool, out: TextIO, scheme: str
) -> None:
    while not server.started:
        await asyncio.sleep(0.01)
    host, port = listening.getsockname()[:2]
    shown = f"[{host}]" if ":" in host else "127.0.0.1" if host == "0.0.0.0" else host  # noqa: S104 (compared only)
    print(f"chat     {scheme}://{shown}:{port}/", file=out)
    if "/console" in wired.mounts:
        print(f"console  {scheme}://{shown}:{port}/console", file=out)
    if telegram:
        print("telegram served", file=out)
    print("ready", file=out, flush=True)


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=512)
    except OSError as error:
        raise AddressInUseError(
            f"PORT: cannot listen on {host} port {port} ({error.strerror}). Choose another with PORT=… or --port."
        ) from None


async def talk_on_lines(
    settings: Settings,
    lines: TextIO,
    out: TextIO,
    place: str | None = None,
    language: str | None = None,
    *,
    as_json: bool = False,
) -> int:
    """One conversation over two streams; 1 when the place or the language is not known."""
    async with open_house(settings, serving=False) as wired:
        library = wired.turn.library
        places = [known.code for known in library.places.open]
        languages = [known.code for known in library.languages]
        for name, given, known in (("--place", place, places), ("--language", language, languages)):
            if given is not None and given not in known:
                print(f"{name}: {given} is not known. Known are: {', '.join(known)}.", file=out)
                return 1

        def write(text: str) -> None:
            print(text, file=out, flush=True)

        terminal = Terminal(wired.turn, write, as_lines_of_json=as_json)
        terminal.set_out(place, language)
        if not as_json and lines.isatty():
            await terminal.welcome()
        await terminal.talk(_lines_of(lines))
    return 0


async def _lines_of(lines: TextIO) -> AsyncIterator[str]:
    while line := await asyncio.to_thread(lines.readline):
        yield line
