"""The mail page and a message in a real browser, where hostile HTML is shown and harms nobody."""

import pytest
from playwright.sync_api import Browser, Page, expect

from browsing import Watched, barriers, sign_in, tab_to
from filed import filed_case, filed_message, formatted_mail, held_query, raw_mail
from mailflow.desk.serving import DeskServer
from mailflow.domain import Kind, Ourselves
from mailflow.message.parse import read
from mailflow.store import searching
from mailflow.store.database import Store

pytestmark = pytest.mark.real

HOSTILE = (
    """<html><head><base href="https://elsewhere.example/"><meta http-equiv="refresh" content="0; url=https://elsewhere.example/m">
<style>@import "https://elsewhere.example/x.css"; body { background: url(https://elsewhere.example/y.png) }</style>
<link rel="stylesheet" href="https://elsewhere.example/z.css"><script src="https://elsewhere.example/s.js"></script></head>
<body onload="alert(0)" background="https://elsewhere.example/b.png"><script>alert(1); top.location = "https://elsewhere.example/t"</script>
<svg onload="alert(2)"><script>alert(3)</script></svg><img src="x" onerror="alert(4)"><img src="https://elsewhere.example/p.png">
<a href="javascript:alert(5)">read on</a> <a href="https://elsewhere.example/bank" target="_top">https://bank.example</a>
<form action="https://elsewhere.example/f"><input name="password" autofocus onfocus="alert(6)"><button>Sign in</button></form>
<iframe src="https://elsewhere.example/i"></iframe><object data="https://elsewhere.example/o"></object>
<video autoplay src="https://elsewhere.example/v" onerror="alert(7)"></video>
<div style="position: fixed; inset: 0">over it all</div>
<p>\u202egnp.elif\u202c The words of the mail.</p>"""
    + "<p>word</p>" * 20_000
)


def _find(store: Store) -> None:
    with store.writing() as db:
        held_query(db, "May I bring the chemists?")
        raw = formatted_mail(HOSTILE, b"MZ", "invoice.pdf.exe", "The words of the mail.")
        filed_message(db, filed_case(db), raw)
        filed_message(db, filed_case(db, Kind.STORY), raw_mail("I stood up for the chemists."), kind=Kind.STORY, subject="Told")
        filed_message(db, None, formatted_mail("x" * 1_000_000, b"%PDF", "plan.pdf"))
        for number in (1, 3):
            text = raw_mail("May I bring the chemists?" if number == 1 else "I stood up for the chemists.")
            searching.write_words(db, {number: read(text, Ourselves("us@university.example"))})


def _ok(page: Page) -> None:
    assert barriers(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def _harmless(watched: Watched, desk: DeskServer) -> None:
    assert watched.dialogs == []
    assert [url for url in watched.requests if not url.startswith((desk.url, "data:"))] == []
    assert watched.page.url.startswith(desk.url)
    assert len(watched.page.context.pages) == 1


def test_hostile_html_is_shown_and_harms_nobody(browser: Browser, desk: DeskServer, store: Store) -> None:
    _find(store)
    watched = sign_in(browser, desk)
    page = watched.page
    page.goto(f"{desk.url}/messages/2")
    assert not [url for url in watched.requests if url.endswith("/html")], "it is only loaded once somebody opens it"
    page.get_by_text("As it was formatted").click()
    frame = page.frame_locator("iframe")
    expect(frame.get_by_text("The words of the mail.")).to_be_visible()
    expect(frame.get_by_text("<https://elsewhere.example/bank>")).to_be_visible()
    expect(frame.get_by_text("[image not loaded]").first).to_be_visible()
    frame.get_by_text("read on").click()
    frame.get_by_text("https://bank.example").click()
    frame.get_by_text("Sign in").click()
    assert frame.locator("script, style:not(head style), input, button, form, [href], [onload], iframe, svg, object").count() == 0
    expect(page.get_by_role("heading", name="Message 2", exact=True)).to_be_visible()
    _ok(page)
    page.goto(f"{desk.url}/messages/2/html")
    expect(page.get_by_text("The words of the mail.")).to_be_visible()
    _harmless(watched, desk)
    page.goto(f"{desk.url}/messages/4")
    page.get_by_text("As it was formatted").click()
    expect(page.frame_locator("iframe").get_by_text("too long to be shown")).to_be_visible()
    _harmless(watched, desk)
    with page.expect_download() as saved:
        page.get_by_role("link", name="plan.pdf").click()
    assert saved.value.suggested_filename == "plan.pdf"
    page.get_by_role("link", name="Its source").click()
    with page.expect_download() as saved:
        page.get_by_role("link", name="Save it all as a file").click()
    assert saved.value.suggested_filename == "message-4.eml"
    _ok(page)
    page.context.close()


def test_mail_is_searched_as_it_is_typed_and_without_javascript(browser: Browser, desk: DeskServer, store: Store) -> None:
    _find(store)
    for scheme in ("light", "dark"):
        watched = sign_in(browser, desk, "adam", color_scheme=scheme, viewport={"width": 320, "height": 800})
        page = watched.page
        page.goto(f"{desk.url}/mail")
        _ok(page)
        expect(page.get_by_text("Not for your role")).to_have_count(1)
        tab_to(page, "q")
        page.keyboard.type("chemi")
        expect(page.locator("mark")).to_have_text(["chemists"])
        expect(page.get_by_role("status")).to_have_text("1 found.")
        expect(page).to_have_url(f"{desk.url}/mail?q=chemi&state=&kind=&automatic=&sensitive=&answered=&since=&until=")
        assert page.evaluate("document.activeElement.id") == "q"
        page.get_by_text("Narrow down").click()
        page.get_by_label("Outcome").select_option("waits for a person".capitalize())
        expect(page.get_by_role("link", name="EDI-0001")).to_be_visible()
        _ok(page)
        page.get_by_label("Outcome").select_option("Could not be read")
        expect(page.get_by_text("No message like these.")).to_be_visible()
        expect(page.get_by_role("status")).to_have_text("None found.")
        page.go_back()
        expect(page).to_have_url(f"{desk.url}/")
        page.goto(f"{desk.url}/messages/1")
        _ok(page)
        assert [line for line in watched.complaints if "Content Security Policy" in line] == []
        page.context.close()
    page = sign_in(browser, desk, "rhea", java_script_enabled=False).page
    page.goto(f"{desk.url}/mail")
    page.get_by_label("Search in mail").fill("chemists")
    page.get_by_role("button", name="Search").click()
    expect(page.locator("mark")).to_have_text(["chemists"])
    page.get_by_role("link", name="EDI-0001").click()
    expect(page.get_by_role("heading", name="EDI-0001")).to_be_visible()
    page.context.close()


def test_a_message_is_decided_again_without_javascript(browser: Browser, desk: DeskServer, store: Store) -> None:
    _find(store)
    page = sign_in(browser, desk, "adam", java_script_enabled=False).page
    page.goto(f"{desk.url}/messages/1")
    expect(page.get_by_role("heading", name="Why was this not answered?")).to_be_visible()
    page.get_by_role("link", name="See what mailflow would do with it now").click()
    expect(page.locator("h2:focus")).to_have_text("If it were decided again now")
    page.get_by_role("button", name="Decide it again").click()
    expect(page.get_by_role("status")).to_contain_text("It was decided again.")
    page.context.close()
