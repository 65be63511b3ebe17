"""Names of offices are never translated: a person must find on the door what we wrote.

`names.yml` of each country lists them. A text that uses one in some language and not in the others is
reported, since there it was probably translated.
"""

from __future__ import annotations

from collections.abc import Iterator

from content.collection import Collection
from content.problems import Problem
from content.rules import country_of, file_of


def name_problems(collection: Collection) -> Iterator[Problem]:
    """Every part in which a name stands in one language and is missing in another."""
    for answer in collection.answers.values():
        names = collection.names.get(country_of(collection, answer.place), ())
        for part in answer.parts:
            for name in names:
                lacking = [code for code, text in part.texts.items() if name not in text]
                if lacking and len(lacking) < len(part.texts):
                    yield Problem(
                        file_of(collection, answer), 0,
                        f"{part.about}: the name {name!r} stands in some languages and not in {', '.join(lacking)}.",
                        "Write it untranslated in all of them, or in none.",
                    )  # fmt: skip
