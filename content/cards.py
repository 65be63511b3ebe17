"""Short codes of answer cards, so that a forwarded card leads to its present version.

A code holds the place, the need and two characters for each part of the answer, made from the text and
the facts it rests on. Comparing them with those of today tells which parts changed, and nothing has to
be stored. It fits Telegram's start payload: at most 64 characters of A-Z a-z 0-9 _ and -.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass

from content.answers import ORDER, Answer, Part
from content.facts import Fact
from content.rendering import placeholders

_CODE = re.compile(r"([a-z-]+)_([a-z]+)-([a-z_]+)_([a-z2-7]{0,22})")


@dataclass(frozen=True)
class Card:
    """A code taken apart: what it is about and the marks of its parts when it was written."""

    place: str
    need: str
    marks: str


def code_of(answer: Answer, place: str, facts: Mapping[str, Fact]) -> str:
    """The code of an answer for a place as it stands today."""
    return f"{place}_{answer.need.replace('.', '-', 1)}_{_marks(answer, facts)}"


def read_code(code: str) -> Card | None:
    """The card of a code, or None when it is no code of ours."""
    match = _CODE.fullmatch(code)
    return Card(match[1], f"{match[2]}.{match[3]}", match[4]) if match else None


def changed_parts(card: Card, answer: Answer, facts: Mapping[str, Fact]) -> tuple[str, ...]:
    """The sides of the need whose part is not as it was when the card was written."""
    today = _marks(answer, facts)
    if today == card.marks:
        return ()
    if len(today) != len(card.marks):
        return tuple(part.about for part in answer.parts)
    pairs = (today[start : start + 2] != card.marks[start : start + 2] for start in range(0, len(today), 2))
    return tuple(part.about for part, differs in zip(answer.parts, pairs, strict=True) if differs)


def facts_of(part: Part) -> tuple[str, ...]:
    """Every fact a part rests on: those it lists and those its texts name."""
    named = (fact for text in part.texts.values() for fact, _ in placeholders(text))
    return tuple(dict.fromkeys((*part.facts, *named)))


def mark_of(part: Part, facts: Mapping[str, Fact], length: int = 2) -> str:
    """A short mark that changes when a text of the part or a value it rests on changes."""
    known = [facts[name] for name in facts_of(part) if name in facts]
    rests_on = [f"{fact.id} {fact.states} {fact.source_date} {sorted(fact.values.items())}" for fact in known]
    stuff = "\n".join([*rests_on, *(f"{key} {text}" for key, text in sorted(part.texts.items()))])
    digest = hashlib.sha256(stuff.encode()).digest()
    return base64.b32encode(digest).decode().lower()[:length]


def _marks(answer: Answer, facts: Mapping[str, Fact]) -> str:
    ordered = sorted(answer.parts, key=lambda part: ORDER.index(part.about))
    return "".join(mark_of(part, facts) for part in ordered)[:22]
