"""A session is agreed, changed and called off: whoever is invited hears of it once, and nobody decides on what is past."""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from icalendar import Calendar, Event
from sqlalchemy import insert, select, update

from filed import NOW, filed_case, filed_message, raw_mail
from mailflow import scheduling, settings
from mailflow.deciding import House
from mailflow.domain import Action, CaseState, Kind, Mode, OutgoingState, Purpose, TrainingDetails, TrainingState
from mailflow.domain.plain import details_to_json
from mailflow.domain.training import Method, PlannedSession, Step
from mailflow.errors import UserError
from mailflow.scheduling import Wanted
from mailflow.splitting import split
from mailflow.store import queueing, training
from mailflow.store.database import Store
from mailflow.store.tables import cases, events, messages, outgoings, training_sessions, trainings
from mailflow.store.trainingfiles import TrainingFile, training_file

ROOT = Path(__file__).parents[2]
SAM, KIM = "sam.ode@university.example", "kim@university.example"
STARTS = datetime(2027, 1, 14, 10, tzinfo=UTC)
SESSION = PlannedSession(STARTS, STARTS + timedelta(hours=2), "Hartree 301", "Alex Morgan")
WANTED = Wanted(SESSION, (SAM,), tells=True)
LATER = replace(SESSION, starts=STARTS + timedelta(days=1), ends=STARTS + timedelta(days=1, hours=2))


@pytest.fixture(scope="module")
def house() -> House:
    files = {"rules": ROOT / "rules.toml", "templates": ROOT / "templates"}
    return House.build(settings.load(_env_file=None, mode="live", **files))


@pytest.fixture
def request_id(store: Store) -> int:
    with store.writing() as db:
        case_id = filed_case(db, Kind.TRAINING, token="7kq2mxwd")
        filed_message(db, case_id, raw_mail("A session for us?"), kind=Kind.TRAINING)
        filed_message(db, case_id, raw_mail("Me too.", sender=f"Kim <{KIM}>"), kind=Kind.TRAINING, sender=KIM)
        filed_message(db, case_id, b"X: y\r\n\r\n", kind=Kind.AUTOMATIC, automatic="bounce", sender="mailer-daemon@mx.example")
        details = TrainingDetails("Department of Chemistry", 20)
        db.execute(insert(trainings).values(case_id=case_id, state=TrainingState.NEW, details=details_to_json(details)))
    return case_id


class Person:
    """Somebody at the desk, who decides on what they last saw."""

    def __init__(self, store: Store, house: House, case_id: int) -> None:
        self.store, self.house, self.case_id = store, house, case_id
        self.look()

    def look(self) -> TrainingFile:
        with self.store.writing() as db:
            self.file = training_file(db, self.case_id, "ada", NOW)
        return self.file

    def decide(self, step: Callable[..., object], *rest: object, now: datetime = NOW) -> object:
        with self.store.writing() as db:
            done = step(db, self.house, training.hold(db, self.case_id, self.file.seen), *rest, "ada", now)
        self.look()
        return done

    def schedule(self, wanted: Wanted = WANTED) -> object:
        return self.decide(scheduling.schedule, wanted)

    def call_off(self) -> object:
        return self.decide(scheduling.call_off)


@pytest.fixture
def ada(store: Store, house: House, request_id: int) -> Person:
    return Person(store, house, request_id)


def sent(store: Store) -> list[tuple[str, OutgoingState]]:
    with store.reading() as db:
        return [tuple(row) for row in db.execute(select(outgoings.c.once, outgoings.c.state).order_by(outgoings.c.id))]


def event_of(store: Store, number: int) -> Event:
    with store.reading() as db:
        raw = db.execute(select(outgoings.c.raw).order_by(outgoings.c.id)).scalars().all()[number]
    part = next(part for part in message_from_bytes(raw, policy=default).walk() if part.get_content_type() == "text/calendar")
    (event,) = Calendar.from_ical(part.get_content()).walk("VEVENT")
    return event


def turn(store: Store) -> CaseState:
    with store.reading() as db:
        return db.execute(select(cases.c.state)).scalar_one()


