"""The role of who linked a chat, and until which day a coordinator has been told what was reported."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_BEFORE = "Caseworkers who linked their own chat: e-mail, places, the chat encrypted; no one else"
_AFTER = "Who works here and linked their own chat: e-mail, role, places, the chat encrypted; no one else"


def upgrade() -> None:
    with op.batch_alter_table("caseworker_link", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("role", sa.String(length=20), nullable=False, server_default="caseworker")
        )
        batch_op.add_column(sa.Column("told", sa.Date(), nullable=True))
        batch_op.create_table_comment(_AFTER, existing_comment=_BEFORE)


def downgrade() -> None:
    with op.batch_alter_table("caseworker_link", schema=None) as batch_op:
        batch_op.drop_column("told")
        batch_op.drop_column("role")
        batch_op.create_table_comment(_BEFORE, existing_comment=_AFTER)
