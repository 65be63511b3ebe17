"""The service directory as tables, in the words of the Human Services Data Specification (HSDS).

Texts for people stand per language in one JSON column (`{"es": …, "pt": …}`). Nothing here can hold a person
who asked: outcomes are counted by service and day, slips know a need, a service, a place and a day. These
tables have a metadata of their own; no table of another room can be referred to from here.
"""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

from sqlalchemy import (
    JSON,
    CheckConstraint,
    DateTime,
    ForeignKey,
    Index,
    MetaData,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

Texts = dict[str, str]
# Folded words are plain letters and are compared as such, whatever language a server was set up for.
Folded = Text().with_variant(Text(collation="C"), "postgresql")
NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
ORGANIZATION_KINDS = ("government", "ngo", "church", "university", "community", "un", "other")
SCHEDULE_KINDS = ("regular", "by_appointment", "first_n")
PRECISIONS = ("day", "month", "year")
CONFIDENCES = ("high", "medium", "low")
REPORT_KINDS = (
    "helped", "closed", "full", "refused", "asked_for_paper", "asked_for_money", "could_not_get_there",
)  # fmt: skip
SLIP_STATUSES = ("open", "attended", "waiting_list", "sent_on", "refused", "expired")
CORRECTION_STATES = ("proposed", "accepted", "rejected")


def one_of(column: str, allowed: tuple[str, ...]) -> CheckConstraint:
    """A constraint that keeps a column within a closed list."""
    listed = ", ".join(f"'{value}'" for value in allowed)
    return CheckConstraint(f"{column} IN ({listed})", name=f"{column}_known")


class Base(DeclarativeBase):
    """The metadata of the directory; JSON for everything that is a mapping or a list."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        Texts: JSON(none_as_null=True),
        list[str]: JSON(none_as_null=True),
        dict[str, Any]: JSON(none_as_null=True),
    }


def _service_key(**options: Any) -> Mapped[str]:
    return mapped_column(ForeignKey("service.id", ondelete="CASCADE"), **options)


class Organization(Base):
    """Who runs services."""

    __tablename__ = "organization"
    __table_args__ = (
        one_of("kind", ORGANIZATION_KINDS),
        {"comment": "HSDS organization: who runs services"},
    )
    id: Mapped[str] = mapped_column(String(80), primary_key=True)
    name: Mapped[str] = mapped_column(String(255))
    folded_name: Mapped[str] = mapped_column(Folded, server_default=text("''"))
    kind: Mapped[str] = mapped_column(String(20))
    url: Mapped[str | None] = mapped_column(String(500))
    email: Mapped[str | None] = mapped_column(String(254))
    services: Mapped[list[Service]] = relationship(back_populates="organization", passive_deletes="all")


class Service(Base):
    """One thing an organization does for people, in one place."""

    __tablename__ = "service"
    __table_args__ = (
        one_of("status", ("active", "inactive")),
        one_of("origin", ("seed", "console", "import")),
        Index("ix_service_place_status", "place", "status"),
        Index("ix_service_place_folded_name", "place", "folded_name"),
        {
            "comment": "HSDS service: one thing an organization does for people, in one place or a whole country"
        },
    )
    id: Mapped[str] = mapped_column(String(80), primary_key=True)
    organization_id: Mapped[str] = mapped_column(
        ForeignKey("organization.id", ondelete="RESTRICT"), index=True
    )
    place: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(255))
    folded_name: Mapped[str] = mapped_column(Folded, server_default=text("''"))
    status: Mapped[str] = mapped_column(String(10), default="active")
    url: Mapped[str | None] = mapped_column(String(500))
    email: Mapped[str | None] = mapped_column(String(254))
    whatsapp: Mapped[str | None] = mapped_column(String(60))
    hours_note: Mapped[Texts | None]
    note: Mapped[Texts | None]
    origin: Mapped[str] = mapped_column(String(10), default="console")
    seed_digest: Mapped[str | None] = mapped_column(String(64))
    edited: Mapped[bool] = mapped_column(default=False)

    organization: Mapped[Organization] = relationship(back_populates="services", lazy="selectin")
    locations: Mapped[list[ServiceAtLocation]] = relationship(cascade="all, delete-orphan", lazy="selectin")
    phones: Mapped[list[Phone]] = relationship(
        cascade="all, delete-orphan", lazy="selectin", order_by="Phone.position"
    )
    schedule: Mapped[Schedule | None] = relationship(cascade="all, delete-orphan", lazy="selectin")
    languages: Mapped[list[Language]] = relationship(cascade="all, delete-orphan", lazy="selectin")
    eligibility: Mapped[Eligibility | None] = relationship(cascade="all, delete-orphan", lazy="selectin")
    documents: Mapped[list[RequiredDocument]] = relationship(
        cascade="all, delete-orphan", lazy="selectin", order_by="RequiredDocument.position"
    )
    cost: Mapped[CostOption | None] = relationship(cascade="all, delete-orphan", lazy="selectin")
    needs: Mapped[list[ServiceNeed]] = relationship(cascade="all, delete-orphan", lazy="selectin")
    closures: Mapped[list[Closure]] = relationship(cascade="all, delete-orphan", lazy="selectin")
    capacity: Mapped[Capacity | None] = relationship(cascade="all, delete-orphan", lazy="selectin")
    assurance: Mapped[Assurance | None] = relationship(cascade="all, delete-orphan", lazy="selectin")


class Location(Base):
    """Where a door is; a hidden one is known to the desk and never shown."""

    __tablename__ = "location"
    __table_args__ = (
        CheckConstraint("(latitude IS NULL) = (longitude IS NULL)", name="both_coordinates"),
        CheckConstraint("latitude BETWEEN -90 AND 90", name="latitude_on_earth"),
        CheckConstraint("longitude BETWEEN -180 AND 180", name="longitude_on_earth"),
        {"comment": "HSDS location: where a door is; hidden ones are never shown to anybody who asks"},
    )
    id: Mapped[str] = mapped_column(String(80), primary_key=True)
    place: Mapped[str] = mapped_column(String(40))
    address: Mapped[str | None] = mapped_column(String(500))
    district: Mapped[str | None] = mapped_column(String(255))
    folded_address: Mapped[str] = mapped_column(Folded, server_default=text("''"))
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    hidden: Mapped[bool] = mapped_column(default=False)


class ServiceAtLocation(Base):
    """Which service is found at which location."""

    __tablename__ = "service_at_location"
    __table_args__ = ({"comment": "HSDS service_at_location: which service is found where"},)
    service_id: Mapped[str] = _service_key(primary_key=True)
    location_id: Mapped[str] = mapped_column(
        ForeignKey("location.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    location: Mapped[Location] = relationship(lazy="selectin")


class Phone(Base):
    """A telephone of a service, as people read it and as a telephone dials it."""

    __tablename__ = "phone"
    __table_args__ = (
        UniqueConstraint("service_id", "number"),
        Index("ix_phone_tel", "tel"),
        {"comment": "HSDS phone: a telephone of a service, in the order to try them"},
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    service_id: Mapped[str] = _service_key()
    position: Mapped[int] = mapped_column(default=0)
    number: Mapped[str] = mapped_column(String(60))
    tel: Mapped[str] = mapped_column(String(60))


class Schedule(Base):
    """When a service attends, in OSM opening_hours syntax; no string means unknown, never closed."""

    __tablename__ = "schedule"
    __table_args__ = (
        one_of("kind", SCHEDULE_KINDS),
        CheckConstraint("first_n IS NULL OR first_n > 0", name="first_n_positive"),
        {"comment": "HSDS schedule: OSM opening_hours (null: unknown) and how people are attended"},
    )
    service_id: Mapped[str] = _service_key(primary_key=True)
    opening_hours: Mapped[str | None] = mapped_column(String(255))
    kind: Mapped[str] = mapped_column(String(20), default="regular")
    first_n: Mapped[int | None]


class Language(Base):
    """A language spoken at a service."""

    __tablename__ = "language"
    __table_args__ = ({"comment": "HSDS language: spoken at a service, ISO 639 code"},)
    service_id: Mapped[str] = _service_key(primary_key=True)
    code: Mapped[str] = mapped_column(String(20), primary_key=True)


class Eligibility(Base):
    """Who is attended, as data where it is clear and as text for people."""

    __tablename__ = "eligibility"
    __table_args__ = (
        CheckConstraint("min_age IS NULL OR min_age BETWEEN 0 AND 120", name="min_age_human"),
        CheckConstraint("max_age IS NULL OR max_age BETWEEN 0 AND 120", name="max_age_human"),
        CheckConstraint("min_age IS NULL OR max_age IS NULL OR min_age <= max_age", name="ages_in_order"),
        {
            "comment": "Who a service attends: ages, migration status and profile (null: everybody), and the text"
        },
    )
    service_id: Mapped[str] = _service_key(primary_key=True)
    min_age: Mapped[int | None]
    max_age: Mapped[int | None]
    statuses: Mapped[list[str] | None]
    profiles: Mapped[list[str] | None]
    excluded_profiles: Mapped[list[str] | None]
    text: Mapped[Texts | None]


class RequiredDocument(Base):
    """A paper a service asks for, and what to do without it."""

    __tablename__ = "required_document"
    __table_args__ = ({"comment": "HSDS required_document: a paper asked for, and what to do without it"},)
    id: Mapped[int] = mapped_column(primary_key=True)
    service_id: Mapped[str] = _service_key(index=True)
    position: Mapped[int] = mapped_column(default=0)
    name: Mapped[Texts]
    without: Mapped[Texts | None]


class CostOption(Base):
    """What a service costs; `free` is null when nobody knows."""

    __tablename__ = "cost_option"
    __table_args__ = ({"comment": "HSDS cost_option: what a service costs; free is null when unknown"},)
    service_id: Mapped[str] = _service_key(primary_key=True)
    free: Mapped[bool | None]
    text: Mapped[Texts | None]


class ServiceNeed(Base):
    """A need of the taxonomy that a service attends to."""

    __tablename__ = "service_need"
    __table_args__ = (
        Index("ix_service_need_need", "need"),
        {"comment": "HSDS attribute: a need of the taxonomy that a service attends to"},
    )
    service_id: Mapped[str] = _service_key(primary_key=True)
    need: Mapped[str] = mapped_column(String(60), primary_key=True)


class Closure(Base):
    """Days on which a service does not attend; without an end until somebody says so."""

    __tablename__ = "closure"
    __table_args__ = (
        CheckConstraint("ends IS NULL OR starts <= ends", name="days_in_order"),
        {
            "comment": "A temporary closure: first and last day, with the reason; no last day means until further notice"
        },
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    service_id: Mapped[str] = _service_key(index=True)
    starts: Mapped[dt.date]
    ends: Mapped[dt.date | None]
    reason: Mapped[str | None] = mapped_column(String(255))


class Capacity(Base):
    """Until which day a service is full; the day after it is not, without anybody's doing."""

    __tablename__ = "capacity"
    __table_args__ = (
        {"comment": "HSDS service_capacity: full until and including a day; expires by itself"},
    )
    service_id: Mapped[str] = _service_key(primary_key=True)
    full_until: Mapped[dt.date]


class Assurance(Base):
    """Who says so, and when somebody last looked."""

    __tablename__ = "assurance"
    __table_args__ = (
        one_of("confidence", CONFIDENCES),
        one_of("precision", PRECISIONS),
        {"comment": "HSDS assured_date and our confidence: source of a service and when it was last checked"},
    )
    service_id: Mapped[str] = _service_key(primary_key=True)
    checked: Mapped[dt.date | None]
    precision: Mapped[str] = mapped_column(String(10), default="day")
    source_title: Mapped[str] = mapped_column(String(500))
    source_url: Mapped[str | None] = mapped_column(String(1000))
    source_date: Mapped[str] = mapped_column(String(200))
    confidence: Mapped[str] = mapped_column(String(10))


class Change(Base):
    """One field changed by one caseworker: the history the console reads."""

    __tablename__ = "change"
    __table_args__ = (
        Index("ix_change_service_id_at", "service_id", "at"),
        {"comment": "HSDS metadata: who changed which field of which service, and when (staff only)"},
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[dt.datetime] = mapped_column(DateTime(timezone=True))
    who: Mapped[str] = mapped_column(String(254))
    service_id: Mapped[str] = mapped_column(String(80))
    field: Mapped[str] = mapped_column(String(80))
    before: Mapped[str | None] = mapped_column(String(4000))
    after: Mapped[str | None] = mapped_column(String(4000))


class Report(Base):
    """What came of it, counted against the service by day; never against a person."""

    __tablename__ = "report"
    __table_args__ = (
        one_of("kind", REPORT_KINDS),
        CheckConstraint("count > 0", name="count_positive"),
        CheckConstraint("reviewed BETWEEN 0 AND count", name="reviewed_of_count"),
        {"comment": "How often people said on a day what came of a service: counts, no person"},
    )
    service_id: Mapped[str] = _service_key(primary_key=True)
    day: Mapped[dt.date] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(30), primary_key=True)
    count: Mapped[int] = mapped_column(default=1)
    reviewed: Mapped[int] = mapped_column(default=0)


class Correction(Base):
    """A correction proposed in two taps; it changes nothing until a caseworker accepts it."""

    __tablename__ = "correction"
    __table_args__ = (
        one_of("state", CORRECTION_STATES),
        UniqueConstraint("service_id", "day", "field", "value"),
        {
            "comment": "A proposed correction (which field is wrong, the new value if known), by service and day: no person"
        },
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    service_id: Mapped[str] = _service_key()
    day: Mapped[dt.date]
    field: Mapped[str] = mapped_column(String(40))
    value: Mapped[str] = mapped_column(String(120), default="")
    count: Mapped[int] = mapped_column(default=1)
    state: Mapped[str] = mapped_column(String(10), default="proposed")


class ReferralSlip(Base):
    """A slip for a desk: need, service, place and day under a code; no person."""

    __tablename__ = "referral_slip"
    __table_args__ = (
        one_of("status", SLIP_STATUSES),
        CheckConstraint("issued <= expires", name="days_in_order"),
        {"comment": "HSDS-like referral without a client: a code for need, service, place and day; expires"},
    )
    code: Mapped[str] = mapped_column(String(64), primary_key=True)
    need: Mapped[str] = mapped_column(String(60))
    service_id: Mapped[str] = _service_key(index=True)
    place: Mapped[str] = mapped_column(String(40))
    issued: Mapped[dt.date]
    expires: Mapped[dt.date] = mapped_column(index=True)
    status: Mapped[str] = mapped_column(String(20), default="open")
    sent_to: Mapped[str | None] = mapped_column(String(80))
    why: Mapped[str | None] = mapped_column(String(40))


class CaseworkerLink(Base):
    """The own chat of who works here, linked by themselves with a code that is good once; the chat is encrypted."""

    __tablename__ = "caseworker_link"
    __table_args__ = (
        {
            "comment": "Who works here and linked their own chat: e-mail, role, places, the chat encrypted; no one else"
        },
    )
    email: Mapped[str] = mapped_column(String(254), primary_key=True)
    places: Mapped[list[str]]
    code_digest: Mapped[str | None] = mapped_column(String(64), unique=True)
    code_expires: Mapped[dt.datetime | None] = mapped_column(DateTime(timezone=True))
    chat: Mapped[str | None] = mapped_column(String(255))
    linked: Mapped[dt.datetime | None] = mapped_column(DateTime(timezone=True))
    role: Mapped[str] = mapped_column(String(20), server_default="caseworker")
    told: Mapped[dt.date | None]


class Version(Base):
    """One number that grows with every change of the directory, so that readers know when to look again."""

    __tablename__ = "version"
    __table_args__ = (
        CheckConstraint("id = 1", name="one_row"),
        {"comment": "One row: a number that grows with every change of the directory"},
    )
    id: Mapped[int] = mapped_column(primary_key=True, default=1)
    number: Mapped[int] = mapped_column(default=0)


# Rows of these change what people are shown; the others (reports, slips, history) do not.
SHOWN = (
    Organization, Service, Location, ServiceAtLocation, Phone, Schedule, Language, Eligibility, RequiredDocument,
    CostOption, ServiceNeed, Closure, Capacity, Assurance,
)  # fmt: skip
