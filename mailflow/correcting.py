"""A person says what a message is: a new verdict, then the same deciding and the same filing. For the command line and the desk.

Nothing is answered twice: a reply of the wrong kind that has not left is taken back, and only then may another take its place.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self

from sqlalchemy import Connection

from mailflow.acting import compose, take_up
from mailflow.corrected import Corrected
from mailflow.deciding import House, conclude, whose_fault
from mailflow.domain import (
    CORRECTED,
    CaseState,
    Email,
    History,
    Kind,
    KnownCase,
    MessageState,
    Mode,
    Plan,
    Purpose,
    Reason,
    TrainingDetails,
    Verdict,
    reference,
)
from mailflow.store import corrections, filing, placing, queueing, recalling
from mailflow.store.kept import KeptMessage


@dataclass(frozen=True, slots=True)
class Said:
    """What a person says of a message; None is "as it is". Without `reply` nothing is answered by itself."""

    who: str
    kind: Kind | None = None
    sensitive: bool | None = None
    reply: bool = True


def correct(db: Connection, house: House, number: int, said: Said, now: datetime) -> Corrected:
    """Corrects a message in the open transaction. Saying the same again changes nothing; saying what was before undoes it.

    Raises UserError where it cannot be corrected, MailflowError where it cannot be read or answered; the caller then rolls back.
    """
    message = corrections.open_message(db, number)
    verdict = _verdict(message, said)
    was = Corrected(number, message.case_id, message.kind or Kind.OTHER, message.sensitive)
    changes = (verdict.kind, verdict.sensitive) != (was.was, was.was_sensitive)
    if not changes and (message.by_person or message.state is not MessageState.HELD):
        return was
    settled = settle_anew(db, house, message, verdict, said, now)
    corrections.write_down(db, message, settled.case_id, verdict, said.who, now)
    return settled


def settle_anew(db: Connection, house: House, message: KeptMessage, verdict: Verdict, said: Said, now: datetime) -> Corrected:
    """All that follows from another verdict on a message decided before, in the open transaction. Raises as `correct`."""
    number = message.id
    changes = (verdict.kind, verdict.sensitive) != (message.kind, message.sensitive)
    correction = _Correction.begin(db, house, message, said, now)
    correction.check(verdict)
    taken_back, in_flight = correction.take_back(verdict) if changes else ((), ())
    again = correction.answer_again(verdict)
    plan = correction.plan(verdict)
    case_id = correction.file(plan)
    sent = [] if case_id is None else correction.send(number, plan, case_id)
    return Corrected(
        message=number,
        was=message.kind or Kind.OTHER,
        was_sensitive=message.sensitive,
        case_id=case_id,
        plan=plan,
        case_state=None if case_id is None else correction.pass_on(plan, case_id),
        was_on=None if case_id == message.case_id else message.case_id,
        taken_back=taken_back,
        in_flight=in_flight,
        answered_again=again,
        reply=next((queued.state for queued in sent if queued.mail.purpose is Purpose.ACKNOWLEDGEMENT), None),
        alerted=any(queued.mail.purpose is Purpose.ALERT for queued in sent),
        moves=house.mode is not Mode.REHEARSAL and placing.move(db, number, plan.folder),
        is_placed=placing.is_placed(db, number),
    )


def _verdict(message: KeptMessage, said: Said) -> Verdict:
    """The person's word, before all the reasons that there were."""
    kind = said.kind or message.kind or Kind.OTHER
    sensitive = message.sensitive if said.sensitive is None else said.sensitive
    words = f"that it is {kind}" if kind is message.kind else f"that it is {kind}, and not {message.kind}"
    if sensitive is not message.sensitive:
        words += ", and that it is sensitive" if sensitive else ", and that it is not sensitive"
    why = Reason(CORRECTED, f"{said.who} says {words}.", kind=kind)
    return Verdict(kind, 1.0, sensitive, (why, *message.reasons))


