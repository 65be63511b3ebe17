"""The file of a place read and written: a zip whose every name, size and digest is checked before anything is used.

What comes from elsewhere is not trusted: a name that leads out of the folder, a file that is no file, or more than
we would ever write is refused whole.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import zipfile
from collections.abc import Mapping
from typing import Any

MANIFEST = "orienta-place.json"
DIRECTORY = "directory.hsds.json"
VERSION = 1
# A country's content is under 1 MB; a city's directory of ten thousand services about 30 MB.
MOST_FILES = 2_000
MOST_BYTES = 60_000_000
MOST_TEXT = 1_000_000
_WORD = r"[a-z][a-z0-9-]*"
_NAMES = re.compile(
    rf"places\.yml|place_words\.yml|seen\.yml|{_WORD}/(facts|names|emergency|programmes)\.yml"
    rf"|{_WORD}/answers/({_WORD}/)?[a-z]+\.[a-z_]+\.yml"
)
_EPOCH = (1980, 1, 1, 0, 0, 0)
_MODE = 0o100644 << 16
Files = dict[str, bytes]


class ParcelError(Exception):
    """A file that is no place of ours, or not whole; the sentence says what is wrong with it."""


def written(manifest: Mapping[str, Any], files: Mapping[str, bytes]) -> bytes:
    """The zip; the same content gives the same bytes."""
    digests = {name: hashlib.sha256(content).hexdigest() for name, content in sorted(files.items())}
    head = {"format": "orienta-place", "version": VERSION, **manifest, "files": digests}
    everything = {
        MANIFEST: json.dumps(head, ensure_ascii=False, indent=1).encode(),
        **dict(sorted(files.items())),
    }
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in everything.items():
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = _MODE
            made.writestr(entry, content)
    return target.getvalue()


def unpacked(content: bytes) -> tuple[dict[str, Any], Files]:
    """The manifest and the files of a zip; ParcelError when anything about it is not as we write it."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parcel:
            files = _files(parcel)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise ParcelError(f"This is not a readable zip: {error}.") from None
    manifest = _manifest(files.pop(MANIFEST, b""))
    for name, made in files.items():
        if manifest["files"].get(name) != hashlib.sha256(made).hexdigest():
            raise ParcelError(f"{name} is not as it was written. Ask for the file again.")
    if missing := sorted(set(manifest["files"]) - set(files)):
        raise ParcelError(f"{missing[0]} is missing. Ask for the file again.")
    return manifest, files


def _files(parcel: zipfile.ZipFile) -> Files:
    entries = parcel.infolist()
    if len(entries) > MOST_FILES:
        raise ParcelError(f"It holds more than {MOST_FILES} files.")
    files: Files = {}
    left = MOST_BYTES
    for entry in entries:
        # A link would be read as text here and become a link nowhere; it is no file of ours all the same.
        if not _is_ours(entry.filename) or entry.external_attr >> 28 not in (0, 0o10):
            raise ParcelError(f"{entry.filename!r} is no file of a place.")
        if entry.filename in files:
            raise ParcelError(f"{entry.filename} is in it twice.")
        most = min(left, MOST_BYTES if entry.filename == DIRECTORY else MOST_TEXT)
        with parcel.open(entry) as opened:
            made = opened.read(most + 1)
        if len(made) > most:
            raise ParcelError(f"{entry.filename} is larger than any file of a place.")
        left -= len(made)
        files[entry.filename] = made
    return files


def _is_ours(name: str) -> bool:
    return name in (MANIFEST, DIRECTORY) or _NAMES.fullmatch(name) is not None


def _manifest(content: bytes) -> dict[str, Any]:
    try:
        manifest = json.loads(content)
    except (ValueError, RecursionError):
        manifest = None
    shapes = {"place": str, "places": list, "exported": str, "from": str, "files": dict}
    if not isinstance(manifest, dict) or manifest.get("format") != "orienta-place":
        raise ParcelError(f"It has no {MANIFEST}: this is not an exported place.")
    if manifest.get("version") != VERSION:
        raise ParcelError(
            f"It was written by another version ({manifest.get('version')}; we read {VERSION})."
        )
    for name, shape in shapes.items():
        if not isinstance(manifest.get(name), shape):
            raise ParcelError(f"{MANIFEST} has no {name}.")
    return manifest
