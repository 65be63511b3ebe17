"""Who a message is about, as far as routing needs it: words in five languages, no guess from a name."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from content.plain import read_plain


@dataclass(frozen=True)
class Profiles:
    """Patterns by profile code, over plain words."""

    patterns: Mapping[str, re.Pattern[str]]

    def find(self, words: Sequence[str]) -> tuple[str, ...]:
        """The profile codes the words tell of, in the order of the file."""
        flat = f" {' '.join(words)} "
        return tuple(code for code, pattern in self.patterns.items() if pattern.search(flat))


def read_profiles(file: Path) -> Profiles:
    """Reads the patterns: each is words (a regular expression over plain letters)."""
    content = read_plain(file.read_text(encoding="utf-8"))
    patterns = {
        code: re.compile(r"(?<= )(?:" + "|".join(rules) + r")(?= )")
        for code, rules in content["profiles"].items()
    }
    return Profiles(patterns)
