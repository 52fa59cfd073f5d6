"""Runs the migrations on the connection that mailflow.store.database.migrate hands over."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import DateTime, String, TypeDecorator
from sqlmodel import SQLModel

import mailflow.store.tables  # noqa: F401  (fills the metadata)


def _plain(kind: str, column_type: Any, _autogen: AutogenContext) -> str | Literal[False]:
    """A migration is history: it names SQLAlchemy's types, not ours, which may change."""
    if kind != "type" or not isinstance(column_type, TypeDecorator):
        return False
    plain = column_type.impl_instance
    if isinstance(plain, DateTime):
        return "sa.DateTime(timezone=True)"
    return f"sa.String({plain.length or ''})" if isinstance(plain, String) else False


def _is_ours(name: str | None, kind: str, _parents: Any) -> bool:
    """The index of words is the database's own (migration 0005): tables of SQLite's, a column and an index of PostgreSQL's."""
    return kind not in {"table", "column", "index"} or not (name or "").startswith("message_words")


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    render_as_batch=True,
    render_item=_plain,
    include_name=_is_ours,
)
with context.begin_transaction():
    context.run_migrations()
