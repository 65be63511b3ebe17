"""Finds further needs in one message: its clauses are read one by one, and sure ones are named too."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from nlu.embedded.model import Model, Scored
from nlu.embedded.words import words_in

_BREAKS = re.compile(
    r"[.,;:!?\n]+|\b(?:y|e|et|and|ademas|tambien|tambem|aparte|also|aussi|epi|tou|pero|mas|mais|but|men)\b"
)
_MOST_CHARACTERS = 2000
_LEAST_WORDS = 3
_MOST_CLAUSES = 12
_MOST_OTHERS = 3


def clauses_of(flat: str) -> Sequence[list[str]]:
    """The clauses of a `plain` text as words, in order; none where the whole is one clause."""
    parts = (words_in(part) for part in _BREAKS.split(flat[:_MOST_CHARACTERS]))
    clauses = [words for words in parts if len(words) >= _LEAST_WORDS]
    return clauses[:_MOST_CLAUSES] if len(clauses) > 1 else ()


def further_needs(clauses: Iterable[Scored], label: str, model: Model) -> tuple[str, ...]:
    """Needs that single clauses state surely, besides `label`, in the order they are told."""
    found: dict[str, None] = {}
    for clause in clauses:
        said = model.labels[clause.best]
        if said != label and "." in said and model.is_understood(clause):
            found[said] = None
    return tuple(found)[:_MOST_OTHERS]
