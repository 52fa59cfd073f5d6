"""Column types that SQLite and PostgreSQL keep alike: aware UTC times, and enums by their value."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Column, DateTime, Dialect, String
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field


class UtcDateTime(TypeDecorator[datetime]):
    """Takes aware times only and gives them back in UTC; SQLite would forget the offset."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To the database."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """From the database."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def moment(*, nullable: bool = True, index: bool = False) -> Any:
    """A field of a table that holds a time."""
    return Field(default=None, sa_column=Column(UtcDateTime(), nullable=nullable, index=index))


class Choice(TypeDecorator[Any]):
    """A StrEnum, kept as its value (psycopg would keep the member's name)."""

    impl = String
    cache_ok = True

    def __init__(self, choices: type[StrEnum]) -> None:
        """`choices`: the enum."""
        super().__init__(32)
        self.choices = choices

    def process_bind_param(self, value: StrEnum | str | None, dialect: Dialect) -> str | None:
        """To the database."""
        return None if value is None else self.choices(value).value

    def process_result_value(self, value: str | None, dialect: Dialect) -> StrEnum | None:
        """From the database."""
        return None if value is None else self.choices(value)

    def coerce_compared_value(self, op: Any, value: Any) -> "Choice":
        """Comparisons bind like the column does."""
        return self
