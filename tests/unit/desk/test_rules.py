"""The pages of the rules: what is in use, a mail tried, and a changed file."""

import threading
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from filed import NOW, filed_case, filed_message, raw_mail
from mailflow import settings
from mailflow.desk.app import build
from mailflow.desk.rules import trying
from mailflow.desk.rules.sketches import Sketches, Work
from mailflow.domain import Kind, Reason, Role
from mailflow.domain.decisions import SENSITIVE_WORDS
from mailflow.domain.plain import reason_to_json
from mailflow.errors import UserError
from mailflow.rules import saving
from mailflow.store import people, sessions
from mailflow.store.database import Store
from mailflow.store.tables import events
from mailflow.trying.compare import Progress
from mailflow.trying.outcome import Comparison
from visiting import Clock, Visitor, main_part

REQUEST = "We are a group of 20 people in Chemistry and would like to book a workshop in January, in person."
SIGN_UP = Reason("asks how to sign up", "The rule “asks how to sign up” speaks for query: “book” in the body.", 1.5, Kind.QUERY)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A rules file of the team's own."""
    own = tmp_path / "team" / "rules.toml"
    own.parent.mkdir()
    own.write_text(settings.only().rules.read_text())
    return own


@pytest.fixture
def desk(store: Store, clock: Clock, path: Path) -> Iterator[TestClient]:
    with TestClient(build(store, settings.load(rules=path, mode="drafts"), clock=clock), follow_redirects=False) as browser:
        yield browser


@pytest.fixture
def ada(desk: TestClient, store: Store) -> Visitor:
    return _signed_in(desk, store, "ada")


def _signed_in(desk: TestClient, store: Store, name: str, role: Role | None = None) -> Visitor:
    with store.writing() as db:
        if role:
            people.add(db, name, "correct horse battery", "root", NOW, role)
        desk.cookies.set("mailflow", sessions.start(db, name, NOW))
    return Visitor(desk)


def _changes(store: Store) -> list[tuple[str, str | None]]:
    with store.reading() as db:
        query = select(events.c.what, events.c.detail).where(events.c.what.like("%rules%")).order_by(events.c.id)
        return [tuple(row) for row in db.execute(query)]


def test_the_rules_in_use_are_shown_with_what_they_counted_for(store: Store, ada: Visitor) -> None:
    with store.writing() as db:
        filed_message(db, filed_case(db), raw_mail("May I?"), reasons=[reason_to_json(SIGN_UP)])
    page = unescape(ada.open("/rules").text)
    row = page.partition("asks how to sign up")[2].partition("</tr>")[0]
    assert [shown in row for shown in ('<td class="figure">1</td>', "100%", 'href="/cases/EDI-0001"')] == [True] * 3
    assert "nothing" in page.partition("asks about the certificate")[2].partition("</tr>")[0]
    assert "3 working days" in page


def test_what_a_sensitive_message_said_is_for_advisers_and_never_quoted(store: Store, desk: TestClient, ada: Visitor) -> None:
    words = ("stalking me", "my supervisor hit me again")
    for place, word in enumerate(words):
        told = reason_to_json(Reason(SENSITIVE_WORDS, f"The wording “{word}” in the body makes this sensitive."))
        with store.writing() as db:
            filed_message(db, filed_case(db, sensitive=True), raw_mail(str(place)), sensitive=True, reasons=[told])
    page = ada.open("/rules").text
    assert "stalking me <strong>1</strong>" in page
    assert "1 message by these" in page
    assert words[1] not in page
    assert "<strong>1</strong>" not in main_part(_signed_in(desk, store, "rhea", Role.READER).open("/rules").text)


def test_a_file_with_a_mistake_is_told_beside_the_rules_in_use(path: Path, ada: Visitor) -> None:
    ada.open("/rules")
    path.write_text(path.read_text().replace('reply = "acknowledge"', 'reply = "acknowlege"', 1))
    page = unescape(ada.open("/rules").text)
    assert "rules.toml was changed and cannot be used" in page
    assert "did you mean `acknowledge`?" in page
    assert "asks how to sign up" in page


