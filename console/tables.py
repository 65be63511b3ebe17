"""Who may work in the console, and what they did: tables of their own, beside the directory's.

Moments are whole seconds since 1970 (UTC), so that both engines keep them alike. No password, token, code or
recovery code stands here in the clear. Nothing here knows a person who asked.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
)

from referrals.tables import NAMES

ROLES = ("caseworker", "coordinator", "admin")
metadata = MetaData(naming_convention=NAMES)


def _account_key(**options: Any) -> Column[int]:
    return Column("account_id", ForeignKey("console_account.id", ondelete="CASCADE"), **options)


account = Table(
    "console_account",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("email", String(254), nullable=False, unique=True),
    Column("role", String(20), nullable=False),
    Column("language", String(5), nullable=False),
    Column("password_hash", String(255)),
    Column("totp_secret", String(255)),
    Column("totp_confirmed", Boolean, nullable=False),
    Column("totp_last_step", BigInteger, nullable=False),
    Column("disabled", Boolean, nullable=False),
    Column("created", BigInteger, nullable=False),
    CheckConstraint("role IN ('caseworker', 'coordinator', 'admin')", name="role_known"),
    comment="Somebody who works in the console; the second factor is encrypted, the password hashed",
)
account_place = Table(
    "console_account_place",
    metadata,
    _account_key(primary_key=True),
    Column("place", String(40), primary_key=True),
    comment="A place (or a country, for its national services) that an account works for",
)
session = Table(
    "console_session",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("account_id", ForeignKey("console_account.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("stage", String(10), nullable=False),
    Column("created", BigInteger, nullable=False),
    Column("seen", BigInteger, nullable=False),
    Column("browser", String(80), nullable=False),
    CheckConstraint("stage IN ('half', 'full', 'chat')", name="stage_known"),
    comment="A session of a browser, by the digest of its token; half: the second factor is still missing;"
    " chat: a linked chat gave it",
)
invitation = Table(
    "console_invitation",
    metadata,
    Column("digest", String(64), primary_key=True),
    _account_key(nullable=False),
    Column("expires", BigInteger, nullable=False),
    comment="A link, good once, with which an account chooses its password",
)
recovery_code = Table(
    "console_recovery_code",
    metadata,
    Column("digest", String(64), primary_key=True),
    _account_key(nullable=False),
    comment="Codes, each good once, for who has lost the second factor; deleted when used",
)
attempt = Table(
    "console_attempt",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("last", BigInteger, nullable=False),
    comment="Wrong guesses by keyed digest of account and network; forgotten after a day",
)
audit = Table(
    "console_audit",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", BigInteger, nullable=False),
    Column("who", String(254), nullable=False),
    Column("action", String(60), nullable=False),
    Column("subject", String(254), nullable=False),
    Column("place", String(40), nullable=False),
    Column("detail", Text, nullable=False),
    Column("previous", String(64), nullable=False, unique=True),
    Column("digest", String(64), nullable=False, unique=True),
    comment="Who did what, in a chain of digests: rows are added, never changed",
)
revision = Table(
    "console_revision",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("service_id", String(80), nullable=False),
    Column("place", String(40), nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("who", String(254), nullable=False),
    Column("why", String(20), nullable=False),
    Column("before", Text),
    Column("after", Text, nullable=False),
    Column("undoes", Integer),
    Index("ix_console_revision_service_id_at", "service_id", "at"),
    comment="A whole service before and after one change, so that the change can be undone",
)
