"""Names of offices are never translated: a person must find on the door what we wrote.

`names.yml` of each country lists them. A text that uses one in some language and not in the others is
reported, since there it was probably translated.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from content.collection import Collection
from content.documents import Reader
from content.problems import Problem
from content.rules import file_of


@lru_cache(maxsize=8)
def _names(path: str, country: str) -> tuple[str, ...]:
    reader = Reader(Path(path))
    return reader.read(Path(path) / country / "names.yml", tuple[str, ...]) or ()


def name_problems(collection: Collection) -> Iterator[Problem]:
    """Every part in which a name stands in one language and is missing in another."""
    for answer in collection.answers.values():
        country = (
            collection.places.place(answer.place).country
            if answer.place in collection.places
            else answer.place
        )
        for part in answer.parts:
            for name in _names(str(collection.root), country):
                lacking = [code for code, text in part.texts.items() if name not in text]
                if lacking and len(lacking) < len(part.texts):
                    yield Problem(
                        file_of(collection, answer), 0,
                        f"{part.about}: the name {name!r} stands in some languages and not in {', '.join(lacking)}.",
                        "Write it untranslated in all of them, or in none.",
                    )  # fmt: skip
