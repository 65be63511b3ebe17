"""Promises of the repository: it speaks of the product alone, its documents are current, its rooms are named."""

import re
import subprocess
from pathlib import Path

import pytest

from tests.house.readme import between, passages

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("bot", "console", "content", "demand", "nlu", "referrals")


def _tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    return [ROOT / name for name in listed.decode().split("\0") if name]


@pytest.mark.parametrize("room", ROOMS)
def test_each_room_says_in_a_sentence_what_it_is(room: str) -> None:
    """The package's docstring is the one place where the room is explained."""
    first = (ROOT / room / "__init__.py").read_text(encoding="utf-8")

    assert first.startswith('"""')
    assert first.split('"""')[1].strip().endswith(".")


def test_every_module_opens_with_why_it_exists() -> None:
    """A reader who opens any module of ours first learns what it is for."""
    bare = [
        str(path.relative_to(ROOT))
        for path in _tracked()
        if path.suffix == ".py"
        and path.parts[len(ROOT.parts)] in ROOMS
        and path.read_text(encoding="utf-8").strip()
        and not path.read_text(encoding="utf-8").lstrip().startswith(('"""', "#!"))
    ]
    assert bare == []


def test_there_is_no_room_for_leftovers() -> None:
    """Nothing is called utils, common, helpers or misc."""
    names = {path.stem for path in _tracked()} | {part for path in _tracked() for part in path.parts}
    assert not names & {"utils", "util", "common", "helpers", "misc"}


@pytest.mark.parametrize("name", ["conversation", "settings"])
def test_generated_passages_of_readme_are_current(name: str) -> None:
    """The drawing is that of the table the code runs on, the settings are those that are read (`make docs`)."""
    assert between(name, (ROOT / "README.md").read_text(encoding="utf-8")) == passages()[name]


def test_readme_links_lead_somewhere() -> None:
    """Every file that README and CONTRIBUTING link to exists."""
    for document in ("README.md", "CONTRIBUTING.md"):
        for target in re.findall(r"\]\(([^)#:]+)\)", (ROOT / document).read_text(encoding="utf-8")):
            assert (ROOT / target).exists(), target


def test_every_make_target_has_a_line_of_help() -> None:
    """`make help` lists every target that the contract names."""
    printed = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for target in ("run", "test", "check", "rasa", "bench", "help"):
        assert re.search(rf"^{target}\s", printed, re.MULTILINE), target
