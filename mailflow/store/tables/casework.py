"""What is understood of it: cases, and what their kinds know besides."""

from datetime import date, datetime

from sqlalchemy import JSON, Column, Date, ForeignKey, Index, Text
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
