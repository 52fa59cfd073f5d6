"""A reviewer works on a story in a real browser: by keyboard alone, without JavaScript, beside a colleague, on a phone."""

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from browsing import barriers, sign_in, tab_to
from filed import filed_message, filed_story, raw_mail, ready_story
from mailflow.desk.serving import DeskServer
from mailflow.domain import CHECKLIST, Kind, Ruling, StoryState
from mailflow.domain.plain import Json, ruled_from_json
from mailflow.store.database import Store
from mailflow.store.tables import stories

pytestmark = pytest.mark.real

SENT = "I told Priya Nair at the Bessemer Building that Dr Hale was wrong. She thanked me.\n"


def _found(words: str, wording: str) -> Json:
    start = SENT.index(words)
    return {"text": words, "start": start, "end": start + len(words), "sort": "name", "reason": "A name.", "wording": wording}


FOUND = (
    _found("Priya Nair", "a student"),
    _found("the Bessemer Building", "a lab on campus"),
    _found("Dr Hale", "a colleague"),
)
HOSTILE = (
    """<script>alert(1)</script><img src="https://elsewhere.example/x.png" onerror="alert(2)"><svg onload="alert(3)"></svg>
<style>@import "https://elsewhere.example/x.css"; body { display: none }</style>
<a href="javascript:alert(4)">read on</a> <form action="https://elsewhere.example/"><button>Approve</button></form>
</textarea><script>alert(5)</script> \u202egnp.elif\u202c """
    + "x" * 4000
)


def _kept(store: Store, case_id: int = 1) -> Any:
    with store.reading() as db:
        return db.execute(select(stories).where(stories.c.case_id == case_id)).one()


def _rulings(store: Store) -> list[tuple[str, Ruling, str]]:
    return [(one.text, one.ruling, one.wording) for one in map(ruled_from_json, _kept(store).rulings)]


def _saved(page: Page) -> None:
    expect(page.locator("#saved")).to_contain_text("Saved today at")


def test_a_story_is_reviewed_by_keyboard_alone(browser: Browser, desk: DeskServer, store: Store) -> None:
    with store.writing() as db:
        filed_story(db, text=SENT, identifiers=FOUND)
    page = sign_in(browser, desk, "rosa").page
    page.goto(f"{desk.url}/review/EDI-0001")
    keys, text = page.keyboard, page.get_by_role("textbox", name="Text", exact=True)
    expect(text).to_have_value("I told a student at a lab on campus that a colleague was wrong. She thanked me.")
    keys.press("j")
    expect(page.locator("#i1")).to_be_focused()
    expect(page.locator("#m1")).to_have_class("sort-name open lit")
    keys.press("a")
    expect(page.locator("#i2")).to_be_focused()
    keys.press("c")
    keys.type("on campus")
    keys.press("Enter")
    expect(page.locator("#i3")).to_be_focused()
    expect(text).to_have_value("I told a student at on campus that a colleague was wrong. She thanked me.")
    keys.press("d")
    expect(text).to_have_value("I told a student at on campus that Dr Hale was wrong. She thanked me.")
    keys.press("k")
    keys.press("a")
    expect(text).to_have_value("I told a student at a lab on campus that Dr Hale was wrong. She thanked me.")
    keys.press("s")
    keys.press("Control+End")
    keys.type(" I am glad.")
    _saved(page)
    keys.press("Escape")
    expect(page.locator("#i2")).to_be_focused()
    keys.press("j")
    keys.press("a")
    expect(text).to_have_value("I told a student at a lab on campus that a colleague was wrong. She thanked me. I am glad.")
    keys.press("s")
    keys.press("Shift+Tab")
    keys.type("Soldering")
    for _ in CHECKLIST:
        tab_to(page, "checked")
        keys.press("Space")
    tab_to(page, "agreed")
    keys.type("She told me so.")
    tab_to(page, "Approve")
    with page.expect_navigation():
        keys.press("Enter")
    expect(page.get_by_role("status").filter(has_text="Approved.")).to_be_visible()
    assert (_kept(store).state, _kept(store).title) == (StoryState.APPROVED, "Soldering")
    assert {ruling for _, ruling, _ in _rulings(store)} == {Ruling.ACCEPTED}


