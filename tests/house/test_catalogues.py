"""The interface is complete in every language: nothing missing, fuzzy or with another placeholder.

People who ask are answered in five languages; the console and the reports speak three (es, pt, en).
"""

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


# Rooms whose sentences reach the people who ask.
FOR_PEOPLE = ("bot", "content", "referrals")
KEYWORDS = ("w", "words", "plural:1,2", "N_")


@pytest.fixture(scope="module")
def extracted(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    """Every sentence marked in code and templates as it is now: of all rooms, and of those for people."""
    target = tmp_path_factory.mktemp("pot") / "messages.pot"
    keywords = [part for keyword in KEYWORDS for part in ("-k", keyword)]
    command = [sys.executable, "-m", "babel.messages.frontend", "-q", "extract", "-F", "locales/babel.cfg"]
    # From the root, as the patterns of babel.cfg are written; the rooms are told apart by where a sentence stands.
    subprocess.run(
        [*command, *keywords, "--add-location", "file", "-o", str(target), "."], cwd=ROOT, check=True
    )
    found = [message for message in _catalogue(target) if message.id]
    for_people = [one for one in found if any(Path(file).parts[0] in FOR_PEOPLE for file, _ in one.locations)]
    return {"all": {_first(one) for one in found}, "people": {_first(one) for one in for_people}}


def _first(message) -> str:  # type: ignore[no-untyped-def]
    return message.id if isinstance(message.id, str) else message.id[0]


def test_the_extraction_sees_code_and_templates_of_every_room(extracted: dict[str, set[str]]) -> None:
    """A catalogue can be complete only if nothing is overlooked: sentences, plurals, code and templates are seen."""
    assert "I could not get there" in extracted["people"]
    assert "{count} service" in extracted["all"]
    assert "Sign in" in extracted["all"] - extracted["people"]
    assert len(extracted["people"]) > 200


@pytest.mark.parametrize(
    ("language", "rooms"), [("es", "all"), ("pt", "all"), ("fr", "people"), ("ht", "people")]
)
def test_every_sentence_is_translated(language: str, rooms: str, extracted: dict[str, set[str]]) -> None:
    """Each sentence in the code has a translation that is neither empty nor fuzzy."""
    catalogue = _catalogue(ROOT / "locales" / language / "LC_MESSAGES" / "messages.po")
    missing = [
        message_id
        for message_id in extracted[rooms]
        if (found := catalogue.get(message_id)) is None
        or found.fuzzy
        or not all([found.string] if isinstance(found.string, str) else found.string)
    ]
    assert missing == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_placeholders_are_the_same(language: str) -> None:
    """A translation names the same values as the English sentence."""
    catalogue = _catalogue(ROOT / "locales" / language / "LC_MESSAGES" / "messages.po")
    for message in catalogue:
        if not message.id or not any([message.string] if isinstance(message.string, str) else message.string):
            continue
        ids = [message.id] if isinstance(message.id, str) else list(message.id)
        strings = [message.string] if isinstance(message.string, str) else list(message.string)
        named = set().union(*(PLACEHOLDER.findall(text) for text in ids))
        for text in strings:
            assert set(PLACEHOLDER.findall(text)) <= named, text
        assert set().union(*(PLACEHOLDER.findall(text) for text in strings)) == named, message.id


def test_no_sentence_hides_in_a_formatted_string() -> None:
    """The extraction cannot see a sentence inside f"{w('…')}": it would stay English unnoticed."""
    hidden = re.compile(r"""f["'].*\{[^}]*\b(w|words)\(["']""")
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for room in ("bot", "console", "content", "demand", "referrals")
        for path in (ROOT / room).rglob("*.py")
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if hidden.search(line)
    ]
    assert found == []
