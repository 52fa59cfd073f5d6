"""Stories on their way through review: the text that may be shown, who approved it, and what its contributor agreed to."""

from datetime import datetime

from sqlalchemy import JSON, Column, ForeignKey, String, Text, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from mailflow.domain import Agreement, Consent, StoryState
from mailflow.domain.plain import Json
from mailflow.store.columns import Choice, moment


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
    title: str | None = None  # over the text that may be shown
    version: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})  # counts what was saved of text and rulings
    rulings: list[Json] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))  # of a reviewer, on identifiers
    checked: list[str] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))  # the checklist's ticked lines
    edited_by: str | None = None
    edited_at: datetime | None = moment()
    published_at: datetime | None = moment()


class Approval(SQLModel, table=True):
    """A reviewer approved this very text; where rules.toml wants two, two rows of the same fingerprint are needed."""

    __tablename__ = "approval"
    __table_args__ = (UniqueConstraint("case_id", "who"),)

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(sa_column=Column(ForeignKey("cases.id"), nullable=False, index=True))
    who: str
    at: datetime = moment(nullable=False)
    fingerprint: str = Field(sa_column=Column(String(64), nullable=False))  # SHA-256 of title and text


class Asking(SQLModel, table=True):
    """A contributor was asked whether a text may appear, and what they answered: the record of their consent."""

    __tablename__ = "asking"

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(sa_column=Column(ForeignKey("cases.id"), nullable=False, index=True))
    fingerprint: str = Field(sa_column=Column(String(64), nullable=False))  # of what they were asked about
    shown: str = Field(sa_column=Column(Text, nullable=False))  # the text that they were sent
    outgoing_id: int | None = Field(default=None, sa_column=Column(ForeignKey("outgoing.id"), index=True))
    asked_by: str
    asked_at: datetime = moment(nullable=False)
    answer: Agreement | None = Field(default=None, sa_column=Column(Choice(Agreement)))  # as a person has confirmed it
    message: int | None = Field(default=None, sa_column=Column(ForeignKey("message.id"), index=True))  # that answers
    confirmed_by: str | None = None
    confirmed_at: datetime | None = moment()
    note: str | None = Field(default=None, sa_column=Column(Text))  # how they answered, where it was not by mail
