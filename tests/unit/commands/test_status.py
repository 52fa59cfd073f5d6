"""`mailflow status`: where everything stands, and 1 where something is not well."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import Result
from sqlalchemy import insert, update

from filed import NOW, filed_case, filed_message, filed_story, held_query
from mailflow.commands.status import status
from mailflow.domain import SMTP, CaseState, DigestPeriod, MessageState, OutgoingState, Purpose, imap
from mailflow.learnt import keep
from mailflow.store import leases, receiving, reporting, troubles
from mailflow.store.database import Store
from mailflow.store.tables import bounced, cases
from outgoing import outgoing_mail, queue, set_row

Run = Callable[..., Result]
MAILBOX = "edi.centre@university.example"


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def watched(store: Store) -> Store:
    """The folder was read a moment ago, and the counts agree."""
    with store.writing() as db:
        receiving.note_poll(db, MAILBOX, "INBOX", now())
        receiving.note_count(db, MAILBOX, "INBOX", 120, 120, now())
        leases.note_running(db, leases.this_process(), now())
    return store


def test_a_daemon_that_was_killed_is_missed_at_once(watched: Store, run: Run) -> None:
    with watched.writing() as db:
        leases.let_go(db, leases.this_process())
        leases.note_running(db, f"{leases.this_process()}0", now())
    shown = run(status)
    assert shown.exit_code == 1
    assert "mailflow is not running" in shown.output


def test_a_daemon_on_another_machine_counts_while_it_says_so(watched: Store, run: Run) -> None:
    with watched.writing() as db:
        leases.let_go(db, leases.this_process())
        leases.note_running(db, "elsewhere/1/1", now())
    assert run(status).exit_code == 0
    with watched.writing() as db:
        leases.let_go(db, "elsewhere/1/1")
        leases.note_running(db, "elsewhere/1/1", now() - 2 * leases.LEASE)
    assert run(status).exit_code == 1


def test_a_mailbox_that_was_never_read_is_not_well(run: Run) -> None:
    shown = run(status)
    assert shown.exit_code == 1
    assert "never read yet" in shown.output
    assert f"Nobody has ever looked into INBOX of {MAILBOX}; is mailflow running?" in shown.output
    assert "All is well." not in shown.output


def test_messages_that_nobody_decides_are_not_well(watched: Store, run: Run) -> None:
    with watched.writing() as db:
        stuck = [filed_message(db, None, b"%d" % number, MessageState.RECEIVED) for number in range(7)]
        filed_message(db, None, b"new", MessageState.RECEIVED, received_at=now() - timedelta(minutes=9))
    shown = run(status)
    assert shown.exit_code == 1
    first = ", ".join(f"message {number}" for number in stuck[:5])
    assert f"Received long ago and still not decided: {first} and 2 more." in shown.output
    assert [line["reference"] for line in json.loads(run(status, "--json").output)["late"]] == [f"message {n}" for n in stuck]


def test_files_that_a_start_would_refuse_are_not_well(watched: Store, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAILFLOW_RULES", "/nowhere/rules.toml")
    shown = run(status)
    assert shown.exit_code == 1
    assert "a restart would fail: /nowhere/rules.toml: there is no such file" in shown.output


def test_what_waits_is_well(watched: Store, run: Run) -> None:
    with watched.writing() as db:
        held_query(db)
        filed_story(db)
        filed_case(db, due=date(2020, 1, 1))
        filed_message(db, None, b"1", MessageState.RECEIVED, received_at=now())
        reporting.note_digest(db, DigestPeriod(date(2026, 11, 24), NOW, NOW))
    queue(watched, outgoing_mail(1), state=OutgoingState.DRAFT)
    shown = run(status)
    assert shown.exit_code == 0
    for line in (
        "mode: rehearsal",
        "last digest: 2026-11-24 (until 2026-11-24 10:00)",
        "received: 1",
        "held: 1",
        "failed: 0",
        "stories to review: 1",
        "cases overdue: 1",
        "draft: 1",
        "replies that wait for approval at the desk: 1",
        "working days): It looks like a query (55% sure), and 70% is needed.",
        "EDI-0001 (query, ",
        " 120 messages, 120 of them known, when last counted ",
        "All is well.",
    ):
        assert line in shown.output


def test_the_same_is_told_as_json(watched: Store, run: Run) -> None:
    with watched.writing() as db:
        held_query(db)
    queue(watched, outgoing_mail(1), state=OutgoingState.IN_DOUBT)
    shown = run(status, "--json")
    told = json.loads(shown.output)
    assert (shown.exit_code, told["well"], told["mode"], told["last_digest"]) == (1, False, "rehearsal", None)
    assert told["messages"] == {"received": 0, "held": 1, "failed": 0}
    assert told["mails"] == {"in_doubt": 1}
    assert told["folders"][0]["folder"] == "INBOX"
    assert (told["folders"][0]["on_server"], told["folders"][0]["known"]) == (120, 120)
    assert [line["reference"] for line in told["held"]] == ["EDI-0001"]
    assert [line["reference"] for line in told["in_doubt"]] == ["mail 1"]


def test_a_folder_that_cannot_be_read_is_not_well(store: Store, run: Run) -> None:
    with store.writing() as db:
        troubles.note(db, imap("INBOX"), "The IMAP server does not answer.", NOW)
    shown = run(status)
    assert shown.exit_code == 1
    assert (
        f"There has been trouble with the mailbox {MAILBOX} since 2026-11-24 10:00: The IMAP server does not answer."
        in shown.output
    )
    assert f"the mailbox {MAILBOX} (since 2026-11-24 10:00): The IMAP server does not answer." in shown.output
    assert "is mailflow running?" not in shown.output


def test_a_folder_that_is_not_watched_any_more_is_shown_and_blamed_for_nothing(watched: Store, run: Run) -> None:
    with watched.writing() as db:
        troubles.note(db, imap("INBX"), "There is no folder INBX.", NOW)
    shown = run(status)
    assert shown.exit_code == 0
    assert (
        f"the folder INBX of the mailbox {MAILBOX} (not in use now, since 2026-11-24 10:00): There is no folder INBX."
        in shown.output
    )


def test_a_mail_server_that_is_away_is_not_well_and_what_waits_for_it_is_counted(
    watched: Store, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    with watched.writing() as db:
        troubles.note(db, SMTP, "The SMTP server takes no sign-in now: 454 4.7.0.", NOW)
    queue(watched, outgoing_mail(1))
    queue(watched, outgoing_mail(2), state=OutgoingState.DEFERRED, now=now())
    assert run(status).exit_code == 0, "in rehearsal nobody sends"
    monkeypatch.setenv("MAILFLOW_MODE", "live")
    shown = run(status)
    assert shown.exit_code == 1
    assert (
        "There has been trouble with the outgoing mail server since 2026-11-24 10:00: "
        "The SMTP server takes no sign-in now: 454 4.7.0. Mails that wait to be sent: 2." in shown.output
    )
    (trouble,) = json.loads(run(status, "--json").output)["troubles"]
    assert (trouble["server"], trouble["since"]) == ("SMTP", "2026-11-24T10:00:00+00:00")


def test_what_is_refused_for_now_for_hours_is_named_with_its_reason(watched: Store, run: Run) -> None:
    first, _ = queue(watched, outgoing_mail(1), outgoing_mail(2), state=OutgoingState.DEFERRED, now=now() - timedelta(hours=3))
    queue(watched, outgoing_mail(3), state=OutgoingState.DEFERRED, now=now())
    set_row(watched, first, failure="The mail server does not take the recipient now: 450 4.7.1 (security or policy).")
    shown = run(status)
    assert shown.exit_code == 1
    assert "Refused for now, for hours: mail 1, mail 2." in shown.output
    assert "): The mail server does not take the recipient now: 450 4.7.1 (security or policy)." in shown.output


def test_replies_that_wait_for_the_cap_are_counted(watched: Store, run: Run) -> None:
    sent = queue(watched, *(outgoing_mail(n) for n in range(60)), state=OutgoingState.SENT)
    for number in sent:
        set_row(watched, number, sent_at=now())
    waiting = map(outgoing_mail, (61, 62))
    queue(watched, *waiting, outgoing_mail(63, purpose=Purpose.DIGEST))
    shown = run(status)
    assert shown.exit_code == 1
    assert "The cap on replies an hour (rules.toml) is reached: 2 wait for it, and leave by themselves." in shown.output
    set_row(watched, sent[0], sent_at=now() - timedelta(hours=2))
    assert run(status).exit_code == 0


def test_a_mailbox_that_nobody_looks_into_is_not_well(store: Store, run: Run) -> None:
    with store.writing() as db:
        receiving.note_poll(db, MAILBOX, "INBOX", now() - timedelta(hours=1))
    shown = run(status)
    assert shown.exit_code == 1
    assert "is mailflow running?" in shown.output


def test_a_mailbox_that_does_not_agree_is_not_well(watched: Store, run: Run) -> None:
    with watched.writing() as db:
        receiving.note_count(db, MAILBOX, "INBOX", 120, 119, now())
    shown = run(status)
    assert shown.exit_code == 1
    assert "INBOX holds 120 messages, and mailflow knows 119 of them." in shown.output


def test_what_failed_is_not_well_and_is_named_as_retry_understands_it(watched: Store, run: Run) -> None:
    with watched.writing() as db:
        number = filed_message(db, None, b"\xff", MessageState.FAILED, failure="It is empty.")
    queue(watched, *map(outgoing_mail, range(1, 8)), state=OutgoingState.FAILED)
    shown = run(status)
    assert shown.exit_code == 1
    assert f"Could not be read: message {number}. `mailflow retry` reads them again." in shown.output
    assert "Refused: mail 1, mail 2, mail 3, mail 4, mail 5 and 2 more." in shown.output


def test_nothing_that_anybody_wrote_is_shown(watched: Store, run: Run) -> None:
    with watched.writing() as db:
        held_query(db)
        filed_story(db)
    shown = run(status).output + run(status, "--json").output
    for written in ("Sam", "Something I saw", "friend", "Priya"):
        assert written not in shown


def test_what_came_back_is_not_well_until_its_case_is_dealt_with(watched: Store, run: Run) -> None:
    with watched.writing() as db:
        case_id = filed_case(db)
    (number,) = queue(watched, outgoing_mail(1))
    set_row(watched, number, state=OutgoingState.BOUNCED, failure="It came back: 5.1.1 (the address).", case_id=case_id)
    with watched.writing() as db:
        db.execute(insert(bounced).values(address="person1@university.example", since=now(), outgoing_id=number))
    done = run(status)
    assert done.exit_code == 1
    assert "Came back: EDI-0001." in done.output
    assert "EDI-0001 (query, " in done.output
    assert "addresses that are not written to until you retry: 1 (EDI-0001)" in done.output
    assert "person1" not in done.output
    with watched.writing() as db:
        db.execute(update(cases).values(state=CaseState.CLOSED))
    done = run(status)
    assert done.exit_code == 0, done.output
    assert "1 (EDI-0001)" in done.output


def test_a_mail_in_doubt_is_not_well_until_its_case_is_dealt_with(watched: Store, run: Run) -> None:
    with watched.writing() as db:
        case_id = filed_case(db)
    (number,) = queue(watched, outgoing_mail(1), state=OutgoingState.IN_DOUBT)
    set_row(watched, number, case_id=case_id)
    done = run(status)
    assert done.exit_code == 1
    assert "In doubt whether they were sent: EDI-0001." in done.output
    with watched.writing() as db:
        db.execute(update(cases).values(state=CaseState.CLOSED))
    done = run(status)
    assert done.exit_code == 0, done.output
    assert json.loads(run(status, "--json").output)["mails"] == {"in_doubt": 1}


def test_what_was_learnt_and_cannot_be_used_is_not_well(watched: Store, run: Run, tmp_path: Path) -> None:
    keep(tmp_path / "learnt", b"weights", NOW, "tom", (), {})
    (tmp_path / "learnt/0001.json.gz").write_bytes(b"half")
    shown = run(status)
    assert shown.exit_code == 1
    (told,) = [line for line in shown.output.splitlines() if "learnt" in line]
    assert "were changed: messages are judged by what mailflow came with." in told
