"""Files that are there whole or not at all: whoever reads while one is replaced sees the old or the new one, never half.

Every room may use it. What is written is not looked at here, and no name of a file is chosen.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

EVERYBODY, OWNER = 0o666, 0o600  # the first less what the process takes away (umask)


@contextmanager
def new_file(path: Path, mode: int = EVERYBODY) -> Iterator[BinaryIO]:
    """A file that was not there; gone again when it cannot be written whole. FileExistsError when there is one."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
            file.flush()
            # Else a name could stand for an empty file after the power was cut.
            os.fsync(file.fileno())
    except BaseException:
        path.unlink()
        raise


@contextmanager
def replaced(path: Path, mode: int = EVERYBODY) -> Iterator[BinaryIO]:
    """A file in the place of the one that may be there, which stays as it was until this one is whole."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    # What a process that was killed left behind may bear our number.
    beside.unlink(missing_ok=True)
    with new_file(beside, mode) as file:
        yield file
    beside.replace(path)
