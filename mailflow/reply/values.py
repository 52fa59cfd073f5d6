"""The values of the templates' variables: from a plan, from rules.toml, from the day's report."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from mailflow.domain import (
    Action,
    DateOrRange,
    DayReport,
    Kind,
    Ourselves,
    Plan,
    QueryAnswers,
    ReportLine,
    TrainingDetails,
    Trouble,
)
from mailflow.domain.calendar import in_words
from mailflow.domain.wording import CASE, FORMAT, KIND, MESSAGE, OUTGOING, SILENCE, SORT_OF_MACHINE, STORY, age_in_words
from mailflow.reply.wording import greeting, repeatable, topic
from mailflow.rules import Rules

SESSIONS_SHOWN = 6

# The lists of the digest, and the words for the states of what is in each.
_LISTS = {
    "waiting": CASE,
    "overdue": CASE,
    "stories": STORY,
    "held": MESSAGE,
    "failed": MESSAGE,
    "undelivered": OUTGOING,
    "in_doubt": OUTGOING,
    "delayed": OUTGOING,
}
_QUESTIONS = {
    "department": "the department or group that the session is for",
    "attendees": "roughly how many people would come",
    "dates": "two or three possible dates, with times",
    "format": "the format: in person, online or hybrid",
}


@dataclass(frozen=True, slots=True)
class Detail:
    """One thing that we have understood of a training request."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class UpcomingSession:
    """An open session, in words."""

    date: str
    time: str
    format: str
    place: str


@dataclass(frozen=True, slots=True)
class KindCount:
    """How many new messages there are of a kind."""

    kind: str
    count: int


@dataclass(frozen=True, slots=True)
class SortCount:
    """How many automatic messages there are of a sort."""

    sort: str
    count: int


@dataclass(frozen=True, slots=True)
class SilenceCount:
    """How many messages got no automatic reply for this reason, named in words."""

    reason: str
    count: int


@dataclass(frozen=True, slots=True)
class ToldTrouble:
    """A server that is not well, in words."""

    server: str
    since: str
    reason: str


@dataclass(frozen=True, slots=True)
class Line:
    """A ReportLine in words; no field is None."""

    reference: str
    kind: str
    state: str
    age: str
    reason: str


def acknowledgement_values(
    plan: Plan, reference: str, rules: Rules, ourselves: Ourselves, today: date, largest_megabytes: float
) -> Mapping[str, object]:
    """For the first reply to a message. A story's own words, its subject among them, are in none of the values."""
    email = plan.email
    told = "" if plan.verdict.kind is Kind.STORY else topic(email.subject)
    details = plan.understanding if isinstance(plan.understanding, TrainingDetails) else None
    answers = plan.understanding.answers if isinstance(plan.understanding, QueryAnswers) else ()
    return {
        **_everywhere(reference, rules, ourselves),
        "subject": told or "your message",
        "greeting": greeting(email.sender.name if email.sender else ""),
        "answer_by": in_words(plan.due, year=False) if plan.due and plan.due >= today else "",
        "action": details.action.value if details else "",
        "details": _understood(details) if details else (),
        "missing": _questions(details) if details else (),
        "answers": answers,
        "sessions": upcoming_sessions(rules, today),
        "limit": f"{largest_megabytes:g} MB",
    }


def alert_values(reference: str, danger: bool, rules: Rules, ourselves: Ourselves, desk_url: str | None) -> Mapping[str, object]:
    """For the alert: nothing of the message but its case's reference, and whether it comes before everything else."""
    return {**_everywhere(reference, rules, ourselves), "danger": danger, "desk_url": desk_url or ""}


