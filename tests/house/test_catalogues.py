"""The interface is complete in every language: nothing missing, fuzzy or with another placeholder."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[2]
LANGUAGES = ("es", "pt", "fr", "ht")
PLACEHOLDER = re.compile(r"\{(\w*)\}")


def _catalogue(path: Path):  # type: ignore[no-untyped-def]
    with path.open("rb") as source:
        return read_po(source)


@pytest.fixture(scope="module")
def extracted(tmp_path_factory: pytest.TempPathFactory) -> set[str | tuple[str, ...]]:
    """Every sentence marked in the code and templates as it is now."""
    target = tmp_path_factory.mktemp("pot") / "messages.pot"
    keywords = [
        part
        for keyword in ("w", "w.plural:1,2", "words", "words.plural:1,2", "N_")
        for part in ("-k", keyword)
    ]
    command = [
        sys.executable,
        "-m",
        "babel.messages.frontend",
        "-q",
        "extract",
        "-F",
        "locales/babel.cfg",
        *keywords,
        "-o",
        str(target),
        ".",
    ]
    subprocess.run(command, cwd=ROOT, check=True)
    return {message.id for message in _catalogue(target) if message.id}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_is_translated(language: str, extracted: set[str | tuple[str, ...]]) -> None:
    """Each sentence in the code has a translation that is neither empty nor fuzzy."""
    catalogue = _catalogue(ROOT / "locales" / language / "LC_MESSAGES" / "messages.po")
    missing = [
        message_id
        for message_id in extracted
        if (found := catalogue.get(message_id if isinstance(message_id, str) else message_id[0])) is None
        or found.fuzzy
        or not all([found.string] if isinstance(found.string, str) else found.string)
    ]
    assert missing == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_placeholders_are_the_same(language: str) -> None:
    """A translation names the same values as the English sentence."""
    catalogue = _catalogue(ROOT / "locales" / language / "LC_MESSAGES" / "messages.po")
    for message in catalogue:
        if not message.id:
            continue
        ids = [message.id] if isinstance(message.id, str) else list(message.id)
        strings = [message.string] if isinstance(message.string, str) else list(message.string)
        named = set().union(*(PLACEHOLDER.findall(text) for text in ids))
        for text in strings:
            assert set(PLACEHOLDER.findall(text)) <= named, text
        assert set().union(*(PLACEHOLDER.findall(text) for text in strings)) == named, message.id
