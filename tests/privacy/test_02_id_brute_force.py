"""Attack 2, brute force of ids: every value on the disk is tried as a key over true ids and decoys."""

from __future__ import annotations

import hashlib
import hmac
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from demand.database import connect
from demand.keeping import Keeper
from demand.ledger import Ledger
from demand.migrations import upgrade
from demand.outcomes import Happening, Outcome
from tests.privacy.conftest import AFTER, IDS, MONDAY
from tests.privacy.naive.build import NaiveLog

DECOYS = int(os.environ.get("ORIENTA_PRIVACY_DECOYS", "2000"))


def _stored(path: Path) -> set[bytes]:
    """Every value of every column of a database, as bytes."""
    database = sqlite3.connect(path)
    tables = [row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    values = {
        value if isinstance(value, bytes) else str(value).encode()
        for table in tables
        for row in database.execute(f'SELECT * FROM "{table}"')
        for value in row
    }
    database.close()
    return values


def _marks(key: bytes, identity: bytes) -> Iterator[bytes]:
    for digest in (
        hashlib.sha256(key + identity).digest(),
        hashlib.sha256(identity + key).digest(),
        hmac.new(key, identity, hashlib.sha256).digest(),
        hashlib.blake2b(identity, key=key[:64], digest_size=16).digest(),
    ):
        for length in (8, 16, len(digest)):
            yield digest[:length]
            yield digest[:length].hex().encode()


def _matches(folder: Path) -> int:
    values = {value for path in folder.glob("*.sqlite3") for value in _stored(path)}
    keys = {
        b"",
        *(path.read_bytes() for path in folder.iterdir() if path.stat().st_size <= 64),
        *list(values)[:40],
    }
    everybody = [str(one).encode() for one in (*IDS, *range(6_000_000_000, 6_000_000_000 + DECOYS))]
    return sum(any(mark in values for mark in _marks(key, one)) for key in keys for one in everybody)


def test_nothing_stored_comes_from_an_id(library, tmp_path: Path):
    """No stored value is any hash of any id under any value found beside it."""
    url = f"sqlite+aiosqlite:///{tmp_path}/demand.sqlite3"
    upgrade(url)
    engine = connect(url)
    ledger = Ledger(library.places, library.taxonomy, MONDAY)
    keeper = Keeper(ledger, engine, library.places, library.taxonomy, MONDAY)
    for chat in IDS:
        ledger.count(Happening("quito", "work.job", Outcome.ANSWERED, "es"), str(chat).encode(), MONDAY)
    keeper.stop(MONDAY)
    assert _matches(tmp_path) == 0
    keeper.write(AFTER)
    assert _matches(tmp_path) == 0
    engine.dispose()


def test_a_salted_hash_on_disk_is_an_id(tmp_path: Path):
    """The same search reads every person out of the naive log."""
    naive = NaiveLog(tmp_path)
    for chat in IDS:
        naive.say(chat, "2026-03-02", "quito", "work.job", "es", "hola")
    naive.database.close()
    assert _matches(tmp_path) >= len(IDS)
