"""The secret key of the installation and those it had before: made once, exchanged, forgotten.

What an earlier key signed or encrypted is still read; nothing new is made with it. No key is ever shown or logged.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from pathlib import Path

from bot.safeguards import make_private
from bot.settings import Settings, WrongSettingsError
from content.replacing import OWNER, new_file, replaced

SHORTEST = 32
_NAME, _EARLIER_NAME = "secret.key", "secret.earlier.keys"


@dataclass(frozen=True)
class SecretKeys:
    """The key in use, and the earlier ones that still open what they closed, the latest first."""

    present: bytes = field(repr=False)
    earlier: tuple[bytes, ...] = field(default=(), repr=False)


def secret_keys(settings: Settings) -> SecretKeys:
    """The key in use and all earlier ones that are set or kept."""
    present = secret_key(settings)
    given = (
        settings.earlier_secret_keys.get_secret_value().encode().split()
        if settings.earlier_secret_keys
        else []
    )
    earlier = dict.fromkeys([*given, *_kept_earlier(settings)])
    return SecretKeys(present, tuple(key for key in earlier if key != present))


def secret_key(settings: Settings) -> bytes:
    """The key that signs: the one that was set, or one made once and kept in the data folder for its owner alone."""
    if settings.secret_key is not None:
        return settings.secret_key.get_secret_value().encode()
    path = settings.data_dir / _NAME
    make_private(settings.data_dir)
    try:
        # Half a key must not be found by the next start.
        with new_file(path, OWNER) as file:
            file.write(_made())
    except FileExistsError:
        return _kept_key(path)
    return path.read_bytes()


def exchange(settings: Settings) -> None:
    """Make a new key and keep the one in use among the earlier ones. WrongSettingsError when the key is not ours to make."""
    if settings.secret_key is not None:
        raise WrongSettingsError(
            "ORIENTA_SECRET_KEY is set, so the key is exchanged there: set a new one (`openssl rand -hex 32`),"
            " name the present one in ORIENTA_EARLIER_SECRET_KEYS, and start Orienta again."
        )
    present = secret_key(settings)
    # The old key first: a stop in between loses nothing.
    _replace(settings.data_dir / _EARLIER_NAME, b"\n".join([present, *_kept_earlier(settings)]))
    _replace(settings.data_dir / _NAME, _made())


def forget_earlier(settings: Settings) -> None:
    """Delete the earlier keys that are kept here; those that are set are the operator's to remove."""
    (settings.data_dir / _EARLIER_NAME).unlink(missing_ok=True)


def _made() -> bytes:
    return secrets.token_hex(32).encode()


def _replace(path: Path, key: bytes) -> None:
    with replaced(path, OWNER) as file:
        file.write(key)


def _kept_key(path: Path) -> bytes:
    key = path.read_bytes().strip()
    if len(key) < SHORTEST:
        raise WrongSettingsError(
            f"{path}: the kept secret key is too short; delete the file and a new one is made."
        )
    return key


def _kept_earlier(settings: Settings) -> list[bytes]:
    try:
        return (settings.data_dir / _EARLIER_NAME).read_bytes().split()
    except FileNotFoundError:
        return []