def test_a_story_is_reviewed_without_javascript(browser: Browser, desk: DeskServer, store: Store) -> None:
    with store.writing() as db:
        filed_story(db, text=SENT, identifiers=FOUND)
    page = sign_in(browser, desk, "rosa", java_script_enabled=False).page
    page.goto(f"{desk.url}/review/EDI-0001")
    page.get_by_label("Mark other words").fill("thanked me")
    page.get_by_role("button", name="Mark", exact=True).click()
    expect(page.locator("#m4 a")).to_have_text("thanked me")
    page.get_by_role("group", name="thanked me").get_by_label("Say instead").fill("said something kind")
    page.get_by_role("group", name="Dr Hale").get_by_text("Dismiss").click()
    page.get_by_label("Title").fill("Soldering")
    page.get_by_label("Title").press("Enter")
    shown = "I told a student at a lab on campus that Dr Hale was wrong. She said something kind."
    expect(page.get_by_role("textbox", name="Text", exact=True)).to_have_value(shown)
    _saved(page)
    page.get_by_role("button", name="Accept the 2 still open").click()
    expect(page.get_by_text("4 of 4 settled.")).to_be_visible()
    for line in CHECKLIST:
        page.get_by_label(line).check()
    page.get_by_label("How they have agreed to this text").fill("She told me so.")
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_role("status").filter(has_text="Approved.")).to_be_visible()
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_role("status").filter(has_text="Published")).to_be_visible()
    assert (_kept(store).state, _kept(store).shown) == (StoryState.PUBLISHED, shown)
    page.get_by_role("link", name="Take it down").click()
    page.get_by_role("button", name="Take it down").click()
    expect(page.get_by_role("status").filter(has_text="Taken down")).to_be_visible()
    assert _kept(store).state is StoryState.IN_REVIEW


def test_a_story_is_declined_with_a_reason(browser: Browser, desk: DeskServer, store: Store) -> None:
    with store.writing() as db:
        filed_story(db, text=SENT, identifiers=FOUND)
    page = sign_in(browser, desk, "rosa", java_script_enabled=False).page
    page.get_by_role("link", name="EDI-0001").click()
    page.get_by_text("Decide otherwise").click()
    page.get_by_role("button", name="Decline").click()
    expect(page.get_by_role("alert")).to_have_text("Say why EDI-0001 is declined: a reason is needed.")
    page.get_by_label("Reason or note").fill("It could only be one person.")
    page.get_by_role("button", name="Decline").click()
    expect(page.get_by_role("status").filter(has_text="Declined.")).to_be_visible()
    assert (_kept(store).state, _kept(store).reason) == (StoryState.DECLINED, "It could only be one person.")
    page.get_by_role("button", name="Sign out").click()
    page.goto(f"{desk.url}/review/EDI-0001")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_two_reviewers_at_once_know_of_each_other_and_lose_nothing(browser: Browser, desk: DeskServer, store: Store) -> None:
    with store.writing() as db:
        filed_story(db, text=SENT, identifiers=FOUND)
    rosa, ada = (sign_in(browser, desk, name).page for name in ("rosa", "ada"))
    for page in (rosa, ada):
        page.goto(f"{desk.url}/review/EDI-0001")
    expect(ada.get_by_text("Rosa opened this story just now.")).to_be_visible()
    rosa.get_by_label("Title").fill("By Rosa")
    _saved(rosa)
    ada.get_by_label("Title").fill("By Ada")
    expect(ada.locator("#saved")).to_contain_text("Not saved: rosa has saved another version")
    expect(ada.get_by_label("Title")).to_have_value("By Ada")
    assert _kept(store).title == "By Rosa"
    ada.get_by_role("button", name="Compare").click()
    expect(ada.get_by_role("alert")).to_contain_text("Yours is not lost")
    expect(ada.locator(".theirs")).to_contain_text("By Rosa")
    expect(ada.get_by_label("Title")).to_have_value("By Ada")
    ada.get_by_role("button", name="Save").click()
    _saved(ada)
    assert _kept(store).title == "By Ada"
    rosa.get_by_role("button", name="Approve").click()
    expect(rosa.get_by_role("alert")).to_contain_text("has changed since you opened it")
    expect(rosa.get_by_label("Title")).to_have_value("By Rosa")


