"""What keeps the house: who works on what, what was done, which server is not well, and who may sign in."""

from datetime import date, datetime

from sqlalchemy import Column, Date, ForeignKey, String
from sqlmodel import Field, SQLModel

from mailflow.domain import Role
from mailflow.store.columns import Choice, moment


class Lease(SQLModel, table=True):
    """Who does a thing that only one process may do at a time."""

    __tablename__ = "lease"

    name: str = Field(primary_key=True)
    holder: str
    until: datetime = moment(nullable=False)


class Trouble(SQLModel, table=True):
    """A server that is not well (mailflow.domain.Trouble); the row goes once that is over and the team knows."""

    __tablename__ = "trouble"

    server: str = Field(primary_key=True)
    since: datetime = moment(nullable=False)
    why: str
    told_at: datetime | None = moment()
    over_at: datetime | None = moment()


class Event(SQLModel, table=True):
    """Who did what, when: the audit log. Never holds a message's text or an address."""

    __tablename__ = "event"

    id: int | None = Field(default=None, primary_key=True)
    at: datetime = moment(nullable=False, index=True)
    who: str
    what: str
    case_id: int | None = Field(default=None, sa_column=Column(ForeignKey("cases.id"), index=True))
    message: int | None = Field(default=None, sa_column=Column(ForeignKey("message.id")))
    detail: str | None = None


class Digest(SQLModel, table=True):
    """A digest that was made: one a day, each taking up where the last ended."""

    __tablename__ = "digest"

    day: date = Field(sa_column=Column(Date, primary_key=True))
    since: datetime = moment(nullable=False)
    until: datetime = moment(nullable=False)


class Person(SQLModel, table=True):
    """Somebody who may sign in at the desk."""

    __tablename__ = "person"

    name: str = Field(primary_key=True)
    password: str  # an argon2 hash; empty for those who sign in by the university's own sign-in
    created_at: datetime = moment(nullable=False)
    role: Role = Field(sa_column=Column(Choice(Role), nullable=False, server_default=Role.REVIEWER))
    subject: str | None = Field(
        default=None, sa_column=Column(String, index=True, unique=True)
    )  # issuer and sub (OpenID Connect)


class DeskSession(SQLModel, table=True):
    """A signed-in browser; only the hash of its token is kept."""

    __tablename__ = "desk_session"

    token: str = Field(primary_key=True)
    person: str = Field(sa_column=Column(ForeignKey("person.name"), nullable=False, index=True))
    csrf: str
    created_at: datetime = moment(nullable=False)
    seen_at: datetime = moment(nullable=False)