def digest_values(report: DayReport, ourselves: Ourselves, zone: tzinfo, desk_url: str | None) -> Mapping[str, object]:
    """For the digest: counts and references, times in `zone`."""
    until = report.until.astimezone(zone)
    left_out = dict(report.left_out)
    moved = any(count for _, count in report.new) or report.replies_sent or report.undecided or report.unsent
    return {
        "centre": ourselves.name,
        "address": ourselves.address,
        "day": f"{until.day} {until:%B}",
        "since": _moment(report.since.astimezone(zone)),
        "until": _moment(until),
        "mode": report.mode.value,
        "needs": report.needs,
        "quiet": not (moved or report.needs or report.waiting),
        "new": [KindCount(KIND[kind], count) for kind, count in report.new if count],
        "automatic": [SortCount(SORT_OF_MACHINE[sort], count) for sort, count in report.automatic],
        "undecided": report.undecided,
        "replies_sent": report.replies_sent,
        "silences": [SilenceCount(SILENCE.get(name, name.replace("-", " ")), count) for name, count in report.silences],
        "unsent": report.unsent,
        "capped": report.capped,
        "drafts": report.drafts,
        **{name: [_line(line, states) for line in getattr(report, name)] for name, states in _LISTS.items()},
        "left_out": {name: left_out.get(name, 0) for name in _LISTS},
        "trouble": [
            ToldTrouble(found.title(ourselves.address), _moment(found.since.astimezone(zone)), found.why)
            for found in report.trouble
        ],
        "mailbox": {True: "agrees", False: "differs", None: "unknown"}[report.agrees],
        "in_mailbox": report.in_mailbox or 0,
        "known": report.known or 0,
        "counted": _moment(report.counted_at.astimezone(zone)) if report.counted_at else "",
        "desk_url": desk_url or "",
    }


def trouble_values(
    trouble: Trouble, waiting: int, ourselves: Ourselves, zone: tzinfo, desk_url: str | None
) -> Mapping[str, object]:
    """For the mails about a server that is, or was, not well. `waiting`: our mails that are to leave."""
    until = trouble.over_at
    return {
        "centre": ourselves.name,
        "address": ourselves.address,
        "server": trouble.title(ourselves.address),
        "sending": trouble.is_sending,
        "since": _moment(trouble.since.astimezone(zone)),
        "until": _moment(until.astimezone(zone)) if until else "",
        "lasted": _span(until - trouble.since) if until else "",
        "reason": trouble.why,
        "waiting": waiting,
        "desk_url": desk_url or "",
    }


def upcoming_sessions(rules: Rules, today: date) -> Sequence[UpcomingSession]:
    """The next open sessions after `today`, soonest first, at most SESSIONS_SHOWN."""
    ahead = sorted((session for session in rules.open_sessions if session.date > today), key=lambda session: session.date)
    return [
        UpcomingSession(f"{s.date:%a} {s.date.day} {s.date:%b} {s.date.year}", s.time, s.format, s.place)
        for s in ahead[:SESSIONS_SHOWN]
    ]


def _everywhere(reference: str, rules: Rules, ourselves: Ourselves) -> Mapping[str, object]:
    return {"reference": reference, "centre": ourselves.name, "address": ourselves.address, "programme": rules.programme}


def _understood(details: TrainingDetails) -> Sequence[Detail]:
    found = {
        "Department or group": repeatable(details.department or ""),
        "Number of people": _number(details.attendees),
        "Dates": "; ".join((*map(_dates, details.dates), *filter(None, map(repeatable, details.dates_in_words)))),
        "Format": FORMAT[details.format] if details.format else "",
        "Contact": repeatable(details.contact or ""),
    }
    return [Detail(label, value) for label, value in found.items() if value]


def _questions(details: TrainingDetails) -> Sequence[str]:
    if details.action is not Action.REQUEST:
        return ()
    return [_QUESTIONS[name] for name in details.missing]


def _number(attendees: int | tuple[int, int] | None) -> str:
    if attendees is None:
        return ""
    return f"{attendees[0]} to {attendees[1]}" if isinstance(attendees, tuple) else str(attendees)


def _dates(dates: DateOrRange) -> str:
    return f"{in_words(dates[0])} to {in_words(dates[1])}" if isinstance(dates, tuple) else in_words(dates)


def _line(line: ReportLine, states: Mapping[str, str]) -> Line:
    kind = KIND[line.kind] if line.kind else ""
    return Line(line.reference, kind, states[line.state], age_in_words(line.age), line.reason or "")


def _span(span: timedelta) -> str:
    """A length of time as a person says it, by its largest two units: "2 days and 3 hours"."""
    minutes = max(1, round(span.total_seconds() / 60))
    units = {"day": minutes // 1440, "hour": minutes // 60 % 24, "minute": minutes % 60}
    return " and ".join([f"{count} {unit}{'' if count == 1 else 's'}" for unit, count in units.items() if count][:2])


def _moment(moment: datetime) -> str:
    return f"{in_words(moment.date(), year=False)}, {moment:%H:%M}"
