"""A file that is replaced is never half there, whatever happens while it is written."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from content.replacing import OWNER, new_file, replaced


def test_what_is_replaced_stays_until_the_new_file_is_whole(tmp_path: Path):
    """A reader sees the old file to the end; then the new one, with nothing left beside it."""
    path = tmp_path / "mark"
    path.write_text("old")
    (tmp_path / f".mark.{os.getpid()}").write_text("left by a process that was killed")
    with replaced(path) as file:
        file.write(b"new")
        assert path.read_text() == "old"
    assert path.read_text() == "new"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("error", [OSError("the disk is full"), KeyboardInterrupt()])
def test_what_cannot_be_written_leaves_the_old_file_and_nothing_else(tmp_path: Path, error: BaseException):
    """A full disk or a stop in the middle costs nothing."""
    path = tmp_path / "mark"
    path.write_text("old")
    with pytest.raises(type(error)):
        _stopped_in_the_middle(path, error)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def _stopped_in_the_middle(path: Path, error: BaseException) -> None:
    with replaced(path) as file:
        file.write(b"ne")
        raise error


def test_a_new_file_is_its_owners_and_takes_nobodys_place(tmp_path: Path):
    """Two processes that begin at once: one makes the file, the other is told."""
    path = tmp_path / "key"
    with new_file(path, OWNER) as file:
        file.write(b"one")
    assert path.stat().st_mode & 0o777 == OWNER
    with pytest.raises(FileExistsError), new_file(path, OWNER) as file:
        file.write(b"other")
    assert path.read_bytes() == b"one"
