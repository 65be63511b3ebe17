"""Finds further needs in one message: its clauses are read one by one, and sure ones are named too."""

from __future__ import annotations

import re

from nlu.embedded.model import Model
from nlu.embedded.words import words_of

_BREAKS = re.compile(
    r"[.,;:!?\n]+|\b(?:y|e|et|and|ademas|además|tambien|también|tambem|também|aparte|also|aussi|epi|tou|pero|mas|mais|but|men)\b",
    re.IGNORECASE,
)
_LEAST_WORDS = 3
_MOST_CLAUSES = 12
_MOST_OTHERS = 3


def further_needs(text: str, label: str, model: Model, language: str | None) -> tuple[str, ...]:
    """Needs that single clauses state surely, besides `label`, in the order they are told."""
    clauses = [
        (part, words) for part in _BREAKS.split(text[:2000]) if len(words := words_of(part)) >= _LEAST_WORDS
    ]
    if len(clauses) < 2:
        return ()
    found: dict[str, None] = {}
    for part, words in clauses[:_MOST_CLAUSES]:
        said, sure = model.best(words, language, part)
        if said != label and "." in said and sure() >= model.confidence.understood:
            found[said] = None
    return tuple(found)[:_MOST_OTHERS]
