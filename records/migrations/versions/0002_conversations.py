"""The tables of participants, conversations, messages, alerts and the outbox."""

import sqlalchemy as sa
from alembic import op

import records.tables.base

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "participants",
        sa.Column("id", records.tables.base.StorableText(), nullable=False),
        sa.Column("round_id", records.tables.base.StorableText(), nullable=False),
        sa.Column("address_id", records.tables.base.StorableText(), nullable=True),
        sa.Column(
            "age_band",
            sa.Enum("under_12", "12_15", "16_17", "18_25", "26_plus", name="ageband", native_enum=False, length=32),
            nullable=True,
        ),
        sa.Column(
            "audience",
            sa.Enum(
                "person", "carer", "young_person", "parent", "justice", name="audience", native_enum=False, length=32
            ),
            nullable=True,
        ),
        sa.Column("has_supporter", sa.Boolean(), nullable=False),
        sa.Column("came_by", records.tables.base.StorableText(), nullable=False),
        sa.Column("safe_contact", sa.Boolean(), nullable=True),
        sa.Column("agreed_at", records.tables.base.UTCDateTime(timezone=True), nullable=True),
        sa.Column("deleted_at", records.tables.base.UTCDateTime(timezone=True), nullable=True),
        sa.Column("erased_at", records.tables.base.UTCDateTime(timezone=True), nullable=True),
        sa.Column("created_at", records.tables.base.UTCDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["address_id"], ["sealed_addresses.id"], name=op.f("fk_participants_address_id")),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_participants_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_participants")),
        sa.UniqueConstraint("round_id", "address_id", name=op.f("uq_participants_round_id_address_id")),
    )
    with op.batch_alter_table("participants", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_participants_address_id"), ["address_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_participants_round_id"), ["round_id"], unique=False)

    op.create_table(
        "round_frameworks",
        sa.Column("round_id", records.tables.base.StorableText(), nullable=False),
        sa.Column(
            "audience",
            sa.Enum(
                "person", "carer", "young_person", "parent", "justice", name="audience", native_enum=False, length=32
            ),
            nullable=False,
        ),
        sa.Column("edition_id", records.tables.base.StorableText(), nullable=False),
        sa.ForeignKeyConstraint(["edition_id"], ["framework_editions.id"], name=op.f("fk_round_frameworks_edition_id")),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_round_frameworks_round_id")),
        sa.PrimaryKeyConstraint("round_id", "audience", name=op.f("pk_round_frameworks")),
    )

    op.create_table(
        "staff_sessions",
        sa.Column("digest", records.tables.base.StorableText(), nullable=False),
        sa.Column("staff_id", records.tables.base.StorableText(), nullable=False),
        sa.Column("csrf", records.tables.base.StorableText(), nullable=False),
        sa.Column("created_at", records.tables.base.UTCDateTime(timezone=True), nullable=False),
        sa.Column("seen_at", records.tables.base.UTCDateTime(timezone=True), nullable=False),
        sa.Column("expires_at", records.tables.base.UTCDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_staff_sessions_staff_id")),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_staff_sessions")),
    )
    with op.batch_alter_table("staff_sessions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_staff_sessions_staff_id"), ["staff_id"], unique=False)

    op.create_table(
        "consent_events",
        sa.Column("id", records.tables.base.StorableText(), nullable=False),
        sa.Column("participant_id", records.tables.base.StorableText(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "notice_shown",
                "agreed",
                "refused",
                "stopped",
                "returned",
                "withdrawn",
                name="consentkind",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("purpose", records.tables.base.StorableText(), nullable=True),
        sa.Column("notice", records.tables.base.StorableText(), nullable=True),
        sa.Column("version", records.tables.base.StorableText(), nullable=True),
        sa.Column("digest", records.tables.base.StorableText(), nullable=True),
        sa.Column(
            "channel",
            sa.Enum("sms", "telegram", "web", name="channelname", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("at", records.tables.base.UTCDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["participant_id"], ["participants.id"], name=op.f("fk_consent_events_participant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent_events")),
    )
    with op.batch_alter_table("consent_events", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_consent_events_participant_id"), ["participant_id"], unique=False)

    op.create_table(
        "conversations",
        sa.Column("id", records.tables.base.StorableText(), nullable=False),
        sa.Column("participant_id", records.tables.base.StorableText(), nullable=False),
        sa.Column("round_id", records.tables.base.StorableText(), nullable=False),
        sa.Column(
            "channel",
            sa.Enum("sms", "telegram", "web", name="channelname", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("door", records.tables.base.StorableText(), nullable=False),
        sa.Column(
            "stage",
            sa.Enum(
                "welcome",
                "age",
                "audience",
                "agreement",
                "choose",
                "rating",
                "story",
                "paused",
                "safety",
                "finished",
                "declined",
                "stopped",
                "deleted",
                name="stage",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "resume_stage",
            sa.Enum(
                "welcome",
                "age",
                "audience",
                "agreement",
                "choose",
                "rating",
                "story",
                "paused",
                "safety",
                "finished",
                "declined",
                "stopped",
                "deleted",
                name="stage",
                native_enum=False,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("statement", sa.Integer(), nullable=True),
        sa.Column("plan", sa.JSON(), nullable=False),
        sa.Column("tracker", sa.JSON(), nullable=True),
        sa.Column("memory", sa.JSON(), nullable=False),
        sa.Column("placeholders", sa.JSON(), nullable=False),
        sa.Column("interrupts", sa.Integer(), nullable=False),
        sa.Column("lease_token", sa.Integer(), nullable=False),
        sa.Column("leased_until", records.tables.base.UTCDateTime(timezone=True), nullable=True),
        sa.Column("due_at", records.tables.base.UTCDateTime(timezone=True), nullable=True),
        sa.Column("last_heard_at", records.tables.base.UTCDateTime(timezone=True), nullable=True),
        sa.Column("last_turn", sa.Integer(), nullable=False),
        sa.Column("created_at", records.tables.base.UTCDateTime(timezone=True), nullable=False),
        sa.Column("finished_at", records.tables.base.UTCDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["participant_id"], ["participants.id"], name=op.f("fk_conversations_participant_id")),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_conversations_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conversations")),
        sa.UniqueConstraint("participant_id", name=op.f("uq_conversations_participant_id")),
    )
    with op.batch_alter_table("conversations", schema=None) as batch_op:
        batch_op.create_index("ix_conversations_due", ["due_at", "leased_until"], unique=False)
        batch_op.create_index(batch_op.f("ix_conversations_round_id"), ["round_id"], unique=False)

    op.create_table(
        "alerts",
        sa.Column("id", records.tables.base.StorableText(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("conversation_id", records.tables.base.StorableText(), nullable=False),
        sa.Column(
            "origin",
            sa.Enum("screen", "participant", "staff", "unscreened", name="alertorigin", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column(
            "tier",
            sa.Enum("none", "look", "concern", "immediate", name="tier", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("categories", sa.JSON(), nullable=False),
        sa.Column("reason", records.tables.base.StorableText(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("open", "acknowledged", "closed", name="alertstate", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("created_at", records.tables.base.UTCDateTime(timezone=True), nullable=False),
        sa.Column("due_at", records.tables.base.UTCDateTime(timezone=True), nullable=False),
        sa.Column("acknowledged_at", records.tables.base.UTCDateTime(timezone=True), nullable=True),
        sa.Column("acknowledged_by", records.tables.base.StorableText(), nullable=True),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], name=op.f("fk_alerts_conversation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alerts")),
        sa.UniqueConstraint("number", name=op.f("uq_alerts_number")),
    )
    with op.batch_alter_table("alerts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_alerts_conversation_id"), ["conversation_id"], unique=False)

    op.create_table(
        "messages",
        sa.Column("id", records.tables.base.StorableText(), nullable=False),
        sa.Column("dedupe", records.tables.base.StorableText(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("conversation_id", records.tables.base.StorableText(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "text", "button", "media", "start", "stopped", "returned", name="kind", native_enum=False, length=32
            ),
            nullable=False,
        ),
        sa.Column("payload", records.tables.base.StorableText(), nullable=True),
        sa.Column("words_id", records.tables.base.StorableText(), nullable=True),
        sa.Column("replaces_id", records.tables.base.StorableText(), nullable=True),
        sa.Column("prompt_id", records.tables.base.StorableText(), nullable=True),
        sa.Column(
            "tier",
            sa.Enum("none", "look", "concern", "immediate", name="tier", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("answered", sa.Boolean(), nullable=False),
        sa.Column("foreign", sa.Boolean(), nullable=False),
        sa.Column(
            "state", sa.Enum("due", "done", "parked", name="messagestate", native_enum=False, length=32), nullable=False
        ),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("sent_at", records.tables.base.UTCDateTime(timezone=True), nullable=False),
        sa.Column("received_at", records.tables.base.UTCDateTime(timezone=True), nullable=False),
        sa.Column("done_at", records.tables.base.UTCDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], name=op.f("fk_messages_conversation_id")),
        sa.ForeignKeyConstraint(["replaces_id"], ["messages.id"], name=op.f("fk_messages_replaces_id")),
        sa.ForeignKeyConstraint(["words_id"], ["sealed_words.id"], name=op.f("fk_messages_words_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messages")),
        sa.UniqueConstraint("dedupe", name=op.f("uq_messages_dedupe")),
    )
    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.create_index("ix_messages_waiting", ["conversation_id", "state"], unique=False)

    op.create_table(
        "outbox",
        sa.Column("id", records.tables.base.StorableText(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("address_id", records.tables.base.StorableText(), nullable=False),
        sa.Column("conversation_id", records.tables.base.StorableText(), nullable=True),
        sa.Column(
            "channel",
            sa.Enum("sms", "telegram", "web", name="channelname", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("door", records.tables.base.StorableText(), nullable=False),
        sa.Column(
            "lane", sa.Enum("safety", "reply", "prompt", name="lane", native_enum=False, length=32), nullable=False
        ),
        sa.Column("text", records.tables.base.StorableText(), nullable=False),
        sa.Column("buttons", sa.JSON(), nullable=False),
        sa.Column("despite_stop", sa.Boolean(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "queued",
                "sending",
                "accepted",
                "sent",
                "delivered",
                "read",
                "failed",
                "cancelled",
                name="outboxstate",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("attempt_id", records.tables.base.StorableText(), nullable=True),
        sa.Column("attempted_at", records.tables.base.UTCDateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("not_before", records.tables.base.UTCDateTime(timezone=True), nullable=False),
        sa.Column("leased_until", records.tables.base.UTCDateTime(timezone=True), nullable=True),
        sa.Column("provider_id", records.tables.base.StorableText(), nullable=True),
        sa.Column("error", records.tables.base.StorableText(), nullable=True),
        sa.Column("created_at", records.tables.base.UTCDateTime(timezone=True), nullable=False),
        sa.Column("sent_at", records.tables.base.UTCDateTime(timezone=True), nullable=True),
        sa.Column("final_at", records.tables.base.UTCDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["address_id"], ["sealed_addresses.id"], name=op.f("fk_outbox_address_id")),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], name=op.f("fk_outbox_conversation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
    )
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.create_index("ix_outbox_address", ["address_id", "state"], unique=False)
        batch_op.create_index(batch_op.f("ix_outbox_attempt_id"), ["attempt_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_outbox_conversation_id"), ["conversation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_outbox_provider_id"), ["provider_id"], unique=False)
        batch_op.create_index("ix_outbox_waiting", ["state", "not_before"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_index("ix_outbox_waiting")
        batch_op.drop_index(batch_op.f("ix_outbox_provider_id"))
        batch_op.drop_index(batch_op.f("ix_outbox_conversation_id"))
        batch_op.drop_index(batch_op.f("ix_outbox_attempt_id"))
        batch_op.drop_index("ix_outbox_address")
    op.drop_table("outbox")
    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.drop_index("ix_messages_waiting")
    op.drop_table("messages")
    with op.batch_alter_table("alerts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_alerts_conversation_id"))
    op.drop_table("alerts")
    with op.batch_alter_table("conversations", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_conversations_round_id"))
        batch_op.drop_index("ix_conversations_due")
    op.drop_table("conversations")
    with op.batch_alter_table("consent_events", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_consent_events_participant_id"))
    op.drop_table("consent_events")
    with op.batch_alter_table("staff_sessions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_staff_sessions_staff_id"))
    op.drop_table("staff_sessions")
    op.drop_table("round_frameworks")
    with op.batch_alter_table("participants", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_participants_round_id"))
        batch_op.drop_index(batch_op.f("ix_participants_address_id"))
    op.drop_table("participants")
