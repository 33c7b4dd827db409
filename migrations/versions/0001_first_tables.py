"""The first tables.

Before: an empty database.
After: every table of the first release.
Safe while the previous release runs: there is none.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "field_office",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("zone", sa.String(length=40), nullable=False),
        sa.Column("covered_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("covered_by_headquarters", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "covered_by_id IS NULL OR NOT covered_by_headquarters", name=op.f("ck_field_office_one_cover")
        ),
        sa.ForeignKeyConstraint(
            ["covered_by_id"], ["field_office.id"], name=op.f("fk_field_office_covered_by_id_field_office")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_field_office")),
        sa.UniqueConstraint("code", name=op.f("uq_field_office_code")),
        sa.UniqueConstraint("name", name=op.f("uq_field_office_name")),
    )
    op.create_table(
        "import_batch",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("listing", sa.String(length=20), server_default="complaints", nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("voided_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_batch")),
    )
    op.create_table(
        "office",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("zone", sa.String(length=40), nullable=False),
        sa.Column("contact", sa.Text(), nullable=False),
        sa.Column("is_demonstration", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_office_only_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_office")),
    )
    op.create_table(
        "person",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("password", sa.String(length=255), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("fs_uniquifier", sa.String(length=64), nullable=False),
        sa.Column("zone", sa.String(length=40), nullable=True),
        sa.Column("visit_days", sa.Integer(), nullable=True),
        sa.Column("keys_off_at", sa.DateTime(), nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("last_sign_in_at", sa.DateTime(), nullable=True),
        sa.Column("off_at", sa.DateTime(), nullable=True),
        sa.Column("off_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(["off_by_id"], ["person.id"], name=op.f("fk_person_off_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("email", name=op.f("uq_person_email")),
        sa.UniqueConstraint("fs_uniquifier", name=op.f("uq_person_fs_uniquifier")),
    )
    op.create_table(
        "rate_limit",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("free_at", sa.DateTime(), nullable=False),
        sa.Column("forget_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_rate_limit")),
    )
    with op.batch_alter_table("rate_limit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rate_limit_forget_at"), ["forget_at"], unique=False)

    op.create_table(
        "report_draft",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("ends_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_report_draft")),
    )
    with op.batch_alter_table("report_draft", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_report_draft_ends_at"), ["ends_at"], unique=False)

    op.create_table(
        "absence",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("deputy_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint("until_on >= from_on", name=op.f("ck_absence_forwards")),
        sa.ForeignKeyConstraint(["deputy_id"], ["person.id"], name=op.f("fk_absence_deputy_id_person")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_absence_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absence")),
    )
    with op.batch_alter_table("absence", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_absence_person_id"), ["person_id"], unique=False)

    op.create_table(
        "agency",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("slug", sa.String(length=120), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("comparable", sa.String(length=300), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("county", sa.String(length=120), nullable=True),
        sa.Column("type", sa.String(length=40), nullable=True),
        sa.Column("office_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("merged_into_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(
            ["merged_into_id"], ["agency.id"], name=op.f("fk_agency_merged_into_id_agency")
        ),
        sa.ForeignKeyConstraint(
            ["office_id"], ["field_office.id"], name=op.f("fk_agency_office_id_field_office")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agency")),
        sa.UniqueConstraint("slug", name=op.f("uq_agency_slug")),
        sa.UniqueConstraint("state", "comparable", name=op.f("uq_agency_state_comparable")),
    )
    with op.batch_alter_table("agency", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_agency_office_id"), ["office_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_agency_state"), ["state"], unique=False)

    op.create_table(
        "calendar_link",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_calendar_link_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_link")),
        sa.UniqueConstraint("fingerprint", name=op.f("uq_calendar_link_fingerprint")),
    )
    with op.batch_alter_table("calendar_link", schema=None) as batch_op:
        batch_op.create_index(
            "uq_calendar_link_live",
            ["person_id"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.create_table(
        "checklist_version",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("base", sa.String(length=20), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("drafted_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("drafted_at", sa.DateTime(), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=True),
        sa.Column("effective_on", sa.Date(), nullable=True),
        sa.Column("settled_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("settled_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint("outcome IN ('in_force', 'withdrawn')", name=op.f("ck_checklist_version_outcome")),
        sa.CheckConstraint(
            "outcome IS NULL OR outcome = 'withdrawn' OR (settled_by_id IS NOT NULL AND settled_by_id <> drafted_by_id AND effective_on IS NOT NULL AND revision IS NOT NULL)",
            name=op.f("ck_checklist_version_two_people"),
        ),
        sa.ForeignKeyConstraint(
            ["drafted_by_id"], ["person.id"], name=op.f("fk_checklist_version_drafted_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["settled_by_id"], ["person.id"], name=op.f("fk_checklist_version_settled_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checklist_version")),
        sa.UniqueConstraint("code", name=op.f("uq_checklist_version_code")),
    )
    op.create_table(
        "complaint_group",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("made_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["person.id"], name=op.f("fk_complaint_group_made_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaint_group")),
    )
    op.create_table(
        "export_log",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("what", sa.String(length=30), nullable=False),
        sa.Column("form", sa.String(length=8), nullable=False),
        sa.Column("filters", sa.JSON(), nullable=False),
        sa.Column("columns", sa.String(length=300), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_export_log_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_export_log")),
    )
    with op.batch_alter_table("export_log", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_export_log_person_id"), ["person_id"], unique=False)

    op.create_table(
        "idempotency",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("actor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("reference", sa.String(length=24), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["person.id"], name=op.f("fk_idempotency_actor_id_person")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_idempotency")),
    )
    op.create_table(
        "invitation",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("created_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("expires_at", sa.DateTime(), nullable=False),
        sa.Column("used_at", sa.DateTime(), nullable=True),
        sa.Column("revoked_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["person.id"], name=op.f("fk_invitation_created_by_id_person")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_invitation_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_invitation_token_hash")),
    )
    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_invitation_person_id"), ["person_id"], unique=False)

    op.create_table(
        "model_qualification",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("model", sa.String(length=12), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_model_qualification_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_model_qualification")),
        sa.UniqueConstraint("person_id", "model", name=op.f("uq_model_qualification_person_id_model")),
    )
    op.create_table(
        "outbox",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("dedupe_key", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("recipient", sa.String(length=40), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("reference", sa.String(length=24), nullable=False),
        sa.Column("office_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("codes", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.DateTime(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("done_at", sa.DateTime(), nullable=True),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["office_id"], ["field_office.id"], name=op.f("fk_outbox_office_id_field_office")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_outbox_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("dedupe_key", name=op.f("uq_outbox_dedupe_key")),
    )
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_outbox_reference"), ["reference"], unique=False)
        batch_op.create_index("ix_outbox_state_next", ["state", "next_at"], unique=False)

    op.create_table(
        "person_office",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("office_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.CheckConstraint("kind IN ('home', 'cover')", name=op.f("ck_person_office_kind")),
        sa.ForeignKeyConstraint(
            ["office_id"], ["field_office.id"], name=op.f("fk_person_office_office_id_field_office")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_person_office_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_office")),
    )
    with op.batch_alter_table("person_office", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_person_office_office_id"), ["office_id"], unique=False)
        batch_op.create_index("uq_person_office", ["person_id", "office_id"], unique=True)

    op.create_table(
        "person_role",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("granted_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("second_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.Column("ended_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint(
            "second_id IS NULL OR second_id <> granted_by_id", name=op.f("ck_person_role_two_people")
        ),
        sa.ForeignKeyConstraint(
            ["ended_by_id"], ["person.id"], name=op.f("fk_person_role_ended_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["granted_by_id"], ["person.id"], name=op.f("fk_person_role_granted_by_id_person")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_person_role_person_id_person")),
        sa.ForeignKeyConstraint(["second_id"], ["person.id"], name=op.f("fk_person_role_second_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_role")),
    )
    with op.batch_alter_table("person_role", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_person_role_person_id"), ["person_id"], unique=False)
        batch_op.create_index(
            "uq_person_role_held",
            ["person_id", "role"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.create_table(
        "policy_version",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("proposed_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("approved_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("stored_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint("proposed_by_id <> approved_by_id", name=op.f("ck_policy_version_two_people")),
        sa.ForeignKeyConstraint(
            ["approved_by_id"], ["person.id"], name=op.f("fk_policy_version_approved_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by_id"], ["person.id"], name=op.f("fk_policy_version_proposed_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy_version")),
        sa.UniqueConstraint("number", name=op.f("uq_policy_version_number")),
    )
    op.create_table(
        "role_request",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("requested_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("requested_at", sa.DateTime(), nullable=False),
        sa.Column("decided_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("decided_at", sa.DateTime(), nullable=True),
        sa.Column("granted", sa.Boolean(), nullable=True),
        sa.CheckConstraint(
            "(decided_at IS NULL) = (granted IS NULL)", name=op.f("ck_role_request_decided_whole")
        ),
        sa.CheckConstraint(
            "granted IS NULL OR NOT granted OR decided_by_id <> requested_by_id",
            name=op.f("ck_role_request_two_people"),
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["person.id"], name=op.f("fk_role_request_decided_by_id_person")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_role_request_person_id_person")),
        sa.ForeignKeyConstraint(
            ["requested_by_id"], ["person.id"], name=op.f("fk_role_request_requested_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_request")),
    )
    with op.batch_alter_table("role_request", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_role_request_person_id"), ["person_id"], unique=False)
        batch_op.create_index(
            "uq_role_request_open",
            ["person_id", "role"],
            unique=True,
            sqlite_where=sa.text("decided_at IS NULL"),
            postgresql_where=sa.text("decided_at IS NULL"),
        )

    op.create_table(
        "sign_in",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("started_at", sa.DateTime(), nullable=False),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_sign_in_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sign_in_token_hash")),
    )
    with op.batch_alter_table("sign_in", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_in_person_id"), ["person_id"], unique=False)

    op.create_table(
        "agency_alias",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("agency_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("comparable", sa.String(length=300), nullable=False),
        sa.Column("slug", sa.String(length=120), nullable=True),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_agency_alias_agency_id_agency")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agency_alias")),
        sa.UniqueConstraint("slug", name=op.f("uq_agency_alias_slug")),
        sa.UniqueConstraint("state", "comparable", name=op.f("uq_agency_alias_state_comparable")),
    )
    with op.batch_alter_table("agency_alias", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_agency_alias_agency_id"), ["agency_id"], unique=False)

    op.create_table(
        "agreement",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("reference", sa.String(length=24), nullable=False),
        sa.Column("agency_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("model", sa.String(length=12), nullable=False),
        sa.Column("template", sa.String(length=20), nullable=False),
        sa.Column("template_inferred", sa.Boolean(), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=True),
        sa.Column("operational_on", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("office_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("supervisor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("county", sa.String(length=120), nullable=True),
        sa.Column("moa_url", sa.String(length=2000), nullable=True),
        sa.Column("moa_pending", sa.Boolean(), nullable=False),
        sa.Column("status", sa.String(length=30), nullable=False),
        sa.Column("listed_first_on", sa.Date(), nullable=True),
        sa.Column("listed_last_on", sa.Date(), nullable=True),
        sa.Column("vanished_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "ended_on IS NULL OR ended_on >= signed_on", name=op.f("ck_agreement_ends_after_it_began")
        ),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_agreement_agency_id_agency")),
        sa.ForeignKeyConstraint(
            ["office_id"], ["field_office.id"], name=op.f("fk_agreement_office_id_field_office")
        ),
        sa.ForeignKeyConstraint(
            ["supervisor_id"], ["person.id"], name=op.f("fk_agreement_supervisor_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement")),
        sa.UniqueConstraint("reference", name=op.f("uq_agreement_reference")),
    )
    with op.batch_alter_table("agreement", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_agreement_agency_id"), ["agency_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_agreement_office_id"), ["office_id"], unique=False)
        batch_op.create_index("ix_agreement_office_model", ["office_id", "model"], unique=False)
        batch_op.create_index(batch_op.f("ix_agreement_status"), ["status"], unique=False)

    op.create_table(
        "checklist_revision",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(length=60), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["checklist_version.id"],
            name=op.f("fk_checklist_revision_version_id_checklist_version"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checklist_revision")),
        sa.UniqueConstraint("version_id", "number", name=op.f("uq_checklist_revision_version_id_number")),
    )
    op.create_table(
        "person_agency",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("agency_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_person_agency_agency_id_agency")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_person_agency_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_agency")),
    )
    with op.batch_alter_table("person_agency", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_person_agency_agency_id"), ["agency_id"], unique=False)
        batch_op.create_index("uq_person_agency", ["person_id", "agency_id"], unique=True)

    op.create_table(
        "policy_limit",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("model", sa.String(length=12), nullable=True),
        sa.Column("revision", sa.String(length=20), nullable=True),
        sa.Column("tier", sa.Integer(), nullable=True),
        sa.Column("unit", sa.String(length=30), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["version_id"], ["policy_version.id"], name=op.f("fk_policy_limit_version_id_policy_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy_limit")),
        sa.UniqueConstraint(
            "version_id",
            "name",
            "model",
            "revision",
            "tier",
            name=op.f("uq_policy_limit_version_id_name_model_revision_tier"),
        ),
    )
    op.create_table(
        "policy_rule",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("family", sa.String(length=20), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["version_id"], ["policy_version.id"], name=op.f("fk_policy_rule_version_id_policy_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy_rule")),
        sa.UniqueConstraint(
            "version_id", "family", "position", name=op.f("uq_policy_rule_version_id_family_position")
        ),
    )
    op.create_table(
        "register_event",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("what", sa.String(length=40), nullable=False),
        sa.Column("agency_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("other_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("moved", sa.JSON(), nullable=False),
        sa.Column("undone_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(["actor_id"], ["person.id"], name=op.f("fk_register_event_actor_id_person")),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agency.id"], name=op.f("fk_register_event_agency_id_agency")
        ),
        sa.ForeignKeyConstraint(["other_id"], ["agency.id"], name=op.f("fk_register_event_other_id_agency")),
        sa.ForeignKeyConstraint(
            ["undone_by_id"],
            ["register_event.id"],
            name=op.f("fk_register_event_undone_by_id_register_event"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_register_event")),
    )
    with op.batch_alter_table("register_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_register_event_agency_id"), ["agency_id"], unique=False)

    op.create_table(
        "agreement_contact",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("agreement_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("held_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("recorded_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.Column("covered", sa.LargeBinary(), nullable=True),
        sa.Column("discharges", sa.String(length=90), nullable=False),
        sa.Column("corrects_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("took_place", sa.Boolean(), nullable=False),
        sa.Column("source", sa.String(length=60), nullable=True),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["agreement.id"], name=op.f("fk_agreement_contact_agreement_id_agreement")
        ),
        sa.ForeignKeyConstraint(
            ["corrects_id"],
            ["agreement_contact.id"],
            name=op.f("fk_agreement_contact_corrects_id_agreement_contact"),
        ),
        sa.ForeignKeyConstraint(
            ["held_by_id"], ["person.id"], name=op.f("fk_agreement_contact_held_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["person.id"], name=op.f("fk_agreement_contact_recorded_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement_contact")),
        sa.UniqueConstraint("agreement_id", "number", name=op.f("uq_agreement_contact_agreement_id_number")),
        sa.UniqueConstraint("corrects_id", name=op.f("uq_agreement_contact_corrects_id")),
    )
    op.create_table(
        "case_file",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("reference", sa.String(length=24), nullable=False),
        sa.Column("state", sa.String(length=30), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("received_at", sa.DateTime(), nullable=False),
        sa.Column("counts_from", sa.DateTime(), nullable=False),
        sa.Column("opened_at", sa.DateTime(), nullable=False),
        sa.Column("closed_at", sa.DateTime(), nullable=True),
        sa.Column("state_since", sa.DateTime(), nullable=False),
        sa.Column("office_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("agency_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("agreement_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("model", sa.String(length=12), nullable=True),
        sa.Column("template", sa.String(length=20), nullable=True),
        sa.Column("tier", sa.Integer(), nullable=True),
        sa.Column("owner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("supervised_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("sent_to_agency_at", sa.DateTime(), nullable=True),
        sa.Column("policy_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("caused_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("last_hash", sa.LargeBinary(length=32), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_case_file_agency_id_agency")),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["agreement.id"], name=op.f("fk_case_file_agreement_id_agreement")
        ),
        sa.ForeignKeyConstraint(
            ["caused_by_id"], ["case_file.id"], name=op.f("fk_case_file_caused_by_id_case_file")
        ),
        sa.ForeignKeyConstraint(
            ["office_id"], ["field_office.id"], name=op.f("fk_case_file_office_id_field_office")
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name=op.f("fk_case_file_owner_id_person")),
        sa.ForeignKeyConstraint(
            ["policy_id"], ["policy_version.id"], name=op.f("fk_case_file_policy_id_policy_version")
        ),
        sa.ForeignKeyConstraint(
            ["supervised_by_id"], ["person.id"], name=op.f("fk_case_file_supervised_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_file")),
        sa.UniqueConstraint("reference", name=op.f("uq_case_file_reference")),
    )
    with op.batch_alter_table("case_file", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_case_file_agency_id"), ["agency_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_case_file_agreement_id"), ["agreement_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_case_file_caused_by_id"), ["caused_by_id"], unique=False)
        batch_op.create_index("ix_case_file_kind_received", ["kind", "received_at", "id"], unique=False)
        batch_op.create_index("ix_case_file_kind_state", ["kind", "state", "received_at"], unique=False)
        batch_op.create_index("ix_case_file_office_kind", ["office_id", "kind", "received_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_case_file_owner_id"), ["owner_id"], unique=False)
        batch_op.create_index(
            "ix_case_file_urgency", ["kind", "state", "tier", "counts_from", "id"], unique=False
        )
        batch_op.create_index(
            "ix_case_open",
            ["kind", "office_id", "received_at", "model", "owner_id", "supervised_by_id"],
            unique=False,
            postgresql_where=sa.text("closed_at IS NULL"),
            sqlite_where=sa.text("closed_at IS NULL"),
        )
        batch_op.create_index(
            "ix_case_spans",
            ["kind", "office_id", "received_at", "closed_at", "owner_id", "supervised_by_id"],
            unique=False,
        )

    op.create_table(
        "duty_waiver",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("agreement_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("duty", sa.String(length=40), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("waived_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("confirmed_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("supervisor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("reasons", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.Column("ended_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint(
            "supervisor_id IS NULL OR (supervisor_id <> waived_by_id AND supervisor_id <> confirmed_by_id)",
            name=op.f("ck_duty_waiver_not_ones_own"),
        ),
        sa.CheckConstraint("until_on > from_on", name=op.f("ck_duty_waiver_forwards")),
        sa.CheckConstraint("waived_by_id <> confirmed_by_id", name=op.f("ck_duty_waiver_two_people")),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["agreement.id"], name=op.f("fk_duty_waiver_agreement_id_agreement")
        ),
        sa.ForeignKeyConstraint(
            ["confirmed_by_id"], ["person.id"], name=op.f("fk_duty_waiver_confirmed_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["ended_by_id"], ["person.id"], name=op.f("fk_duty_waiver_ended_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["supervisor_id"], ["person.id"], name=op.f("fk_duty_waiver_supervisor_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["waived_by_id"], ["person.id"], name=op.f("fk_duty_waiver_waived_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_waiver")),
        sa.UniqueConstraint("agreement_id", "number", name=op.f("uq_duty_waiver_agreement_id_number")),
    )
    op.create_table(
        "officer",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("agreement_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("nominated_on", sa.Date(), nullable=True),
        sa.Column("cleared_on", sa.Date(), nullable=True),
        sa.Column("training_from", sa.Date(), nullable=True),
        sa.Column("certified_on", sa.Date(), nullable=True),
        sa.Column("authorised_on", sa.Date(), nullable=True),
        sa.Column("authorised_until", sa.Date(), nullable=True),
        sa.Column("revoked_on", sa.Date(), nullable=True),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.Column("voided_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["agreement.id"], name=op.f("fk_officer_agreement_id_agreement")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_officer")),
    )
    with op.batch_alter_table("officer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_officer_agreement_id"), ["agreement_id"], unique=False)
        batch_op.create_index(
            "uq_officer_number",
            ["agreement_id", "number"],
            unique=True,
            sqlite_where=sa.text("voided_at IS NULL"),
            postgresql_where=sa.text("voided_at IS NULL"),
        )

    op.create_table(
        "agreement_life",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("capacity", sa.String(length=20), nullable=True),
        sa.Column("decision", sa.String(length=20), nullable=True),
        sa.Column("signed_on", sa.Date(), nullable=True),
        sa.Column("operational_on", sa.Date(), nullable=True),
        sa.Column("last_contact_on", sa.Date(), nullable=True),
        sa.Column("next_contact_on", sa.Date(), nullable=True),
        sa.Column("suspended_from", sa.Date(), nullable=True),
        sa.Column("suspended_until", sa.Date(), nullable=True),
        sa.Column("effective_on", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("superseded_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("office_code", sa.String(length=12), nullable=True),
        sa.ForeignKeyConstraint(["id"], ["case_file.id"], name=op.f("fk_agreement_life_id_case_file")),
        sa.ForeignKeyConstraint(
            ["superseded_by_id"], ["agreement.id"], name=op.f("fk_agreement_life_superseded_by_id_agreement")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement_life")),
    )
    op.create_table(
        "approval",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("verb", sa.String(length=60), nullable=False),
        sa.Column("state", sa.String(length=30), nullable=False),
        sa.Column("requested_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("requested_at", sa.DateTime(), nullable=False),
        sa.Column("occurred_at", sa.DateTime(), nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.Column("payload_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("decided_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("decided_at", sa.DateTime(), nullable=True),
        sa.Column("outcome", sa.String(length=20), nullable=True),
        sa.CheckConstraint("decided_by_id <> requested_by_id", name=op.f("ck_approval_two_people")),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_approval_case_id_case_file")),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["person.id"], name=op.f("fk_approval_decided_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["requested_by_id"], ["person.id"], name=op.f("fk_approval_requested_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approval")),
    )
    with op.batch_alter_table("approval", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_approval_case_id"), ["case_id"], unique=False)

    op.create_table(
        "case_event",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("verb", sa.String(length=60), nullable=False),
        sa.Column("source", sa.String(length=30), nullable=True),
        sa.Column("target", sa.String(length=30), nullable=False),
        sa.Column("actor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("second_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("occurred_at", sa.DateTime(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.Column("backdated", sa.Boolean(), nullable=False),
        sa.Column("codes", sa.JSON(), nullable=False),
        sa.Column("cause_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("canon", sa.LargeBinary(), nullable=False),
        sa.Column("prev", sa.LargeBinary(length=32), nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.CheckConstraint(
            "second_id IS NULL OR second_id <> actor_id", name=op.f("ck_case_event_two_people")
        ),
        sa.ForeignKeyConstraint(["actor_id"], ["person.id"], name=op.f("fk_case_event_actor_id_person")),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_case_event_case_id_case_file")),
        sa.ForeignKeyConstraint(
            ["cause_id"], ["case_event.id"], name=op.f("fk_case_event_cause_id_case_event")
        ),
        sa.ForeignKeyConstraint(["second_id"], ["person.id"], name=op.f("fk_case_event_second_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_event")),
        sa.UniqueConstraint("case_id", "prev", name=op.f("uq_case_event_case_id_prev")),
        sa.UniqueConstraint("case_id", "version", name=op.f("uq_case_event_case_id_version")),
    )
    with op.batch_alter_table("case_event", schema=None) as batch_op:
        batch_op.create_index("ix_case_event_recorded", ["recorded_at", "id"], unique=False)

    op.create_table(
        "case_key",
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=True),
        sa.Column("erased_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_case_key_case_id_case_file")),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_case_key")),
    )
    op.create_table(
        "clock",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=30), nullable=False),
        sa.Column("started_at", sa.DateTime(), nullable=False),
        sa.Column("due_at", sa.DateTime(), nullable=True),
        sa.Column("original_due_at", sa.DateTime(), nullable=True),
        sa.Column("paused_at", sa.DateTime(), nullable=True),
        sa.Column("stopped_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_clock_case_id_case_file")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clock")),
        sa.UniqueConstraint("case_id", "name", name=op.f("uq_clock_case_id_name")),
    )
    with op.batch_alter_table("clock", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_clock_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_clock_due_at"), ["due_at"], unique=False)

    op.create_table(
        "complaint",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=True),
        sa.Column("occurred_on", sa.Date(), nullable=True),
        sa.Column("occurred_about", sa.String(length=10), nullable=True),
        sa.Column("agency_knew_at", sa.DateTime(), nullable=True),
        sa.Column("subject", sa.String(length=30), nullable=True),
        sa.Column("subject_rank", sa.String(length=20), nullable=True),
        sa.Column("jurisdiction", sa.String(length=20), nullable=True),
        sa.Column("group_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("suggested_route", sa.String(length=30), nullable=True),
        sa.Column("suggested_tier", sa.Integer(), nullable=True),
        sa.Column("fears_reprisal", sa.Boolean(), nullable=False),
        sa.Column("in_danger", sa.Boolean(), nullable=True),
        sa.Column("interpreter", sa.String(length=12), nullable=True),
        sa.Column("own_inquiry", sa.String(length=12), nullable=True),
        sa.Column("read_back_at", sa.DateTime(), nullable=True),
        sa.Column("contact_possible", sa.Boolean(), nullable=False),
        sa.Column("contact_emptied", sa.Boolean(), nullable=False),
        sa.Column("is_protected", sa.Boolean(), nullable=False),
        sa.Column("parent_reference", sa.String(length=24), nullable=True),
        sa.Column("referred_to", sa.String(length=20), nullable=True),
        sa.Column("closing_reason", sa.String(length=40), nullable=True),
        sa.Column("triaged_at", sa.DateTime(), nullable=True),
        sa.Column("decided_at", sa.DateTime(), nullable=True),
        sa.Column("notified_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["group_id"], ["complaint_group.id"], name=op.f("fk_complaint_group_id_complaint_group")
        ),
        sa.ForeignKeyConstraint(["id"], ["case_file.id"], name=op.f("fk_complaint_id_case_file")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaint")),
    )
    with op.batch_alter_table("complaint", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_complaint_channel"), ["channel"], unique=False)
        batch_op.create_index(batch_op.f("ix_complaint_group_id"), ["group_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_complaint_parent_reference"), ["parent_reference"], unique=False)

    op.create_table(
        "document",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("token", sa.String(length=64), nullable=True),
        sa.Column("holder", sa.String(length=64), nullable=True),
        sa.Column("expires_at", sa.DateTime(), nullable=True),
        sa.Column("mark", sa.String(length=32), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("sameness", sa.String(length=64), nullable=True),
        sa.Column("place", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("scan", sa.String(length=20), nullable=False),
        sa.Column("copy_kind", sa.String(length=8), nullable=True),
        sa.Column("copy_size", sa.Integer(), nullable=True),
        sa.Column("copy_digest", sa.LargeBinary(), nullable=True),
        sa.Column("copy_place", sa.String(length=64), nullable=True),
        sa.Column("received_at", sa.DateTime(), nullable=False),
        sa.Column("received_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint(
            "(case_id IS NULL) = (number IS NULL)", name=op.f("ck_document_numbered_in_a_case")
        ),
        sa.CheckConstraint(
            "(case_id IS NULL) = (token IS NOT NULL)", name=op.f("ck_document_staged_or_in_a_case")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_document_case_id_case_file")),
        sa.ForeignKeyConstraint(
            ["received_by_id"], ["person.id"], name=op.f("fk_document_received_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document")),
        sa.UniqueConstraint("case_id", "number", name=op.f("uq_document_case_id_number")),
        sa.UniqueConstraint("case_id", "sameness", name=op.f("uq_document_case_id_sameness")),
        sa.UniqueConstraint("mark", name=op.f("uq_document_mark")),
        sa.UniqueConstraint("token", name=op.f("uq_document_token")),
    )
    with op.batch_alter_table("document", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_document_copy_place"), ["copy_place"], unique=False)
        batch_op.create_index(batch_op.f("ix_document_expires_at"), ["expires_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_document_holder"), ["holder"], unique=False)
        batch_op.create_index(batch_op.f("ix_document_place"), ["place"], unique=False)

    op.create_table(
        "erasure",
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("why", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_erasure_case_id_case_file")),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_erasure")),
    )
    op.create_table(
        "imported_thing",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("batch_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("listing", sa.String(length=20), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("number", sa.String(length=80), nullable=False),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("row_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("voided_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint("(case_id IS NULL) <> (row_id IS NULL)", name=op.f("ck_imported_thing_one_thing")),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["import_batch.id"], name=op.f("fk_imported_thing_batch_id_import_batch")
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name=op.f("fk_imported_thing_case_id_case_file")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imported_thing")),
        sa.UniqueConstraint("case_id", name=op.f("uq_imported_thing_case_id")),
    )
    with op.batch_alter_table("imported_thing", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_imported_thing_batch_id"), ["batch_id"], unique=False)
        batch_op.create_index(
            "uq_imported_thing_number",
            ["listing", "source", "number"],
            unique=True,
            sqlite_where=sa.text("voided_at IS NULL"),
            postgresql_where=sa.text("voided_at IS NULL"),
        )

    op.create_table(
        "inspection",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind_of", sa.String(length=20), nullable=False),
        sa.Column("mode", sa.String(length=20), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("basis", sa.String(length=200), nullable=True),
        sa.Column("scheduled_on", sa.Date(), nullable=True),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("unannounced", sa.Boolean(), nullable=False),
        sa.Column("agency_reply", sa.String(length=20), nullable=True),
        sa.Column("postponed_on", sa.Date(), nullable=True),
        sa.Column("postponements", sa.Integer(), nullable=False),
        sa.Column("begun_on", sa.Date(), nullable=True),
        sa.Column("checklist", sa.String(length=20), nullable=True),
        sa.Column("fieldwork_completed_on", sa.Date(), nullable=True),
        sa.Column("second_reader_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("rating", sa.String(length=60), nullable=True),
        sa.Column("rating_scale", sa.String(length=60), nullable=True),
        sa.Column("report_issued_on", sa.Date(), nullable=True),
        sa.Column("trigger", sa.String(length=30), nullable=True),
        sa.Column(
            "occupies_agreement_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.ForeignKeyConstraint(["id"], ["case_file.id"], name=op.f("fk_inspection_id_case_file")),
        sa.ForeignKeyConstraint(
            ["occupies_agreement_id"],
            ["agreement.id"],
            name=op.f("fk_inspection_occupies_agreement_id_agreement"),
        ),
        sa.ForeignKeyConstraint(
            ["second_reader_id"], ["person.id"], name=op.f("fk_inspection_second_reader_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspection")),
        sa.UniqueConstraint("occupies_agreement_id", name=op.f("uq_inspection_occupies_agreement_id")),
    )
    with op.batch_alter_table("inspection", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_inspection_due_on"), ["due_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_inspection_scheduled_on"), ["scheduled_on"], unique=False)

    op.create_table(
        "legal_hold",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("placed_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("placed_at", sa.DateTime(), nullable=False),
        sa.Column("ended_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint("ended_by_id <> placed_by_id", name=op.f("ck_legal_hold_two_people")),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_legal_hold_case_id_case_file")),
        sa.ForeignKeyConstraint(
            ["ended_by_id"], ["person.id"], name=op.f("fk_legal_hold_ended_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["placed_by_id"], ["person.id"], name=op.f("fk_legal_hold_placed_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legal_hold")),
    )
    with op.batch_alter_table("legal_hold", schema=None) as batch_op:
        batch_op.create_index(
            "uq_legal_hold_standing",
            ["case_id", "kind"],
            unique=True,
            postgresql_where=sa.text("ended_at IS NULL"),
            sqlite_where=sa.text("ended_at IS NULL"),
        )

    op.create_table(
        "letter",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("outbox_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("recipient", sa.String(length=20), nullable=False),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("wording", sa.String(length=64), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("pdf", sa.LargeBinary(), nullable=False),
        sa.Column("is_addressed", sa.Boolean(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("sent_at", sa.DateTime(), nullable=False),
        sa.Column("sent_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("on_page_at", sa.DateTime(), nullable=True),
        sa.Column("posted_on", sa.Date(), nullable=True),
        sa.Column("posted_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_letter_case_id_case_file")),
        sa.ForeignKeyConstraint(["outbox_id"], ["outbox.id"], name=op.f("fk_letter_outbox_id_outbox")),
        sa.ForeignKeyConstraint(["posted_by_id"], ["person.id"], name=op.f("fk_letter_posted_by_id_person")),
        sa.ForeignKeyConstraint(["sent_by_id"], ["person.id"], name=op.f("fk_letter_sent_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter")),
        sa.UniqueConstraint("case_id", "number", name=op.f("uq_letter_case_id_number")),
        sa.UniqueConstraint("outbox_id", name=op.f("uq_letter_outbox_id")),
    )
    op.create_table(
        "plan_element",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("plan_version", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("position", sa.String(length=20), nullable=False),
        sa.Column("action", sa.LargeBinary(), nullable=False),
        sa.Column("responsible", sa.LargeBinary(), nullable=False),
        sa.Column("target_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name=op.f("fk_plan_element_case_id_case_file")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_element")),
        sa.UniqueConstraint(
            "case_id", "plan_version", "number", name=op.f("uq_plan_element_case_id_plan_version_number")
        ),
    )
    op.create_table(
        "recusal",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("declared_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(), nullable=True),
        sa.Column("withdrawn_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint(
            "withdrawn_by_id IS NULL OR withdrawn_by_id <> person_id", name=op.f("ck_recusal_two_people")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_recusal_case_id_case_file")),
        sa.ForeignKeyConstraint(
            ["declared_by_id"], ["person.id"], name=op.f("fk_recusal_declared_by_id_person")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_recusal_person_id_person")),
        sa.ForeignKeyConstraint(
            ["withdrawn_by_id"], ["person.id"], name=op.f("fk_recusal_withdrawn_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recusal")),
    )
    with op.batch_alter_table("recusal", schema=None) as batch_op:
        batch_op.create_index("ix_recusal_at", ["at", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_recusal_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_recusal_person_id"), ["person_id"], unique=False)
        batch_op.create_index(
            "uq_recusal_standing",
            ["case_id", "person_id"],
            unique=True,
            postgresql_where=sa.text("withdrawn_at IS NULL"),
            sqlite_where=sa.text("withdrawn_at IS NULL"),
        )

    op.create_table(
        "recusal_override",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("granted_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("until_at", sa.DateTime(), nullable=False),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.Column("ended_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint("granted_by_id <> person_id", name=op.f("ck_recusal_override_two_people")),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name=op.f("fk_recusal_override_case_id_case_file")
        ),
        sa.ForeignKeyConstraint(
            ["ended_by_id"], ["person.id"], name=op.f("fk_recusal_override_ended_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["granted_by_id"], ["person.id"], name=op.f("fk_recusal_override_granted_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_recusal_override_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recusal_override")),
    )
    with op.batch_alter_table("recusal_override", schema=None) as batch_op:
        batch_op.create_index(
            "ix_recusal_override_person", ["case_id", "person_id", "until_at"], unique=False
        )

    op.create_table(
        "stage_interval",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=30), nullable=False),
        sa.Column("entered_at", sa.DateTime(), nullable=False),
        sa.Column("entered_version", sa.Integer(), nullable=False),
        sa.Column("left_at", sa.DateTime(), nullable=True),
        sa.Column("left_version", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name=op.f("fk_stage_interval_case_id_case_file")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stage_interval")),
        sa.UniqueConstraint(
            "case_id", "entered_version", name=op.f("uq_stage_interval_case_id_entered_version")
        ),
    )
    with op.batch_alter_table("stage_interval", schema=None) as batch_op:
        batch_op.create_index("ix_stage_interval_kind_state", ["kind", "state", "entered_at"], unique=False)
        batch_op.create_index(
            "ix_stage_interval_left",
            ["state", "case_id"],
            unique=False,
            postgresql_where=sa.text("left_at IS NOT NULL"),
            sqlite_where=sa.text("left_at IS NOT NULL"),
        )

    op.create_table(
        "training",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("officer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("passed_on", sa.Date(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["officer_id"], ["officer.id"], name=op.f("fk_training_officer_id_officer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training")),
        sa.UniqueConstraint(
            "officer_id", "kind", "passed_on", name=op.f("uq_training_officer_id_kind_passed_on")
        ),
    )
    with op.batch_alter_table("training", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_training_officer_id"), ["officer_id"], unique=False)

    op.create_table(
        "agency_request",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("complaint_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(length=20), nullable=False),
        sa.Column("asked", sa.LargeBinary(), nullable=False),
        sa.Column("sent_at", sa.DateTime(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("outcome", sa.String(length=12), nullable=True),
        sa.Column("answer", sa.LargeBinary(), nullable=True),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.Column("ended_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_agency_request_by_id_person")),
        sa.ForeignKeyConstraint(
            ["complaint_id"], ["complaint.id"], name=op.f("fk_agency_request_complaint_id_complaint")
        ),
        sa.ForeignKeyConstraint(
            ["ended_by_id"], ["person.id"], name=op.f("fk_agency_request_ended_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agency_request")),
        sa.UniqueConstraint("complaint_id", "number", name=op.f("uq_agency_request_complaint_id_number")),
    )
    op.create_table(
        "allegation",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("complaint_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=30), nullable=False),
        sa.Column("subject", sa.String(length=30), nullable=False),
        sa.Column("proposed", sa.String(length=30), nullable=True),
        sa.Column("proposed_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("evidence", sa.LargeBinary(), nullable=True),
        sa.Column("disposition", sa.String(length=30), nullable=True),
        sa.Column("closing_reason", sa.String(length=40), nullable=True),
        sa.Column("disposed_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("standard_of_proof", sa.String(length=30), nullable=True),
        sa.Column("rationale", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("disposed_by_id <> proposed_by_id", name=op.f("ck_allegation_two_people")),
        sa.ForeignKeyConstraint(
            ["complaint_id"], ["complaint.id"], name=op.f("fk_allegation_complaint_id_complaint")
        ),
        sa.ForeignKeyConstraint(
            ["disposed_by_id"], ["person.id"], name=op.f("fk_allegation_disposed_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by_id"], ["person.id"], name=op.f("fk_allegation_proposed_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_allegation")),
        sa.UniqueConstraint("complaint_id", "number", name=op.f("uq_allegation_complaint_id_number")),
    )
    with op.batch_alter_table("allegation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_allegation_code"), ["code"], unique=False)

    op.create_table(
        "checklist_answer",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("inspection_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("item", sa.String(length=12), nullable=False),
        sa.Column("answer", sa.String(length=20), nullable=False),
        sa.Column("comment", sa.LargeBinary(), nullable=True),
        sa.Column("answered_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("answered_at", sa.DateTime(), nullable=False),
        sa.Column("heads", sa.String(length=60), nullable=False),
        sa.Column("is_disputed", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "answer IN ('yes', 'no', 'not_applicable', 'not_seen')", name=op.f("ck_checklist_answer_answer")
        ),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["person.id"], name=op.f("fk_checklist_answer_answered_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["inspection_id"], ["inspection.id"], name=op.f("fk_checklist_answer_inspection_id_inspection")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checklist_answer")),
        sa.UniqueConstraint("inspection_id", "item", name=op.f("uq_checklist_answer_inspection_id_item")),
    )
    op.create_table(
        "checklist_operation",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("inspection_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("operation", sa.String(length=40), nullable=False),
        sa.Column("item", sa.String(length=12), nullable=False),
        sa.Column("base", sa.JSON(), nullable=False),
        sa.Column("answer", sa.String(length=20), nullable=False),
        sa.Column("comment", sa.LargeBinary(), nullable=True),
        sa.Column("by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("noted_on", sa.Date(), nullable=True),
        sa.Column("document", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "answer IN ('yes', 'no', 'not_applicable', 'not_seen')",
            name=op.f("ck_checklist_operation_answer"),
        ),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_checklist_operation_by_id_person")),
        sa.ForeignKeyConstraint(
            ["inspection_id"], ["inspection.id"], name=op.f("fk_checklist_operation_inspection_id_inspection")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checklist_operation")),
        sa.UniqueConstraint(
            "inspection_id", "number", name=op.f("uq_checklist_operation_inspection_id_number")
        ),
        sa.UniqueConstraint(
            "inspection_id", "operation", name=op.f("uq_checklist_operation_inspection_id_operation")
        ),
    )
    op.create_table(
        "clock_event",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("clock_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("what", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("unit", sa.String(length=30), nullable=True),
        sa.Column("amount", sa.Integer(), nullable=True),
        sa.Column("why", sa.String(length=200), nullable=False),
        sa.Column("from_first_start", sa.Boolean(), nullable=False),
        sa.Column("case_version", sa.Integer(), nullable=False),
        sa.Column("voided_by_version", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["clock_id"], ["clock.id"], name=op.f("fk_clock_event_clock_id_clock")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clock_event")),
    )
    with op.batch_alter_table("clock_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_clock_event_clock_id"), ["clock_id"], unique=False)

    op.create_table(
        "code_visit",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("complaint_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("ends_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["complaint_id"], ["complaint.id"], name=op.f("fk_code_visit_complaint_id_complaint")
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_code_visit")),
    )
    with op.batch_alter_table("code_visit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_code_visit_ends_at"), ["ends_at"], unique=False)

    op.create_table(
        "complainant_contact",
        sa.Column("complaint_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["complaint_id"], ["complaint.id"], name=op.f("fk_complainant_contact_complaint_id_complaint")
        ),
        sa.PrimaryKeyConstraint("complaint_id", name=op.f("pk_complainant_contact")),
    )
    op.create_table(
        "complaint_agreement",
        sa.Column("complaint_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("agreement_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("is_lead", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["agreement.id"], name=op.f("fk_complaint_agreement_agreement_id_agreement")
        ),
        sa.ForeignKeyConstraint(
            ["complaint_id"], ["complaint.id"], name=op.f("fk_complaint_agreement_complaint_id_complaint")
        ),
        sa.PrimaryKeyConstraint("complaint_id", "agreement_id", name=op.f("pk_complaint_agreement")),
    )
    op.create_table(
        "complaint_seen",
        sa.Column("complaint_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["complaint_id"], ["complaint.id"], name=op.f("fk_complaint_seen_complaint_id_complaint")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_complaint_seen_person_id_person")
        ),
        sa.PrimaryKeyConstraint("complaint_id", "person_id", name=op.f("pk_complaint_seen")),
    )
    op.create_table(
        "complaint_telling",
        sa.Column("complaint_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["complaint_id"], ["complaint.id"], name=op.f("fk_complaint_telling_complaint_id_complaint")
        ),
        sa.PrimaryKeyConstraint("complaint_id", "version", name=op.f("pk_complaint_telling")),
    )
    op.create_table(
        "complaint_words",
        sa.Column("complaint_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["complaint_id"], ["complaint.id"], name=op.f("fk_complaint_words_complaint_id_complaint")
        ),
        sa.PrimaryKeyConstraint("complaint_id", name=op.f("pk_complaint_words")),
    )
    op.create_table(
        "contact_change",
        sa.Column("complaint_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["complaint_id"], ["complaint.id"], name=op.f("fk_contact_change_complaint_id_complaint")
        ),
        sa.PrimaryKeyConstraint("complaint_id", "version", name=op.f("pk_contact_change")),
    )
    op.create_table(
        "contact_reading",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("complaint_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("witness", sa.Integer(), nullable=True),
        sa.Column("earlier", sa.Integer(), nullable=True),
        sa.Column("purpose", sa.String(length=30), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["complaint_id"], ["complaint.id"], name=op.f("fk_contact_reading_complaint_id_complaint")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_contact_reading_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_reading")),
    )
    with op.batch_alter_table("contact_reading", schema=None) as batch_op:
        batch_op.create_index("ix_contact_reading_complaint", ["complaint_id", "at"], unique=False)
        batch_op.create_index(batch_op.f("ix_contact_reading_person_id"), ["person_id"], unique=False)

    op.create_table(
        "document_event",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("document_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("what", sa.String(length=20), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("purpose", sa.String(length=30), nullable=True),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_document_event_document_id_document")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_document_event_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document_event")),
    )
    with op.batch_alter_table("document_event", schema=None) as batch_op:
        batch_op.create_index("ix_document_event_document", ["document_id", "at"], unique=False)

    op.create_table(
        "event_answer",
        sa.Column("event_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"], ["case_event.id"], name=op.f("fk_event_answer_event_id_case_event")
        ),
        sa.PrimaryKeyConstraint("event_id", "name", name=op.f("pk_event_answer")),
    )
    op.create_table(
        "fact_comment",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("inspection_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("finding", sa.Integer(), nullable=True),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.Column("is_recorded", sa.Boolean(), nullable=False),
        sa.Column("by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=True),
        sa.Column("answer", sa.LargeBinary(), nullable=True),
        sa.Column("answered_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("answered_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint(
            "outcome IN ('corrected', 'partly', 'kept', 'noted')", name=op.f("ck_fact_comment_outcome")
        ),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["person.id"], name=op.f("fk_fact_comment_answered_by_id_person")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_fact_comment_by_id_person")),
        sa.ForeignKeyConstraint(
            ["inspection_id"], ["inspection.id"], name=op.f("fk_fact_comment_inspection_id_inspection")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fact_comment")),
        sa.UniqueConstraint("inspection_id", "number", name=op.f("uq_fact_comment_inspection_id_number")),
    )
    op.create_table(
        "finding",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("inspection_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("item", sa.String(length=12), nullable=False),
        sa.Column("clause", sa.String(length=200), nullable=True),
        sa.Column("result", sa.String(length=20), nullable=False),
        sa.Column("class_code", sa.String(length=10), nullable=True),
        sa.Column("evidence", sa.LargeBinary(), nullable=True),
        sa.Column("comment", sa.LargeBinary(), nullable=True),
        sa.Column("repeat_of_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("documents", sa.JSON(), nullable=True),
        sa.Column("is_urgent", sa.Boolean(), nullable=False),
        sa.Column("is_cited", sa.Boolean(), nullable=False),
        sa.Column("correction", sa.String(length=24), nullable=True),
        sa.Column("plan_by", sa.Date(), nullable=True),
        sa.Column("correct_by", sa.Date(), nullable=True),
        sa.Column("is_withdrawn", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "result IN ('met', 'deficiency', 'area_of_concern')", name=op.f("ck_finding_result")
        ),
        sa.ForeignKeyConstraint(
            ["inspection_id"], ["inspection.id"], name=op.f("fk_finding_inspection_id_inspection")
        ),
        sa.ForeignKeyConstraint(
            ["repeat_of_id"], ["finding.id"], name=op.f("fk_finding_repeat_of_id_finding")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_finding")),
        sa.UniqueConstraint("inspection_id", "number", name=op.f("uq_finding_inspection_id_number")),
    )
    op.create_table(
        "flood_mark",
        sa.Column("complaint_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("why", sa.String(length=12), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("put_back_at", sa.DateTime(), nullable=True),
        sa.Column("put_back_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(
            ["complaint_id"], ["complaint.id"], name=op.f("fk_flood_mark_complaint_id_complaint")
        ),
        sa.ForeignKeyConstraint(
            ["put_back_by_id"], ["person.id"], name=op.f("fk_flood_mark_put_back_by_id_person")
        ),
        sa.PrimaryKeyConstraint("complaint_id", name=op.f("pk_flood_mark")),
    )
    op.create_table(
        "inquiry_entry",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("complaint_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("part", sa.String(length=20), nullable=False),
        sa.Column("who", sa.LargeBinary(), nullable=True),
        sa.Column("way", sa.String(length=20), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("reached", sa.Boolean(), nullable=False),
        sa.Column("statement", sa.String(length=20), nullable=False),
        sa.Column("said", sa.LargeBinary(), nullable=True),
        sa.Column("corrects", sa.Integer(), nullable=True),
        sa.Column("by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_inquiry_entry_by_id_person")),
        sa.ForeignKeyConstraint(
            ["complaint_id"], ["complaint.id"], name=op.f("fk_inquiry_entry_complaint_id_complaint")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inquiry_entry")),
        sa.UniqueConstraint("complaint_id", "number", name=op.f("uq_inquiry_entry_complaint_id_number")),
    )
    op.create_table(
        "interim_action",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("complaint_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("action", sa.String(length=20), nullable=False),
        sa.Column("why", sa.LargeBinary(), nullable=False),
        sa.Column("proposed_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("proposed_at", sa.DateTime(), nullable=False),
        sa.Column("decision", sa.String(length=12), nullable=True),
        sa.Column("reasons", sa.LargeBinary(), nullable=True),
        sa.Column("decided_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("decided_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint("decided_by_id <> proposed_by_id", name=op.f("ck_interim_action_two_people")),
        sa.ForeignKeyConstraint(
            ["complaint_id"], ["complaint.id"], name=op.f("fk_interim_action_complaint_id_complaint")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["person.id"], name=op.f("fk_interim_action_decided_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by_id"], ["person.id"], name=op.f("fk_interim_action_proposed_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interim_action")),
        sa.UniqueConstraint("complaint_id", "number", name=op.f("uq_interim_action_complaint_id_number")),
    )
    op.create_table(
        "interview",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("inspection_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=30), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("notes", sa.LargeBinary(), nullable=True),
        sa.Column("by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.CheckConstraint("people > 0", name=op.f("ck_interview_people")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_interview_by_id_person")),
        sa.ForeignKeyConstraint(
            ["inspection_id"], ["inspection.id"], name=op.f("fk_interview_inspection_id_inspection")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interview")),
        sa.UniqueConstraint("inspection_id", "number", name=op.f("uq_interview_inspection_id_number")),
    )
    op.create_table(
        "issued_report",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("inspection_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("pdf", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("author_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("reader_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("issued_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("issued_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint("issued_by_id <> author_id", name=op.f("ck_issued_report_issued_by_another")),
        sa.CheckConstraint("reader_id <> author_id", name=op.f("ck_issued_report_read_by_another")),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_issued_report_author_id_person")),
        sa.ForeignKeyConstraint(
            ["inspection_id"], ["inspection.id"], name=op.f("fk_issued_report_inspection_id_inspection")
        ),
        sa.ForeignKeyConstraint(
            ["issued_by_id"], ["person.id"], name=op.f("fk_issued_report_issued_by_id_person")
        ),
        sa.ForeignKeyConstraint(["reader_id"], ["person.id"], name=op.f("fk_issued_report_reader_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issued_report")),
        sa.UniqueConstraint("inspection_id", "number", name=op.f("uq_issued_report_inspection_id_number")),
    )
    op.create_table(
        "mailbox_message",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("complaint_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("letter_id", sa.Integer(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["complaint_id"], ["complaint.id"], name=op.f("fk_mailbox_message_complaint_id_complaint")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_mailbox_message_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mailbox_message")),
        sa.UniqueConstraint("complaint_id", "number", name=op.f("uq_mailbox_message_complaint_id_number")),
    )
    op.create_table(
        "plan_verdict",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("element_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("case_version", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=True),
        sa.Column("by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_plan_verdict_by_id_person")),
        sa.ForeignKeyConstraint(
            ["element_id"], ["plan_element.id"], name=op.f("fk_plan_verdict_element_id_plan_element")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_verdict")),
        sa.UniqueConstraint(
            "element_id", "case_version", name=op.f("uq_plan_verdict_element_id_case_version")
        ),
    )
    op.create_table(
        "receipt_code",
        sa.Column("complaint_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["complaint_id"], ["complaint.id"], name=op.f("fk_receipt_code_complaint_id_complaint")
        ),
        sa.PrimaryKeyConstraint("complaint_id", name=op.f("pk_receipt_code")),
        sa.UniqueConstraint("fingerprint", name=op.f("uq_receipt_code_fingerprint")),
    )
    op.create_table(
        "referral",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("complaint_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("destination", sa.String(length=20), nullable=False),
        sa.Column("sent_at", sa.DateTime(), nullable=False),
        sa.Column("sent_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("acknowledgement_due_at", sa.DateTime(), nullable=False),
        sa.Column("acknowledged_at", sa.DateTime(), nullable=True),
        sa.Column("their_reference", sa.LargeBinary(), nullable=True),
        sa.Column("resolved_on", sa.Date(), nullable=True),
        sa.Column("outcome_due_at", sa.DateTime(), nullable=False),
        sa.Column("ended_as", sa.String(length=12), nullable=True),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["complaint_id"], ["complaint.id"], name=op.f("fk_referral_complaint_id_complaint")
        ),
        sa.ForeignKeyConstraint(["sent_by_id"], ["person.id"], name=op.f("fk_referral_sent_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral")),
        sa.UniqueConstraint("complaint_id", "number", name=op.f("uq_referral_complaint_id_number")),
    )
    with op.batch_alter_table("referral", schema=None) as batch_op:
        batch_op.create_index("ix_referral_open", ["ended_as", "destination", "sent_at"], unique=False)

    op.create_table(
        "report_text",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("inspection_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("summary", sa.LargeBinary(), nullable=False),
        sa.Column("method", sa.LargeBinary(), nullable=True),
        sa.Column("strengths", sa.LargeBinary(), nullable=True),
        sa.Column("by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_report_text_by_id_person")),
        sa.ForeignKeyConstraint(
            ["inspection_id"], ["inspection.id"], name=op.f("fk_report_text_inspection_id_inspection")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_text")),
        sa.UniqueConstraint("inspection_id", "number", name=op.f("uq_report_text_inspection_id_number")),
    )
    op.create_table(
        "roster_discrepancy",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("inspection_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("item", sa.String(length=12), nullable=False),
        sa.Column("officers", sa.Integer(), nullable=False),
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.Column("by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=True),
        sa.Column("finding", sa.Integer(), nullable=True),
        sa.Column("reason", sa.LargeBinary(), nullable=True),
        sa.Column("decided_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("decided_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint("outcome IN ('accepted', 'declined')", name=op.f("ck_roster_discrepancy_outcome")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_roster_discrepancy_by_id_person")),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["person.id"], name=op.f("fk_roster_discrepancy_decided_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["inspection_id"], ["inspection.id"], name=op.f("fk_roster_discrepancy_inspection_id_inspection")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster_discrepancy")),
        sa.UniqueConstraint("inspection_id", "mark", name=op.f("uq_roster_discrepancy_inspection_id_mark")),
        sa.UniqueConstraint(
            "inspection_id", "number", name=op.f("uq_roster_discrepancy_inspection_id_number")
        ),
    )
    op.create_table(
        "sampled_file",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("inspection_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("marks", sa.JSON(), nullable=False),
        sa.Column("by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_sampled_file_by_id_person")),
        sa.ForeignKeyConstraint(
            ["inspection_id"], ["inspection.id"], name=op.f("fk_sampled_file_inspection_id_inspection")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sampled_file")),
        sa.UniqueConstraint(
            "inspection_id", "number", "revision", name=op.f("uq_sampled_file_inspection_id_number_revision")
        ),
    )
    op.create_table(
        "task",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=70), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("verb", sa.String(length=60), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("holder_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("opened_at", sa.DateTime(), nullable=False),
        sa.Column("due_at", sa.DateTime(), nullable=True),
        sa.Column("original_due_at", sa.DateTime(), nullable=True),
        sa.Column("sort_at", sa.DateTime(), nullable=False),
        sa.Column("closed_at", sa.DateTime(), nullable=True),
        sa.Column("waiting_for", sa.String(length=60), nullable=True),
        sa.Column("waiting_since", sa.DateTime(), nullable=True),
        sa.Column("hand_overs", sa.Integer(), nullable=False),
        sa.Column("move_count", sa.Integer(), nullable=False),
        sa.Column("approval_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("reference", sa.String(length=24), nullable=False),
        sa.Column("case_kind", sa.String(length=20), nullable=False),
        sa.Column("case_title", sa.String(length=200), nullable=False),
        sa.Column("office_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("office_name", sa.String(length=80), nullable=True),
        sa.Column("zone", sa.String(length=40), nullable=False),
        sa.Column("agency_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("agency_name", sa.String(length=300), nullable=True),
        sa.Column("model", sa.String(length=12), nullable=True),
        sa.Column("tier", sa.Integer(), nullable=True),
        sa.Column("supervised_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_task_agency_id_agency")),
        sa.ForeignKeyConstraint(["approval_id"], ["approval.id"], name=op.f("fk_task_approval_id_approval")),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_task_case_id_case_file")),
        sa.ForeignKeyConstraint(["holder_id"], ["person.id"], name=op.f("fk_task_holder_id_person")),
        sa.ForeignKeyConstraint(
            ["office_id"], ["field_office.id"], name=op.f("fk_task_office_id_field_office")
        ),
        sa.ForeignKeyConstraint(
            ["supervised_by_id"], ["person.id"], name=op.f("fk_task_supervised_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task")),
        sa.UniqueConstraint("case_id", "number", name=op.f("uq_task_case_id_number")),
    )
    with op.batch_alter_table("task", schema=None) as batch_op:
        batch_op.create_index(
            "ix_task_open_earliest",
            ["sort_at", "id"],
            unique=False,
            postgresql_where=sa.text("closed_at IS NULL"),
            sqlite_where=sa.text("closed_at IS NULL"),
        )
        batch_op.create_index(
            "ix_task_open_holder",
            ["holder_id", "sort_at", "id"],
            unique=False,
            postgresql_where=sa.text("closed_at IS NULL"),
            sqlite_where=sa.text("closed_at IS NULL"),
        )
        batch_op.create_index(
            "ix_task_open_place",
            ["role", "office_id", "sort_at", "id"],
            unique=False,
            postgresql_where=sa.text("closed_at IS NULL"),
            sqlite_where=sa.text("closed_at IS NULL"),
        )

    op.create_table(
        "witness",
        sa.Column("complaint_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["complaint_id"], ["complaint.id"], name=op.f("fk_witness_complaint_id_complaint")
        ),
        sa.PrimaryKeyConstraint("complaint_id", "number", name=op.f("pk_witness")),
    )
    op.create_table(
        "word_index",
        sa.Column("complaint_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("made_with", sa.String(length=8), nullable=False),
        sa.Column("tokens", sa.Text().with_variant(postgresql.TSVECTOR(), "postgresql"), nullable=True),
        sa.ForeignKeyConstraint(
            ["complaint_id"], ["complaint.id"], name=op.f("fk_word_index_complaint_id_complaint")
        ),
        sa.PrimaryKeyConstraint("complaint_id", name=op.f("pk_word_index")),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.create_index("ix_word_index_tokens", "word_index", ["tokens"], postgresql_using="gin")
    else:
        op.execute("CREATE VIRTUAL TABLE word_search USING fts5(tokens, detail=none)")
    op.create_table(
        "allegation_document",
        sa.Column("allegation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("document_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["allegation_id"], ["allegation.id"], name=op.f("fk_allegation_document_allegation_id_allegation")
        ),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_allegation_document_document_id_document")
        ),
        sa.PrimaryKeyConstraint("allegation_id", "document_id", name=op.f("pk_allegation_document")),
    )
    op.create_table(
        "corrective_action",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("finding_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("clause", sa.String(length=200), nullable=True),
        sa.Column("deficiency", sa.LargeBinary(), nullable=True),
        sa.Column("repeat_of_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("is_repeat", sa.Boolean(), nullable=False),
        sa.Column("position", sa.String(length=20), nullable=True),
        sa.Column("action", sa.LargeBinary(), nullable=True),
        sa.Column("responsible", sa.LargeBinary(), nullable=True),
        sa.Column("target_on", sa.Date(), nullable=True),
        sa.Column("returned_on", sa.Date(), nullable=True),
        sa.Column("returns", sa.Integer(), nullable=False),
        sa.Column("risk_until_on", sa.Date(), nullable=True),
        sa.Column("found_before_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("accepted_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("evidence_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("verified_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint(
            "verified_by_id <> accepted_by_id", name=op.f("ck_corrective_action_not_who_accepted")
        ),
        sa.CheckConstraint(
            "verified_by_id <> evidence_by_id", name=op.f("ck_corrective_action_not_who_gave_evidence")
        ),
        sa.ForeignKeyConstraint(
            ["accepted_by_id"], ["person.id"], name=op.f("fk_corrective_action_accepted_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["evidence_by_id"], ["person.id"], name=op.f("fk_corrective_action_evidence_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["finding_id"], ["finding.id"], name=op.f("fk_corrective_action_finding_id_finding")
        ),
        sa.ForeignKeyConstraint(
            ["found_before_id"],
            ["inspection.id"],
            name=op.f("fk_corrective_action_found_before_id_inspection"),
        ),
        sa.ForeignKeyConstraint(["id"], ["case_file.id"], name=op.f("fk_corrective_action_id_case_file")),
        sa.ForeignKeyConstraint(
            ["repeat_of_id"],
            ["corrective_action.id"],
            name=op.f("fk_corrective_action_repeat_of_id_corrective_action"),
        ),
        sa.ForeignKeyConstraint(
            ["verified_by_id"], ["person.id"], name=op.f("fk_corrective_action_verified_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_corrective_action")),
        sa.UniqueConstraint("finding_id", name=op.f("uq_corrective_action_finding_id")),
    )
    op.create_table(
        "follow_up",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("about", sa.Integer(), nullable=True),
        sa.Column("promised_at_version", sa.Integer(), nullable=False),
        sa.Column("promised_at", sa.DateTime(), nullable=False),
        sa.Column("due_at", sa.DateTime(), nullable=False),
        sa.Column("later", sa.JSON(), nullable=False),
        sa.Column("page", sa.String(length=60), nullable=True),
        sa.Column("outcome", sa.String(length=12), nullable=True),
        sa.Column("result", sa.String(length=30), nullable=True),
        sa.Column("words", sa.LargeBinary(), nullable=True),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.Column("ended_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_follow_up_case_id_case_file")),
        sa.ForeignKeyConstraint(["ended_by_id"], ["person.id"], name=op.f("fk_follow_up_ended_by_id_person")),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_follow_up_task_id_task")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow_up")),
        sa.UniqueConstraint("case_id", "number", name=op.f("uq_follow_up_case_id_number")),
        sa.UniqueConstraint("task_id", name=op.f("uq_follow_up_task_id")),
    )
    with op.batch_alter_table("follow_up", schema=None) as batch_op:
        batch_op.create_index("ix_follow_up_kind", ["kind", "outcome", "due_at"], unique=False)

    op.create_table(
        "mailbox_reading",
        sa.Column("message_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["message_id"], ["mailbox_message.id"], name=op.f("fk_mailbox_reading_message_id_mailbox_message")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_mailbox_reading_person_id_person")
        ),
        sa.PrimaryKeyConstraint("message_id", name=op.f("pk_mailbox_reading")),
    )
    op.create_table(
        "task_move",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("task_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("verb", sa.String(length=30), nullable=False),
        sa.Column("source", sa.String(length=20), nullable=True),
        sa.Column("target", sa.String(length=20), nullable=False),
        sa.Column("actor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("holder_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("reason", sa.LargeBinary(), nullable=True),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["person.id"], name=op.f("fk_task_move_actor_id_person")),
        sa.ForeignKeyConstraint(["holder_id"], ["person.id"], name=op.f("fk_task_move_holder_id_person")),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_task_move_task_id_task")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task_move")),
    )
    with op.batch_alter_table("task_move", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_task_move_task_id"), ["task_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("task_move", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_task_move_task_id"))

    op.drop_table("task_move")
    op.drop_table("mailbox_reading")
    with op.batch_alter_table("follow_up", schema=None) as batch_op:
        batch_op.drop_index("ix_follow_up_kind")

    op.drop_table("follow_up")
    op.drop_table("corrective_action")
    op.drop_table("allegation_document")
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE word_search")
    op.drop_table("word_index")
    op.drop_table("witness")
    with op.batch_alter_table("task", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_task_open_place",
            postgresql_where=sa.text("closed_at IS NULL"),
            sqlite_where=sa.text("closed_at IS NULL"),
        )
        batch_op.drop_index(
            "ix_task_open_holder",
            postgresql_where=sa.text("closed_at IS NULL"),
            sqlite_where=sa.text("closed_at IS NULL"),
        )
        batch_op.drop_index(
            "ix_task_open_earliest",
            postgresql_where=sa.text("closed_at IS NULL"),
            sqlite_where=sa.text("closed_at IS NULL"),
        )

    op.drop_table("task")
    op.drop_table("sampled_file")
    op.drop_table("roster_discrepancy")
    op.drop_table("report_text")
    with op.batch_alter_table("referral", schema=None) as batch_op:
        batch_op.drop_index("ix_referral_open")

    op.drop_table("referral")
    op.drop_table("receipt_code")
    op.drop_table("plan_verdict")
    op.drop_table("mailbox_message")
    op.drop_table("issued_report")
    op.drop_table("interview")
    op.drop_table("interim_action")
    op.drop_table("inquiry_entry")
    op.drop_table("flood_mark")
    op.drop_table("finding")
    op.drop_table("fact_comment")
    op.drop_table("event_answer")
    with op.batch_alter_table("document_event", schema=None) as batch_op:
        batch_op.drop_index("ix_document_event_document")

    op.drop_table("document_event")
    with op.batch_alter_table("contact_reading", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_contact_reading_person_id"))
        batch_op.drop_index("ix_contact_reading_complaint")

    op.drop_table("contact_reading")
    op.drop_table("contact_change")
    op.drop_table("complaint_words")
    op.drop_table("complaint_telling")
    op.drop_table("complaint_seen")
    op.drop_table("complaint_agreement")
    op.drop_table("complainant_contact")
    with op.batch_alter_table("code_visit", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_code_visit_ends_at"))

    op.drop_table("code_visit")
    with op.batch_alter_table("clock_event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_clock_event_clock_id"))

    op.drop_table("clock_event")
    op.drop_table("checklist_operation")
    op.drop_table("checklist_answer")
    with op.batch_alter_table("allegation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_allegation_code"))

    op.drop_table("allegation")
    op.drop_table("agency_request")
    with op.batch_alter_table("training", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_training_officer_id"))

    op.drop_table("training")
    with op.batch_alter_table("stage_interval", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_stage_interval_left",
            postgresql_where=sa.text("left_at IS NOT NULL"),
            sqlite_where=sa.text("left_at IS NOT NULL"),
        )
        batch_op.drop_index("ix_stage_interval_kind_state")

    op.drop_table("stage_interval")
    with op.batch_alter_table("recusal_override", schema=None) as batch_op:
        batch_op.drop_index("ix_recusal_override_person")

    op.drop_table("recusal_override")
    with op.batch_alter_table("recusal", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_recusal_standing",
            postgresql_where=sa.text("withdrawn_at IS NULL"),
            sqlite_where=sa.text("withdrawn_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_recusal_person_id"))
        batch_op.drop_index(batch_op.f("ix_recusal_case_id"))
        batch_op.drop_index("ix_recusal_at")

    op.drop_table("recusal")
    op.drop_table("plan_element")
    op.drop_table("letter")
    with op.batch_alter_table("legal_hold", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_legal_hold_standing",
            postgresql_where=sa.text("ended_at IS NULL"),
            sqlite_where=sa.text("ended_at IS NULL"),
        )

    op.drop_table("legal_hold")
    with op.batch_alter_table("inspection", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_inspection_scheduled_on"))
        batch_op.drop_index(batch_op.f("ix_inspection_due_on"))

    op.drop_table("inspection")
    with op.batch_alter_table("imported_thing", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_imported_thing_number",
            sqlite_where=sa.text("voided_at IS NULL"),
            postgresql_where=sa.text("voided_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_imported_thing_batch_id"))

    op.drop_table("imported_thing")
    op.drop_table("erasure")
    with op.batch_alter_table("document", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_document_place"))
        batch_op.drop_index(batch_op.f("ix_document_holder"))
        batch_op.drop_index(batch_op.f("ix_document_expires_at"))
        batch_op.drop_index(batch_op.f("ix_document_copy_place"))

    op.drop_table("document")
    with op.batch_alter_table("complaint", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_complaint_parent_reference"))
        batch_op.drop_index(batch_op.f("ix_complaint_group_id"))
        batch_op.drop_index(batch_op.f("ix_complaint_channel"))

    op.drop_table("complaint")
    with op.batch_alter_table("clock", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_clock_due_at"))
        batch_op.drop_index(batch_op.f("ix_clock_case_id"))

    op.drop_table("clock")
    op.drop_table("case_key")
    with op.batch_alter_table("case_event", schema=None) as batch_op:
        batch_op.drop_index("ix_case_event_recorded")

    op.drop_table("case_event")
    with op.batch_alter_table("approval", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_approval_case_id"))

    op.drop_table("approval")
    op.drop_table("agreement_life")
    with op.batch_alter_table("officer", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_officer_number",
            sqlite_where=sa.text("voided_at IS NULL"),
            postgresql_where=sa.text("voided_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_officer_agreement_id"))

    op.drop_table("officer")
    op.drop_table("duty_waiver")
    with op.batch_alter_table("case_file", schema=None) as batch_op:
        batch_op.drop_index("ix_case_spans")
        batch_op.drop_index(
            "ix_case_open",
            postgresql_where=sa.text("closed_at IS NULL"),
            sqlite_where=sa.text("closed_at IS NULL"),
        )
        batch_op.drop_index("ix_case_file_urgency")
        batch_op.drop_index(batch_op.f("ix_case_file_owner_id"))
        batch_op.drop_index("ix_case_file_office_kind")
        batch_op.drop_index("ix_case_file_kind_state")
        batch_op.drop_index("ix_case_file_kind_received")
        batch_op.drop_index(batch_op.f("ix_case_file_caused_by_id"))
        batch_op.drop_index(batch_op.f("ix_case_file_agreement_id"))
        batch_op.drop_index(batch_op.f("ix_case_file_agency_id"))

    op.drop_table("case_file")
    op.drop_table("agreement_contact")
    with op.batch_alter_table("register_event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_register_event_agency_id"))

    op.drop_table("register_event")
    op.drop_table("policy_rule")
    op.drop_table("policy_limit")
    with op.batch_alter_table("person_agency", schema=None) as batch_op:
        batch_op.drop_index("uq_person_agency")
        batch_op.drop_index(batch_op.f("ix_person_agency_agency_id"))

    op.drop_table("person_agency")
    op.drop_table("checklist_revision")
    with op.batch_alter_table("agreement", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_agreement_status"))
        batch_op.drop_index("ix_agreement_office_model")
        batch_op.drop_index(batch_op.f("ix_agreement_office_id"))
        batch_op.drop_index(batch_op.f("ix_agreement_agency_id"))

    op.drop_table("agreement")
    with op.batch_alter_table("agency_alias", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_agency_alias_agency_id"))

    op.drop_table("agency_alias")
    with op.batch_alter_table("sign_in", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sign_in_person_id"))

    op.drop_table("sign_in")
    with op.batch_alter_table("role_request", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_role_request_open",
            sqlite_where=sa.text("decided_at IS NULL"),
            postgresql_where=sa.text("decided_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_role_request_person_id"))

    op.drop_table("role_request")
    op.drop_table("policy_version")
    with op.batch_alter_table("person_role", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_person_role_held",
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_person_role_person_id"))

    op.drop_table("person_role")
    with op.batch_alter_table("person_office", schema=None) as batch_op:
        batch_op.drop_index("uq_person_office")
        batch_op.drop_index(batch_op.f("ix_person_office_office_id"))

    op.drop_table("person_office")
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_index("ix_outbox_state_next")
        batch_op.drop_index(batch_op.f("ix_outbox_reference"))

    op.drop_table("outbox")
    op.drop_table("model_qualification")
    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_invitation_person_id"))

    op.drop_table("invitation")
    op.drop_table("idempotency")
    with op.batch_alter_table("export_log", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_export_log_person_id"))

    op.drop_table("export_log")
    op.drop_table("complaint_group")
    op.drop_table("checklist_version")
    with op.batch_alter_table("calendar_link", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_calendar_link_live",
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.drop_table("calendar_link")
    with op.batch_alter_table("agency", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_agency_state"))
        batch_op.drop_index(batch_op.f("ix_agency_office_id"))

    op.drop_table("agency")
    with op.batch_alter_table("absence", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_absence_person_id"))

    op.drop_table("absence")
    with op.batch_alter_table("report_draft", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_report_draft_ends_at"))

    op.drop_table("report_draft")
    with op.batch_alter_table("rate_limit", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_rate_limit_forget_at"))

    op.drop_table("rate_limit")
    op.drop_table("person")
    op.drop_table("office")
    op.drop_table("import_batch")
    op.drop_table("field_office")
