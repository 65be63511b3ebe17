"""The password of a database account out of a file that is read anew at every connection: `password_file=FILE`.

So a password may live for minutes: whoever makes them writes the next one, and nothing is started again. What the file
holds is never kept, logged or repeated.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from bot.secret_files import text_in

PARAMETER = "password_file"


def read_at_each_connection(urls: Iterable[str]) -> None:
    """From now on every engine of this process asks the file that its address names, whichever room made the engine."""
    if not any(f"{PARAMETER}=" in url for url in urls):
        return
    from sqlalchemy import event
    from sqlalchemy.engine import Engine

    if not event.contains(Engine, "do_connect", _give_password):
        event.listen(Engine, "do_connect", _give_password)


def _give_password(_dialect: object, _record: object, _arguments: object, named: dict[str, Any]) -> None:
    """For SQLAlchemy, which hands over what this one connection is made with."""
    if path := named.pop(PARAMETER, None):
        named["password"] = text_in(Path(path))


def for_the_driver(url: str, **more: Any) -> dict[str, Any]:
    """What the driver itself makes one connection with, at once: the address, the password of this moment, and `more`."""
    from sqlalchemy.engine import make_url

    made = make_url(url).set(drivername="postgresql+psycopg")
    _, named = made.get_dialect()().create_connect_args(made)
    arguments = {**named, **more}
    _give_password(None, None, None, arguments)
    return arguments
