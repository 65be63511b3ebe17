"""The demand database: exact counts of at most fourteen days, and released figures.

A metadata of its own, with no reference to any other room. No column can hold a person or a time finer than a day.
Words of people stand in two places: phrases of at least ten of them, and sentences that they chose to send.
"""

from __future__ import annotations

from sqlalchemy import Boolean, CheckConstraint, Column, Date, Integer, MetaData, String, Table

from demand.counts import Kind

NAMES = {"ck": "ck_%(table_name)s_%(constraint_name)s", "pk": "pk_%(table_name)s"}
metadata = MetaData(naming_convention=NAMES)


def _counts(kind: Kind, comment: str) -> Table:
    return Table(
        f"{kind.value}_count",
        metadata,
        Column("place", String(40), primary_key=True),
        Column("week", Date, primary_key=True),
        Column("code", String(60), primary_key=True),
        Column("amount", Integer, nullable=False),
        CheckConstraint("amount >= 0", name="not_negative"),
        comment=comment,
    )


EXACT: dict[Kind, Table] = {
    Kind.NEED: _counts(Kind.NEED, "Open weeks: different askers by place and need; deleted at the release"),
    Kind.SECTOR: _counts(Kind.SECTOR, "Open weeks: different askers by place and sector; deleted at the release"),
    Kind.LANGUAGE: _counts(Kind.LANGUAGE, "Open weeks: different askers by place and language, never by need"),
    Kind.OUTCOME: _counts(Kind.OUTCOME, "Open weeks: different askers by place and way a turn ended, never by need"),
    Kind.EVERYWHERE: _counts(Kind.EVERYWHERE, "Open weeks: different askers by need in all places together"),
    Kind.PROTECTION: _counts(Kind.PROTECTION, "Closed weeks: askers of the whole protection sector, one figure a place"),
    Kind.ASKERS: _counts(Kind.ASKERS, "Open weeks: different askers by place; decides whether a place may publish"),
    Kind.HOURS: _counts(Kind.HOURS, "Hours of the week during which counting was alive, so that a gap shows as a gap"),
}  # fmt: skip

half_count = Table(
    "half_count",
    metadata,
    Column("place", String(40), primary_key=True),
    Column("period", Date, primary_key=True),
    Column("kind", String(20), primary_key=True),
    Column("codes", String(1000), primary_key=True),
    Column("amount", Integer, nullable=False),
    comment="First half of a four-week period, off by 1 by coins, what is rare already joined; deleted at its release",
)

release = Table(
    "release",
    metadata,
    Column("simulated", Boolean, primary_key=True),
    Column("grid", String(20), primary_key=True),
    Column("place", String(40), primary_key=True),
    Column("start", Date, primary_key=True),
    Column("weeks", Integer, nullable=False),
    Column("hours", Integer, nullable=False),
    Column("withheld", String(300), nullable=True),
    CheckConstraint("weeks IN (1, 4)", name="fixed_period"),
    comment="One table of the fixed grid for one place and period; published once, never changed",
)

figure = Table(
    "figure",
    metadata,
    Column("simulated", Boolean, primary_key=True),
    Column("grid", String(20), primary_key=True),
    Column("place", String(40), primary_key=True),
    Column("start", Date, primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("codes", String(2000), nullable=False),
    Column("askers", Integer, nullable=False),
    CheckConstraint("askers >= 10 AND askers % 5 = 0", name="safe"),
    comment="A published figure: the codes it joins, and askers rounded to 5; at least 10 of them",
)

phrase = Table(
    "phrase",
    metadata,
    Column("start", Date, primary_key=True),
    Column("words", String(120), primary_key=True),
    Column("askers", Integer, nullable=False),
    CheckConstraint("askers >= 10 AND askers % 10 = 0", name="safe"),
    comment="Words that were not understood and that at least ten people of all places said in a week; rounded down",
)

sent_sentence = Table(
    "sent_sentence",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("text", String(300), nullable=False),
    Column("language", String(8), nullable=False),
    Column("day", Date, nullable=False),
    comment="Redacted sentences that people chose to send, by a random number; seven days at most, deleted on decision",
)

open_figure = Table(
    "open_figure",
    metadata,
    Column("week", Date, primary_key=True),
    Column("place", String(40), primary_key=True),
    Column("need", String(60), primary_key=True),
    Column("amount", Integer, nullable=False),
    comment="Open data: askers with the noise of differential privacy, drawn once; may be below zero",
)
