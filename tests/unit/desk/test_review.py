"""The review of a story at the desk: what the page shows, what a form on it says, and what it refuses."""

import re
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import func, select

from filed import NAMED, NOW, SHOWN, filed_message, filed_story, raw_mail, ready_story
from mailflow import settings
from mailflow.desk.app import build
from mailflow.desk.stories.told import Told
from mailflow.domain import CHECKLIST, Agreement, Consent, Identifier, Kind, Ruling, StoryState, Whose
from mailflow.domain.plain import ruled_from_json
from mailflow.store import sessions, storyfiles, texts
from mailflow.store.database import Store
from mailflow.store.tables import askings, events, outgoings, stories
from visiting import Clock, Visitor, main_part

FOUND = {**NAMED, "wording": "my colleague"}
DRAFT = "I said to my colleague that the joke about her accent was not funny. Two people thanked me."


@pytest.fixture
def with_folder(store: Store, clock: Clock, tmp_path: Path) -> Iterator[tuple[Visitor, Path]]:
    """Ada at a desk that writes the published stories into a folder, too."""
    folder = tmp_path / "website"
    with store.writing() as db:
        token = sessions.start(db, "ada", NOW)
    house = settings.load(desk_url=None, mode="drafts", stories_folder=folder)
    with TestClient(build(store, house, clock=clock), cookies={"mailflow": token}, follow_redirects=False) as browser:
        yield Visitor(browser), folder


def _kept(store: Store) -> dict[str, object]:
    with store.reading() as db:
        return dict(db.execute(select(stories)).mappings().first() or {})


def _rulings(store: Store) -> list[tuple[str, Ruling, str, Whose]]:
    with store.reading() as db:
        kept = db.execute(select(stories.c.rulings)).scalar_one()
    return [(one.text, one.ruling, one.wording, one.whose) for one in map(ruled_from_json, kept)]


def _events(store: Store) -> list[str]:
    with store.reading() as db:
        query = select(events.c.what).where(events.c.case_id.is_not(None)).order_by(events.c.id)
        return list(db.execute(query).scalars())


def _written(visitor: Visitor, part: str = "text") -> str:
    return re.search(rf'<textarea[^>]*name="{part}"[^>]*>\n?(.*?)</textarea>', visitor.page, re.DOTALL)[1]  # type: ignore[index]


def test_what_was_sent_is_shown_marked_and_what_may_be_shown_is_proposed(store: Store, ada: Visitor) -> None:
    with store.writing() as db:
        filed_story(db, identifiers=(FOUND,))
    page = ada.open("/review/edi-1").text
    assert 'title="Name: A name of somebody else."><a href="#i1">Priya Nair</a>' in page
    assert '<sup>1</sup><span class="unseen"> (Name)</span></mark>' in page
    assert "The contributor is willing to be published without names." in page
    assert '<time datetime="2026-11-22T10:00:00+00:00">22 November 2026, 10:00</time>' in page
    assert _written(ada).startswith(DRAFT)
    assert _kept(store)["version"] == 0
    assert _events(store) == ["read story"]


def test_a_story_that_there_is_not_is_said_in_words_for_the_web(ada: Visitor) -> None:
    for way in ("", "/others", "/asking", "/take-down"):
        answer = ada.open(f"/review/EDI-0042{way}")
        assert (answer.status_code, "There is no story EDI-0042." in answer.text) == (404, True) or way == "/others"


def test_what_is_said_of_an_identifier_is_kept_and_the_text_follows(store: Store, ada: Visitor) -> None:
    with store.writing() as db:
        filed_story(db, identifiers=(FOUND,))
    ada.open("/review/EDI-0001")
    fields = {"text": _written(ada), "title": "A word", "wording-10-20": "a friend", "whose-10-20": "person helped"}
    assert ada.send("/review/EDI-0001/text", **fields).headers["location"] == "/review/EDI-0001#shown-h"
    assert _rulings(store) == [("Priya Nair", Ruling.CHANGED, "a friend", Whose.HELPED)]
    assert str(_kept(store)["shown"]).startswith("I said to a friend that")
    ada.open("/review/EDI-0001")
    ada.send(
        "/review/EDI-0001/text", text=f"{_written(ada)} Indeed.", **{"ruling-10-20": "dismissed", "wording-10-20": "a friend"}
    )
    assert str(_kept(store)["shown"]).startswith("I said to Priya Nair that")
    assert str(_kept(store)["shown"]).endswith("Indeed."), "what was written by hand stays"
    assert _kept(store)["state"] is StoryState.IN_REVIEW
    assert _events(store).count("text saved") == 1


