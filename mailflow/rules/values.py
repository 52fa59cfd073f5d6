"""The values of rules.toml: what each table may hold, and what is wrong in it whatever the file."""

import datetime as dt
import re
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, field_validator, model_validator

from mailflow.domain import Kind
from mailflow.domain.addresses import address_meant, is_bare_address


def _written(value: str) -> str:
    if not re.search(r"\w", value):
        raise ValueError("is empty; write at least one word, or take the line out")
    return value.strip()


def _compiles(value: str) -> str:
    if not value:
        raise ValueError("is empty and would fit every message; write a pattern, or take it out")
    try:
        re.compile(value)
    except (re.error, OverflowError, RecursionError) as error:
        raise ValueError(
            f"is no regular expression that can be read ({error}); put \\ before signs such as ( [ + ? or use `words`"
        ) from None
    return value


def _bare(value: str) -> str:
    if is_bare_address(value.strip()):
        return value.strip()
    if meant := address_meant(value):
        raise ValueError(f'must be only "{meant}", without the name and the brackets')
    raise ValueError("is no address; write one such as name@university.example")


Text = Annotated[str, AfterValidator(_written)]
Address = Annotated[str, AfterValidator(_bare)]
Pattern = Annotated[str, AfterValidator(_compiles)]


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class ReplyPolicy(StrEnum):
    """What is sent by itself when a message of a kind is filed."""

    ACKNOWLEDGE = "acknowledge"  # the kind's template
    NONE = "none"  # nothing


class KindRules(_Table):
    """One kind: where it goes, what answers it, how sure we must be, by when the team answers."""

    folder: Text | None = None  # mailbox folder, "/" between levels; None leaves the message where it is
    template: Text | None = None  # name of a file in templates/, without .md
    reply: ReplyPolicy = ReplyPolicy.NONE
    confidence: float = Field(0.7, ge=0, le=1)  # below it, a person decides
    deadline: int | None = Field(None, ge=0)  # working days; None: none
    reviewers: int = Field(1, ge=1, le=2)  # stories only: how many must approve

    @model_validator(mode="after")
    def _an_answer_has_words(self) -> Self:
        if self.reply is ReplyPolicy.ACKNOWLEDGE and not self.template:
            raise ValueError('answers with reply = "acknowledge" but has no `template`; name one, or write reply = "none"')
        return self


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

    name: Text
    kind: Kind
    weight: float = Field(ge=-10, le=10)  # 1 a hint, 3 strong; negative speaks against
    where: tuple[Where, ...] = Field((Where.SUBJECT, Where.BODY), min_length=1)
    header: Text | None = None
    words: tuple[Text, ...] = ()  # whole words or phrases; a * at the end of a word stands for any ending
    patterns: tuple[Pattern, ...] = ()  # regular expressions; case does not matter, line breaks count as spaces
    unless: tuple[Text, ...] = ()  # words or phrases that switch the rule off

    @model_validator(mode="after")
    def _can_fire(self) -> Self:
        if not self.words and not self.patterns:
            raise ValueError('has neither `words` nor `patterns` and can never count; write for example words = ["workshop"]')
        if Where.HEADER in self.where and not self.header:
            raise ValueError('reads a header but does not say which; add for example header = "List-Id"')
        if self.header and Where.HEADER not in self.where:
            raise ValueError('names a `header` but does not read it; write where = ["header"], or take `header` out')
        return self


class Alarms(_Table):
    """Words and patterns of which one is enough, and the words that switch them off for a message."""

    words: tuple[Text, ...] = ()
    patterns: tuple[Pattern, ...] = ()
    unless: tuple[Text, ...] = ()


class SensitiveRules(Alarms):
    """What makes a message go to a person at once; and what may be about somebody's life, and is read first of all."""

    danger: Alarms = Alarms()
    template: Text = "alert"
    folder: Text | None = None  # where sensitive messages go; None leaves them in the inbox


class ReplyRules(_Table):
    """The caps and exceptions of the reply gate."""

    per_address_a_day: int = Field(2, ge=1)
    total_an_hour: int = Field(60, ge=1)
    never_to: tuple[Text, ...] = ()  # addresses or patterns with * that never get an automatic reply


class DigestRules(_Table):
    """When the digest goes, and to whom (empty: MAILFLOW_TEAM)."""

    time: dt.time = dt.time(8, 0)
    days: tuple[Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"], ...] = ("mon", "tue", "wed", "thu", "fri")
    readers: tuple[Address, ...] = ()


class Department(_Table):
    """A department as the team calls it, and what people call it."""

    name: Text
    aliases: tuple[Text, ...] = ()


class OpenSession(_Table):
    """A session that anybody may book: kept here so that replies stop naming it once it is past."""

    date: dt.date
    time: Text  # as people read it: "10:00 to 12:30"
    format: Text
    place: Text


class FrequentQuestion(_Table):
    """A question and its agreed answer; `words` are what people write when they ask it."""

    question: Text
    answer: Text
    words: tuple[Text, ...] = ()


class Programme(_Table):
    """The facts that replies may state."""

    name: Text
    page: Text  # the web page with the open dates
    manager: Text
    coordinator: Text
    phone: Text
    security_phone: Text
    report_page: Text


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

    @field_validator("kinds")
    @classmethod
    def _every_kind(cls, kinds: dict[Kind, KindRules]) -> dict[Kind, KindRules]:
        for kind in Kind:
            if kind not in kinds:
                raise ValueError(f"has no table [kinds.{kind}]; add one (it may be empty)")
        if kinds[Kind.AUTOMATIC].reply is not ReplyPolicy.NONE:
            raise ValueError('must not answer machines; write reply = "none" under [kinds.automatic]')
        return kinds
