"""Forms of a service, one module for each: from a record to what is typed, and from what is typed to a record.

A form never writes. What it cannot read it names by field, in the reader's language.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from starlette.datastructures import FormData

from content.wording import Wording
from referrals.records import ServiceRecord

Typed = dict[str, Any]


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
    """The texts of a field in the console's languages; languages the form does not show stay as they were."""
    kept = {code: text for code, text in (before or {}).items() if code not in ("es", "pt", "en")}
    written = {code: text for code in ("es", "pt", "en") if (text := typed.get(f"{prefix}_{code}", ""))}
    return ({**written, **kept}) or None


def typed_texts(prefix: str, value: Mapping[str, str] | None) -> Typed:
    """Texts as fields of a form."""
    return {f"{prefix}_{code}": (value or {}).get(code, "") for code in ("es", "pt", "en")}