def test_the_text_is_made_anew_only_when_asked_for(store: Store, ada: Visitor) -> None:
    with store.writing() as db:
        filed_story(db, identifiers=(FOUND,))
    ada.open("/review/EDI-0001")
    ada.send("/review/EDI-0001/text", text="All by hand.")
    assert _kept(store)["shown"] == "All by hand."
    ada.open("/review/EDI-0001")
    ada.send("/review/EDI-0001/text", text="All by hand.", then="accept all")
    assert (_kept(store)["shown"], _rulings(store)[0][1]) == ("All by hand.", Ruling.ACCEPTED)
    ada.open("/review/EDI-0001")
    ada.send("/review/EDI-0001/text", text="All by hand.", then="anew")
    assert str(_kept(store)["shown"]).startswith(DRAFT)


def test_other_words_are_marked_wherever_they_stand_and_only_there(store: Store, ada: Visitor) -> None:
    with store.writing() as db:
        filed_story(
            db, text="Bo saw it. I told Priya Nair from Physics. Bo\nleft.", identifiers=({**FOUND, "start": 18, "end": 28},)
        )
    ada.open("/review/EDI-0001")
    answer = ada.send("/review/EDI-0001/text", text=_written(ada), then="mark", further="nobody")
    assert (answer.status_code, _kept(store)["version"]) == (409, 0)
    assert "do not stand in the story" in answer.text
    ada.send("/review/EDI-0001/text", text=_written(ada), then="mark", further="Bo")
    assert [text for text, *_ in _rulings(store)] == ["Bo", "Priya Nair", "Bo"]
    ada.open("/review/EDI-0001")
    answer = ada.send("/review/EDI-0001/text", text=_written(ada), then="mark", further="Nair  from Physics")
    assert answer.headers["location"] == "/review/EDI-0001#i2"
    assert [text for text, *_ in _rulings(store)] == ["Bo", "Priya Nair from Physics", "Bo"], "one mark holds both"


def test_a_page_that_saves_by_itself_is_answered_with_its_pieces(store: Store, ada: Visitor) -> None:
    with store.writing() as db:
        filed_story(db, identifiers=(FOUND,))
    ada.open("/review/EDI-0001")
    token, version, text = ada.hidden("csrf"), ada.hidden("version"), _written(ada)
    fields = {"csrf": token, "version": version, "text": text, "by_itself": "true", "ruling-10-20": "dismissed"}
    answer = ada.browser.post("/review/EDI-0001/text", data=fields)
    assert answer.status_code == 200
    assert "<main" not in answer.text
    for shown in ('name="version" value="1"', "Saved today at", "1 of 1 settled.", "I said to Priya Nair"):
        assert shown in answer.text
    answer = ada.browser.post("/review/EDI-0001/text", data={**fields, "text": "Another."})
    assert (answer.status_code, "ada has saved another version" in answer.text) == (409, True)
    assert _events(store).count("read story") == 1, "a save reads nothing anew"


def test_words_that_are_to_go_and_still_stand_in_the_text_are_named(store: Store, ada: Visitor) -> None:
    with store.writing() as db:
        filed_story(db, identifiers=(FOUND,))
    assert "Still in it" not in ada.open("/review/EDI-0001").text
    ada.send("/review/EDI-0001/text", text="Priya Nair was there.")
    assert "Still in it: <q>Priya Nair</q>" in ada.open("/review/EDI-0001").text


