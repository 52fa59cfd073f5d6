"""What faults need"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """To this version."""
    op.create_table(
        "trouble",
        sa.Column("server", sa.String(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("over_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("server"),
    )
    op.create_table(
        "bounced",
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outgoing_id", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["outgoing_id"],
            ["outgoing.id"],
        ),
        sa.PrimaryKeyConstraint("address"),
    )
    with op.batch_alter_table("bounced", recreate="never") as batch_op:
        batch_op.create_index(batch_op.f("ix_bounced_outgoing_id"), ["outgoing_id"], unique=False)

    with op.batch_alter_table("cursor", recreate="never") as batch_op:
        batch_op.drop_column("failing_since")
        batch_op.drop_column("failure")

    with op.batch_alter_table("message", recreate="never") as batch_op:
        batch_op.add_column(sa.Column("whole", sa.Boolean(), server_default=sa.true(), nullable=False))

    with op.batch_alter_table("outgoing", recreate="never") as batch_op:
        batch_op.create_index(batch_op.f("ix_outgoing_begun_at"), ["begun_at"], unique=False)


def downgrade() -> None:
    """Back to the version before."""
    with op.batch_alter_table("outgoing", recreate="never") as batch_op:
        batch_op.drop_index(batch_op.f("ix_outgoing_begun_at"))

    with op.batch_alter_table("message", recreate="never") as batch_op:
        batch_op.drop_column("whole")

    with op.batch_alter_table("cursor", recreate="never") as batch_op:
        batch_op.add_column(sa.Column("failure", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("failing_since", sa.DateTime(timezone=True), nullable=True))

    with op.batch_alter_table("bounced", recreate="never") as batch_op:
        batch_op.drop_index(batch_op.f("ix_bounced_outgoing_id"))

    op.drop_table("bounced")
    op.drop_table("trouble")
