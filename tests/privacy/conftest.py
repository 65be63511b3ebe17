"""What the attacks share: content, folders of our build after a week of talk, and the search for planted strings."""

from __future__ import annotations

import base64
import gzip
import io
import zipfile
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from content.library import Library
from content.loading import load_library

MONDAY = datetime(2026, 3, 2, 15, tzinfo=UTC)
AFTER = MONDAY + timedelta(days=8)
IDS = [5_000_000_000 + 7919 * number for number in range(100)]
WORDS = [f"Zqxcanary{number:03d} Quispe +593 99 {number:03d} 4417" for number in range(100)]


@pytest.fixture(scope="session")
def library() -> Library:
    return load_library()


def forms(planted: int | str) -> Iterable[bytes]:
    """How a planted string could lie on a disk: as text, hexadecimal, base64, and an id as eight bytes."""
    plain = str(planted).encode()
    yield plain
    yield plain.hex().encode()
    yield base64.b64encode(plain).rstrip(b"=")[:-1]
    if isinstance(planted, int):
        yield f"{planted:x}".encode()
        yield planted.to_bytes(8, "big")
        yield planted.to_bytes(8, "little")
    else:
        yield plain.split()[0]


def hits(folder: Path, planted: Iterable[int | str]) -> set[int | str]:
    """The planted strings that are found in any byte of any file below a folder, what is packed unpacked."""
    files = (path.read_bytes() for path in folder.rglob("*") if path.is_file())
    contents = [content for file in files for content in unpacked(file)]
    return {one for one in planted if any(form in content for form in forms(one) for content in contents)}


def unpacked(content: bytes) -> Iterable[bytes]:
    """The bytes as they are, and what is inside when they are a workbook, an archive or a compressed file."""
    yield content
    if content.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            yield from (archive.read(name) for name in archive.namelist())
    if content.startswith(b"\x1f\x8b"):
        yield from unpacked(gzip.decompress(content))