def test_who_comes_second_keeps_what_they_typed_and_sees_the_other_text(store: Store, ada: Visitor) -> None:
    with store.writing() as db:
        filed_story(db, identifiers=(FOUND,))
    ada.open("/review/EDI-0001")
    with store.writing() as db:
        texts.save(db, 1, "rosa", 0, SHOWN, NOW)
    for way, more in (("/text", {}), ("", {"decision": "approve"}), ("/asking", {})):
        ada.open("/review/EDI-0001")
        stale = {"version": "0", "seen": "received-1-0", "title": "Mine", "text": "My own text.", "wording-10-20": "a friend"}
        answer = ada.send(f"/review/EDI-0001{way}", **stale, **more)
        assert answer.status_code == 409
        assert 'role="alert"' in answer.text
        for shown in ('value="Mine"', "My own text.", 'value="a friend"', "As rosa saved it", SHOWN.shown):
            assert shown in answer.text, (way, shown)
    assert _kept(store)["shown"] == SHOWN.shown


def test_a_decision_saves_what_was_written_first(store: Store, ada: Visitor) -> None:
    with store.writing() as db:
        filed_story(db, identifiers=(FOUND,))
    ada.open("/review/EDI-0001")
    data = {
        "csrf": ada.hidden("csrf"),
        "seen": ada.hidden("seen"),
        "title": "A word",
        "text": "All by hand.",
        "decision": "approve",
    }
    answer = ada.browser.post("/review/EDI-0001", data=data)
    assert (answer.status_code, "has not seen this text yet" in answer.text, _kept(store)["version"]) == (409, True, 0)
    data["agreed"] = "On the phone."
    answer = ada.browser.post("/review/EDI-0001", data=data)
    assert (answer.status_code, "Tick every line" in answer.text, _kept(store)["version"]) == (409, True, 0)
    answer = ada.browser.post("/review/EDI-0001", data={**data, "checked": list(CHECKLIST)})
    assert answer.headers["location"] == "/review/EDI-0001?done=true"
    assert (_kept(store)["state"], _kept(store)["shown"]) == (StoryState.APPROVED, "All by hand.")
    assert "Approved. That is on record; nothing is published by it." in ada.open("/review/EDI-0001?done=true").text


@pytest.mark.parametrize(
    ("decision", "start", "state", "said"),
    [
        ("publish", StoryState.APPROVED, StoryState.PUBLISHED, "Published: anybody can read it now."),
        ("take-down", StoryState.PUBLISHED, StoryState.IN_REVIEW, "Taken down: nobody can read it any more."),
        ("themes", StoryState.IN_REVIEW, StoryState.THEMES, "Kept for its themes."),
        ("hold", StoryState.APPROVED, StoryState.IN_REVIEW, "Back in review."),
        ("decline", StoryState.RECEIVED, StoryState.DECLINED, "Declined. It will not be published."),
    ],
)
def test_a_decision_is_taken_and_told(
    store: Store, ada: Visitor, decision: str, start: StoryState, state: StoryState, said: str
) -> None:
    with store.writing() as db:
        ready_story(db, start, approved_by=("ada",), agreed=True)
    ada.open("/review/EDI-0001/take-down" if decision == "take-down" else "/review/EDI-0001")
    answer = ada.send("/review/EDI-0001", decision=decision, reason="Because.")
    assert (answer.status_code, _kept(store)["state"]) == (303, state)
    assert said in ada.open("/review/EDI-0001?done=true").text


def test_what_is_published_is_in_the_folder_at_once_and_gone_from_it_when_taken_down(
    store: Store, with_folder: tuple[Visitor, Path]
) -> None:
    visitor, folder = with_folder
    with store.writing() as db:
        ready_story(db, StoryState.APPROVED, approved_by=("ada",), agreed=True)
    visitor.open("/review/EDI-0001")
    assert visitor.send("/review/EDI-0001", decision="publish").status_code == 303
    assert SHOWN.shown in (folder / "index.html").read_text()
    visitor.open("/review/EDI-0001/take-down")
    assert visitor.send("/review/EDI-0001", decision="take-down").status_code == 303
    assert SHOWN.shown not in (folder / "index.html").read_text()


