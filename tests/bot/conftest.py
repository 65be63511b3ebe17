"""Fixtures of the bot's tests: the real content, loaded once."""

from __future__ import annotations

import pytest

from content.library import Library
from content.loading import load_library


@pytest.fixture(scope="session")
def library() -> Library:
    """Our own content, as it is served."""
    return load_library()
