"""What is understood of what came: cases, what a person said of them, and how they hang together."""

from datetime import date, datetime

from sqlalchemy import Column, Date, ForeignKey, Index, String, Text
from sqlmodel import Field, SQLModel

from mailflow.domain import CaseState, Kind
from mailflow.store.columns import Choice, moment


class Case(SQLModel, table=True):
    """The filed record: one concern of one requester."""

    __tablename__ = "cases"
    # A reference is never given twice, even after `forget`.
    __table_args__ = (Index("cases_by_urgency", "state", "due"), {"sqlite_autoincrement": True})

    id: int | None = Field(default=None, primary_key=True)
    kind: Kind = Field(sa_column=Column(Choice(Kind), nullable=False))
    state: CaseState = Field(sa_column=Column(Choice(CaseState), nullable=False, index=True))
    sensitive: bool = False
    requester: str | None = Field(default=None, index=True)
    requester_name: str | None = None
    subject: str = Field(default="", sa_column=Column(Text, nullable=False))
    opened_at: datetime = moment(nullable=False, index=True)
    due: date | None = Field(default=None, sa_column=Column(Date))
    closed_at: datetime | None = moment()
    token: str | None = Field(default=None, sa_column=Column(String(8)))  # the part of its reference that nobody can guess
    assigned: str | None = None  # to this person of the team
    snoozed_until: date | None = Field(default=None, sa_column=Column(Date))  # out of the lists until this day


class LinkedCase(SQLModel, table=True):
    """A case that began in the conversation of another: its requester asked for something else there."""

    __tablename__ = "linked_case"

    case_id: int = Field(sa_column=Column(ForeignKey("cases.id"), primary_key=True))
    began_in: int = Field(sa_column=Column(ForeignKey("cases.id"), nullable=False, index=True))


class Correction(SQLModel, table=True):
    """A person said what a message is: mailflow learns from it. Holds no text; the message's bytes are in `raw`."""

    __tablename__ = "correction"

    id: int | None = Field(default=None, primary_key=True)
    message: int = Field(sa_column=Column(ForeignKey("message.id"), nullable=False, index=True))
    case_id: int | None = Field(default=None, sa_column=Column(ForeignKey("cases.id"), index=True))
    was: Kind = Field(sa_column=Column(Choice(Kind), nullable=False))
    was_sensitive: bool
    kind: Kind = Field(sa_column=Column(Choice(Kind), nullable=False))
    sensitive: bool
    who: str
    at: datetime = moment(nullable=False)


class Merged(SQLModel, table=True):
    """A case whose messages went to another: whoever opens it, or names it in a mail, is led there."""

    __tablename__ = "merged"

    case_id: int = Field(sa_column=Column(ForeignKey("cases.id"), primary_key=True))
    into: int = Field(sa_column=Column(ForeignKey("cases.id"), nullable=False, index=True))
    who: str
    at: datetime = moment(nullable=False)


class Note(SQLModel, table=True):
    """What somebody of the team wrote on a case, for the team."""

    __tablename__ = "note"

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(sa_column=Column(ForeignKey("cases.id"), nullable=False, index=True))
    who: str
    at: datetime = moment(nullable=False)
    words: str = Field(sa_column=Column(Text, nullable=False))