def test_where_the_folder_cannot_be_written_the_decision_stands_and_its_reviewer_is_told(
    store: Store, with_folder: tuple[Visitor, Path]
) -> None:
    visitor, folder = with_folder
    with store.writing() as db:
        ready_story(db, StoryState.APPROVED, approved_by=("ada",), agreed=True)
    folder.write_text("No folder.")
    visitor.open("/review/EDI-0001")
    answer = visitor.send("/review/EDI-0001", decision="publish")
    assert (answer.status_code, _kept(store)["state"]) == (200, StoryState.PUBLISHED)
    assert "Published: anybody can read it now." in answer.text
    assert re.search(r'role="alert"[^>]*>It is done, but not in the folder of the website yet\.', answer.text)


def test_declining_without_a_reason_is_refused_with_the_page_still_there(store: Store, ada: Visitor) -> None:
    with store.writing() as db:
        filed_story(db)
    ada.open("/review/EDI-0001")
    answer = ada.send("/review/EDI-0001", decision="decline", reason="  ")
    assert answer.status_code == 409
    assert 'role="alert" id="problem">Say why EDI-0001 is declined: a reason is needed.' in answer.text
    assert "Priya Nair" in answer.text
    assert ada.send("/review/EDI-0001", decision="burn").status_code == 422
    assert _kept(store)["state"] is StoryState.RECEIVED


@pytest.mark.parametrize(
    ("state", "consent", "offered"),
    [
        (StoryState.RECEIVED, Consent.ANONYMOUS, ["approve", "themes", "hold", "decline"]),
        (StoryState.RECEIVED, Consent.NONE, ["themes", "hold", "decline"]),
        (StoryState.APPROVED, Consent.NAMED, ["publish", "themes", "hold", "decline"]),
        (StoryState.DECLINED, Consent.NAMED, ["themes", "hold"]),
        (StoryState.PUBLISHED, Consent.NAMED, []),
        (StoryState.WITHDRAWN, Consent.NAMED, []),
    ],
)
def test_only_what_may_be_decided_is_offered(
    store: Store, ada: Visitor, state: StoryState, consent: Consent, offered: list[str]
) -> None:
    with store.writing() as db:
        filed_story(db, state, consent)
    page = ada.open("/review/EDI-0001").text
    assert re.findall(r'name="decision" value="([\w-]+)"', page) == offered
    assert ("take-down" in page) is (state is StoryState.PUBLISHED)
    assert ('name="text"' in page) is (state in (StoryState.RECEIVED, StoryState.APPROVED))


def test_the_contributor_is_asked_with_the_very_mail_that_was_shown(store: Store, ada: Visitor) -> None:
    with store.writing() as db:
        filed_story(db, consent=Consent.UNSTATED, identifiers=(FOUND,))
    ada.open("/review/EDI-0001")
    answer = ada.send("/review/EDI-0001/asking", text="All by hand.", title="A word")
    assert answer.headers["location"] == "/review/EDI-0001/asking"
    page = ada.open("/review/EDI-0001/asking").text
    with store.reading() as db:
        assert db.execute(select(func.count()).select_from(outgoings)).scalar_one() == 0, "looking at it sends nothing"
    assert ada.send("/review/EDI-0001/asked").status_code == 303
    with store.reading() as db:
        mail = db.execute(select(outgoings.c.recipients, outgoings.c.subject, outgoings.c.text)).one()
    assert mail.recipients == ["sam.ode@university.example"]
    assert "All by hand." in mail.text
    assert "All by hand." in main_part(page)
    assert "Their answer comes back here." in ada.open("/review/EDI-0001?done=true").text
    assert _kept(store)["state"] is StoryState.ASKED


