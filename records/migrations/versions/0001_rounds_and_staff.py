"""The tables of rounds, staff and the audit chain."""

import sqlalchemy as sa
from alembic import op

import records.tables.base

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audit_entries",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", records.tables.base.UTCDateTime(timezone=True), nullable=False),
        sa.Column("actor", records.tables.base.StorableText(), nullable=False),
        sa.Column("action", records.tables.base.StorableText(), nullable=False),
        sa.Column("subject", records.tables.base.StorableText(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("previous", records.tables.base.StorableText(), nullable=False),
        sa.Column("digest", records.tables.base.StorableText(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_audit_entries")),
    )

    op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("digest", records.tables.base.StorableText(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_head")),
    )

    op.create_table(
        "bookmarks",
        sa.Column("name", records.tables.base.StorableText(), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.Column("at", records.tables.base.UTCDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_bookmarks")),
    )

    op.create_table(
        "erasures",
        sa.Column("id", records.tables.base.StorableText(), nullable=False),
        sa.Column("participant_id", records.tables.base.StorableText(), nullable=False),
        sa.Column("requested_at", records.tables.base.UTCDateTime(timezone=True), nullable=False),
        sa.Column("waits_for", sa.JSON(), nullable=False),
        sa.Column("done_at", records.tables.base.UTCDateTime(timezone=True), nullable=True),
        sa.Column("erased", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasures")),
    )
    with op.batch_alter_table("erasures", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_erasures_participant_id"), ["participant_id"], unique=False)

    op.create_table(
        "framework_editions",
        sa.Column("id", records.tables.base.StorableText(), nullable=False),
        sa.Column(
            "audience",
            sa.Enum(
                "person", "carer", "young_person", "parent", "justice", name="audience", native_enum=False, length=32
            ),
            nullable=False,
        ),
        sa.Column("edition", records.tables.base.StorableText(), nullable=False),
        sa.Column("digest", records.tables.base.StorableText(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("created_at", records.tables.base.UTCDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_framework_editions")),
        sa.UniqueConstraint("audience", "edition", name=op.f("uq_framework_editions_audience_edition")),
    )

    op.create_table(
        "notifications",
        sa.Column("id", records.tables.base.StorableText(), nullable=False),
        sa.Column("role", records.tables.base.StorableText(), nullable=False),
        sa.Column("text", records.tables.base.StorableText(), nullable=False),
        sa.Column("subject", records.tables.base.StorableText(), nullable=False),
        sa.Column("created_at", records.tables.base.UTCDateTime(timezone=True), nullable=False),
        sa.Column("seen_at", records.tables.base.UTCDateTime(timezone=True), nullable=True),
        sa.Column("seen_by", records.tables.base.StorableText(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notifications")),
    )
    with op.batch_alter_table("notifications", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_notifications_role"), ["role"], unique=False)

    op.create_table(
        "rounds",
        sa.Column("id", records.tables.base.StorableText(), nullable=False),
        sa.Column("key", records.tables.base.StorableText(), nullable=False),
        sa.Column("name", records.tables.base.StorableText(), nullable=False),
        sa.Column("programme", records.tables.base.StorableText(), nullable=False),
        sa.Column("bodies", records.tables.base.StorableText(), nullable=False),
        sa.Column("area", records.tables.base.StorableText(), nullable=False),
        sa.Column("care_group", records.tables.base.StorableText(), nullable=False),
        sa.Column("opens_on", sa.Date(), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=False),
        sa.Column("delete_until", sa.Date(), nullable=False),
        sa.Column("contact", records.tables.base.StorableText(), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.Column("ratings", sa.Boolean(), nullable=False),
        sa.Column("under_18_by_bot", sa.Boolean(), nullable=False),
        sa.Column("created_at", records.tables.base.UTCDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rounds")),
        sa.UniqueConstraint("key", name=op.f("uq_rounds_key")),
    )

    op.create_table(
        "sealed_addresses",
        sa.Column("id", records.tables.base.StorableText(), nullable=False),
        sa.Column(
            "channel",
            sa.Enum("sms", "telegram", "web", name="channelname", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("lookup", records.tables.base.StorableText(), nullable=False),
        sa.Column("address", sa.LargeBinary(), nullable=False),
        sa.Column("display_name", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", records.tables.base.UTCDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sealed_addresses")),
        sa.UniqueConstraint("channel", "lookup", name=op.f("uq_sealed_addresses_channel_lookup")),
    )

    op.create_table(
        "sealed_words",
        sa.Column("id", records.tables.base.StorableText(), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", records.tables.base.UTCDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sealed_words")),
    )

    op.create_table(
        "staff",
        sa.Column("id", records.tables.base.StorableText(), nullable=False),
        sa.Column("username", records.tables.base.StorableText(), nullable=False),
        sa.Column("name", records.tables.base.StorableText(), nullable=False),
        sa.Column("password", records.tables.base.StorableText(), nullable=False),
        sa.Column("roles", sa.JSON(), nullable=False),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.Column("failed_sign_ins", sa.Integer(), nullable=False),
        sa.Column("locked_until", records.tables.base.UTCDateTime(timezone=True), nullable=True),
        sa.Column("disabled_at", records.tables.base.UTCDateTime(timezone=True), nullable=True),
        sa.Column("created_at", records.tables.base.UTCDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff")),
        sa.UniqueConstraint("username", name=op.f("uq_staff_username")),
    )

    op.create_table(
        "stopped_addresses",
        sa.Column("lookup", records.tables.base.StorableText(), nullable=False),
        sa.Column(
            "channel",
            sa.Enum("sms", "telegram", "web", name="channelname", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("since", records.tables.base.UTCDateTime(timezone=True), nullable=False),
        sa.Column("by_provider", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("lookup", "channel", name=op.f("pk_stopped_addresses")),
    )

    op.create_table(
        "doors",
        sa.Column("id", records.tables.base.StorableText(), nullable=False),
        sa.Column(
            "channel",
            sa.Enum("sms", "telegram", "web", name="channelname", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("address", records.tables.base.StorableText(), nullable=False),
        sa.Column("round_id", records.tables.base.StorableText(), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_doors_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_doors")),
        sa.UniqueConstraint("channel", "address", name=op.f("uq_doors_channel_address")),
    )
    with op.batch_alter_table("doors", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_doors_round_id"), ["round_id"], unique=False)

    op.create_table(
        "holds",
        sa.Column("id", records.tables.base.StorableText(), nullable=False),
        sa.Column("words_id", records.tables.base.StorableText(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("turn", "unread", "look", "alert", "release", name="holdkind", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("subject_id", records.tables.base.StorableText(), nullable=False),
        sa.Column("created_at", records.tables.base.UTCDateTime(timezone=True), nullable=False),
        sa.Column("released_at", records.tables.base.UTCDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["words_id"], ["sealed_words.id"], name=op.f("fk_holds_words_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_holds")),
    )
    with op.batch_alter_table("holds", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_holds_words_id"), ["words_id"], unique=False)

    op.create_table(
        "invitations",
        sa.Column("code", records.tables.base.StorableText(), nullable=False),
        sa.Column("round_id", records.tables.base.StorableText(), nullable=False),
        sa.Column("reusable", sa.Boolean(), nullable=False),
        sa.Column("used_at", records.tables.base.UTCDateTime(timezone=True), nullable=True),
        sa.Column("created_at", records.tables.base.UTCDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_invitations_round_id")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_invitations")),
    )
    with op.batch_alter_table("invitations", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_invitations_round_id"), ["round_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("invitations", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_invitations_round_id"))
    op.drop_table("invitations")
    with op.batch_alter_table("holds", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_holds_words_id"))
    op.drop_table("holds")
    with op.batch_alter_table("doors", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_doors_round_id"))
    op.drop_table("doors")
    op.drop_table("stopped_addresses")
    op.drop_table("staff")
    op.drop_table("sealed_words")
    op.drop_table("sealed_addresses")
    op.drop_table("rounds")
    with op.batch_alter_table("notifications", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_notifications_role"))
    op.drop_table("notifications")
    op.drop_table("framework_editions")
    with op.batch_alter_table("erasures", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_erasures_participant_id"))
    op.drop_table("erasures")
    op.drop_table("bookmarks")
    op.drop_table("audit_head")
    op.drop_table("audit_entries")
