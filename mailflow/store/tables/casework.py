"""What is understood of it: cases, and what their kinds know besides."""

from datetime import date, datetime

from sqlalchemy import JSON, Column, Date, ForeignKey, Index, String, Text
from sqlmodel import Field, SQLModel

from mailflow.domain import CaseState, Consent, Kind, StoryState, TrainingState
from mailflow.domain.plain import Json
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


class Training(SQLModel, table=True):
    """What is understood of a training request."""

    __tablename__ = "training"

    case_id: int = Field(sa_column=Column(ForeignKey("cases.id"), primary_key=True))
    state: TrainingState = Field(sa_column=Column(Choice(TrainingState), nullable=False))
    details: Json = Field(sa_column=Column(JSON, nullable=False))


class Story(SQLModel, table=True):
    """A story on its way through review. `shown` is what may be published: never what was sent."""

    __tablename__ = "story"

    case_id: int = Field(sa_column=Column(ForeignKey("cases.id"), primary_key=True))
    state: StoryState = Field(sa_column=Column(Choice(StoryState), nullable=False, index=True))
    consent: Consent = Field(sa_column=Column(Choice(Consent), nullable=False))
    identifiers: list[Json] = Field(sa_column=Column(JSON, nullable=False))
    shown: str | None = Field(default=None, sa_column=Column(Text))
    decided_by: str | None = None
    decided_at: datetime | None = moment()
    reason: str | None = Field(default=None, sa_column=Column(Text))
