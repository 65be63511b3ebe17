"""Names and addresses as they are looked for, so that the database finds, sorts and counts services by itself."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from content.folding import folded

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_FOLDED = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_COLUMNS = {
    "organization": ("folded_name", ("name",)),
    "service": ("folded_name", ("name",)),
    "location": ("folded_address", ("district", "address")),
}
_CHUNK = 5000


def upgrade() -> None:
    for table, (column, sources) in _COLUMNS.items():
        op.add_column(table, sa.Column(column, _FOLDED, nullable=False, server_default=sa.text("''")))
        _fill(table, column, sources)
    op.create_index("ix_service_place_folded_name", "service", ["place", "folded_name"], unique=False)
    op.create_index("ix_phone_tel", "phone", ["tel"], unique=False)


def _fill(table: str, column: str, sources: tuple[str, ...]) -> None:
    """Fold what is there, some thousand rows at a time."""
    there = sa.table(table, sa.column("id"), sa.column(column), *(sa.column(name) for name in sources))
    filling = sa.update(there).where(there.c.id == sa.bindparam("key")).values({column: sa.bindparam("text")})
    rows = op.get_bind().execute(sa.select(there.c.id, *(there.c[name] for name in sources))).all()
    for start in range(0, len(rows), _CHUNK):
        some = [
            {"key": key, "text": folded(" ".join(part or "" for part in parts))}
            for key, *parts in rows[start : start + _CHUNK]
        ]
        op.get_bind().execute(filling, some)


def downgrade() -> None:
    op.drop_index("ix_phone_tel", table_name="phone")
    op.drop_index("ix_service_place_folded_name", table_name="service")
    for table, (column, _) in _COLUMNS.items():
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_column(column)