def test_a_session_is_fixed_its_invitation_queued_and_its_case_waits(store: Store, ada: Person) -> None:
    ada.schedule()
    assert sent(store) == [("invitation:case:EDI-0001:0", OutgoingState.QUEUED)]
    assert (ada.file.state, turn(store)) == (TrainingState.SCHEDULED, CaseState.WAITING)
    assert ada.file.session
    assert (ada.file.session.planned, ada.file.session.sequence, ada.file.session.invited_at) == (SESSION, 0, NOW)
    assert ada.file.invited == (SAM,)
    with store.reading() as db:
        row = db.execute(select(outgoings)).one()
        said = [tuple(one) for one in db.execute(select(events.c.what, events.c.detail).where(events.c.who == "ada"))]
    assert (row.purpose, row.recipients, row.case_id) == (Purpose.INVITATION, [SAM], 1)
    mail = message_from_bytes(row.raw, policy=default)
    assert "[EDI-0001-7kq2mxwd]" in mail["subject"]
    assert ("scheduled", None) in said


def test_it_goes_on_from_what_the_last_person_wrote(store: Store, ada: Person) -> None:
    ada.schedule()
    with store.reading() as db:
        raw, answers = db.execute(select(outgoings.c.raw, outgoings.c.answers)).one()
        of_kim = db.execute(select(messages.c.id).where(messages.c.sender == KIM)).scalar_one()
    assert answers == of_kim
    assert message_from_bytes(raw)["In-Reply-To"] == message_from_bytes(raw_mail("Me too."))["Message-ID"]


@pytest.mark.parametrize(("mode", "state"), [(Mode.DRAFTS, OutgoingState.QUEUED), (Mode.REHEARSAL, OutgoingState.REHEARSED)])
def test_what_a_person_sends_waits_for_nobody_but_leaves_in_no_rehearsal(
    store: Store, ada: Person, house: House, mode: Mode, state: OutgoingState
) -> None:
    ada.house = replace(house, mode=mode)
    ada.schedule()
    assert [one for _, one in sent(store)] == [state]
    assert bool(ada.file.invited) is (mode is Mode.DRAFTS)


def test_what_was_rehearsed_is_sent_as_a_first_invitation(store: Store, ada: Person, house: House) -> None:
    ada.house = replace(house, mode=Mode.REHEARSAL)
    ada.schedule()
    ada.house = house
    ada.schedule()
    assert sent(store)[1] == ("invitation:case:EDI-0001:1", OutgoingState.QUEUED)
    with store.reading() as db:
        assert db.execute(select(outgoings.c.template)).scalars().all() == ["session", "session"]


def test_a_change_is_the_same_event_and_the_next_number(store: Store, ada: Person) -> None:
    ada.schedule()
    ada.schedule(Wanted(LATER, (KIM,), tells=True))
    assert [once for once, _ in sent(store)] == ["invitation:case:EDI-0001:0", "invitation:case:EDI-0001:1"]
    first, second = event_of(store, 0), event_of(store, 1)
    assert (first["uid"], first["sequence"]) == (second["uid"], 0)
    assert (second["sequence"], second.start) == (1, LATER.starts)
    # Whoever was invited before hears of the change, too.
    assert ada.file.invited == (SAM, KIM)


def test_whoever_is_invited_later_is_told_of_no_change(store: Store, ada: Person) -> None:
    ada.schedule()
    ada.schedule(Wanted(SESSION, (KIM,), tells=True))
    with store.reading() as db:
        assert db.execute(select(outgoings.c.template)).scalars().all() == ["session", "session"]
    assert event_of(store, 1)["sequence"] == 1


def test_calling_off_takes_it_out_of_every_calendar_and_closes_the_case(store: Store, ada: Person) -> None:
    ada.schedule(Wanted(SESSION, (SAM, KIM), tells=True))
    ada.call_off()
    once, state = sent(store)[1]
    assert (once, state) == ("cancellation:case:EDI-0001:1", OutgoingState.QUEUED)
    event = event_of(store, 1)
    assert (event["status"], event["uid"], event["sequence"]) == ("CANCELLED", event_of(store, 0)["uid"], 1)
    assert [str(one) for one in event["attendee"]] == [f"mailto:{SAM}", f"mailto:{KIM}"]
    assert (ada.file.state, ada.file.agreed, ada.file.invited) == (TrainingState.CANCELLED, None, ())
    assert turn(store) is CaseState.CLOSED
    with pytest.raises(UserError, match="Nothing is left"):
        ada.call_off()


