"""The lists of the digest: what waits, by reference only, the most pressing first, and how long each list is in truth."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import Any

from sqlalchemy import Connection, Select, func, null, or_, select, union

from mailflow.domain import CaseState, MessageState, OutgoingState, ReportLine, reference, working_days_between
from mailflow.store.bounces import IN_DOUBT, UNDELIVERED
from mailflow.store.storyfiles import TO_REVIEW
from mailflow.store.tables import cases, messages, outgoings, stories
from mailflow.store.waiting import gravest_first

MOST_LINES = 50  # of one list: what nobody reads to its end tells nothing
DELAYED = timedelta(hours=2)  # what is refused for now has mostly been taken by then
_NEED_NOBODY = {"waiting", "delayed"}

_held = messages.c.state == MessageState.HELD
_failed = messages.c.state == MessageState.FAILED
_deferred = outgoings.c.state == OutgoingState.DEFERRED
_open = cases.c.state == CaseState.OPEN
_to_review = stories.c.state.in_(TO_REVIEW)

_total = func.count().over().label("total")
_case = cases.c.id.label("case_id"), cases.c.kind, cases.c.opened_at.label("came"), null().label("why"), _total
_message = messages.c.id.label("number"), messages.c.kind, messages.c.state, messages.c.arrived.label("came"), _total
_mail = outgoings.c.id.label("number"), outgoings.c.case_id, cases.c.kind, outgoings.c.state, outgoings.c.failure.label("why")
_mails = select(*_mail, outgoings.c.created_at.label("came"), _total).join_from(
    outgoings, cases, cases.c.id == outgoings.c.case_id, isouter=True
)


@dataclass(frozen=True, slots=True)
class Lists:
    """Each list by the name it has in a DayReport, how many lines each is short of, and what is in none of them."""

    lines: dict[str, tuple[ReportLine, ...]]
    left_out: dict[str, int]
    beyond: int

    def total(self, name: str) -> int:
        """How long a list is in truth."""
        return len(self.lines[name]) + self.left_out.get(name, 0)


def report_lists(db: Connection, now: datetime, zone: tzinfo) -> Lists:
    """Every list of the digest as it stands; `now` (aware) and `zone` give the day, and so the ages and what is overdue."""
    today = now.astimezone(zone).date()

    def line(row: Any) -> ReportLine:
        age = working_days_between(row.came.astimezone(zone).date(), today)
        return ReportLine(_name(row), row.kind, row.state.value, age, _why(row.why))

    lines, left_out = {}, {}
    for name, query in _queries(today, now).items():
        rows = db.execute(query.limit(MOST_LINES)).all()
        lines[name] = tuple(map(line, rows))
        if rows and rows[0].total > len(rows):
            left_out[name] = rows[0].total - len(rows)
    named = {found.reference for name, listed in lines.items() if name not in _NEED_NOBODY for found in listed}
    beyond = _needing(db, today) - len(named) if left_out.keys() - _NEED_NOBODY else 0
    return Lists(lines, left_out, beyond)


def count_undelivered(db: Connection) -> dict[OutgoingState, int]:
    """How many mails were refused for good, and how many came back, of those that are listed."""
    rows = db.execute(select(outgoings.c.state, func.count()).where(UNDELIVERED).group_by(outgoings.c.state))
    return {row[0]: row[1] for row in rows}


def _queries(today: date, now: datetime) -> dict[str, Select[Any]]:
    listed_elsewhere = union(
        select(messages.c.case_id).where(_held, messages.c.case_id.is_not(None)), select(stories.c.case_id).where(_to_review)
    )
    in_time = or_(cases.c.due.is_(None), cases.c.due >= today)
    story = select(*_case, stories.c.state).join_from(stories, cases, cases.c.id == stories.c.case_id)
    return {
        "waiting": select(*_case, cases.c.state)
        .where(_open, in_time, cases.c.id.not_in(listed_elsewhere))
        .order_by(cases.c.due.is_(None), cases.c.due, cases.c.id),
        "overdue": select(*_case, cases.c.state).where(_open, cases.c.due < today).order_by(cases.c.due, cases.c.id),
        "stories": story.where(_to_review).order_by(cases.c.opened_at, cases.c.id),
        "held": select(*_message, messages.c.case_id, messages.c.hold.label("why")).where(_held).order_by(*gravest_first),
        "failed": select(*_message, null().label("case_id"), messages.c.failure.label("why"))
        .where(_failed)
        .order_by(messages.c.id),
        "undelivered": _mails.where(UNDELIVERED).order_by(outgoings.c.id),
        "in_doubt": _mails.where(IN_DOUBT).order_by(outgoings.c.id),
        "delayed": _mails.where(_deferred, outgoings.c.created_at < now - DELAYED).order_by(outgoings.c.id),
    }


def _name(row: Any) -> str:
    if row.case_id is not None:
        return reference(row.case_id)
    return f"mail {row.number}" if isinstance(row.state, OutgoingState) else f"message {row.number}"


def _why(why: dict[str, str] | str | None) -> str | None:
    return why["text"] if isinstance(why, dict) else why


def _needing(db: Connection, today: date) -> int:
    """How many things the lists, but those in `_NEED_NOBODY`, would name if they were whole, each once."""
    ours = or_(UNDELIVERED, IN_DOUBT)
    on_cases = union(
        select(cases.c.id).where(_open, cases.c.due < today),
        select(stories.c.case_id).where(_to_review),
        select(messages.c.case_id).where(_held, messages.c.case_id.is_not(None)),
        select(outgoings.c.case_id).where(ours, outgoings.c.case_id.is_not(None)),
    )
    counts = (
        select(func.count()).select_from(on_cases.subquery()),
        select(func.count()).where(_held, messages.c.case_id.is_(None)),
        select(func.count()).where(_failed),
        select(func.count()).where(ours, outgoings.c.case_id.is_(None)),
    )
    return sum(db.execute(count).scalar_one() for count in counts)
