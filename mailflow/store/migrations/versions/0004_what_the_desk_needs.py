"""What the desk needs"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """To this version."""
    op.create_table(
        "approval",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["cases.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("case_id", "who"),
    )
    with op.batch_alter_table("approval", recreate="never") as batch_op:
        batch_op.create_index(batch_op.f("ix_approval_case_id"), ["case_id"], unique=False)

    op.create_table(
        "merged",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("into", sa.Integer(), nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["cases.id"],
        ),
        sa.ForeignKeyConstraint(
            ["into"],
            ["cases.id"],
        ),
        sa.PrimaryKeyConstraint("case_id"),
    )
    with op.batch_alter_table("merged", recreate="never") as batch_op:
        batch_op.create_index(batch_op.f("ix_merged_into"), ["into"], unique=False)

    op.create_table(
        "note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["cases.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("note", recreate="never") as batch_op:
        batch_op.create_index(batch_op.f("ix_note_case_id"), ["case_id"], unique=False)

    op.create_table(
        "training_session",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("starts", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends", sa.DateTime(timezone=True), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("facilitator", sa.String(), nullable=True),
        sa.Column("invited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["cases.id"],
        ),
        sa.PrimaryKeyConstraint("case_id"),
        sa.UniqueConstraint("uid"),
    )
    with op.batch_alter_table("training_session", recreate="never") as batch_op:
        batch_op.create_index(batch_op.f("ix_training_session_starts"), ["starts"], unique=False)

    op.create_table(
        "asking",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("shown", sa.Text(), nullable=False),
        sa.Column("outgoing_id", sa.Integer(), nullable=True),
        sa.Column("asked_by", sa.String(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.String(32), nullable=True),
        sa.Column("message", sa.Integer(), nullable=True),
        sa.Column("confirmed_by", sa.String(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["cases.id"],
        ),
        sa.ForeignKeyConstraint(
            ["message"],
            ["message.id"],
        ),
        sa.ForeignKeyConstraint(
            ["outgoing_id"],
            ["outgoing.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("asking", recreate="never") as batch_op:
        batch_op.create_index(batch_op.f("ix_asking_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_asking_message"), ["message"], unique=False)
        batch_op.create_index(batch_op.f("ix_asking_outgoing_id"), ["outgoing_id"], unique=False)

    with op.batch_alter_table("cases", recreate="never") as batch_op:
        batch_op.add_column(sa.Column("assigned", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("snoozed_until", sa.Date(), nullable=True))

    with op.batch_alter_table("person", recreate="never") as batch_op:
        batch_op.add_column(sa.Column("role", sa.String(32), server_default="reviewer", nullable=False))
        batch_op.add_column(sa.Column("subject", sa.String(), nullable=True))
        batch_op.create_index(batch_op.f("ix_person_subject"), ["subject"], unique=True)

    with op.batch_alter_table("story", recreate="never") as batch_op:
        batch_op.add_column(sa.Column("title", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("version", sa.Integer(), server_default=sa.text("0"), nullable=False))
        batch_op.add_column(sa.Column("rulings", sa.JSON(none_as_null=True), nullable=True))
        batch_op.add_column(sa.Column("checked", sa.JSON(none_as_null=True), nullable=True))
        batch_op.add_column(sa.Column("edited_by", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("published_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE story SET published_at = coalesce(decided_at, CURRENT_TIMESTAMP) WHERE state = 'published'")


def downgrade() -> None:
    """Back to the version before."""
    with op.batch_alter_table("story", recreate="never") as batch_op:
        batch_op.drop_column("published_at")
        batch_op.drop_column("edited_at")
        batch_op.drop_column("edited_by")
        batch_op.drop_column("checked")
        batch_op.drop_column("rulings")
        batch_op.drop_column("version")
        batch_op.drop_column("title")

    with op.batch_alter_table("person", recreate="never") as batch_op:
        batch_op.drop_index(batch_op.f("ix_person_subject"))
        batch_op.drop_column("subject")
        batch_op.drop_column("role")

    with op.batch_alter_table("cases", recreate="never") as batch_op:
        batch_op.drop_column("snoozed_until")
        batch_op.drop_column("assigned")

    with op.batch_alter_table("asking", recreate="never") as batch_op:
        batch_op.drop_index(batch_op.f("ix_asking_outgoing_id"))
        batch_op.drop_index(batch_op.f("ix_asking_message"))
        batch_op.drop_index(batch_op.f("ix_asking_case_id"))

    op.drop_table("asking")
    with op.batch_alter_table("training_session", recreate="never") as batch_op:
        batch_op.drop_index(batch_op.f("ix_training_session_starts"))

    op.drop_table("training_session")
    with op.batch_alter_table("note", recreate="never") as batch_op:
        batch_op.drop_index(batch_op.f("ix_note_case_id"))

    op.drop_table("note")
    with op.batch_alter_table("merged", recreate="never") as batch_op:
        batch_op.drop_index(batch_op.f("ix_merged_into"))

    op.drop_table("merged")
    with op.batch_alter_table("approval", recreate="never") as batch_op:
        batch_op.drop_index(batch_op.f("ix_approval_case_id"))

    op.drop_table("approval")
