"""Finds danger in a message by word rules, so that safety never hangs on a trained model.

Recall comes first: a needless safety card costs a glance, a missed one may cost a life. What was judged a
false alarm stands in `false_alarms.yml`. The rules are data (`*.yml` beside this file), tried in every
language at once because frightened people mix them. No text is kept.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from rapidfuzz import process
from rapidfuzz.distance import OSA

from content.plain import read_plain
from nlu.danger.beginnings import Beginnings, beginnings_of, numbers_in
from nlu.embedded.words import plain, sound

# The order in which kinds are told when several hold: what must not be said wrongly comes first.
KINDS = (
    "self_harm",
    "sexual_violence",
    "trafficking",
    "violence",
    "child_alone",
    "threats",
    "detention",
    "medical",
)
_TOKEN = re.compile(r"[^\W_]+|[.!?;\n]+")
_MACRO = re.compile(r"<(\w+)>")
_SHORTEST = 7  # shorter words have too many neighbours one letter away
_PHONE = {
    "q": "que", "k": "que", "ke": "que", "x": "por", "xq": "porque", "pq": "porque", "vc": "voce", "n": "nao",
    "d": "de", "td": "tudo", "tds": "todos", "mw": "mwen", "c": "com", "tá": "ta", "pra": "para",
    "u": "you", "r": "are", "im": "i m", "bb": "bebe", "naum": "nao", "num": "nao", "eh": "e", "kiero": "quiero",
    "qiero": "quiero", "kero": "quero", "kerem": "querem", "tngo": "tengo",
}  # fmt: skip


class DangerRulesError(ValueError):
    """A rule file cannot be used; the message names file and rule."""


@dataclass(frozen=True)
class DangerRules:
    """Compiled rules. `of` never fails, whatever it is given."""

    kinds: Mapping[str, tuple[re.Pattern[str], ...]]
    idioms: tuple[re.Pattern[str], ...]
    words: tuple[str, ...]
    leave: frozenset[str]
    _sounds: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._sounds.update({sound(word): word for word in self.words})

    @cached_property
    def _rules(self) -> Sequence[tuple[str, re.Pattern[str]]]:
        return [(kind, rule) for kind in KINDS for rule in self.kinds.get(kind, ())]

    @cached_property
    def _beginnings(self) -> Beginnings:
        return beginnings_of([rule for _, rule in self._rules])

    @cached_property
    def _idiom_beginnings(self) -> Beginnings:
        return beginnings_of(self.idioms)

    def of(self, text: str) -> str | None:
        """The kind of danger the message tells of, or None."""
        return self.of_plain(plain(text))

    def of_plain(self, text: str) -> str | None:
        """The kind of danger that a message made `plain` already tells of, or None."""
        flat = self.flatten(text)
        words = flat.split()
        possible = self._beginnings.possible(words)
        if not possible:
            return None
        for number in numbers_in(self._idiom_beginnings.possible(words)):
            flat = self.idioms[number].sub(" . ", flat)
        rules = (self._rules[number] for number in numbers_in(possible))
        return next((kind for kind, rule in rules if rule.search(flat)), None)

    def flatten(self, text: str) -> str:
        """A `plain` message as the rules read it: words, sentence ends as dots, slips repaired."""
        tokens = ("." if not t[0].isalnum() else self._repair(_PHONE.get(t, t)) for t in _TOKEN.findall(text))
        return f" {' '.join(tokens)} "

    def _repair(self, word: str) -> str:
        if not _SHORTEST <= len(word) <= 25 or word in self.leave:
            return word
        alike = self._sounds.get(sound(word))
        if alike:
            return alike
        best = process.extractOne(word, self.words, scorer=OSA.distance, score_cutoff=1)
        return str(best[0]) if best and best[0][0] == word[0] else word


@lru_cache(maxsize=1)
def danger_rules() -> DangerRules:
    """The rules of this folder, read once."""
    return read_rules(Path(__file__).resolve().parent)


def read_rules(folder: Path) -> DangerRules:
    """Compiles every rule file of a folder (`false_alarms.yml` is a table of judgements, not of rules)."""
    kinds: dict[str, list[re.Pattern[str]]] = {kind: [] for kind in KINDS}
    idioms: list[re.Pattern[str]] = []
    words: set[str] = set()
    leave: set[str] = set()
    for file in sorted(folder.glob("*.yml")):
        if file.stem == "false_alarms":
            continue
        content = read_plain(file.read_text(encoding="utf-8"))
        parts = {name: " ".join(str(part).split()) for name, part in content.get("parts", {}).items()}
        idioms += [_compiled(rule, parts, file) for rule in content.get("idioms", ())]
        words |= set(content.get("words", "").split())
        leave |= set(content.get("leave", "").split())
        for kind, rules in content.get("kinds", {}).items():
            if kind not in kinds:
                raise DangerRulesError(f"{file}: unknown kind of danger {kind!r}; known: {', '.join(KINDS)}")
            kinds[kind] += [_compiled(rule, parts, file) for rule in rules]
    ready = {kind: tuple(patterns) for kind, patterns in kinds.items()}
    return DangerRules(ready, tuple(idioms), tuple(sorted(words)), frozenset(leave | words))


def _compiled(rule: str, parts: Mapping[str, str], file: Path) -> re.Pattern[str]:
    """A rule is words; `<name>` stands for a part, `~` for up to four words within the sentence."""
    try:
        expanded = rule
        for _ in range(3):  # parts may use parts
            expanded = _MACRO.sub(lambda m: f"(?:{parts[m[1]]})", expanded)
        # Rules may be written with their accents; messages come without.
        expanded = "".join(c for c in unicodedata.normalize("NFKD", expanded) if not unicodedata.combining(c))
        gap = r" (?:\w+ ){0,4}"
        # The blank before is part of the match: a search that starts with a letter is three times as fast.
        return re.compile(f" (?:{expanded.replace(' ~ ', gap)})(?= )")
    except (KeyError, re.error) as error:
        raise DangerRulesError(f"{file}: rule {rule!r}: {error}") from error


def read_false_alarms(file: Path | None = None) -> Sequence[Mapping[str, Any]]:
    """The judged sentences: `text`, `language`, `alarm` (true: the card is shown on purpose) and `why`."""
    path = file or Path(__file__).resolve().parent / "false_alarms.yml"
    judged: Sequence[Mapping[str, Any]] = read_plain(path.read_text(encoding="utf-8"))["judged"]
    return judged
