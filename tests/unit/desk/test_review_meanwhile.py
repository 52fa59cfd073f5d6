"""A story on which something happens while its page is open: no save by itself, and no confirmation, hides that."""

from datetime import timedelta

from httpx2 import Response
from sqlalchemy import select

from filed import SHOWN, filed_message, raw_mail, ready_story
from mailflow.domain import CHECKLIST, Kind, StoryState
from mailflow.store.database import Store
from mailflow.store.tables import askings, stories
from visiting import Clock, Visitor


def _saves_itself(visitor: Visitor, text: str) -> Response:
    """The page as it then stands: what is kept in it is taken from the answer."""
    sent = {"title": SHOWN.title, "text": text, "checked": list(CHECKLIST), "by_itself": "true"}
    hidden = {name: visitor.hidden(name) for name in ("csrf", "version", "seen")}
    answer = visitor.browser.post("/review/EDI-0001/text", data={**hidden, **sent})
    visitor.page += answer.text
    return answer


def _writes(store: Store, text: str, clock: Clock) -> int:
    clock.passes(timedelta(hours=1))
    with store.writing() as db:
        return filed_message(db, 1, raw_mail(text), kind=Kind.STORY, arrived=clock.now, received_at=clock.now)


def _asked(store: Store, visitor: Visitor) -> None:
    with store.writing() as db:
        ready_story(db)
    visitor.open("/review/EDI-0001/asking")
    visitor.send("/review/EDI-0001/asked")


def _kept(store: Store) -> tuple[StoryState, str]:
    with store.reading() as db:
        return tuple(db.execute(select(stories.c.state, stories.c.shown)).one())


def test_a_story_that_was_asked_about_or_decided_saves_itself(store: Store, ada: Visitor, clock: Clock) -> None:
    _asked(store, ada)
    ada.open("/review/EDI-0001")
    answer = _saves_itself(ada, "Another text.")
    assert (answer.status_code, "Ada asked the contributor on" in answer.text) == (200, True)
    ada.open("/review/EDI-0001")
    ada.send("/review/EDI-0001", decision="hold")
    _writes(store, "One more thing.", clock)
    ada.open("/review/EDI-0001")
    answer = _saves_itself(ada, "A third text.")
    assert (answer.status_code, "Last decided by ada" in answer.text) == (200, True)
    assert "A later message came after this decision." in answer.text


def test_a_page_that_saved_itself_may_decide_and_not_where_a_message_came_that_it_never_showed(
    store: Store, ada: Visitor, clock: Clock
) -> None:
    with store.writing() as db:
        ready_story(db)
    ada.open("/review/EDI-0001")
    _saves_itself(ada, "Another text.")
    fields = {"title": SHOWN.title, "text": "Another text.", "reason": "Because."}
    before = ada.page
    _writes(store, "Wait, no!", clock)
    for text in ("Another text.", "A third text."):
        assert _saves_itself(ada, text).status_code == 200
        assert ada.send("/review/EDI-0001", decision="themes", **fields | {"text": text}).status_code == 409
        ada.page = before if text == "Another text." else ada.page
    assert _kept(store) == (StoryState.IN_REVIEW, "A third text.")
    assert "Wait, no!" in ada.page, "it is shown now"
    assert ada.send("/review/EDI-0001", decision="themes", **fields).status_code == 303


def test_an_answer_counts_only_where_nothing_came_after_it_that_was_not_shown(store: Store, ada: Visitor, clock: Clock) -> None:
    _asked(store, ada)
    message = _writes(store, "Yes, please do!", clock)
    ada.open("/review/EDI-0001")
    _writes(store, "Wait, no!", clock)
    typed = {"title": SHOWN.title, "text": "My own text."}
    answer = ada.send(f"/review/EDI-0001/answer?message={message}", answer="yes", asking="1", **typed)
    assert answer.status_code == 409
    for shown in ("has changed since you opened it", "My own text.", "Wait, no!"):
        assert shown in answer.text, shown
    assert _kept(store) == (StoryState.ASKED, SHOWN.shown)
    answer = ada.send(f"/review/EDI-0001/answer?message={message + 1}", answer="change", asking="1", **typed)
    assert (answer.status_code, _kept(store)) == (303, (StoryState.IN_REVIEW, "My own text."))
    with store.reading() as db:
        assert db.execute(select(askings.c.message)).scalar_one() == message + 1
