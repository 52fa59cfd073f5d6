"""`mailflow correct`: how a message is named, what is said of what was done, and what cannot be done."""

import json
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from click.testing import Result
from sqlalchemy import select, update

from filed import filed_case, filed_message, held_query, raw_mail
from letters import TRAINING
from mailflow.commands.correct import correct
from mailflow.commands.opening import who_asks
from mailflow.domain import Kind, MessageState, OutgoingState
from mailflow.errors import UserError
from mailflow.store.database import Store
from mailflow.store.tables import corrections, messages, outgoings

Run = Callable[..., Result]


@pytest.fixture(autouse=True)
def drafts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAILFLOW_MODE", "drafts")
    monkeypatch.setenv("MAILFLOW_GO_LIVE", "2026-11-01")


@pytest.fixture
def held(store: Store) -> int:
    """A request that waits for a person, taken for a question: message 1 on EDI-0001."""
    with store.writing() as db:
        return held_query(db, TRAINING, message_id="<one@university.example>")


def kind_of(store: Store, message: int = 1) -> Kind:
    with store.reading() as db:
        return db.execute(select(messages.c.kind).where(messages.c.id == message)).scalar_one()  # type: ignore[no-any-return]


@pytest.mark.usefixtures("held")
def test_it_tells_what_it_did_and_what_it_did_not(run: Run) -> None:
    done = run(correct, "EDI-0001", "training")
    assert done.exit_code == 0
    assert done.output.splitlines() == [
        "EDI-0001 is training now; it was query.",
        "  Its requester is asked: dates.",
        "  A reply (training) waits for approval at the desk.",
        "  Where it lies in the mailbox is not known: move it to the folder Training yourself.",
        "  `mailflow learn` learns from it.",
    ]
    again = run(correct, "EDI-0001", "training")
    assert again.output == "EDI-0001 is training already: nothing is changed.\n"
    back = run(correct, "EDI-0001", "query", "--no-reply").output
    assert "Taken back before it was sent: mail 1." in back
    assert f"No reply is sent now: {who_asks()} wants no reply to be sent." in back


@pytest.mark.usefixtures("held")
@pytest.mark.parametrize("words", [("EDI-0001",), ("edi-1",), ("message", "1"), ("message 1",), ("<one@university.example>",)])
def test_a_message_is_named_by_its_case_its_number_or_its_message_id(store: Store, run: Run, words: tuple[str, ...]) -> None:
    assert run(correct, *words, "Training").exit_code == 0
    assert kind_of(store) is Kind.TRAINING


def test_mail_without_a_case_is_named_by_its_number(store: Store, run: Run) -> None:
    with store.writing() as db:
        number = filed_message(db, None, raw_mail(TRAINING), MessageState.IGNORED, Kind.AUTOMATIC)
    said = json.loads(run(correct, "message", str(number), "training", "--json").output)
    assert (said["reference"], said["was"], said["kind"], said["state"]) == ("EDI-0001", "automatic", "training", "filed")


@pytest.mark.usefixtures("held")
def test_it_tells_of_a_reply_that_is_being_sent(store: Store, run: Run) -> None:
    run(correct, "EDI-0001", "training")
    with store.writing() as db:
        db.execute(update(outgoings).values(state=OutgoingState.SENDING, begun_at=datetime.now(UTC)))
    told = run(correct, "EDI-0001", "--sensitive").output
    assert "  Its reply (mail 1) is being sent and cannot be taken back." in told.splitlines()


@pytest.mark.usefixtures("held")
def test_it_tells_of_another_message_and_another_case(store: Store, run: Run) -> None:
    run(correct, "EDI-0001", "query")
    with store.writing() as db:
        filed_message(db, 1, raw_mail(TRAINING), kind=Kind.QUERY)
    taken = "Taken back before it was sent: mail 1."
    assert taken in run(correct, "message", "2", "--sensitive").output
    assert "The reply to message 1, taken back before, is made again." in run(correct, "message", "2", "--not-sensitive").output
    assert "It was on EDI-0001; it is on EDI-0002 from now on." in run(correct, "message", "2", "training").output
    back = json.loads(run(correct, "message", "2", "query", "--json").output)
    assert (back["reference"], back["was_on"], back["answered_again"], back["in_flight"]) == ("EDI-0001", "EDI-0002", [], [])


@pytest.mark.usefixtures("held")
def test_only_whether_it_is_sensitive_may_be_said(store: Store, run: Run) -> None:
    told = run(correct, "EDI-0001", "--sensitive").output
    assert told.startswith("EDI-0001 is query, sensitive now; it was query.\n  It waits for a person:")
    assert "Nobody is told of it, as MAILFLOW_ALERT_TO and MAILFLOW_TEAM name nobody: tell them yourself." in told
    assert kind_of(store) is Kind.QUERY


@pytest.mark.usefixtures("held")
@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "Name the message: EDI-0042, message 17, or its Message-ID in quotes, '<…>'."),
        (("training",), "Name the message: EDI-0042, message 17, or its Message-ID in quotes, '<…>'."),
        (("EDI-0001",), "Say what it is, as in `mailflow correct EDI-0042 training`: training, query, story, other or automatic"),
        (("EDI-0001", "course"), "'course' is no kind; write one of training, query, story, other or automatic."),
        (("EDI-0001", "EDI-0002", "query"), "'EDI-0002' is no kind; write one of"),
        (("<one@university.example>", "course"), "'course' is no kind; write one of"),
        (("this", "query"), "'this' names nothing; write message 17, mail 12 or EDI-0042."),
        (("EDI-0009", "query"), "There is no case EDI-0009."),
        (("message", "9", "query"), "There is no message 9."),
        (("0003", "query"), "0003 may be two things; write message 3 or EDI-0003."),
        (("<two@university.example>", "query"), "No message has this Message-ID; copy it whole, with < and >"),
        (("mail", "1", "query"), "Mail 1 is one of ours; name the message that it answers: EDI-0042, or message 17."),
    ],
)
def test_what_cannot_be_meant_is_told_in_one_sentence(store: Store, run: Run, words: tuple[str, ...], said: str) -> None:
    done = run(correct, *words)
    assert isinstance(done.exception, UserError)
    (problem,) = done.exception.problems
    assert problem.startswith(said)
    with store.reading() as db:
        assert db.execute(select(corrections)).all() == []


def test_a_message_id_that_two_messages_have_names_neither(store: Store, run: Run) -> None:
    with store.writing() as db:
        for text in ("one", "two"):
            filed_message(db, filed_case(db), raw_mail(text), message_id="<same@university.example>")
    done = run(correct, "<same@university.example>", "other")
    assert str(done.exception) == "2 messages have this Message-ID: name one of message 1, message 2."