def test_a_pasted_mail_is_tried_and_not_kept(store: Store, ada: Visitor) -> None:
    ada.open("/rules/try")
    with store.reading() as db:
        before = db.execute(select(events)).all()
    page = unescape(ada.send("/rules/try", words=f"Subject: A workshop for our group\n\n{REQUEST}").text)
    for shown in ("Training, 9", "asks us to run a session", "Number of people: 20", "would like to book a workshop", "srcdoc="):
        assert shown in page
    with store.reading() as db:
        assert db.execute(select(events)).all() == before


def test_whoever_tries_a_mail_while_another_is_tried_is_told_at_once(ada: Visitor) -> None:
    ada.open("/rules/try")
    with trying._one_at_a_time:
        answer = ada.send("/rules/try", words=REQUEST)
    assert (answer.status_code, "press again in a moment" in answer.text, REQUEST in answer.text) == (429, True, True)
    assert ada.send("/rules/try", words=REQUEST).status_code == 200


def test_nothing_pasted_is_said_and_what_was_written_stays(ada: Visitor) -> None:
    ada.open("/rules/try")
    assert ada.send("/rules/try", words=" ").status_code == 422
    assert ada.send("/rules/try", message="EDI-9999").status_code == 422
    assert 'value="EDI-9999"' in ada.page
    assert "There is no case EDI-9999." in ada.page


def test_a_kept_message_is_read_on_record_and_only_by_whom_it_is_for(store: Store, desk: TestClient, ada: Visitor) -> None:
    with store.writing() as db:
        filed_message(db, filed_case(db, Kind.STORY), raw_mail("I said stop."), kind=Kind.STORY)
    ada.open("/rules/try")
    assert ada.send("/rules/try", message="EDI-0001").status_code == 200
    with store.reading() as db:
        assert db.execute(select(events.c.who).where(events.c.what == "read story")).scalars().all() == ["ada"]
    adam = _signed_in(desk, store, "adam", Role.ADVISER)
    adam.open("/rules/try")
    assert adam.send("/rules/try", message="1").status_code == 403
    with store.reading() as db:
        assert db.execute(select(events.c.who).where(events.c.what == "read story")).scalars().all() == ["ada"]


def test_only_what_was_looked_at_is_saved_and_the_former_file_can_come_back(store: Store, path: Path, ada: Visitor) -> None:
    former = path.read_text()
    changed = former.replace("confidence = 0.85", "confidence = 0.99")
    ada.open("/rules/change")
    assert ada.send("/rules/change", decision="save", text=changed).status_code == 422
    assert path.read_text() == former
    assert ada.send("/rules/change", decision="check", text=changed.replace("\n", "\r\n")).status_code == 303
    assert "No mistakes were found in it." in ada.open("/rules/change").text
    assert ada.send("/rules/change", decision="save", text=changed + "# more\n").status_code == 422
    ada.send("/rules/change", decision="check", text=changed)
    assert ada.send("/rules/change", decision="save", text=changed).headers["location"] == "/rules?done=saved"
    assert path.read_text() == changed
    assert "The changed file is saved." in ada.open("/rules?done=saved").text
    assert "The former file is back" not in ada.open("/rules?done=undone").text
    assert ada.send("/rules/former").headers["location"] == "/rules?done=undone"
    assert path.read_text() == former
    number = former.count("confidence = 0.85")
    counted = f"lines: {number} written, {number} taken out"
    assert _changes(store) == [("changed rules", counted), ("put the former rules back", counted)]


def test_mistakes_are_told_with_their_lines_and_the_text_is_kept(path: Path, ada: Visitor) -> None:
    ada.open("/rules/change")
    wrong = path.read_text().replace('template = "training"', 'template = "../../etc/passwd"')
    answer = ada.send("/rules/change", decision="check", text=wrong)
    assert answer.status_code == 422
    assert "There is no template ../../etc/passwd.md" in answer.text
    answer = ada.send("/rules/change", decision="try", text=wrong.replace("\nweight = 2\n", "\nweight = 200\n", 1))
    assert "write at most 10" in answer.text
    assert "<code>weight = 200</code>" in answer.text
    assert "weight = 200" in ada.open("/rules/change").text.partition("<textarea")[2]