def test_there_is_nothing_to_ask_without_a_title(store: Store, ada: Visitor) -> None:
    with store.writing() as db:
        filed_story(db, identifiers=(FOUND,))
    ada.open("/review/EDI-0001")
    answer = ada.send("/review/EDI-0001/asking", text="All by hand.", title="")
    assert (answer.status_code, "has no title yet" in answer.text, "All by hand." in answer.text) == (409, True, True)
    assert "There is no mail to be sent yet." in ada.open("/review/EDI-0001/asking").text


def _asked(
    store: Store,
    ada: Visitor,
    clock: Clock,
    answer: str,
    consent: Consent = Consent.UNSTATED,
    *,
    before: Sequence[str] | None = None,
) -> int:
    with store.writing() as db:
        ready_story(db, consent=consent)
    assert before is None or _main_button(ada) == before
    ada.open("/review/EDI-0001/asking")
    ada.send("/review/EDI-0001/asked")
    clock.passes(timedelta(hours=1))
    with store.writing() as db:
        return filed_message(db, 1, raw_mail(answer), kind=Kind.STORY, arrived=clock.now, received_at=clock.now)


@pytest.mark.parametrize(("words", "reads"), [("Yes, please do!", "yes"), ("No, sorry.", "no"), ("Hmm.", "not clear")])
def test_their_answer_is_shown_with_how_it_reads_and_counts_once_confirmed(
    store: Store, ada: Visitor, clock: Clock, words: str, reads: str
) -> None:
    message = _asked(store, ada, clock, words)
    page = ada.open("/review/EDI-0001").text
    assert words.replace("'", "&#39;") in page
    assert f"It reads as: <strong>{reads}" in page
    assert "their answer waits for you" in ada.open("/review").text
    assert _kept(store)["state"] is StoryState.ASKED, "nothing counts until somebody confirms it"
    ada.open("/review/EDI-0001")
    assert ada.send(f"/review/EDI-0001/answer?message={message}", answer="yes", asking="1").status_code == 303
    with store.reading() as db:
        told = db.execute(select(askings.c.answer, askings.c.message, askings.c.confirmed_by)).one()
    assert tuple(told) == (Agreement.YES, message, "ada")
    page = ada.open("/review/EDI-0001?done=true").text
    assert "Their answer is on record." in page
    assert "It reads as" not in page
    assert f"They answered <strong>yes</strong> (message {message}), as ada confirmed" in page
    assert _kept(store)["state"] is StoryState.CONSENTED


def test_an_answer_that_came_otherwise_is_put_on_record_with_how(store: Store, ada: Visitor, clock: Clock) -> None:
    _asked(store, ada, clock, "Let us talk.")
    ada.open("/review/EDI-0001")
    answer = ada.send("/review/EDI-0001/answer", answer="no", asking="1")
    assert (answer.status_code, "say how else they did" in answer.text) == (409, True)
    assert ada.send("/review/EDI-0001/answer", answer="no", asking="1", note="On the phone.").status_code == 303
    assert "On the phone." in ada.open("/review/EDI-0001").text
    assert _kept(store)["consent"] is Consent.NONE


def _main_button(visitor: Visitor) -> list[str]:
    return re.findall(r'<button class="main" formaction[^>]*>([^<]*)</button>', visitor.open("/review/EDI-0001").text)


def test_asking_comes_first_and_approving_once_they_have_agreed_to_the_text(store: Store, ada: Visitor, clock: Clock) -> None:
    message = _asked(store, ada, clock, "Yes.", Consent.NAMED, before=["Ask the contributor"])
    assert _main_button(ada) == ["Confirm: yes"]
    ada.send(f"/review/EDI-0001/answer?message={message}", answer="yes", asking="1")
    assert _main_button(ada) == ["Approve"]
    ada.send("/review/EDI-0001/text", text="Another text.", title="A word in time")
    assert _main_button(ada) == ["Ask again"]


def test_where_nobody_was_asked_who_approves_says_how_they_agreed(store: Store, ada: Visitor) -> None:
    with store.writing() as db:
        ready_story(db, consent=Consent.UNSTATED)
    assert 'name="agreed"' in ada.open("/review/EDI-0001").text
    refused = ada.send("/review/EDI-0001", decision="approve")
    assert (refused.status_code, _kept(store)["state"]) == (409, StoryState.IN_REVIEW)
    assert ada.send("/review/EDI-0001", decision="approve", agreed="On the phone.").status_code == 303
    assert "put on record" in ada.open("/review/EDI-0001").text


