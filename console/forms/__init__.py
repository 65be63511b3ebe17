"""Forms of a service, one module for each: from a record to what is typed, and from what is typed to a record.

A form never writes. What it cannot read it names by field, in the reader's language.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from starlette.datastructures import FormData

from content.wording import Wording
from referrals.records import LANGUAGES, ServiceRecord

Typed = dict[str, Any]
# Whoever edits reads these languages; the others are translations of them.
WRITTEN_BY_ALL = ("es", "pt", "en")
TRANSLATED = tuple(code for code in LANGUAGES if code not in WRITTEN_BY_ALL)


@dataclass
class Outcome:
    """What a form came to: values for the record, and errors by field."""

    values: dict[str, Any] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Form:
    """A form by name: its title, its template, and its two directions."""

    name: str
    title: str
    template: str
    typed: Callable[[ServiceRecord], Typed]
    read: Callable[[Typed, ServiceRecord, Wording], Outcome]


def typed_of(form: FormData) -> Typed:
    """What was typed: one text for each field, all texts of a field under its name with `[]`."""
    found: Typed = {}
    for name, value in form.multi_items():
        if isinstance(value, str):
            clean = value.strip().replace("\r\n", "\n")
            found[name] = clean
            found.setdefault(f"{name}[]", []).append(clean)
    return found


def texts(typed: Mapping[str, Any], prefix: str, before: Mapping[str, str] | None) -> dict[str, str] | None:
    """The texts of a field in every language.

    A translation that was left as it stood while the texts it translates changed is taken out, so that nobody reads
    what no longer holds: who edits a service seldom reads all five languages.
    """
    known = before or {}
    written = {code: typed.get(f"{prefix}_{code}", "") for code in WRITTEN_BY_ALL}
    changed = any(text != known.get(code, "") for code, text in written.items())
    for code in TRANSLATED:
        text = typed.get(f"{prefix}_{code}", known.get(code, ""))
        written[code] = "" if changed and text == known.get(code) else text
    return {code: text for code, text in written.items() if text} or None


def typed_texts(prefix: str, value: Mapping[str, str] | None) -> Typed:
    """Texts as fields of a form."""
    return {f"{prefix}_{code}": (value or {}).get(code, "") for code in LANGUAGES}
