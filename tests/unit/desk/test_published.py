"""What anybody may read without signing in."""

from sqlalchemy import insert

from filed import NOW, filed_case
from mailflow.domain import Consent, Kind, StoryState
from mailflow.store.database import Store
from mailflow.store.tables import stories
from visiting import Visitor


def tell(store: Store, state: StoryState) -> None:
    with store.writing() as db:
        texts = {"title": "The joke", "shown": "I said that it was not funny.", "published_at": NOW, "version": 1}
        case_id = filed_case(db, Kind.STORY)
        db.execute(insert(stories).values(case_id=case_id, state=state, consent=Consent.ANONYMOUS, identifiers=[], **texts))


def test_published_stories_are_read_by_everybody_and_may_be_embedded(store: Store, stranger: Visitor) -> None:
    tell(store, StoryState.PUBLISHED)
    for path in ("/stories/", "/stories/feed.json", "/stories/atom.xml"):
        answer = stranger.open(path)
        assert "I said that it was not funny." in answer.text
        assert "frame-ancestors *" in answer.headers["Content-Security-Policy"]
        assert "script-src" not in answer.headers["Content-Security-Policy"]
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert "set-cookie" not in answer.headers
    assert stranger.open("/stories").headers["location"] == "/stories/"


def test_what_is_not_published_is_not_there(store: Store, stranger: Visitor) -> None:
    tell(store, StoryState.APPROVED)
    assert "not funny" not in stranger.open("/stories/").text
    assert stranger.open("/stories/EDI-0001").status_code == 404
    assert stranger.open("/stories/../healthz").status_code in (404, 200)
