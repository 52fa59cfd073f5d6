"""What the search needs"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

# Addresses and file names are searched by their words. Most words are searched by their beginnings, of three letters or more.
# Kept ready, because phrases are held against the words of each text that has them.
_POSTGRES = (
    "ALTER TABLE message_text ADD COLUMN message_words tsvector"
    " GENERATED ALWAYS AS (to_tsvector('simple', translate(words, '@._/:-', '      '))) STORED",
    "CREATE INDEX message_words_index ON message_text USING gin (message_words)",
)
_SQLITE = (
    "CREATE VIRTUAL TABLE message_words USING fts5("
    "words, content='message_text', content_rowid='message', tokenize='unicode61 remove_diacritics 2', prefix='3')",
    "CREATE TRIGGER message_words_come AFTER INSERT ON message_text BEGIN"
    " INSERT INTO message_words (rowid, words) VALUES (new.message, new.words); END",
    "CREATE TRIGGER message_words_go AFTER DELETE ON message_text BEGIN"
    " INSERT INTO message_words (message_words, rowid, words) VALUES ('delete', old.message, old.words); END",
    "CREATE TRIGGER message_words_change AFTER UPDATE ON message_text BEGIN"
    " INSERT INTO message_words (message_words, rowid, words) VALUES ('delete', old.message, old.words);"
    " INSERT INTO message_words (rowid, words) VALUES (new.message, new.words); END",
)


def upgrade() -> None:
    """To this version. What messages say is written down by the daemon, little by little: reading them all takes hours."""
    op.create_table(
        "message_text",
        sa.Column("message", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["message"], ["message.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("message"),
    )
    for statement in _SQLITE if op.get_bind().dialect.name == "sqlite" else _POSTGRES:
        op.get_bind().exec_driver_sql(statement)
    with op.batch_alter_table("message", recreate="never") as batch_op:
        batch_op.create_index("message_listed", ["id", "state", "kind", "automatic", "sensitive", "arrived"], unique=False)


def downgrade() -> None:
    """Back to the version before."""
    with op.batch_alter_table("message", recreate="never") as batch_op:
        batch_op.drop_index("message_listed")

    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE message_words")
    op.drop_table("message_text")
