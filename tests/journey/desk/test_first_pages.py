"""A reviewer at the real desk, in a real browser, with JavaScript and without."""

import pytest
from playwright.sync_api import Browser, expect

from browsing import barriers, sign_in
from filed import filed_draft, filed_story, held_query
from mailflow.desk.serving import DeskServer
from mailflow.domain import OutgoingState
from mailflow.store.database import Store
from outgoing import states

pytestmark = pytest.mark.real

HOSTILE = (
    """<script>alert(1)</script><img src="https://elsewhere.example/x.png" onerror="alert(2)"><svg onload="alert(3)"></svg>
<style>@import "https://elsewhere.example/x.css"; body { background: url(https://elsewhere.example/y.png) }</style>
<a href="javascript:alert(4)">read on</a> <meta http-equiv="refresh" content="0; url=https://elsewhere.example/">
<iframe src="https://elsewhere.example/"></iframe> <form action="https://elsewhere.example/"><button>Approve</button></form>
\u202egnp.elif\u202c and a long word: """
    + "x" * 5000
)


def test_a_reply_is_read_approved_and_waits_no_more(browser: Browser, desk: DeskServer, store: Store) -> None:
    with store.writing() as db:
        number = filed_draft(db, text="May I bring a friend?", body="Dear Sam,\r\n\r\nyes, you may.\r\n")
    page = sign_in(browser, desk, java_script_enabled=False).page
    page.get_by_role("link", name="EDI-0001").click()
    expect(page.get_by_role("article", name="The reply, as it would be sent")).to_contain_text("yes, you may.")
    expect(page.get_by_text("May I bring a friend?")).to_be_visible()
    page.get_by_role("button", name="Approve and send").click()
    expect(page.get_by_role("status")).to_contain_text("Approved by ada")
    expect(page.get_by_role("status")).to_contain_text("It leaves within five seconds.")
    page.get_by_role("link", name="Today").click()
    waiting = page.get_by_role("list", name="What waits").get_by_role("listitem")
    expect(waiting.filter(has_text="to approve").locator("strong")).to_have_text("0")
    assert states(store) == {number: OutgoingState.QUEUED}
    page.goto(f"{desk.url}/cases/EDI-0001")
    expect(page.get_by_text("Approved by ada.")).to_be_visible()


def test_a_hostile_story_opens_no_dialog_and_asks_nothing_of_anybody(browser: Browser, desk: DeskServer, store: Store) -> None:
    with store.writing() as db:
        filed_story(db, text=HOSTILE, identifiers=())
        held_query(db, HOSTILE, subject=HOSTILE, sender_name=HOSTILE)
        filed_draft(db, text=HOSTILE, body=HOSTILE, subject=HOSTILE)
    watched = sign_in(browser, desk)
    for path in ("/review/EDI-0001", "/cases/EDI-0002", "/messages/1", "/drafts/1", "/cases/EDI-0003", "/"):
        watched.page.goto(desk.url + path)
        for details in watched.page.locator("details").all():
            details.evaluate("element => element.open = true")
        watched.page.wait_for_load_state("networkidle")
        assert watched.page.url == desk.url + path
    assert [url for url in watched.requests if not url.startswith(desk.url)] == []
    assert watched.dialogs == []
    assert watched.complaints == []


def test_no_page_is_wider_than_the_screen_or_keeps_anybody_out(browser: Browser, desk: DeskServer, store: Store) -> None:
    with store.writing() as db:
        filed_story(db, text="x" * 500 + " " + HOSTILE)
        held_query(db, subject="y" * 500)
        filed_draft(db, text="x" * 500, body=f"{'z' * 500}\r\n", subject="y" * 500)
    page = sign_in(browser, desk).page
    for path in ("/", "/review", "/review/EDI-0001", "/cases/EDI-0002", "/drafts/1", "/cases/EDI-0003", "/nowhere"):
        page.goto(desk.url + path)
        for width, scheme in ((1280, "light"), (390, "light"), (320, "dark")):
            page.set_viewport_size({"width": width, "height": 800})
            page.emulate_media(color_scheme=scheme)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (path, width)
            if width != 390:
                assert barriers(page) == [], (path, scheme)