def test_after_one_was_called_off_the_next_session_is_another_event(store: Store, ada: Person) -> None:
    ada.schedule()
    ada.call_off()
    with pytest.raises(UserError, match="not looking for a date"):
        ada.schedule()
    ada.decide(lambda db, _, file, by, now: training.reopen(db, file, by, now))
    assert turn(store) is CaseState.OPEN
    ada.schedule(Wanted(LATER, (SAM,), tells=True))
    assert sent(store)[2][0] == "invitation:case:EDI-0001:2"
    assert event_of(store, 2)["uid"] != event_of(store, 0)["uid"]
    with store.reading() as db:
        assert db.execute(select(outgoings.c.template)).scalars().all() == ["session", "session-cancelled", "session"]


def test_without_sending_nobody_is_told_until_somebody_is(store: Store, ada: Person) -> None:
    ada.schedule(replace(WANTED, tells=False))
    assert (sent(store), ada.file.state, ada.file.invited) == ([], TrainingState.SCHEDULED, ())
    ada.schedule()
    assert [once for once, _ in sent(store)] == ["invitation:case:EDI-0001:0"]
    ada.schedule(Wanted(LATER, (), tells=False))
    assert ada.file.session
    assert (ada.file.session.sequence, ada.file.session.invited_at, ada.file.invited) == (1, None, (SAM,))
    ada.schedule(Wanted(LATER, (), tells=True))
    assert [once for once, _ in sent(store)] == ["invitation:case:EDI-0001:0", "invitation:case:EDI-0001:1"]


def test_calling_off_what_nobody_was_told_of_tells_nobody(store: Store, ada: Person) -> None:
    ada.schedule(replace(WANTED, tells=False))
    assert ada.call_off() is None
    assert sent(store) == []


PAST = replace(SESSION, starts=NOW - timedelta(hours=3), ends=NOW - timedelta(hours=1))
WRONG = (
    (Wanted(replace(SESSION, ends=SESSION.starts), (SAM,), tells=True), "ends before it begins"),
    (Wanted(SESSION, (), tells=True), "Nobody is invited"),
    (Wanted(SESSION, ("eve@elsewhere.example",), tells=True), "has not written on this case"),
    (Wanted(SESSION, ("mailer-daemon@mx.example",), tells=True), "has not written on this case"),
    (Wanted(PAST, (SAM,), tells=True), "is past"),
)


def test_what_is_wrong_is_said_and_changes_nothing(store: Store, ada: Person) -> None:
    for wanted, said in WRONG:
        with pytest.raises(UserError, match=said):
            ada.schedule(wanted)
    assert sent(store) == []
    assert ada.look().state is TrainingState.NEW
    ada.schedule(Wanted(PAST, (), tells=False))
    assert ada.file.allows(Step.DELIVER, NOW)


def test_a_preview_is_the_mail_and_does_nothing(store: Store, ada: Person) -> None:
    with store.reading() as db:
        mail = scheduling.preview(db, ada.house, ada.file, WANTED, NOW)
    assert mail
    assert "Hartree 301" in mail.text
    assert sent(store) == []


def test_a_message_that_came_meanwhile_is_read_first(store: Store, ada: Person) -> None:
    with store.writing() as db:
        filed_message(db, 1, raw_mail("Please not in January!"), kind=Kind.TRAINING)
    with pytest.raises(UserError, match="has changed since you opened it"):
        ada.schedule()
    assert sent(store) == []


