"""Say in the schema how a half is kept now: within 1 of the truth by coins.

Revision: 0003. No row changes: a half that was kept before is released as it stands. SQLite keeps no comments.
"""

from __future__ import annotations

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_BEFORE = (
    "First half of a four-week period, rounded to 3, what is rare already joined; deleted at its release"
)
_NOW = (
    "First half of a four-week period, off by 1 by coins, what is rare already joined; deleted at its release"
)


def upgrade() -> None:
    if op.get_context().dialect.supports_comments:
        op.create_table_comment("half_count", _NOW, existing_comment=_BEFORE)


def downgrade() -> None:
    if op.get_context().dialect.supports_comments:
        op.create_table_comment("half_count", _BEFORE, existing_comment=_NOW)
