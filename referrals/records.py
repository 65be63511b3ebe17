"""One service as one record: what seeds hold, what is exported and imported, what routing reads.

A record is checked when it is made, so that whatever reaches the tables or a person holds these rules. It knows
nothing of databases, and nothing of who asks.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Annotated, Literal

import opening_hours
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, field_validator, model_validator

from content.folding import folded
from referrals.phones import tel_uri

LANGUAGES = ("es", "pt", "en", "fr", "ht")
PROFILES = ("woman", "child", "lgbti", "disability", "older", "pregnant", "family", "alone")
STATUSES = (
    "asylum_seeker", "refugee", "migrant", "undocumented", "stateless", "humanitarian_visa", "citizen",
)  # fmt: skip
Profile = Literal["woman", "child", "lgbti", "disability", "older", "pregnant", "family", "alone"]
Status = Literal[
    "asylum_seeker", "refugee", "migrant", "undocumented", "stateless", "humanitarian_visa", "citizen"
]
_PARTIAL = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?")


def slug(name: str) -> str:
    """A code made of a name: lower case, no accents, words joined by hyphens."""
    plain = folded(name)
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:80] or "unnamed"


def partial_day(text: str) -> tuple[date, str]:
    """The first day of `2019`, `2019-06` or `2019-06-30`, and how precise it is: year, month or day."""
    matched = _PARTIAL.fullmatch(text)
    if not matched:
        raise ValueError("is not a date like 2019, 2019-06 or 2019-06-30")
    year, month, day = matched.groups()
    precision = "day" if day else "month" if month else "year"
    return date(int(year), int(month or 1), int(day or 1)), precision


def partial_text(day: date | None, precision: str) -> str | None:
    """The day written only as precisely as it is known."""
    if day is None:
        return None
    return day.isoformat()[: {"year": 4, "month": 7, "day": 10}[precision]]


def _known_languages(texts: dict[str, str]) -> dict[str, str]:
    for language, text in texts.items():
        if language not in LANGUAGES:
            raise ValueError(f"{language!r} is not one of {', '.join(LANGUAGES)}")
        if not text.strip():
            raise ValueError(f"the text in {language!r} is empty: write it or leave the language out")
    if not texts:
        raise ValueError("has no text in any language")
    return texts


@lru_cache(maxsize=4096)
def _hours(text: str) -> str:
    try:
        opening_hours.OpeningHours(text)
    except Exception as error:
        raise ValueError(f"{text!r} is not OSM opening_hours: write it like Mo-Fr 08:00-17:00") from error
    return text


def _web(text: str) -> str:
    if not re.fullmatch(r"https?://[^\s]+", text):
        raise ValueError(f"{text!r} is not a web address beginning with http:// or https://")
    return text


def _mail(text: str) -> str:
    if not re.fullmatch(r"[^\s@]+@[^\s@]+\.[^\s@]+", text):
        raise ValueError(f"{text!r} is not an e-mail address")
    return text


def _assured(text: str) -> str:
    partial_day(text)
    return text


def _ten_centimetres(degrees: float) -> float:
    """Six decimals: finer is nobody's door, and every format keeps them exactly."""
    return round(degrees, 6)


Texts = Annotated[dict[str, str], AfterValidator(_known_languages)]
Code = Annotated[str, Field(pattern=r"^[a-z0-9]+([._-][a-z0-9]+)*$", max_length=80)]
Line = Annotated[str, Field(min_length=1, max_length=500)]
Web = Annotated[str, Field(max_length=1000), AfterValidator(_web)]
Mail = Annotated[str, Field(max_length=254), AfterValidator(_mail)]
Hours = Annotated[str, Field(max_length=255), AfterValidator(_hours)]
Assured = Annotated[str, AfterValidator(_assured)]


