"""The tables of responses, the transcript, looks and requests."""

import sqlalchemy as sa
from alembic import op

import records.tables.base

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "progress",
        sa.Column("conversation_id", records.tables.base.StorableText(), nullable=False),
        sa.Column("statement", sa.Integer(), nullable=False),
        sa.Column(
            "asked",
            sa.Enum("not_asked", "asked", "answered", "skipped", name="asked", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("changed_at", records.tables.base.UTCDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], name=op.f("fk_progress_conversation_id")),
        sa.PrimaryKeyConstraint("conversation_id", "statement", name=op.f("pk_progress")),
    )

    op.create_table(
        "readings",
        sa.Column("conversation_id", records.tables.base.StorableText(), nullable=False),
        sa.Column("staff_id", records.tables.base.StorableText(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", records.tables.base.UTCDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], name=op.f("fk_readings_conversation_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_readings_staff_id")),
        sa.PrimaryKeyConstraint("conversation_id", "staff_id", name=op.f("pk_readings")),
    )

    op.create_table(
        "requests",
        sa.Column("id", records.tables.base.StorableText(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "person",
                "young_volunteer",
                "supporter",
                "complaint",
                "language",
                name="requestkind",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("conversation_id", records.tables.base.StorableText(), nullable=False),
        sa.Column("created_at", records.tables.base.UTCDateTime(timezone=True), nullable=False),
        sa.Column("due_at", records.tables.base.UTCDateTime(timezone=True), nullable=False),
        sa.Column("done_at", records.tables.base.UTCDateTime(timezone=True), nullable=True),
        sa.Column("done_by", records.tables.base.StorableText(), nullable=True),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], name=op.f("fk_requests_conversation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_requests")),
    )
    with op.batch_alter_table("requests", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_requests_conversation_id"), ["conversation_id"], unique=False)

    op.create_table(
        "responses",
        sa.Column("id", records.tables.base.StorableText(), nullable=False),
        sa.Column("round_id", records.tables.base.StorableText(), nullable=False),
        sa.Column("participant_id", records.tables.base.StorableText(), nullable=False),
        sa.Column("conversation_id", records.tables.base.StorableText(), nullable=False),
        sa.Column("edition_id", records.tables.base.StorableText(), nullable=False),
        sa.Column("statement", sa.Integer(), nullable=False),
        sa.Column(
            "rating",
            sa.Enum(
                "strongly_agree",
                "agree",
                "neither",
                "disagree",
                "strongly_disagree",
                "dont_know",
                "not_applicable",
                name="rating",
                native_enum=False,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("story_declined", sa.Boolean(), nullable=False),
        sa.Column("created_at", records.tables.base.UTCDateTime(timezone=True), nullable=False),
        sa.Column("changed_at", records.tables.base.UTCDateTime(timezone=True), nullable=False),
        sa.Column("superseded_at", records.tables.base.UTCDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], name=op.f("fk_responses_conversation_id")),
        sa.ForeignKeyConstraint(["edition_id"], ["framework_editions.id"], name=op.f("fk_responses_edition_id")),
        sa.ForeignKeyConstraint(["participant_id"], ["participants.id"], name=op.f("fk_responses_participant_id")),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_responses_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_responses")),
    )
    with op.batch_alter_table("responses", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_responses_conversation_id"), ["conversation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_responses_participant_id"), ["participant_id"], unique=False)
        batch_op.create_index("ix_responses_statement", ["round_id", "statement"], unique=False)

    op.create_table(
        "alert_events",
        sa.Column("id", records.tables.base.StorableText(), nullable=False),
        sa.Column("alert_id", records.tables.base.StorableText(), nullable=False),
        sa.Column("at", records.tables.base.UTCDateTime(timezone=True), nullable=False),
        sa.Column("actor", records.tables.base.StorableText(), nullable=False),
        sa.Column("what", records.tables.base.StorableText(), nullable=False),
        sa.Column("reason", records.tables.base.StorableText(), nullable=True),
        sa.ForeignKeyConstraint(["alert_id"], ["alerts.id"], name=op.f("fk_alert_events_alert_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert_events")),
    )
    with op.batch_alter_table("alert_events", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_alert_events_alert_id"), ["alert_id"], unique=False)

    op.create_table(
        "alert_messages",
        sa.Column("alert_id", records.tables.base.StorableText(), nullable=False),
        sa.Column("message_id", records.tables.base.StorableText(), nullable=False),
        sa.Column("words_id", records.tables.base.StorableText(), nullable=True),
        sa.Column(
            "tier",
            sa.Enum("none", "look", "concern", "immediate", name="tier", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("categories", sa.JSON(), nullable=False),
        sa.Column("reason", records.tables.base.StorableText(), nullable=False),
        sa.Column("at", records.tables.base.UTCDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["alert_id"], ["alerts.id"], name=op.f("fk_alert_messages_alert_id")),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], name=op.f("fk_alert_messages_message_id")),
        sa.ForeignKeyConstraint(["words_id"], ["sealed_words.id"], name=op.f("fk_alert_messages_words_id")),
        sa.PrimaryKeyConstraint("alert_id", "message_id", name=op.f("pk_alert_messages")),
    )

    op.create_table(
        "looks",
        sa.Column("id", records.tables.base.StorableText(), nullable=False),
        sa.Column("conversation_id", records.tables.base.StorableText(), nullable=False),
        sa.Column("message_id", records.tables.base.StorableText(), nullable=False),
        sa.Column("words_id", records.tables.base.StorableText(), nullable=True),
        sa.Column("categories", sa.JSON(), nullable=False),
        sa.Column("reason", records.tables.base.StorableText(), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("created_at", records.tables.base.UTCDateTime(timezone=True), nullable=False),
        sa.Column("due_at", records.tables.base.UTCDateTime(timezone=True), nullable=False),
        sa.Column("cleared_at", records.tables.base.UTCDateTime(timezone=True), nullable=True),
        sa.Column("cleared_by", records.tables.base.StorableText(), nullable=True),
        sa.Column("alert_id", records.tables.base.StorableText(), nullable=True),
        sa.ForeignKeyConstraint(["alert_id"], ["alerts.id"], name=op.f("fk_looks_alert_id")),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], name=op.f("fk_looks_conversation_id")),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], name=op.f("fk_looks_message_id")),
        sa.ForeignKeyConstraint(["words_id"], ["sealed_words.id"], name=op.f("fk_looks_words_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_looks")),
    )
    with op.batch_alter_table("looks", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_looks_conversation_id"), ["conversation_id"], unique=False)

    op.create_table(
        "transcript_turns",
        sa.Column("id", records.tables.base.StorableText(), nullable=False),
        sa.Column("conversation_id", records.tables.base.StorableText(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "speaker",
            sa.Enum("participant", "bot", "staff", name="speaker", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("text", records.tables.base.StorableText(), nullable=True),
        sa.Column("statement", sa.Integer(), nullable=True),
        sa.Column("response_id", records.tables.base.StorableText(), nullable=True),
        sa.Column("message_id", records.tables.base.StorableText(), nullable=True),
        sa.Column("at", records.tables.base.UTCDateTime(timezone=True), nullable=False),
        sa.Column("withheld_because", records.tables.base.StorableText(), nullable=True),
        sa.Column("hidden_at", records.tables.base.UTCDateTime(timezone=True), nullable=True),
        sa.Column("hidden_by", records.tables.base.StorableText(), nullable=True),
        sa.Column("superseded_at", records.tables.base.UTCDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_transcript_turns_conversation_id")
        ),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], name=op.f("fk_transcript_turns_message_id")),
        sa.ForeignKeyConstraint(["response_id"], ["responses.id"], name=op.f("fk_transcript_turns_response_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transcript_turns")),
        sa.UniqueConstraint("conversation_id", "number", name=op.f("uq_transcript_turns_conversation_id_number")),
    )
    with op.batch_alter_table("transcript_turns", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_transcript_turns_conversation_id"), ["conversation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_transcript_turns_message_id"), ["message_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_transcript_turns_response_id"), ["response_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("transcript_turns", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_transcript_turns_response_id"))
        batch_op.drop_index(batch_op.f("ix_transcript_turns_message_id"))
        batch_op.drop_index(batch_op.f("ix_transcript_turns_conversation_id"))
    op.drop_table("transcript_turns")
    with op.batch_alter_table("looks", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_looks_conversation_id"))
    op.drop_table("looks")
    op.drop_table("alert_messages")
    with op.batch_alter_table("alert_events", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_alert_events_alert_id"))
    op.drop_table("alert_events")
    with op.batch_alter_table("responses", schema=None) as batch_op:
        batch_op.drop_index("ix_responses_statement")
        batch_op.drop_index(batch_op.f("ix_responses_participant_id"))
        batch_op.drop_index(batch_op.f("ix_responses_conversation_id"))
    op.drop_table("responses")
    with op.batch_alter_table("requests", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_requests_conversation_id"))
    op.drop_table("requests")
    op.drop_table("readings")
    op.drop_table("progress")
