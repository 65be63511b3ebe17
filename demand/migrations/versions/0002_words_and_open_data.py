"""Phrases that many said, sentences that people chose to send, and figures with noise for open data.

Revision: 0002. Going down deletes sentences, phrases and noisy figures; released figures stay.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "phrase",
        sa.Column("start", sa.Date(), nullable=False),
        sa.Column("words", sa.String(length=120), nullable=False),
        sa.Column("askers", sa.Integer(), nullable=False),
        sa.CheckConstraint("askers >= 10 AND askers % 10 = 0", name=op.f("ck_phrase_safe")),
        sa.PrimaryKeyConstraint("start", "words", name=op.f("pk_phrase")),
        comment="Words that were not understood and that at least ten people of all places said in a week; rounded down",
    )
    op.create_table(
        "sent_sentence",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("text", sa.String(length=300), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_sent_sentence")),
        comment="Redacted sentences that people chose to send, by a random number; seven days at most, deleted on decision",
    )
    op.create_table(
        "open_figure",
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("place", sa.String(length=40), nullable=False),
        sa.Column("need", sa.String(length=60), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("week", "place", "need", name=op.f("pk_open_figure")),
        comment="Open data: askers with the noise of differential privacy, drawn once; may be below zero",
    )


def downgrade() -> None:
    op.drop_table("open_figure")
    op.drop_table("sent_sentence")
    op.drop_table("phrase")
