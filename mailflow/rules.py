"""What the team decides: rules.toml as typed, checked values."""

import datetime as dt
from enum import StrEnum
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from mailflow.domain import Kind


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=False)


class ReplyPolicy(StrEnum):
    """What is sent by itself when a message of a kind is filed."""

    ACKNOWLEDGE = "acknowledge"  # the kind's template
    NONE = "none"  # nothing


class KindRules(_Table):
    """One kind: where it goes, what answers it, how sure we must be, by when the team answers."""

    folder: str | None = None  # mailbox folder, "/" between levels; None leaves the message where it is
    template: str | None = None  # name of a file in templates/, without .md
    reply: ReplyPolicy = ReplyPolicy.NONE
    confidence: float = Field(0.7, ge=0, le=1)  # below it, a person decides
    deadline: int | None = Field(None, ge=0)  # working days; None: none
    reviewers: int = Field(1, ge=1, le=2)  # stories only: how many must approve


class Where(StrEnum):
    """The part of a message that a rule reads."""

    SUBJECT = "subject"
    BODY = "body"  # the new text only: not quotes, signatures, footers
    SENDER = "sender"  # name and address
    RECIPIENT = "recipient"  # To and Cc addresses
    ATTACHMENT = "attachment"  # file names and types
    HEADER = "header"  # the header that `header` names


class Rule(_Table):
    """One weighted rule: counts `weight` for `kind` when any word or pattern is found and nothing in `unless` is."""

    name: str
    kind: Kind
    weight: float  # 1 a hint, 3 strong; negative speaks against
    where: tuple[Where, ...] = (Where.SUBJECT, Where.BODY)
    header: str | None = None
    words: tuple[str, ...] = ()  # whole words or phrases, case and line breaks do not matter
    patterns: tuple[str, ...] = ()  # regular expressions
    unless: tuple[str, ...] = ()  # words or phrases that switch the rule off


class SensitiveRules(_Table):
    """What makes a message go to a person at once."""

    words: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    template: str = "alert"
    folder: str | None = None  # where sensitive messages go; None leaves them in the inbox


class ReplyRules(_Table):
    """The caps and exceptions of the reply gate."""

    per_address_a_day: int = Field(2, ge=1)
    total_an_hour: int = Field(60, ge=1)
    never_to: tuple[str, ...] = ()  # addresses or patterns with * that never get an automatic reply


class DigestRules(_Table):
    """When the digest goes, and to whom (empty: MAILFLOW_TEAM)."""

    time: dt.time = dt.time(8, 0)
    days: tuple[Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"], ...] = ("mon", "tue", "wed", "thu", "fri")
    readers: tuple[str, ...] = ()


class Department(_Table):
    """A department as the team calls it, and what people call it."""

    name: str
    aliases: tuple[str, ...] = ()


class OpenSession(_Table):
    """A session that anybody may book: kept here so that replies stop naming it once it is past."""

    date: dt.date
    time: str  # as people read it: "10:00 to 12:30"
    format: str
    place: str


class FrequentQuestion(_Table):
    """A question and its agreed answer; `words` are what people write when they ask it."""

    question: str
    answer: str
    words: tuple[str, ...] = ()


class Programme(_Table):
    """The facts that replies may state."""

    name: str
    page: str  # the web page with the open dates
    manager: str
    coordinator: str
    phone: str
    security_phone: str
    report_page: str


class Rules(_Table):
    """The whole file."""

    programme: Programme
    kinds: dict[Kind, KindRules]
    rules: tuple[Rule, ...] = ()
    sensitive: SensitiveRules = SensitiveRules()
    replies: ReplyRules = ReplyRules()
    digest: DigestRules = DigestRules()
    departments: tuple[Department, ...] = ()
    open_sessions: tuple[OpenSession, ...] = ()
    questions: tuple[FrequentQuestion, ...] = ()
    source: Path | None = Field(None, exclude=True)
