"""A linked chat that gave its one-time code has a session too, listed and ended with those of browsers."""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_NAME = "ck_console_session_stage_known"
_BEFORE = "stage IN ('half', 'full')"
_AFTER = "stage IN ('half', 'full', 'chat')"
_COMMENT_BEFORE = (
    "A session of a browser, by the digest of its token; half: the second factor is still missing"
)
_COMMENT_AFTER = (
    "A session of a browser, by the digest of its token; half: the second factor is still missing;"
    " chat: a linked chat gave it"
)


def upgrade() -> None:
    _allow(_AFTER, _COMMENT_AFTER, _COMMENT_BEFORE)


def downgrade() -> None:
    # Who wrote from a chat gives the code again.
    op.execute("DELETE FROM console_session WHERE stage = 'chat'")
    _allow(_BEFORE, _COMMENT_BEFORE, _COMMENT_AFTER)


def _allow(stages: str, comment: str, existing: str) -> None:
    with op.batch_alter_table("console_session", schema=None) as batch_op:
        batch_op.drop_constraint(op.f(_NAME), type_="check")
        batch_op.create_check_constraint(op.f(_NAME), stages)
        batch_op.create_table_comment(comment, existing_comment=existing)
