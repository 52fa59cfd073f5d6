"""What corrections and conversations need"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """To this version."""
    op.create_table(
        "linked_case",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("began_in", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["began_in"],
            ["cases.id"],
        ),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["cases.id"],
        ),
        sa.PrimaryKeyConstraint("case_id"),
    )
    with op.batch_alter_table("linked_case", recreate="never") as batch_op:
        batch_op.create_index(batch_op.f("ix_linked_case_began_in"), ["began_in"], unique=False)

    op.create_table(
        "correction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("message", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("was", sa.String(32), nullable=False),
        sa.Column("was_sensitive", sa.Boolean(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("sensitive", sa.Boolean(), nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["cases.id"],
        ),
        sa.ForeignKeyConstraint(
            ["message"],
            ["message.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("correction", recreate="never") as batch_op:
        batch_op.create_index(batch_op.f("ix_correction_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_correction_message"), ["message"], unique=False)

    with op.batch_alter_table("cases", recreate="never") as batch_op:
        batch_op.add_column(sa.Column("token", sa.String(length=8), nullable=True))


def downgrade() -> None:
    """Back to the version before."""
    with op.batch_alter_table("cases", recreate="never") as batch_op:
        batch_op.drop_column("token")

    with op.batch_alter_table("correction", recreate="never") as batch_op:
        batch_op.drop_index(batch_op.f("ix_correction_message"))
        batch_op.drop_index(batch_op.f("ix_correction_case_id"))

    op.drop_table("correction")
    with op.batch_alter_table("linked_case", recreate="never") as batch_op:
        batch_op.drop_index(batch_op.f("ix_linked_case_began_in"))

    op.drop_table("linked_case")
