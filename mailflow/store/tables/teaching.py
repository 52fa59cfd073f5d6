"""Training requests, and the sessions that come of them."""

from datetime import datetime

from sqlalchemy import JSON, Column, ForeignKey, String
from sqlmodel import Field, SQLModel

from mailflow.domain import TrainingState
from mailflow.domain.plain import Json
from mailflow.store.columns import Choice, moment


class Training(SQLModel, table=True):
    """What is understood of a training request."""

    __tablename__ = "training"

    case_id: int = Field(sa_column=Column(ForeignKey("cases.id"), primary_key=True))
    state: TrainingState = Field(sa_column=Column(Choice(TrainingState), nullable=False))
    details: Json = Field(sa_column=Column(JSON, nullable=False))


class TrainingSession(SQLModel, table=True):
    """The session that was agreed on a case: an event of a calendar (RFC 5545, 3.6.1)."""

    __tablename__ = "training_session"

    case_id: int = Field(sa_column=Column(ForeignKey("cases.id"), primary_key=True))
    uid: str = Field(sa_column=Column(String, unique=True, nullable=False))  # the same in the invitation and its updates
    sequence: int = 0  # of the last invitation that was sent (RFC 5545, 3.8.7.4)
    starts: datetime = moment(nullable=False, index=True)
    ends: datetime = moment(nullable=False)
    place: str
    facilitator: str | None = None
    invited_at: datetime | None = moment()
    cancelled_at: datetime | None = moment()
