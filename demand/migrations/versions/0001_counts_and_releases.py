"""Exact counts of open weeks, halves of periods, and released figures.

Revision: 0001, the first.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "askers_count",
        sa.Column("place", sa.String(length=40), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_askers_count_not_negative")),
        sa.PrimaryKeyConstraint("place", "week", "code", name=op.f("pk_askers_count")),
        comment="Open weeks: different askers by place; decides whether a place may publish",
    )
    op.create_table(
        "everywhere_count",
        sa.Column("place", sa.String(length=40), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_everywhere_count_not_negative")),
        sa.PrimaryKeyConstraint("place", "week", "code", name=op.f("pk_everywhere_count")),
        comment="Open weeks: different askers by need in all places together",
    )
    op.create_table(
        "figure",
        sa.Column("simulated", sa.Boolean(), nullable=False),
        sa.Column("grid", sa.String(length=20), nullable=False),
        sa.Column("place", sa.String(length=40), nullable=False),
        sa.Column("start", sa.Date(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("codes", sa.String(length=2000), nullable=False),
        sa.Column("askers", sa.Integer(), nullable=False),
        sa.CheckConstraint("askers >= 10 AND askers % 5 = 0", name=op.f("ck_figure_safe")),
        sa.PrimaryKeyConstraint("simulated", "grid", "place", "start", "position", name=op.f("pk_figure")),
        comment="A published figure: the codes it joins, and askers rounded to 5; at least 10 of them",
    )
    op.create_table(
        "half_count",
        sa.Column("place", sa.String(length=40), nullable=False),
        sa.Column("period", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("codes", sa.String(length=1000), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("place", "period", "kind", "codes", name=op.f("pk_half_count")),
        comment="First half of a four-week period, rounded to 3, what is rare already joined; deleted at its release",
    )
    op.create_table(
        "hours_count",
        sa.Column("place", sa.String(length=40), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_hours_count_not_negative")),
        sa.PrimaryKeyConstraint("place", "week", "code", name=op.f("pk_hours_count")),
        comment="Hours of the week during which counting was alive, so that a gap shows as a gap",
    )
    op.create_table(
        "language_count",
        sa.Column("place", sa.String(length=40), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_language_count_not_negative")),
        sa.PrimaryKeyConstraint("place", "week", "code", name=op.f("pk_language_count")),
        comment="Open weeks: different askers by place and language, never by need",
    )
    op.create_table(
        "need_count",
        sa.Column("place", sa.String(length=40), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_need_count_not_negative")),
        sa.PrimaryKeyConstraint("place", "week", "code", name=op.f("pk_need_count")),
        comment="Open weeks: different askers by place and need; deleted at the release",
    )
    op.create_table(
        "outcome_count",
        sa.Column("place", sa.String(length=40), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_outcome_count_not_negative")),
        sa.PrimaryKeyConstraint("place", "week", "code", name=op.f("pk_outcome_count")),
        comment="Open weeks: different askers by place and way a turn ended, never by need",
    )
    op.create_table(
        "protection_count",
        sa.Column("place", sa.String(length=40), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_protection_count_not_negative")),
        sa.PrimaryKeyConstraint("place", "week", "code", name=op.f("pk_protection_count")),
        comment="Closed weeks: askers of the whole protection sector, one figure a place",
    )
    op.create_table(
        "release",
        sa.Column("simulated", sa.Boolean(), nullable=False),
        sa.Column("grid", sa.String(length=20), nullable=False),
        sa.Column("place", sa.String(length=40), nullable=False),
        sa.Column("start", sa.Date(), nullable=False),
        sa.Column("weeks", sa.Integer(), nullable=False),
        sa.Column("hours", sa.Integer(), nullable=False),
        sa.Column("withheld", sa.String(length=300), nullable=True),
        sa.CheckConstraint("weeks IN (1, 4)", name=op.f("ck_release_fixed_period")),
        sa.PrimaryKeyConstraint("simulated", "grid", "place", "start", name=op.f("pk_release")),
        comment="One table of the fixed grid for one place and period; published once, never changed",
    )
    op.create_table(
        "sector_count",
        sa.Column("place", sa.String(length=40), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_sector_count_not_negative")),
        sa.PrimaryKeyConstraint("place", "week", "code", name=op.f("pk_sector_count")),
        comment="Open weeks: different askers by place and sector; deleted at the release",
    )


def downgrade() -> None:
    op.drop_table("sector_count")
    op.drop_table("release")
    op.drop_table("protection_count")
    op.drop_table("outcome_count")
    op.drop_table("need_count")
    op.drop_table("language_count")
    op.drop_table("hours_count")
    op.drop_table("half_count")
    op.drop_table("figure")
    op.drop_table("everywhere_count")
    op.drop_table("askers_count")
