"""A small content folder that tests may spoil, and the real one as it is."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from content.collection import DATA
from content.library import Library
from content.loading import load_library

MOMENT = datetime(2026, 11, 28, 15, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def library() -> Library:
    return load_library()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the real content."""
    return Path(shutil.copytree(DATA, tmp_path / "data"))