def test_who_was_invited_is_told_the_end_though_the_last_message_was_split_off(store: Store, ada: Person) -> None:
    with store.writing() as db:
        last = filed_message(db, 1, raw_mail("And what does it cost?"))
    ada.look()
    ada.schedule()
    with store.writing() as db:
        split(db, ada.house, last, "ada", last, NOW)
    ada.look()
    assert ada.file.invited == (SAM,)
    with store.writing() as db:
        mail = scheduling.call_off(db, ada.house, training.hold(db, 1, ada.file.seen), "ada", NOW)
    assert mail and mail.recipients == (SAM,)


def test_the_same_form_sent_twice_invites_once(store: Store, house: House, request_id: int) -> None:
    one, same = (Person(store, house, request_id) for _ in range(2))
    one.schedule()
    with pytest.raises(UserError, match="has changed"):
        same.schedule()
    assert len(sent(store)) == 1


def test_of_many_at_once_one_schedules(store: Store, house: House, request_id: int) -> None:
    everybody = [Person(store, house, request_id) for _ in range(6)]
    refused = []

    def try_it(person: Person) -> None:
        try:
            person.schedule()
        except UserError as error:
            refused.append(str(error))

    threads = [threading.Thread(target=try_it, args=(person,)) for person in everybody]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(refused), len(sent(store))) == (5, 1)


def test_what_fails_half_way_has_done_nothing(store: Store, ada: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    def power_cut(*_: object) -> None:
        raise OSError("gone")

    with monkeypatch.context() as cut:
        cut.setattr(queueing, "enqueue_all", power_cut)
        with pytest.raises(OSError, match="gone"):
            ada.schedule()
    assert (ada.look().state, sent(store)) == (TrainingState.NEW, [])
    ada.schedule()
    assert len(sent(store)) == 1


def test_a_message_that_cannot_be_read_begins_no_conversation(store: Store, ada: Person) -> None:
    with store.writing() as db:
        filed_message(db, 1, b"", kind=Kind.TRAINING)
    ada.look()
    ada.schedule()
    assert len(sent(store)) == 1


def test_a_session_is_delivered_once_it_has_begun_and_that_can_be_taken_back(store: Store, ada: Person) -> None:
    ada.schedule()
    assert not ada.file.allows(Step.DELIVER, STARTS - timedelta(minutes=1))
    assert ada.file.allows(Step.DELIVER, STARTS)
    ada.decide(lambda db, _, file, by, now: training.deliver(db, file, by, now))
    assert (ada.file.state, turn(store)) == (TrainingState.DELIVERED, CaseState.CLOSED)
    assert [step for step in Step if ada.file.allows(step, STARTS)] == [Step.UNDO]
    ada.decide(lambda db, _, file, by, now: training.undo_delivery(db, file, by, now))
    assert (ada.file.state, turn(store)) == (TrainingState.SCHEDULED, CaseState.WAITING)


def test_what_stands_in_calendars_is_called_off_before_another_date_is_looked_for(ada: Person) -> None:
    ada.schedule(replace(WANTED, tells=False))
    assert ada.file.allows(Step.REOPEN, NOW)
    ada.schedule()
    assert not ada.file.allows(Step.REOPEN, NOW)


def test_a_mail_that_was_taken_back_invited_nobody(store: Store, ada: Person) -> None:
    ada.schedule()
    with store.writing() as db:
        db.execute(update(outgoings).values(state=OutgoingState.CANCELLED))
    assert ada.look().invited == ()
    assert scheduling.cancellation(ada.file) is None


def test_a_message_that_calls_a_fixed_session_off_waits_for_a_person(store: Store, ada: Person) -> None:
    ada.schedule()
    with store.writing() as db:
        training.add_details(db, 1, TrainingDetails(action=Action.CANCEL))
    assert (ada.look().state, ada.file.details.action) == (TrainingState.SCHEDULED, "cancel")
    assert ada.file.mails[-1].method is Method.REQUEST
    ada.schedule(Wanted(LATER, (), tells=True))
    assert ada.file.details.action == "request"


def test_before_a_session_is_fixed_their_word_is_enough(store: Store, ada: Person) -> None:
    with store.writing() as db:
        training.add_details(db, 1, TrainingDetails(action=Action.CANCEL))
    assert ada.look().state is TrainingState.CANCELLED
    with store.reading() as db:
        assert db.execute(select(training_sessions)).all() == []