class Record(BaseModel):
    """Immutable and strict: an unknown field is a mistake, not a remark."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class OrganizationRecord(Record):
    """Who runs the service."""

    name: Annotated[str, Field(min_length=1, max_length=255)]
    kind: Literal["government", "ngo", "church", "university", "community", "un", "other"]
    id: Code = ""
    url: Web | None = None
    email: Mail | None = None

    @model_validator(mode="before")
    @classmethod
    def _with_id(cls, value: object) -> object:
        if isinstance(value, Mapping) and not value.get("id") and isinstance(value.get("name"), str):
            return {**value, "id": slug(value["name"])}
        return value


class CostRecord(Record):
    """What it costs; `free` is None when nobody knows."""

    free: bool | None = None
    text: Texts | None = None


class EligibilityRecord(Record):
    """Who is attended; an empty list means everybody."""

    text: Texts | None = None
    min_age: Annotated[int, Field(ge=0, le=120)] | None = None
    max_age: Annotated[int, Field(ge=0, le=120)] | None = None
    statuses: tuple[Status, ...] = ()
    profiles: tuple[Profile, ...] = ()
    excluded_profiles: tuple[Profile, ...] = ()

    @model_validator(mode="after")
    def _ages_in_order(self) -> EligibilityRecord:
        if self.min_age is not None and self.max_age is not None and self.min_age > self.max_age:
            raise ValueError(f"min_age {self.min_age} is above max_age {self.max_age}: exchange them")
        return self


class DocumentRecord(Record):
    """A paper asked for, and what to do without it."""

    name: Texts
    without: Texts | None = None


class ClosureRecord(Record):
    """First and last day of a temporary closure; no last day means until further notice."""

    starts: date
    ends: date | None = None
    reason: Annotated[str, Field(min_length=1, max_length=255)] | None = None

    @model_validator(mode="after")
    def _days_in_order(self) -> ClosureRecord:
        if self.ends is not None and self.ends < self.starts:
            raise ValueError("the closure ends before it starts: exchange the days")
        return self


class SourceRecord(Record):
    """Where the information comes from."""

    title: Line
    url: Web | None = None


class ServiceRecord(Record):
    """Everything the directory knows about one service."""

    id: Code
    name: Annotated[str, Field(min_length=1, max_length=255)]
    organization: OrganizationRecord
    place: Code
    needs: Annotated[tuple[Code, ...], Field(min_length=1)]
    status: Literal["active", "inactive"] = "active"
    address: Line | None = None
    district: Annotated[str, Field(min_length=1, max_length=255)] | None = None
    latitude: Annotated[float, Field(ge=-90, le=90), AfterValidator(_ten_centimetres)] | None = None
    longitude: Annotated[float, Field(ge=-180, le=180), AfterValidator(_ten_centimetres)] | None = None
    hidden_address: bool = False
    phones: tuple[Annotated[str, Field(max_length=60)], ...] = ()
    email: Mail | None = None
    url: Annotated[str, Field(max_length=500), AfterValidator(_web)] | None = None
    whatsapp: Annotated[str, Field(max_length=60)] | None = None
    opening_hours: Hours | None = None
    schedule: Literal["regular", "by_appointment", "first_n"] = "regular"
    first_n: Annotated[int, Field(gt=0)] | None = None
    hours: Texts | None = None
    cost: CostRecord | None = None
    eligibility: EligibilityRecord | None = None
    documents: tuple[DocumentRecord, ...] = ()
    languages: tuple[Annotated[str, Field(pattern=r"^[a-z]{2,3}$")], ...] = ()
    note: Texts | None = None
    closures: tuple[ClosureRecord, ...] = ()
    full_until: date | None = None
    source: SourceRecord
    source_date: Annotated[str, Field(min_length=1, max_length=200)] = "unknown"
    assured_date: Assured | None = None
    confidence: Literal["high", "medium", "low"]

    @field_validator("phones")
    @classmethod
    def _can_be_dialled(cls, numbers: tuple[str, ...]) -> tuple[str, ...]:
        for number in numbers:
            tel_uri(number)
        if len(set(numbers)) != len(numbers):
            raise ValueError("a number stands twice: leave one out")
        return numbers

    @model_validator(mode="after")
    def _holds_together(self) -> ServiceRecord:
        if (self.latitude is None) != (self.longitude is None):
            raise ValueError("latitude and longitude come together: give both or none")
        if len(set(self.needs)) != len(self.needs):
            raise ValueError("a need stands twice: leave one out")
        if self.first_n is not None and self.schedule != "first_n":
            raise ValueError("first_n needs the schedule first_n")
        return self
