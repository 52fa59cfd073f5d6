"""The rules at the real desk, in a real browser: a mail tried, a file changed, tried, saved and put back."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from browsing import barriers, sign_in, tab_to
from filed import filed_case, filed_message, raw_mail
from mailflow import settings
from mailflow.desk.app import build
from mailflow.desk.serving import DeskServer, serve
from mailflow.domain import Kind
from mailflow.store.database import Store

pytestmark = pytest.mark.real

QUESTION = "Where can I find the dates of the next open session? I would like to book a place."
HANGS = '\n[[rules]]\nname = "never ends"\nkind = "query"\nweight = 1\npatterns = [\'(?:a+)+x\']\n'
NARROW = {"width": 320, "height": 640}
SECONDS = 60_000.0


@pytest.fixture
def path(tmp_path: Path) -> Path:
    own = tmp_path / "team" / "rules.toml"
    own.parent.mkdir()
    own.write_text(settings.only().rules.read_text())
    return own


@pytest.fixture
def desk(store: Store, path: Path) -> Iterator[DeskServer]:
    """Over a rules file of the team's own, and two messages."""
    with store.writing() as db:
        filed_message(db, filed_case(db), raw_mail(QUESTION, "Dates"), subject="Dates")
        story = filed_case(db, Kind.STORY)
        filed_message(db, story, raw_mail("a" * 60, "A secret"), kind=Kind.STORY, subject="A secret")
    running = serve(build(store, settings.load(rules=path, desk_url=None, mode="drafts")), "127.0.0.1", 0)
    yield running
    running.stop()


def _is_fit(page: Page) -> None:
    for scheme in ("dark", "light"):
        page.emulate_media(color_scheme=scheme)
        assert barriers(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_mail_is_tried_by_keyboard_and_a_message_by_its_reference(browser: Browser, desk: DeskServer) -> None:
    watched = sign_in(browser, desk, "rosa", viewport=NARROW)
    page = watched.page
    page.goto(f"{desk.url}/rules")
    expect(page.get_by_role("heading", name="The five kinds of mail")).to_be_visible()
    expect(page.get_by_role("link", name="Change the rules")).to_have_count(0)
    _is_fit(page)
    page.get_by_role("link", name="Try a mail").click()
    _is_fit(page)
    tab_to(page, "words")
    page.keyboard.type(
        "Subject: A workshop for our group\n\nWe are a group of 20 people and would like to book a workshop in May."
    )
    tab_to(page, "Try these words")
    page.keyboard.press("Enter")
    expect(page.locator("h2:focus")).to_contain_text("Training, 9", timeout=SECONDS)
    expect(page.get_by_text("The rule “asks us to run a session” speaks for training")).to_be_visible()
    page.get_by_text("Its HTML part").click()
    expect(page.frame_locator("iframe").get_by_text("Number of people: 20")).to_be_visible()
    _is_fit(page)
    page.get_by_label("Its number, or the reference").fill("EDI-0001")
    page.get_by_role("button", name="Try this message").click()
    expect(page.locator("h2:focus")).to_contain_text("Query, ", timeout=SECONDS)
    assert watched.complaints == []


def test_a_file_is_changed_tried_saved_and_put_back_without_javascript(browser: Browser, desk: DeskServer, path: Path) -> None:
    former = path.read_text()
    page = sign_in(browser, desk, java_script_enabled=False).page
    page.goto(f"{desk.url}/rules/change")
    text = page.get_by_label("rules.toml")
    assert text.input_value() == former
    text.fill(former.replace("confidence = 0.85", "confidence = 9"))
    page.get_by_role("button", name="Check").click()
    expect(page.get_by_role("alert")).to_contain_text("write at most 1")
    changed = former.replace("confidence = 0.85", "confidence = 1")
    page.get_by_label("rules.toml").fill(changed)
    page.get_by_role("button", name="Try on the last 500 messages").click()
    # The page comes again by itself.
    expect(page.get_by_role("heading", name="of 2 messages would come to something else")).to_be_visible(timeout=SECONDS)
    row = page.get_by_role("row", name="EDI-0001")
    expect(row).to_contain_text("Dates")
    expect(row).to_contain_text("query → none")
    expect(row).to_contain_text("no → held")
    expect(page.get_by_text("A secret")).to_have_count(0)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_contain_text("The changed file is saved.")
    assert path.read_text() == changed
    page.get_by_role("button", name="Put the former file back").click()
    expect(page.get_by_role("status")).to_contain_text("The former file is back in its place.")
    assert path.read_text() == former


def test_a_pattern_that_never_ends_is_told_and_what_is_written_meanwhile_stays(
    browser: Browser, desk: DeskServer, path: Path
) -> None:
    watched = sign_in(browser, desk, viewport=NARROW)
    page = watched.page
    page.goto(f"{desk.url}/rules/change")
    _is_fit(page)
    text = page.get_by_label("rules.toml")
    text.fill(path.read_text() + HANGS)
    page.get_by_role("button", name="Try on the last 500 messages").click()
    expect(page.get_by_role("status")).to_contain_text("Trying it")
    page.get_by_label("rules.toml").fill("# something else")
    expect(page.get_by_role("alert")).to_contain_text("Look at the patterns of “never ends”", timeout=SECONDS)
    assert page.get_by_label("rules.toml").input_value() == "# something else"
    _is_fit(page)
    assert watched.complaints == []
