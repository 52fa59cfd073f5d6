"""What is understood and decided about a message, as values with their reasons."""

from dataclasses import dataclass, field, replace
from datetime import date

from mailflow.domain.mail import Email
from mailflow.domain.states import Action, Consent, Format, Kind, MessageState, Whose

DANGER = "danger"  # the reason, of verdict and hold, why a message is read before anything else
SENSITIVE_WORDS = "sensitive words"  # the reason why the team's own list makes a message sensitive
CORRECTED = "corrected"  # the first reason of what a person has said a message is
OUR_OWN_COPY = "our-own-copy"  # the reason why nothing is done about a mail of ours that came back by its blind copy
SENT_FOLDER = r"\Sent"  # whichever folder the server flags so (RFC 6154)


@dataclass(frozen=True, slots=True)
class Reason:
    """One named reason for a verdict, a hold or a silence; `text` is a sentence the team understands."""

    name: str
    text: str
    weight: float | None = None  # how much it counted for `kind`; negative speaks against
    kind: Kind | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a message is, how sure we are (0 to 1), and why. `also`: the second thing it does."""

    kind: Kind
    confidence: float
    sensitive: bool = False
    reasons: tuple[Reason, ...] = ()
    also: Kind | None = None

    @property
    def by_person(self) -> bool:
        """Whether a person said so."""
        return bool(self.reasons) and self.reasons[0].name == CORRECTED

    @property
    def danger(self) -> bool:
        """Whether it may be about a danger to somebody's life, and no person has said that nobody is being harmed."""
        return self.sensitive and any(reason.name == DANGER for reason in self.reasons)


DateOrRange = date | tuple[date, date]


@dataclass(frozen=True, slots=True)
class TrainingDetails:
    """What a training message says; None or () where it says nothing. `dates_in_words` could not be pinned."""

    department: str | None = None
    attendees: int | tuple[int, int] | None = None
    dates: tuple[DateOrRange, ...] = ()
    dates_in_words: tuple[str, ...] = ()
    format: Format | None = None
    contact: str | None = None
    action: Action = Action.REQUEST

    @property
    def missing(self) -> tuple[str, ...]:
        """The names of what the Centre still needs in order to find a facilitator, in the order it asks."""
        needed = {"department": self.department, "attendees": self.attendees, "dates": self.dates, "format": self.format}
        return tuple(name for name, value in needed.items() if not value)


@dataclass(frozen=True, slots=True)
class Answer:
    """An entry of the team's frequently asked questions that may answer a query; `score` is 0 to 1."""

    question: str
    answer: str
    score: float


@dataclass(frozen=True, slots=True)
class QueryAnswers:
    """The answers that fit a query, best first: those we are sure enough of to send, and those an adviser may look at."""

    answers: tuple[Answer, ...] = ()
    perhaps: tuple[Answer, ...] = ()


@dataclass(frozen=True, slots=True)
class Identifier:
    """`new_text[start:end]` could tell who somebody is; or, where `file` names an attachment, `file[start:end]`.

    `sort`: name, email, phone, room, number, role, group, date-place, unit or link. `wording` could stand in its place
    and gives nobody away; where it is empty, the sentence is whole without.
    """

    text: str
    start: int
    end: int
    sort: str
    reason: str
    whose: Whose = Whose.OTHER
    wording: str = ""
    file: str | None = None


@dataclass(frozen=True, slots=True)
class StoryReading:
    """What a reviewer must know before opening a story: who could be identified, and what the writer allowed."""

    identifiers: tuple[Identifier, ...] = field(default=(), repr=False)
    consent: Consent = Consent.UNSTATED


Understanding = TrainingDetails | QueryAnswers | StoryReading


@dataclass(frozen=True, slots=True)
class KnownCase:
    """A case that a message belongs to by its thread. `token`: the part of its reference that nobody can guess."""

    case_id: int
    reference: str  # EDI-0042
    kind: Kind
    acknowledged: bool  # its conversation had its first reply, or a person decided against one
    token: str | None = field(default=None, repr=False)
    requester: str | None = field(default=None, repr=False)
    department: str | None = None  # a training request's
    began_in: int | None = None  # the case in whose conversation this one began

    @property
    def conversation(self) -> int:
        """The first case of its conversation, which may be this one."""
        return self.began_in or self.case_id


@dataclass(frozen=True, slots=True)
class History:
    """What the gate must know of the past: the thread's case, and how often the sender was answered lately."""

    case: KnownCase | None = None
    another: KnownCase | None = None  # a case of another conversation that the message names as well
    subjects: tuple[str, ...] = field(default=(), repr=False)  # of its case, and of the earlier mails that it names
    same_message_id: bool = False  # another message, with other bytes, bears this Message-ID
    replies_to_sender: int = 0  # automatic replies to this address in the last 24 hours
    bounced: bool = False  # mail to this address came back, and no person has said since that it may be written to
    acknowledged: bool = False  # it had its own reply already: it is decided again
    our_copy: bool = False  # its Message-ID is that of a mail of ours: where it also comes from us, it is its blind copy
    about: int | None = None  # the outgoing mail, by its number, that its delivery report is about


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that deciding came to, before anything is done: a value, to be filed, explained or shown."""

    email: Email
    verdict: Verdict
    understanding: Understanding | None
    state: MessageState
    hold: Reason | None  # why a person must decide
    template: str | None  # the reply to send, by its template's name
    silence: Reason | None  # why there is no automatic reply
    alert: bool  # tell the named people at once
    folder: str | None  # where the message belongs in the mailbox
    due: date | None  # the day by which the team wants to have answered
    case: KnownCase | None = None  # the case it joins; None opens one
    began_in: int | None = None  # the first case of the conversation in which it asks for something else
    withdraws: bool = False  # the contributor takes the story of that case back
    about: int | None = None  # the outgoing mail, by its number, that its delivery report is about

    def held(self, reason: Reason) -> "Plan":
        """The same message, but held, and without the mail that could not be written: the reply, or else the alert."""
        return replace(
            self,
            state=MessageState.HELD,
            hold=self.hold or reason,
            silence=self.silence or reason,
            template=None,
            alert=self.alert and self.template is not None,
        )
