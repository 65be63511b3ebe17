"""The console opened over a directory. The caller brings the schema up to date and mounts it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from urllib.parse import urlsplit

from starlette.applications import Starlette

from console.app import console_app
from console.desk import ChatLinks, ConsoleDependencies, SayDoor
from content.library import Library
from referrals.database import Sessions
from referrals.directory import Directory


def open_console(
    sessions: Sessions,
    library: Callable[[], Library],
    directory: Directory,
    clock: Callable[[], datetime],
    secret: bytes,
    say_door: SayDoor,
    demand_url: str | None = None,
    public_url: str = "",
    chats: ChatLinks | None = None,
    earlier_secrets: tuple[bytes, ...] = (),
    https: bool = False,
) -> Starlette:
    """The application, to be mounted at `/console`; accounts live in the directory's database, brought up to date.

    With a public address we answer to its name and to this machine alone, and over https (our own, or a proxy's) cookies are
    `__Host-`.
    """
    public = urlsplit(public_url)
    hosts = (public.hostname, "localhost", "127.0.0.1", "::1") if public.hostname else ("*",)
    return console_app(
        ConsoleDependencies(
            sessions=sessions, library=library, directory=directory, clock=clock, secret=secret, say_door=say_door,
            demand_url=demand_url, https=https or public.scheme == "https", hosts=tuple(host for host in hosts if host), chats=chats,
            earlier_secrets=earlier_secrets,
        )
    )  # fmt: skip
