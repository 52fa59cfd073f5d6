"""An adviser answers a question from the desk in a real browser, and the mail arrives as it was shown."""

from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from threading import Event

import pytest
from playwright.sync_api import Browser, Page, expect

from browsing import barriers, sign_in
from filed import filed_draft, held_query
from mailflow import settings
from mailflow.desk.serving import DeskServer
from mailflow.domain import OutgoingState
from mailflow.outbox.deliver import Outbox
from mailflow.store.database import Store
from outgoing import states
from servers.sink import SmtpSink

QUESTION = "May I bring a friend? Does it cost anything?"


@dataclass
class Later:
    """The time, a minute from now."""

    def __call__(self) -> datetime:
        return datetime.now(UTC) + timedelta(minutes=1)


def fits(page: Page) -> bool:
    """Whether nothing reaches beyond the right edge."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))


def test_an_answer_is_written_read_sent_had_back_and_arrives(
    browser: Browser, desk: DeskServer, store: Store, smtp_sink: SmtpSink
) -> None:
    with store.writing() as db:
        held_query(db, QUESTION)
    watched = sign_in(browser, desk, "adam", java_script_enabled=False)
    page = watched.page
    page.goto(f"{desk.url}/cases/EDI-0001/answer")
    page.get_by_label("An agreed answer").select_option("Does it cost anything?")
    page.get_by_role("button", name="Put the answer in").click()
    text = page.get_by_label("Text")
    expect(text).to_have_value(
        "Dear Sam Ode,\n\nNo. The course is free for members of the University and their departments.\n\n"
        "With kind regards\n\nThe Active Bystander team, EDI Centre"
    )
    text.fill("Dear Sam,\n\nyes, you may.\nIt is **free**: https://www.university.example/edi\n\nAda")
    page.get_by_role("button", name="Keep and preview").click()
    expect(page.get_by_role("heading", level=1, name="Answer on EDI-0001")).to_be_visible()
    shown = page.frame_locator("iframe.mail").locator("strong")
    expect(shown).to_have_text("free")
    expect(page.get_by_text("it leaves after 20 seconds")).to_be_visible()
    page.get_by_label("Wait for their answer").check()
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("Sent by adam")
    page.get_by_role("button", name="Take it back").click()
    page.get_by_role("link", name="Change it").click()
    page.get_by_label("Text").fill("Dear Sam,\n\nyes, you may. It is **free**.\n\nAda")
    page.get_by_role("button", name="Keep and preview").click()
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("Sent by adam")
    server = {"smtp_host": smtp_sink.host, "smtp_port": smtp_sink.port, "smtp_security": "none"}
    chosen = settings.load(address="edi.centre@university.example", mode="live", **server)
    with closing(Outbox(store, chosen, "elsewhere/1/1", clock=Later())) as outbox:
        assert outbox.deliver(Event()) == 1
    (received,) = smtp_sink.received
    plain, html = (part.get_content() for part in received.mail.iter_parts())
    assert plain.replace("\r\n", "\n") == "Dear Sam,\n\nyes, you may. It is free.\n\nAda\n"
    assert "<strong>free</strong>" in html
    assert received.recipients == ("sam.ode@university.example",)
    assert received.mail["In-Reply-To"]
    assert "Auto-Submitted" not in received.mail
    page.reload()
    expect(page.get_by_role("button", name="Take it back")).to_have_count(0)
    assert states(store) == {1: OutgoingState.SENT}


def test_an_automatic_reply_is_changed_before_it_is_approved(browser: Browser, desk: DeskServer, store: Store) -> None:
    with store.writing() as db:
        filed_draft(db, body="Dear Sam,\r\n\r\nyes.\r\n")
        held_query(db)
    page = sign_in(browser, desk, "adam").page
    page.goto(f"{desk.url}/drafts/1/edit")
    page.get_by_label("Text").fill("Dear Sam,\n\nyes, you may.")
    page.get_by_role("button", name="Keep and preview").click()
    expect(page.get_by_text("and changed by adam")).to_be_visible()
    expect(page.frame_locator("iframe.mail").get_by_text("yes, you may.")).to_be_visible()
    page.get_by_role("button", name="Approve and send").click()
    expect(page.get_by_role("status")).to_contain_text("Approved by adam")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_keeps_anybody_from_answering(browser: Browser, desk: DeskServer, store: Store, scheme: str) -> None:
    wide = "A line of a reply that is as long as lines of replies are, 74 characters: yes"
    with store.writing() as db:
        held_query(db, QUESTION)
        filed_draft(db, body=f"{wide}\r\n")
    page = sign_in(browser, desk, "adam", color_scheme=scheme, viewport={"width": 320, "height": 800}).page
    for path in ("/cases/EDI-0001/answer", "/drafts/1", "/drafts/1/edit"):
        page.goto(desk.url + path)
        assert (path, barriers(page)) == (path, [])
        assert fits(page), path
    page.goto(f"{desk.url}/drafts/1")
    box = page.locator(".ours-text").first
    assert box.evaluate("box => box.scrollWidth <= box.clientWidth")
    page.get_by_role("button", name="Approve and send").click()
    assert barriers(page) == []
    assert fits(page)
