"""Whether the way to a database keeps what travels on it: to another machine only by TLS with a checked certificate.

What travels are addresses of shelters, second factors and the database's own password. Nothing is connected here.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from ipaddress import ip_address
from pathlib import Path

from bot.database_password import PARAMETER
from bot.secret_files import SecretFileError, text_in

CHECKED = "verify-full"


def complaint_of(url: str, trusted: Collection[str]) -> str | None:
    """Why a database's address may not be used; None when it may.

    A file, a socket of this machine, this machine itself and hosts whose network is `trusted` need no TLS.
    """
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        made = make_url(url)
    except (ArgumentError, ValueError):
        return "cannot be read as an address"
    if made.get_backend_name() == "sqlite":
        return None
    asked = {name: _all(value) for name, value in made.query.items()}
    if complaint := _password_complaint(made.password, asked):
        return complaint
    outside = sorted(
        host
        for host in _hosts(made.host, asked)
        if not (_is_socket(host) or is_this_machine(host) or host in trusted)
    )
    if not outside:
        return None
    mode = (asked.get("sslmode") or [os.environ.get("PGSSLMODE", "")])[-1]
    if mode != CHECKED:
        return (
            f"{outside[0]} is another machine, and what travels there could be read: add sslmode={CHECKED}&sslrootcert=FILE"
            " to the address, where FILE holds the certificate that signed the server's (or is the word system);"
            f" or, if the network to it is private, name {outside[0]} in ORIENTA_DATABASE_TRUSTED_HOSTS"
        )
    return _missing_root((asked.get("sslrootcert") or [""])[-1])


def has_lasting_password(url: str) -> bool:
    """Whether a password stands in a database's address, or beside it in the environment, and so lasts until somebody changes it."""
    from sqlalchemy.engine import make_url

    made = make_url(url)
    if made.get_backend_name() == "sqlite" or PARAMETER in made.query:
        return False
    return bool(made.password or made.query.get("password") or os.environ.get("PGPASSWORD"))


def _password_complaint(password: object, asked: dict[str, list[str]]) -> str | None:
    files = asked.get(PARAMETER, [])
    if files and (password or asked.get("password")):
        return f"names a password and a {PARAMETER}; keep one of them"
    if len(files) > 1:
        return f"names several files as {PARAMETER}; keep one of them"
    try:
        if files:
            text_in(Path(files[0]))
    except SecretFileError as error:
        return f"{PARAMETER}: {error}"
    return None


def _hosts(named: str | None, asked: dict[str, list[str]]) -> Iterator[str]:
    """Every host that a connection may go to: of the address, its parameters, or the environment that the driver reads."""
    if asked.get("service") or os.environ.get("PGSERVICE"):
        yield "the host of a service file"
    given = [*([named] if named else []), *asked.get("host", ()), *asked.get("hostaddr", ())]
    given = given or [os.environ.get("PGHOST", "")]
    for several in [*given, os.environ.get("PGHOSTADDR", "")]:
        for one in several.split(","):
            if host := one.strip().lower():
                yield host if _is_socket(host) or _is_address(host) else host.partition(":")[0]


def is_this_machine(host: str) -> bool:
    """Whether a name or number of a host means this machine and nothing else."""
    return host == "localhost" or (_is_address(host) and ip_address(host).is_loopback)


def _is_socket(host: str) -> bool:
    return host.startswith(("/", "@"))


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _missing_root(path: str) -> str | None:
    if path in ("", "system") or Path(path).is_file():
        return None  # without one the driver looks for its own and refuses when there is none
    return f"sslrootcert names {path}, and there is no such file"


def _all(value: str | tuple[str, ...]) -> list[str]:
    return [value] if isinstance(value, str) else list(value)