def test_what_cannot_be_saved_now_is_saved_once_the_desk_is_back(browser: Browser, desk: DeskServer, store: Store) -> None:
    with store.writing() as db:
        filed_story(db, text=SENT, identifiers=FOUND)
    page = sign_in(browser, desk, "rosa").page
    page.goto(f"{desk.url}/review/EDI-0001")
    page.clock.install()
    page.context.set_offline(True)
    page.get_by_label("Title").fill("Soldering")
    page.clock.run_for(1000)
    expect(page.locator("#saved")).to_contain_text("Not saved yet: the desk cannot be reached.")
    page.context.set_offline(False)
    page.clock.run_for(5000)
    _saved(page)
    assert _kept(store).title == "Soldering"


def test_single_keys_do_nothing_once_they_are_switched_off(browser: Browser, desk: DeskServer, store: Store) -> None:
    with store.writing() as db:
        filed_story(db, text=SENT, identifiers=FOUND)
    page = sign_in(browser, desk, "rosa").page
    page.goto(f"{desk.url}/review/EDI-0001")
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keys")
    expect(dialog).to_be_visible()
    dialog.get_by_label("Use single keys in this browser").uncheck()
    dialog.get_by_role("button", name="Close").click()
    page.reload()
    page.keyboard.press("j")
    expect(page.locator(".entry:focus")).to_have_count(0)
    page.get_by_role("button", name="Keys").click()
    dialog.get_by_label("Use single keys in this browser").check()
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    expect(page.locator("#i1")).to_be_focused()


def test_words_selected_in_the_story_are_marked_with_a_key(browser: Browser, desk: DeskServer, store: Store) -> None:
    with store.writing() as db:
        filed_story(db, text=SENT, identifiers=FOUND)
    page = sign_in(browser, desk, "rosa").page
    page.goto(f"{desk.url}/review/EDI-0001")
    page.evaluate("""() => {
        const words = document.getElementById("sent").lastChild, from = words.data.indexOf("thanked");
        getSelection().setBaseAndExtent(words, from, words, from + 10);
    }""")
    expect(page.get_by_label("Mark other words")).to_have_value("thanked me")
    with page.expect_navigation():
        page.keyboard.press("m")
    expect(page.locator("#i4")).to_be_focused()
    expect(page.locator("#m4 a")).to_have_text("thanked me")


def test_a_hostile_story_is_shown_harmlessly_and_can_be_reviewed(browser: Browser, desk: DeskServer, store: Store) -> None:
    with store.writing() as db:
        filed_story(db, text=(HOSTILE * 230)[:1_000_000], identifiers=())
        filed_message(db, 1, raw_mail(HOSTILE, HOSTILE.replace("\n", " ")), kind=Kind.STORY)
    watched = sign_in(browser, desk, "rosa")
    page = watched.page
    page.goto(f"{desk.url}/review/EDI-0001")
    page.wait_for_load_state("networkidle")
    assert "\u202e" not in page.locator("main").inner_text()
    page.get_by_role("textbox", name="Text", exact=True).fill("It is all right now.")
    page.get_by_label("Title").fill(HOSTILE[:100].replace("\n", " "))
    _saved(page)
    page.reload()
    expect(page.get_by_role("textbox", name="Text", exact=True)).to_have_value("It is all right now.")
    page.goto(f"{desk.url}/review")
    assert page.url == f"{desk.url}/review"
    assert [url for url in watched.requests if not url.startswith(desk.url)] == []
    assert (watched.dialogs, watched.complaints) == ([], [])


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_of_stories_have_no_barriers_and_fit_a_phone(
    browser: Browser, desk: DeskServer, store: Store, scheme: str
) -> None:
    with store.writing() as db:
        filed_story(db, text="x" * 500 + " " + SENT, identifiers=())
        filed_story(db, text=SENT, identifiers=FOUND)
        filed_message(db, 2, raw_mail("Ring me on 020 7946 0123, " + "y" * 300), kind=Kind.STORY)
        ready_story(db, StoryState.PUBLISHED)
        ready_story(db, StoryState.ASKED)
    page = sign_in(browser, desk, "rosa", color_scheme=scheme, viewport={"width": 320, "height": 800}).page
    for path in ("", "?state=received", "/EDI-0001", "/EDI-0002", "/EDI-0003", "/EDI-0003/take-down", "/EDI-0004/asking"):
        page.goto(f"{desk.url}/review{path}")
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, path
        assert barriers(page) == [], path
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(f"{desk.url}/review/EDI-0002")
    page.keyboard.press("j")
    assert barriers(page) == []
    page.keyboard.press("?")
    assert barriers(page) == []
