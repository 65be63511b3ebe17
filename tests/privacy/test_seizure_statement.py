"""SEIZURE.md says the same in five languages, and every sentence leads to a test that exists."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "SEIZURE.md").read_text()
LINKS = dict(re.findall(r"^\[(\w+)\]: (\S+)$", TEXT, re.MULTILINE))
PARTS = re.split(r"^## ", TEXT, flags=re.MULTILINE)[1:]


def test_each_linked_test_exists():
    """File and function of every link are there."""
    assert LINKS
    for target in LINKS.values():
        path, _, name = target.partition("#")
        assert re.search(rf"^(async )?def {name}\(", (ROOT / path).read_text(), re.MULTILINE), target


def test_each_sentence_is_linked_and_the_languages_say_the_same():
    """Every line of the statement ends with a link that is defined, in the same order in all five languages."""
    links = []
    for part in PARTS:
        lines = [line for line in part.splitlines() if line.startswith("- ")]
        found = [re.search(r"\[(\w+)\]$", line) for line in lines]
        assert all(found), part
        links.append([match[1] for match in found if match])
    assert len(links) == 5
    assert all(one == links[0] for one in links)
    assert set(links[0]) == set(LINKS)