def test_who_else_has_the_story_open_is_told_and_asking_for_it_is_no_reading(store: Store, ada: Visitor, clock: Clock) -> None:
    with store.writing() as db:
        filed_story(db)
        storyfiles.story(db, 1, "rosa", NOW)
    clock.passes(timedelta(minutes=3))
    assert "Rosa opened this story 3 minutes ago." in ada.open("/review/EDI-0001").text
    assert "rosa has it open" in ada.open("/review").text
    assert "Rosa opened this story 3 minutes ago." in ada.open("/review/EDI-0001/others").text
    assert _events(store) == ["read story", "read story"]


def test_a_page_left_open_keeps_nobody_signed_in(store: Store, ada: Visitor, clock: Clock) -> None:
    with store.writing() as db:
        filed_story(db)
    for _ in range(3):
        clock.passes(timedelta(minutes=50))
        last = ada.open("/review/EDI-0001/others")
    assert last.status_code == 303, "it asks by itself every half minute, and that is no use of the session"


def test_what_a_contributor_writes_later_is_read_openly_with_its_own_identifiers(store: Store, ada: Visitor) -> None:
    with store.writing() as db:
        ready_story(db, StoryState.APPROVED, approved_by=("ada",))
        db.execute(stories.update().values(decided_by="ada", decided_at=NOW - timedelta(days=1)))
        for hours, text in ((30, "I forgot the place."), (1, "Please ring me on 020 7946 0123 before it appears.")):
            filed_message(db, 1, raw_mail(text), kind=Kind.STORY, arrived=NOW - timedelta(hours=hours))
    page = openly = ada.open("/review/EDI-0001").text
    while "<details" in openly:
        openly = re.sub(r"<details(?:(?!<details).)*?</details>", "", openly, flags=re.DOTALL)
    found = [openly.index(words) for words in ("the joke about her accent", "I forgot the place.", "Please ring me on")]
    assert found == sorted(found)
    assert re.search(r'<mark class="sort-phone"[^>]*>020 7946 0123<span class="unseen"> \(Phone number\)</span></mark>', openly)
    assert page.count("It came after the decision") == 1
    assert "A later message came after this decision." in page


def test_stories_are_listed_in_the_order_of_their_journey_and_page_by_page(store: Store, ada: Visitor) -> None:
    with store.writing() as db:
        for state in (StoryState.WITHDRAWN, StoryState.APPROVED, *[StoryState.RECEIVED] * 61):
            filed_story(db, state)
        ready_story(db, StoryState.PUBLISHED)
    page = ada.open("/review").text
    assert re.findall(r'<h2 id="s-(\w+)"', page) == ["received", "approved", "published", "withdrawn"]
    assert 'href="/review/EDI-0064/take-down"' in page
    assert "All 61: received" in page
    assert "Priya" not in main_part(page)
    first = ada.open("/review?state=received").text
    assert (first.count('class="line"'), 'href="/review?state=received&amp;after=52"' in first) == (50, True)
    second = ada.open("/review?state=received&after=52").text
    assert (second.count('class="line"'), 'href="/review/EDI-0053"' in second, "after=" in second) == (11, True, False)
    assert "No story like these." in ada.open("/review?state=themes").text


def test_a_wider_mark_takes_in_a_narrower_one_and_never_the_reverse() -> None:
    found = Identifier("Priya Nair", 7, 17, "name", "A name.", wording="my colleague")
    told = Told(1, "I told Priya Nair of Physics.", (found,), Consent.ANONYMOUS)
    kept = told.ruled(())
    assert told.marked("Nair", kept) == kept
    assert [(one.start, one.text) for one in told.marked("Nair of Physics", kept)] == [(7, "Priya Nair of Physics")]
    assert told.marked("", kept) == kept
