"""Which rules can hold in a message at all, from how its words begin, so that few rules need to be searched for.

From the tree of a rule's expression it is read which words must stand in what matches: of "(?:me|nos) (?:pega|golpe\\w+)"
either a word that is "pega" or one that begins with "golp". It only ever leaves out a rule that cannot match.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from re import _parser  # type: ignore[attr-defined]  # the tree of an expression is to be had nowhere else
from typing import Any

_LONGEST = 4  # letters of a beginning; a longer one leaves out little more
_BLANK = ord(" ")
# How often a beginning of so many letters (or a whole word of so many) stands in a message: what is rare leaves out most.
_COST_OF_BEGINNING = (0, 50, 15, 5, 2)
_COST_OF_WORD = (0, 20, 20, 8, 2)
Keys = frozenset[str]  # beginnings of words; one that ends with a blank is a whole word


@dataclass(frozen=True)
class Beginnings:
    """By beginning the rules (a bit each) that may hold where a word begins so; `always` those that tell none."""

    rules: Mapping[str, int]
    always: int

    def possible(self, words: Iterable[str]) -> int:
        """The rules that may hold in a message of these words, a bit each."""
        found, rules = self.always, self.rules
        for word in words:
            found |= rules.get(word + " ", 0)
            for length in range(1, _LONGEST + 1):
                found |= rules.get(word[:length], 0)
        return found


def numbers_in(rules: int) -> Iterator[int]:
    """The numbers of the rules whose bits are set, lowest first."""
    while rules:
        lowest = rules & -rules
        yield lowest.bit_length() - 1
        rules ^= lowest


def beginnings_of(patterns: Sequence[re.Pattern[str]]) -> Beginnings:
    """Reads the rules; the number of a rule is its place."""
    rules: dict[str, int] = {}
    always = 0
    for number, pattern in enumerate(patterns):
        keys = _needed(list(_parser.parse(pattern.pattern, pattern.flags)), starts=False)
        always |= 0 if keys else 1 << number
        for key in keys or ():
            rules[key] = rules.get(key, 0) | 1 << number
    return Beginnings(rules, always)


def _needed(nodes: Sequence[Any], *, starts: bool) -> Keys | None:
    """Beginnings of which at least one stands in whatever the nodes match, the rarest such set; None when none must.

    `starts`: the nodes begin where a word begins.
    """
    best: Keys | None = None
    for at, (kind, value) in enumerate(nodes):
        begins = starts and kind is _parser.LITERAL and value != _BLANK
        found = _word(nodes[at:]) if begins else _group(kind, value, starts=starts)
        if found and (best is None or _cost(found) < _cost(best)):
            best = found
        starts = _starts_behind(nodes[at : at + 1], starts=starts)
    return best


def _group(kind: Any, value: Any, *, starts: bool) -> Keys | None:
    """What a group, a choice or a repetition needs."""
    if kind is _parser.SUBPATTERN:
        return _needed(list(value[-1]), starts=starts)
    if kind is _parser.BRANCH:
        parts = [_needed(list(part), starts=starts) for part in value[1]]
        known = [part for part in parts if part]
        return frozenset().union(*known) if len(known) == len(parts) else None
    if kind is _parser.MAX_REPEAT and value[0] > 0:
        return _needed(list(value[2]), starts=starts)
    return None


def _word(nodes: Sequence[Any]) -> Keys:
    """The beginning that the literal letters from here on spell, or the whole word when a blank ends it."""
    letters = ""
    for kind, value in nodes:
        if kind is not _parser.LITERAL:
            break
        if value == _BLANK:
            return frozenset((letters + " ",))
        letters += chr(value)
    return frozenset((letters[:_LONGEST],))


def _starts_behind(nodes: Sequence[Any], *, starts: bool = False) -> bool:
    """Whether a word begins for certain behind whatever the nodes match; nothing matched leaves what was before."""
    for kind, value in nodes:
        if kind is _parser.SUBPATTERN:
            starts = _starts_behind(value[-1], starts=starts)
        elif kind is _parser.BRANCH:
            starts = all(_starts_behind(part, starts=starts) for part in value[1])
        elif kind is _parser.MAX_REPEAT:
            starts = _starts_behind(value[2]) and (starts or value[0] > 0)
        elif kind not in (_parser.ASSERT, _parser.ASSERT_NOT, _parser.AT):
            starts = kind is _parser.LITERAL and value == _BLANK
    return starts


def _cost(keys: Keys) -> int:
    return sum(
        _COST_OF_WORD[min(len(key) - 1, 4)] if key.endswith(" ") else _COST_OF_BEGINNING[len(key)]
        for key in keys
    )
