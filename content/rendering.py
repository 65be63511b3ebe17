"""Put the values of facts into texts, as each language writes numbers, money, dates and telephones.

A placeholder is `{fact-id.value}`. Nothing is computed and nothing is guessed: a value that does not
exist is an error of the content, found by the check before a person can meet it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from content.ageing import first_day
from content.facts import Clock, Day, Fact, Link, Money, Telephone, Value
from content.wording import Wording

PLACEHOLDER = re.compile(r"\{([a-z0-9-]+)\.([a-z0-9_]+)\}")


class UnknownValueError(KeyError):
    """A text names a fact or a value that does not exist."""


def placeholders(text: str) -> Iterator[tuple[str, str]]:
    """Every (fact id, value name) that a text refers to, in order."""
    yield from PLACEHOLDER.findall(text)


def render(text: str, facts: Mapping[str, Fact], words: Wording) -> str:
    """The text with every placeholder replaced; UnknownValueError names the one that is not there."""

    def value(match: re.Match[str]) -> str:
        fact = facts.get(match[1])
        if fact is None or match[2] not in fact.values:
            raise UnknownValueError(match[0])
        found = fact.values[match[2]]
        # A year is a name, not a quantity: it takes no separator of thousands.
        return str(found) if "year" in match[2] else shown(found, words)

    return PLACEHOLDER.sub(value, text).strip()


def shown(value: Value, words: Wording) -> str:
    """One value as a reader of the language expects it."""
    match value:
        case Money(amount=amount, currency=currency):
            return words.money(amount, currency)
        case Day(date=partial):
            return shown_date(partial, words)
        case Telephone(phone=phone):
            return phone
        case Link(url=url):
            return url
        case Clock(clock=clock):
            return clock
        case str():
            return value
        case _:
            return words.number(value)


def shown_date(partial: str, words: Wording) -> str:
    """A date as exactly as it is known: 2019, mayo de 2025, 3 de mayo de 2025."""
    day = first_day(partial)
    return {0: str(day.year), 1: words.month(day)}.get(partial.count("-"), words.date(day))
