"""ZIP files from elsewhere (packages and workbooks are such files), bounded before anything in them is unpacked.

A file of some kilobytes can unpack to more than the machine holds. What an archive declares of a file bounds what is
read of it: more than that is never unpacked.
"""

from __future__ import annotations

import io
import zipfile

MOST_BYTES, MOST_FILES = 200_000_000, 2_000


def opened(content: bytes) -> zipfile.ZipFile:
    """The archive; ValueError when it holds more than we unpack."""
    archive = zipfile.ZipFile(io.BytesIO(content))
    entries = archive.infolist()
    if len(entries) > MOST_FILES:
        raise ValueError(f"the file holds more than {MOST_FILES} files")
    if sum(entry.file_size for entry in entries) > MOST_BYTES:
        raise ValueError(f"the file unpacks to more than {MOST_BYTES} bytes")
    return archive
