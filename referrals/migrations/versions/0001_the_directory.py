"""The directory's first schema: services, who runs them, where, when and for whom, and what came of it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("who", sa.String(length=254), nullable=False),
        sa.Column("service_id", sa.String(length=80), nullable=False),
        sa.Column("field", sa.String(length=80), nullable=False),
        sa.Column("before", sa.String(length=4000), nullable=True),
        sa.Column("after", sa.String(length=4000), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change")),
        comment="HSDS metadata: who changed which field of which service, and when (staff only)",
    )
    with op.batch_alter_table("change", schema=None) as batch_op:
        batch_op.create_index("ix_change_service_id_at", ["service_id", "at"], unique=False)

    op.create_table(
        "location",
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("place", sa.String(length=40), nullable=False),
        sa.Column("address", sa.String(length=500), nullable=True),
        sa.Column("district", sa.String(length=255), nullable=True),
        sa.Column("latitude", sa.Double(), nullable=True),
        sa.Column("longitude", sa.Double(), nullable=True),
        sa.Column("hidden", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "(latitude IS NULL) = (longitude IS NULL)", name=op.f("ck_location_both_coordinates")
        ),
        sa.CheckConstraint("latitude BETWEEN -90 AND 90", name=op.f("ck_location_latitude_on_earth")),
        sa.CheckConstraint("longitude BETWEEN -180 AND 180", name=op.f("ck_location_longitude_on_earth")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_location")),
        comment="HSDS location: where a door is; hidden ones are never shown to anybody who asks",
    )
    op.create_table(
        "organization",
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("url", sa.String(length=500), nullable=True),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.CheckConstraint(
            "kind IN ('government', 'ngo', 'church', 'university', 'community', 'un', 'other')",
            name=op.f("ck_organization_kind_known"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organization")),
        comment="HSDS organization: who runs services",
    )
    op.create_table(
        "version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_version_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_version")),
        comment="One row: a number that grows with every change of the directory",
    )
    op.create_table(
        "service",
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("organization_id", sa.String(length=80), nullable=False),
        sa.Column("place", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("url", sa.String(length=500), nullable=True),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("whatsapp", sa.String(length=60), nullable=True),
        sa.Column("hours_note", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("note", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("origin", sa.String(length=10), nullable=False),
        sa.Column("seed_digest", sa.String(length=64), nullable=True),
        sa.Column("edited", sa.Boolean(), nullable=False),
        sa.CheckConstraint("origin IN ('seed', 'console', 'import')", name=op.f("ck_service_origin_known")),
        sa.CheckConstraint("status IN ('active', 'inactive')", name=op.f("ck_service_status_known")),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organization.id"],
            name=op.f("fk_service_organization_id_organization"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service")),
        comment="HSDS service: one thing an organization does for people, in one place or a whole country",
    )
    with op.batch_alter_table("service", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_service_organization_id"), ["organization_id"], unique=False)
        batch_op.create_index("ix_service_place_status", ["place", "status"], unique=False)

    op.create_table(
        "assurance",
        sa.Column("service_id", sa.String(length=80), nullable=False),
        sa.Column("checked", sa.Date(), nullable=True),
        sa.Column("precision", sa.String(length=10), nullable=False),
        sa.Column("source_title", sa.String(length=500), nullable=False),
        sa.Column("source_url", sa.String(length=1000), nullable=True),
        sa.Column("source_date", sa.String(length=200), nullable=False),
        sa.Column("confidence", sa.String(length=10), nullable=False),
        sa.CheckConstraint(
            "confidence IN ('high', 'medium', 'low')", name=op.f("ck_assurance_confidence_known")
        ),
        sa.CheckConstraint(
            "precision IN ('day', 'month', 'year')", name=op.f("ck_assurance_precision_known")
        ),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"], name=op.f("fk_assurance_service_id_service"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("service_id", name=op.f("pk_assurance")),
        comment="HSDS assured_date and our confidence: source of a service and when it was last checked",
    )
    op.create_table(
        "capacity",
        sa.Column("service_id", sa.String(length=80), nullable=False),
        sa.Column("full_until", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"], name=op.f("fk_capacity_service_id_service"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("service_id", name=op.f("pk_capacity")),
        comment="HSDS service_capacity: full until and including a day; expires by itself",
    )
    op.create_table(
        "closure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("service_id", sa.String(length=80), nullable=False),
        sa.Column("starts", sa.Date(), nullable=False),
        sa.Column("ends", sa.Date(), nullable=True),
        sa.Column("reason", sa.String(length=255), nullable=True),
        sa.CheckConstraint("ends IS NULL OR starts <= ends", name=op.f("ck_closure_days_in_order")),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"], name=op.f("fk_closure_service_id_service"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closure")),
        comment="A temporary closure: first and last day, with the reason; no last day means until further notice",
    )
    with op.batch_alter_table("closure", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_closure_service_id"), ["service_id"], unique=False)

    op.create_table(
        "correction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("service_id", sa.String(length=80), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("field", sa.String(length=40), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.CheckConstraint(
            "state IN ('proposed', 'accepted', 'rejected')", name=op.f("ck_correction_state_known")
        ),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"], name=op.f("fk_correction_service_id_service"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_correction")),
        sa.UniqueConstraint("service_id", "day", "field", name=op.f("uq_correction_service_id_day_field")),
        comment="A proposed correction (which field is wrong), by service and day: no person, no free text",
    )
    op.create_table(
        "cost_option",
        sa.Column("service_id", sa.String(length=80), nullable=False),
        sa.Column("free", sa.Boolean(), nullable=True),
        sa.Column("text", sa.JSON(none_as_null=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"], name=op.f("fk_cost_option_service_id_service"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("service_id", name=op.f("pk_cost_option")),
        comment="HSDS cost_option: what a service costs; free is null when unknown",
    )
    op.create_table(
        "eligibility",
        sa.Column("service_id", sa.String(length=80), nullable=False),
        sa.Column("min_age", sa.Integer(), nullable=True),
        sa.Column("max_age", sa.Integer(), nullable=True),
        sa.Column("statuses", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("profiles", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("excluded_profiles", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("text", sa.JSON(none_as_null=True), nullable=True),
        sa.CheckConstraint(
            "max_age IS NULL OR max_age BETWEEN 0 AND 120", name=op.f("ck_eligibility_max_age_human")
        ),
        sa.CheckConstraint(
            "min_age IS NULL OR max_age IS NULL OR min_age <= max_age",
            name=op.f("ck_eligibility_ages_in_order"),
        ),
        sa.CheckConstraint(
            "min_age IS NULL OR min_age BETWEEN 0 AND 120", name=op.f("ck_eligibility_min_age_human")
        ),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"], name=op.f("fk_eligibility_service_id_service"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("service_id", name=op.f("pk_eligibility")),
        comment="Who a service attends: ages, migration status and profile (null: everybody), and the text",
    )
    op.create_table(
        "language",
        sa.Column("service_id", sa.String(length=80), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"], name=op.f("fk_language_service_id_service"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("service_id", "code", name=op.f("pk_language")),
        comment="HSDS language: spoken at a service, ISO 639 code",
    )
    op.create_table(
        "phone",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("service_id", sa.String(length=80), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("tel", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"], name=op.f("fk_phone_service_id_service"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_phone")),
        sa.UniqueConstraint("service_id", "number", name=op.f("uq_phone_service_id_number")),
        comment="HSDS phone: a telephone of a service, in the order to try them",
    )
    op.create_table(
        "referral_slip",
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("need", sa.String(length=60), nullable=False),
        sa.Column("service_id", sa.String(length=80), nullable=False),
        sa.Column("place", sa.String(length=40), nullable=False),
        sa.Column("issued", sa.Date(), nullable=False),
        sa.Column("expires", sa.Date(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("sent_to", sa.String(length=80), nullable=True),
        sa.Column("why", sa.String(length=40), nullable=True),
        sa.CheckConstraint(
            "status IN ('open', 'attended', 'waiting_list', 'sent_on', 'refused', 'expired')",
            name=op.f("ck_referral_slip_status_known"),
        ),
        sa.CheckConstraint("issued <= expires", name=op.f("ck_referral_slip_days_in_order")),
        sa.ForeignKeyConstraint(
            ["service_id"],
            ["service.id"],
            name=op.f("fk_referral_slip_service_id_service"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_referral_slip")),
        comment="HSDS-like referral without a client: a code for need, service, place and day; expires",
    )
    with op.batch_alter_table("referral_slip", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_referral_slip_expires"), ["expires"], unique=False)
        batch_op.create_index(batch_op.f("ix_referral_slip_service_id"), ["service_id"], unique=False)

    op.create_table(
        "report",
        sa.Column("service_id", sa.String(length=80), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('helped', 'closed', 'full', 'refused', 'asked_for_paper', 'asked_for_money', 'could_not_get_there')",
            name=op.f("ck_report_kind_known"),
        ),
        sa.CheckConstraint("count > 0", name=op.f("ck_report_count_positive")),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"], name=op.f("fk_report_service_id_service"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("service_id", "day", "kind", name=op.f("pk_report")),
        comment="How often people said on a day what came of a service: counts, no person",
    )
    op.create_table(
        "required_document",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("service_id", sa.String(length=80), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("without", sa.JSON(none_as_null=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["service_id"],
            ["service.id"],
            name=op.f("fk_required_document_service_id_service"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_required_document")),
        comment="HSDS required_document: a paper asked for, and what to do without it",
    )
    with op.batch_alter_table("required_document", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_required_document_service_id"), ["service_id"], unique=False)

    op.create_table(
        "schedule",
        sa.Column("service_id", sa.String(length=80), nullable=False),
        sa.Column("opening_hours", sa.String(length=255), nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("first_n", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('regular', 'by_appointment', 'first_n')", name=op.f("ck_schedule_kind_known")
        ),
        sa.CheckConstraint("first_n IS NULL OR first_n > 0", name=op.f("ck_schedule_first_n_positive")),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"], name=op.f("fk_schedule_service_id_service"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("service_id", name=op.f("pk_schedule")),
        comment="HSDS schedule: OSM opening_hours (null: unknown) and how people are attended",
    )
    op.create_table(
        "service_at_location",
        sa.Column("service_id", sa.String(length=80), nullable=False),
        sa.Column("location_id", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(
            ["location_id"],
            ["location.id"],
            name=op.f("fk_service_at_location_location_id_location"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["service_id"],
            ["service.id"],
            name=op.f("fk_service_at_location_service_id_service"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("service_id", "location_id", name=op.f("pk_service_at_location")),
        comment="HSDS service_at_location: which service is found where",
    )
    with op.batch_alter_table("service_at_location", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_service_at_location_location_id"), ["location_id"], unique=False)

    op.create_table(
        "service_need",
        sa.Column("service_id", sa.String(length=80), nullable=False),
        sa.Column("need", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(
            ["service_id"],
            ["service.id"],
            name=op.f("fk_service_need_service_id_service"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("service_id", "need", name=op.f("pk_service_need")),
        comment="HSDS attribute: a need of the taxonomy that a service attends to",
    )
    with op.batch_alter_table("service_need", schema=None) as batch_op:
        batch_op.create_index("ix_service_need_need", ["need"], unique=False)

    op.execute("INSERT INTO version (id, number) VALUES (1, 0)")


def downgrade() -> None:
    with op.batch_alter_table("service_need", schema=None) as batch_op:
        batch_op.drop_index("ix_service_need_need")

    op.drop_table("service_need")
    with op.batch_alter_table("service_at_location", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_service_at_location_location_id"))

    op.drop_table("service_at_location")
    op.drop_table("schedule")
    with op.batch_alter_table("required_document", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_required_document_service_id"))

    op.drop_table("required_document")
    op.drop_table("report")
    with op.batch_alter_table("referral_slip", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_referral_slip_service_id"))
        batch_op.drop_index(batch_op.f("ix_referral_slip_expires"))

    op.drop_table("referral_slip")
    op.drop_table("phone")
    op.drop_table("language")
    op.drop_table("eligibility")
    op.drop_table("cost_option")
    op.drop_table("correction")
    with op.batch_alter_table("closure", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_closure_service_id"))

    op.drop_table("closure")
    op.drop_table("capacity")
    op.drop_table("assurance")
    with op.batch_alter_table("service", schema=None) as batch_op:
        batch_op.drop_index("ix_service_place_status")
        batch_op.drop_index(batch_op.f("ix_service_organization_id"))

    op.drop_table("service")
    op.drop_table("version")
    op.drop_table("organization")
    op.drop_table("location")
    with op.batch_alter_table("change", schema=None) as batch_op:
        batch_op.drop_index("ix_change_service_id_at")

    op.drop_table("change")