@dataclass(frozen=True, slots=True)
class _Correction:
    """One correction, step by step, as `correct` takes them."""

    db: Connection
    house: House
    message: KeptMessage
    said: Said
    now: datetime
    opens: bool  # its case is what this message is; the later messages of a case do not change what the case is
    state: CaseState | None  # of its case before the correction

    @classmethod
    def begin(cls, db: Connection, house: House, message: KeptMessage, said: Said, now: datetime) -> Self:
        """A message of `open_message`: its case, where it has one, does not change until the transaction ends."""
        case_id = message.case_id
        state = None if case_id is None else corrections.state_of(db, case_id)
        return cls(db, house, message, said, now, case_id is None or corrections.opener(db, case_id) == message.id, state)

    def check(self, verdict: Verdict) -> None:
        """Raises UserError where it is too late."""
        if self.message.case_id is not None and self.opens and verdict.kind is not self.message.kind:
            corrections.check_work(self.db, self.message.case_id)

    def take_back(self, verdict: Verdict) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """What answers it and has not left, and what is leaving; of a sensitive case no reply may leave by itself."""
        which = self.message.id, self.message.case_id if verdict.sensitive else None
        flying = corrections.in_flight(self.db, *which)
        return corrections.take_back(self.db, *which, self.said.who, self.now, free=self.said.reply), flying

    def answer_again(self, verdict: Verdict) -> tuple[int, ...]:
        """Once its case is not sensitive any more, what answered other messages there before is written anew. Gives those."""
        case_id, ends = self.message.case_id, self.message.sensitive and not verdict.sensitive
        if case_id is None or not ends or not self.said.reply or self.state is CaseState.CLOSED:
            return ()
        case, first = recalling.known_case(self.db, case_id), corrections.opener(self.db, case_id)
        others = () if case.acknowledged else corrections.no_longer_answered(self.db, case_id, self.message.id)
        plans = ((other.id, self._plan_of(other, None if other.id == first else case)) for other in others)
        return tuple(number for number, plan in plans if self.send(number, plan, case_id))

    def plan(self, verdict: Verdict) -> Plan:
        """The same deciding, with what is known of the past now; and no more replies than the person wants."""
        email = self._read(self.message)
        plan = conclude(email, verdict, self.house, self._history(email, verdict), self.message.arrived, self.now)
        plan = replace(plan, folder=placing.folder_for(self.db, self.message.id, plan.folder, self.house.inbox))
        if not self.said.reply:
            return replace(plan, template=None, silence=Reason("told-not-to", f"{self.said.who} wants no reply to be sent."))
        if plan.template and self._stays_closed(plan):
            return replace(plan, template=None, silence=Reason("case-closed", "Its case is closed: somebody has dealt with it."))
        return plan

    def _history(self, email: Email, verdict: Verdict) -> History:
        """As of now; what began in another conversation is looked at as part of that again."""
        past = replace(recalling.recall(self.db, [email], self.now).of(email), about=None)
        case_id = self.message.case_id
        if case_id is None:
            return replace(past, case=None, another=None)
        if self.opens and verdict.kind not in (self.message.kind, Kind.AUTOMATIC):
            case_id = corrections.way_back(self.db, case_id, self.message.id) or case_id
        known = recalling.known_case(self.db, case_id)
        if self.opens and case_id == self.message.case_id:
            return replace(past, case=None, another=None, acknowledged=known.acknowledged)
        return replace(past, case=known)

    def _stays_closed(self, plan: Plan) -> bool:
        """What somebody has closed is only opened again where a person is needed, or nobody had ever looked."""
        return self.state is CaseState.CLOSED and self.message.state is not MessageState.IGNORED and plan.hold is None

    def file(self, plan: Plan) -> int | None:
        """Turns the case, opens one, or goes back, and writes down what is known of the message now. Gives the case."""
        case_id = self.message.case_id
        if case_id is None or (not self.opens and plan.case is None):
            opened = plan.state is not MessageState.IGNORED
            case_id = filing.open_cases(self.db, [plan], self.now)[0].case_id if opened else case_id
        elif self.opens and plan.case is None:
            self._turn(case_id, plan)
        elif plan.case and plan.state is not MessageState.IGNORED:
            if self.opens:
                corrections.forget_understood(self.db, case_id)
                corrections.close(self.db, case_id, self.now)
            case_id = plan.case.case_id
            take_up(self.db, case_id, plan, self.now)
        filing.refile(self.db, filing.Decided(self.message.id, plan, case_id), self.now)
        corrections.note_sensitive(self.db, self.message.case_id, case_id)
        return case_id

    def _turn(self, case_id: int, plan: Plan) -> None:
        """The case becomes what its first message is, or the first of a person; what the later ones tell is taken up anew."""
        later = corrections.other_messages(self.db, case_id, self.message.id)
        first = next(later, None) if plan.state is MessageState.IGNORED else None
        leads = self._plan_of(first, None) if first else plan
        corrections.turn_case(self.db, case_id, leads.verdict.kind, leads.due)
        if plan.verdict.kind is self.message.kind:
            return
        corrections.forget_understood(self.db, case_id)
        filing.write_understood(self.db, {case_id: leads.understanding})
        for message in later:
            take_up(self.db, case_id, self._plan_of(message, recalling.known_case(self.db, case_id)), self.now)

    def send(self, number: int, plan: Plan, case_id: int) -> Sequence[queueing.Queued]:
        """Puts into the outbox what a message occasions and has not been there, and gives that."""
        told = reference(case_id, recalling.known_case(self.db, case_id).token)
        mails = compose(self.house, number, plan, case_id, told, self.now)
        new = [queued for queued in mails if not corrections.has_mail(self.db, queued.mail.once)]
        queueing.enqueue_all(self.db, new, self.now)
        return new

    def pass_on(self, plan: Plan, case_id: int) -> CaseState:
        """Whose turn it is on the case now."""
        goes_back = self.opens and plan.case is not None
        alone = self.opens and not goes_back and not corrections.has_others(self.db, case_id, self.message.id)
        if plan.state is MessageState.IGNORED:
            if alone:
                corrections.close(self.db, case_id, self.now)
        elif not self._stays_closed(plan) and (alone or goes_back or plan.hold or self.message.state is MessageState.IGNORED):
            filing.reopen_case(self.db, case_id, plan.due, sensitive=plan.verdict.sensitive)
            if alone and not plan.hold and self._has_asked(plan, case_id):
                filing.wait_for_requesters(self.db, [case_id])
        return corrections.state_of(self.db, case_id)

    def _has_asked(self, plan: Plan, case_id: int) -> bool:
        """Whether its requester was asked, now or before, for what is missing."""
        template = self.house.rules.kinds[plan.verdict.kind].template
        missing = isinstance(plan.understanding, TrainingDetails) and plan.understanding.missing
        return bool(missing) and template is not None and corrections.was_sent(self.db, case_id, template)

    def _plan_of(self, other: KeptMessage, case: KnownCase | None) -> Plan:
        """What another message comes to, by its own verdict: on a case, or as the first there."""
        verdict = Verdict(other.kind or Kind.OTHER, other.confidence or 0.0, other.sensitive, other.reasons)
        email = self._read(other)
        history = replace(recalling.recall(self.db, [email], self.now).of(email), case=case, another=None, about=None)
        return conclude(email, verdict, self.house, history, other.arrived, self.now)

    def _read(self, message: KeptMessage) -> Email:
        try:
            return replace(self.house.read(message.raw), whole=message.whole)
        except Exception as error:  # as the daemon would write it down
            raise whose_fault(error) from None
