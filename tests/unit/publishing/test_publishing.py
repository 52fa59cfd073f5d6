"""Published stories: one page and two feeds, the same at the desk and in the folder, and nothing there that leads back."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree

import pytest
import structlog
from sqlalchemy import insert, update

from filed import NOW, filed_case
from mailflow import settings
from mailflow.domain import Consent, Kind, StoryState
from mailflow.errors import TemporaryError
from mailflow.publishing import Folder, Website, documents, why_behind, write_out
from mailflow.settings import Settings
from mailflow.store.database import Store
from mailflow.store.published import PublishedStory, published
from mailflow.store.tables import stories

TEXT = "I said that the joke was not funny.\nHe laughed.\n\nTwo people thanked me <later> & often.\n"
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def host(tmp_path: Path) -> Settings:
    return settings.load(stories_folder=tmp_path / "site" / "stories", desk_url="https://desk.example", data=tmp_path)


def told(store: Store, state: StoryState = StoryState.PUBLISHED, at: datetime = NOW, title: str = "The joke") -> int:
    with store.writing() as db:
        case_id = filed_case(db, Kind.STORY, token="7kq2mxwd")
        texts = {"title": title, "shown": TEXT, "published_at": at, "version": 1}
        db.execute(insert(stories).values(case_id=case_id, state=state, consent=Consent.ANONYMOUS, identifiers=[], **texts))
    return case_id


def now_is(store: Store, case_id: int, state: StoryState) -> None:
    with store.writing() as db:
        db.execute(update(stories).where(stories.c.case_id == case_id).values(state=state))


@pytest.mark.parametrize("state", [state for state in StoryState if state is not StoryState.PUBLISHED])
def test_nothing_but_what_is_published_is_told(store: Store, host: Settings, state: StoryState) -> None:
    told(store, state)
    assert write_out(store, host)
    written = b"".join(file.read_bytes() for file in host.stories_folder.iterdir())
    assert b"joke" not in written
    assert b"No story is published at the moment." in written


def test_a_story_is_told_in_its_paragraphs_the_newest_first(store: Store, host: Settings) -> None:
    told(store, at=NOW - timedelta(days=3), title="Earlier")
    told(store, title="")
    write_out(store, host)
    page = (host.stories_folder / "index.html").read_text()
    assert page.index("<h2>A story</h2>") < page.index("<h2>Earlier</h2>")
    assert "<p>I said that the joke was not funny.<br>He laughed.</p>" in page.replace("\n", "")
    assert "Two people thanked me &lt;later&gt; &amp; often." in page


def test_the_feeds_tell_the_same_stories_by_the_same_names(store: Store, host: Settings) -> None:
    told(store)
    write_out(store, host)
    feed = json.loads((host.stories_folder / "feed.json").read_text())
    (entry,) = ElementTree.parse(host.stories_folder / "atom.xml").getroot().iter(f"{ATOM}entry")
    (one,) = feed["items"]
    assert (one["title"], one["content_text"]) == ("The joke", TEXT.strip())
    assert (entry.findtext(f"{ATOM}id"), entry.findtext(f"{ATOM}content")) == (one["id"], one["content_text"])
    assert one["url"].startswith("https://desk.example/stories/#")
    assert f'<article id="{one["url"].rpartition("#")[2]}">' in (host.stories_folder / "index.html").read_text()


def test_nothing_leads_back_to_the_case_or_to_the_hour(store: Store, host: Settings) -> None:
    told(store)
    write_out(store, host)
    written = "".join(file.read_text() for file in host.stories_folder.iterdir())
    for trace in ("EDI-0001", "7kq2mxwd", "sam.ode", "Sam Ode", f"{NOW:%H:%M}", "Something I saw"):
        assert trace not in written


@pytest.mark.parametrize("state", [StoryState.APPROVED, StoryState.WITHDRAWN, StoryState.DECLINED])
def test_what_is_taken_down_is_gone_from_every_document(store: Store, host: Settings, state: StoryState) -> None:
    gone = told(store)
    told(store, title="Another")
    write_out(store, host)
    now_is(store, gone, state)
    assert write_out(store, host)
    for name in ("index.html", "feed.json", "atom.xml"):
        written = (host.stories_folder / name).read_text()
        assert ("The joke" in written, "Another" in written) == (False, True), name


def test_what_stands_there_already_is_not_written_again(store: Store, host: Settings) -> None:
    told(store)
    assert write_out(store, host)
    assert not write_out(store, host)
    (host.stories_folder / "feed.json").write_text("somebody's own")
    assert write_out(store, host)
    assert not [file.name for file in host.stories_folder.iterdir() if file.name.startswith(".")]


def test_without_a_folder_nothing_is_written(store: Store, tmp_path: Path) -> None:
    told(store)
    assert not write_out(store, settings.load(data=tmp_path))
    assert list(tmp_path.glob("**/index.html")) == []


@pytest.mark.parametrize("stuck", ["index.html", "feed.json", "atom.xml"])
def test_what_is_taken_down_leaves_every_document_that_can_be_written(store: Store, host: Settings, stuck: str) -> None:
    gone = told(store)
    write_out(store, host)
    (host.stories_folder / stuck).unlink()
    (host.stories_folder / stuck).mkdir()
    now_is(store, gone, StoryState.WITHDRAWN)
    with pytest.raises(TemporaryError, match="cannot be written to"):
        write_out(store, host)
    written = [file.read_text() for file in host.stories_folder.iterdir() if file.is_file()]
    assert len(written) >= 2
    assert not any("The joke" in text for text in written)


def test_a_folder_that_cannot_be_written_to_is_told_once_and_mended_later(store: Store, host: Settings) -> None:
    host.stories_folder.parent.mkdir()
    host.stories_folder.write_text("a file")
    told(store)
    with pytest.raises(TemporaryError, match="cannot be written to"):
        write_out(store, host)
    folder = Folder(store, host)
    with structlog.testing.capture_logs() as logs:
        folder.bring_up_to_date()
        folder.bring_up_to_date()
        host.stories_folder.unlink()
        folder.bring_up_to_date()
    assert [line["event"] for line in logs] == ["published stories not written", "published stories written"]
    assert "The joke" in (host.stories_folder / "index.html").read_text()


def test_any_text_makes_a_page_and_feeds_that_can_be_read() -> None:
    hostile = "<script>alert(1)</script>\x00\x08\ud800]]> {{ 7*7 }} \ufffe"
    found = documents([PublishedStory("ab", hostile, hostile, NOW)], Website("EDI & <Centre>", ""))
    assert b"<script" not in found["index.html"]
    assert json.loads(found["feed.json"])["items"][0]["id"] == "urn:mailflow:story:ab"
    (entry,) = ElementTree.fromstring(found["atom.xml"]).iter(f"{ATOM}entry")
    assert "alert(1)" in (entry.findtext(f"{ATOM}content") or "")


def test_two_stories_have_two_names_which_stay(store: Store) -> None:
    told(store)
    told(store)
    with store.reading() as db:
        first, again = ({story.mark for story in published(db)} for _ in range(2))
    assert len(first) == 2
    assert first == again
    assert NOW.tzinfo is UTC


def test_a_folder_that_does_not_say_what_is_published_is_known_without_writing_to_it(store: Store, host: Settings) -> None:
    gone = told(store)
    assert "does not say what is published now" in (why_behind(store, host) or "")
    assert not host.stories_folder.exists()
    write_out(store, host)
    assert why_behind(store, host) is None
    now_is(store, gone, StoryState.WITHDRAWN)
    assert why_behind(store, host)
    (host.stories_folder / "index.html").unlink()
    (host.stories_folder / "index.html").mkdir()
    assert "cannot be read" in (why_behind(store, host) or "")


def test_a_story_without_a_moment_of_publishing_stops_none_of_the_others(store: Store, host: Settings) -> None:
    told(store)
    nowhere = told(store, title="Another")
    with store.writing() as db:
        db.execute(update(stories).where(stories.c.case_id == nowhere).values(published_at=None))
    assert write_out(store, host)
    page = (host.stories_folder / "index.html").read_text()
    assert ("The joke" in page, "Another" in page) == (True, False)
