"""Reports that were looked at, corrections with a value, and caseworkers who linked their own chat."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_BEFORE = "A proposed correction (which field is wrong), by service and day: no person, no free text"
_AFTER = "A proposed correction (which field is wrong, the new value if known), by service and day: no person"


def upgrade() -> None:
    with op.batch_alter_table("report", schema=None) as batch_op:
        batch_op.add_column(sa.Column("reviewed", sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table("report", schema=None) as batch_op:
        batch_op.alter_column(
            "reviewed", existing_type=sa.Integer(), existing_nullable=False, server_default=None
        )
        batch_op.create_check_constraint(op.f("ck_report_reviewed_of_count"), "reviewed BETWEEN 0 AND count")

    with op.batch_alter_table("correction", schema=None) as batch_op:
        batch_op.add_column(sa.Column("value", sa.String(length=120), nullable=False, server_default=""))
    with op.batch_alter_table("correction", schema=None) as batch_op:
        batch_op.alter_column(
            "value", existing_type=sa.String(length=120), existing_nullable=False, server_default=None
        )
        batch_op.drop_constraint(op.f("uq_correction_service_id_day_field"), type_="unique")
        batch_op.create_unique_constraint(
            op.f("uq_correction_service_id_day_field_value"), ["service_id", "day", "field", "value"]
        )
        batch_op.create_table_comment(_AFTER, existing_comment=_BEFORE)

    op.create_table(
        "caseworker_link",
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("places", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("code_digest", sa.String(length=64), nullable=True),
        sa.Column("code_expires", sa.DateTime(timezone=True), nullable=True),
        sa.Column("chat", sa.String(length=255), nullable=True),
        sa.Column("linked", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("email", name=op.f("pk_caseworker_link")),
        sa.UniqueConstraint("code_digest", name=op.f("uq_caseworker_link_code_digest")),
        comment="Caseworkers who linked their own chat: e-mail, places, the chat encrypted; no one else",
    )


def downgrade() -> None:
    op.drop_table("caseworker_link")
    # Proposals that differ in the value alone would be alike without it.
    op.execute("DELETE FROM correction WHERE value <> ''")
    with op.batch_alter_table("correction", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("uq_correction_service_id_day_field_value"), type_="unique")
        batch_op.drop_column("value")
        batch_op.create_unique_constraint(
            op.f("uq_correction_service_id_day_field"), ["service_id", "day", "field"]
        )
        batch_op.create_table_comment(_BEFORE, existing_comment=_AFTER)
    with op.batch_alter_table("report", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_report_reviewed_of_count"), type_="check")
        batch_op.drop_column("reviewed")
