"""A contributor is asked about one very text, once, in their own conversation; and what they answer comes back to a person."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest
from sqlalchemy import select, update

from letters import STORY
from mailflow import asking, pipeline, settings
from mailflow.deciding import House
from mailflow.domain import CHECKLIST, Agreement, CaseState, Decision, EditedText, MessageState, Mode, OutgoingState, StoryState
from mailflow.errors import UserError
from mailflow.store import askings, resolving, reviewing, storyfiles, texts
from mailflow.store.database import Store
from mailflow.store.tables import cases, events, messages, outgoings
from receiving_mail import CENTRE, NOW, put_to_rest

ROOT = Path(__file__).parents[2]
LATER = NOW + timedelta(hours=2)
TEXT = EditedText("Salt & <b>pepper</b>", "I *said* so.\nShe heard me.\n\n> And that was all.", checked=CHECKLIST)


@pytest.fixture(scope="module")
def live() -> House:
    files = {"rules": ROOT / "rules.toml", "templates": ROOT / "templates"}
    return House.build(settings.load(_env_file=None, mode="live", **files))


@pytest.fixture
def told(store: Store, live: House) -> Iterator[Store]:
    """A story came, and a reviewer has written what may be shown."""
    receive(store, live, "<story@university.example>", STORY)
    with store.writing() as db:
        texts.save(db, 1, "ada", 0, TEXT, NOW)
    yield store


def receive(store: Store, house: House, message_id: str, text: str, answers: str | None = None, **headers: str) -> None:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = (
        "Sam Ode <sam@university.example>",
        f"{CENTRE}, tutor@university.example",
        "A story",
    )
    mail["Date"], mail["Message-ID"] = "Tue, 24 Nov 2026 09:00:00 +0000", message_id
    if answers:
        mail["In-Reply-To"] = mail["References"] = answers
    mail.set_content(text)
    with store.reading() as db:
        before = len(db.execute(select(messages.c.id)).all())
    put_to_rest(store, mail.as_bytes(), first_uid=before + 1)
    with store.writing() as db:
        db.execute(update(messages).where(messages.c.id == before + 1).values(received_at=LATER if answers else NOW))
    while pipeline.process(store, house, "here/1/1", NOW):
        pass


def ask(store: Store, house: House, by: str = "ada", **given: object) -> asking.Asked:
    with store.writing() as db:
        return asking.ask(db, house, 1, by, NOW, **given)  # type: ignore[arg-type]


def outbox(store: Store) -> list[tuple[OutgoingState, list[str]]]:
    with store.reading() as db:
        mails = select(outgoings.c.state, outgoings.c.recipients).where(outgoings.c.purpose == "asking").order_by(outgoings.c.id)
        return [tuple(row) for row in db.execute(mails)]


@pytest.mark.parametrize("mode", [Mode.LIVE, Mode.DRAFTS])
def test_the_question_quotes_the_very_text_to_the_contributor_alone_in_their_conversation(
    told: Store, live: House, mode: Mode
) -> None:
    done = ask(told, replace(live, mode=mode))
    assert (done.state, done.leaves) == (StoryState.ASKED, True)
    assert outbox(told) == [(OutgoingState.QUEUED, ["sam@university.example"])]
    mail = message_from_bytes(done.mail.raw, policy=default)
    assert (mail["To"], mail["Cc"], mail["Auto-Submitted"]) == ("sam@university.example", None, None)
    assert mail["In-Reply-To"] == "<story@university.example>"
    with told.reading() as db:
        token = db.execute(select(cases.c.token)).scalar_one()
        assert db.execute(select(cases.c.state)).scalar_one() is CaseState.WAITING
        done_by = db.execute(select(events.c.who, events.c.what).order_by(events.c.id.desc())).first()
    assert f"EDI-0001-{token}" in mail["Subject"]
    quoted = "> Salt & <b>pepper</b>\n>\n> I *said* so.\n> She heard me.\n>\n> > And that was all."
    text = mail.get_body(("plain",)).get_content().replace("\r\n", "\n")  # type: ignore[union-attr]
    assert quoted in text
    assert "nothing is published" in text and "withdraw" in text
    assert "Salt &amp; &lt;b&gt;pepper&lt;/b&gt;" in mail.get_body(("html",)).get_content()  # type: ignore[union-attr]
    assert done_by and tuple(done_by) == ("ada", "asked the contributor")


def test_what_is_previewed_is_what_is_sent_and_previewing_leaves_nothing(told: Store, live: House) -> None:
    with told.reading() as db:
        seen = asking.preview(db, live, 1, NOW)
        other = asking.preview(db, live, 1, NOW, replace(TEXT, shown="Another text."))
    assert outbox(told) == []
    assert (seen.text, seen.subject, seen.once) == ((sent := ask(told, live).mail).text, sent.subject, sent.once)
    assert "Another text." in other.text and other.once != sent.once


def test_in_rehearsal_nothing_leaves_and_the_story_does_not_move(told: Store, live: House) -> None:
    done = ask(told, replace(live, mode=Mode.REHEARSAL))
    assert (done.state, done.leaves) == (StoryState.IN_REVIEW, False)
    assert "nothing has left" in done.sentence
    assert outbox(told) == [(OutgoingState.REHEARSED, ["sam@university.example"])]
    with told.reading() as db:
        assert askings.latest(db, 1) is None
    assert ask(told, live).leaves  # what was rehearsed stands in nobody's way
    assert [state for state, _ in outbox(told)] == [OutgoingState.REHEARSED, OutgoingState.QUEUED]


def test_a_contributor_is_asked_about_a_text_once_and_about_another_again(told: Store, live: House) -> None:
    ask(told, live)
    with pytest.raises(UserError, match="asked about this very text before"):
        ask(told, live, "bo")
    ask(told, live, "bo", text=replace(TEXT, shown="Another text."))
    assert len(outbox(told)) == 2


def test_a_question_that_was_had_back_may_be_asked_again(told: Store, live: House) -> None:
    ask(told, live)
    with told.writing() as db:
        number = db.execute(select(outgoings.c.id).where(outgoings.c.purpose == "asking")).scalar_one()
        assert resolving.cancel(db, number, "ada", NOW)
    ask(told, live)
    assert [state for state, _ in outbox(told)] == [OutgoingState.CANCELLED, OutgoingState.QUEUED]


def test_nobody_asks_on_what_they_have_not_read_nor_about_nothing(told: Store, live: House) -> None:
    with told.reading() as db:
        seen = storyfiles.unread_story(db, 1).seen
    with pytest.raises(UserError, match="no title"):
        ask(told, live, text=replace(TEXT, title=""))
    with told.writing() as db:
        texts.save(db, 1, "bo", 1, replace(TEXT, shown="Bo's text."), NOW)
    with pytest.raises(UserError, match="changed since you opened it"):
        ask(told, live, seen=seen)
    assert outbox(told) == []


@pytest.mark.parametrize(
    ("answer", "reads", "state"),
    [
        ("Yes, that is fine.", Agreement.YES, StoryState.CONSENTED),
        ("Could you take out the salt?", Agreement.CHANGE, StoryState.IN_REVIEW),
        ("No, sorry.", Agreement.NO, StoryState.IN_REVIEW),
    ],
)
def test_their_answer_waits_for_a_person_who_confirms_it(
    told: Store, live: House, answer: str, reads: Agreement, state: StoryState
) -> None:
    done = ask(told, live)
    receive(told, live, "<answer@university.example>", answer, done.mail.message_id)
    with told.writing() as db:
        case, message = (
            db.execute(select(cases.c.state)).scalar_one(),
            db.execute(select(messages).where(messages.c.id == 2)).one(),
        )
        assert (case, message.state, message.case_id) == (CaseState.OPEN, MessageState.HELD, 1)
        assert message.hold["name"] == "about-a-story"
        assert storyfiles.unread_story(db, 1).state is StoryState.ASKED
        asked = askings.latest(db, 1)
        assert asked and asked.candidate == 2
        assert askings.confirm(db, 1, asked.id, reads, "ada", 2, "", LATER) is state


@pytest.mark.parametrize("answer", ["withdraw", "Please take it down.", "I have changed my mind, please withdraw my story."])
def test_one_word_of_theirs_takes_down_what_is_published(told: Store, live: House, answer: str) -> None:
    done = ask(told, live)
    with told.writing() as db:
        asked = askings.latest(db, 1)
        assert asked
        askings.confirm(db, 1, asked.id, Agreement.YES, "ada", None, "They rang.", NOW)
        for decision in (Decision.APPROVE, Decision.PUBLISH):
            reviewing.decide(db, 1, decision, "ada", "", NOW, reviewers=1)
        assert storyfiles.unread_story(db, 1).published_at == NOW
    receive(told, live, "<down@university.example>", answer, done.mail.message_id)
    with told.reading() as db:
        read = storyfiles.unread_story(db, 1)
    assert (read.state, read.published_at, read.approvals) == (StoryState.WITHDRAWN, None, ())


def test_where_no_message_of_theirs_is_left_the_question_starts_a_conversation_of_its_own(told: Store, live: House) -> None:
    with told.writing() as db:
        db.execute(update(messages).values(sender="other@university.example"))
    mail = message_from_bytes(ask(told, live).mail.raw, policy=default)
    assert (mail["To"], mail["In-Reply-To"]) == ("sam@university.example", None)