@pytest.mark.parametrize("text", ["a = " + "[" * 20_000, "x" * 200_001, "", "\x00"])
def test_whatever_is_sent_as_a_file_is_answered_in_sentences(ada: Visitor, text: str) -> None:
    ada.open("/rules/change")
    assert ada.send("/rules/change", decision="check", text=text).status_code == 422
    assert 'role="alert"' in ada.page


def test_a_file_that_another_has_changed_meanwhile_is_not_written_over(store: Store, path: Path, ada: Visitor) -> None:
    ada.open("/rules/change")
    mine = path.read_text() + "# mine\n"
    ada.send("/rules/change", decision="check", text=mine)
    path.write_text(path.read_text() + "# theirs\n")
    answer = ada.send("/rules/change", decision="save", text=mine)
    assert answer.status_code == 409
    assert "Somebody has changed rules.toml since you opened it." in answer.text
    assert "# mine" in answer.text
    assert "<del>-# theirs</del>" in answer.text
    assert path.read_text().endswith("# theirs\n")
    assert _changes(store) == []
    ada.send("/rules/change", decision="check", text=mine)
    ada.open("/rules/change")
    assert ada.send("/rules/change", decision="save", text=mine).status_code == 303
    assert path.read_text() == mine


def test_the_larger_limit_is_for_these_pages_alone(ada: Visitor) -> None:
    ada.open("/rules/change")
    assert ada.send("/rules/change", decision="check", text="#" * 150_000).status_code == 422
    assert ada.send("/rules/former", text="#" * 150_000).status_code == 413
    assert ada.send("/rules/change", decision="check", text="#" * 1_100_000).status_code == 413


def test_there_is_nothing_to_put_back_before_anything_was_saved(path: Path, ada: Visitor) -> None:
    ada.open("/rules/change")
    assert ada.send("/rules/former").status_code == 422
    assert not saving.before(path).exists()


def _waits(begun: threading.Event, goes: threading.Event) -> Work:
    """A trial that waits until it may go on, and asks whether it is still wanted."""

    def work(goes_on: Progress) -> Comparison:
        begun.set()
        assert goes.wait(10)
        return Comparison(wanted=2, tried=1 + goes_on(Comparison()))

    return work


def test_one_trial_runs_at_a_time_and_ones_own_takes_its_place() -> None:
    sketches, begun, goes = Sketches(), threading.Event(), threading.Event()
    mine, theirs = sketches.keep("ada", "a = 1", "x"), sketches.keep("bo", "a = 2", "x")
    sketches.start("ada", mine, _waits(begun, goes))
    assert begun.wait(10)
    with pytest.raises(UserError, match="ada is trying a file just now"):
        sketches.start("bo", theirs, _waits(begun, goes))
    first = mine.trial
    sketches.start("ada", sketches.keep("ada", "a = 3", "x"), _waits(begun, goes))
    goes.set()
    again = sketches.of("ada")
    assert first and again and again.trial
    assert first.ended.wait(10)
    assert again.trial.ended.wait(10)
    assert (first.found.tried, again.trial.found.tried) == (1, 2)


def test_a_trial_that_fails_says_so_without_the_words_of_a_message() -> None:
    sketches = Sketches()

    def broken(_: Progress) -> Comparison:
        raise RuntimeError("Priya Nair")

    sketch = sketches.keep("ada", "a = 1", "x")
    sketches.start("ada", sketch, broken)
    assert sketch.trial
    assert sketch.trial.ended.wait(10)
    assert sketch.trial.problem == "That went wrong, and it is our fault; it is in the log."


def test_old_mail_counts_no_more(store: Store, ada: Visitor) -> None:
    with store.writing() as db:
        filed_message(db, None, raw_mail("x"), arrived=NOW - timedelta(days=31), reasons=[reason_to_json(SIGN_UP)])
    assert "Counted over the 0 messages" in ada.open("/rules").text
