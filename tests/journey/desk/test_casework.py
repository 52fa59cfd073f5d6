"""Two advisers at a case, in a real browser: with JavaScript and without, by keyboard, on a phone, in both colour schemes."""

from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import insert, select

from browsing import barriers, sign_in, tab_to
from filed import filed_case, filed_draft, filed_message, filed_story, held_query, raw_mail
from mailflow.desk.serving import DeskServer
from mailflow.domain import Kind, TrainingState
from mailflow.store import casework
from mailflow.store.database import Store
from mailflow.store.tables import cases, messages, trainings

pytestmark = pytest.mark.real

PAGES = (
    "/cases", "/cases/EDI-0001", "/cases/EDI-0002", "/cases/EDI-0001/kind", "/cases/EDI-0001/merge", "/cases/EDI-0001/split/2",
)  # fmt: skip


@pytest.fixture
def furnished(store: Store) -> Store:
    """A question with a reply that waits, a later message and a note; a training request; a story."""
    with store.writing() as db:
        filed_draft(db, body=f"{'z' * 300}\r\n")
        filed_message(db, 1, raw_mail("Can you train Physics?" + "x" * 300), kind=Kind.TRAINING, confidence=1.0)
        casework.write_note(db, 1, "Ask the dean. " + "y" * 300, "rosa", datetime.now(UTC))
        training = filed_case(db, Kind.TRAINING)
        filed_message(db, training, raw_mail("Can you train the Department of Physics?"), kind=Kind.TRAINING)
        details = {"department": "Physics", "dates": ["2027-01-12"]}
        db.execute(insert(trainings).values(case_id=training, state=TrainingState.DETAILS_NEEDED, details=details))
        filed_story(db)
        held_query(db, "And what does it cost?")
    return store


def _look(page: Page, address: str, width: int) -> None:
    page.goto(address)
    for details in page.locator("details").all():
        details.evaluate("element => element.open = true")
    assert page.evaluate("document.documentElement.scrollWidth") <= width, address
    assert barriers(page) == [], address


@pytest.mark.parametrize(("scheme", "width"), [("light", 320), ("dark", 1280), ("dark", 320)])
def test_no_page_of_a_case_keeps_anybody_out(
    browser: Browser, desk: DeskServer, furnished: Store, scheme: str, width: int
) -> None:
    page = sign_in(browser, desk, "adam", color_scheme=scheme, viewport={"width": width, "height": 800}).page
    for path in PAGES:
        _look(page, desk.url + path, width)
    page.goto(f"{desk.url}/cases/EDI-0001/merge")
    page.get_by_label("The case it goes into").fill("EDI-0004")
    page.get_by_role("button", name="See what follows").click()
    assert barriers(page) == []


def test_an_adviser_does_all_that_is_to_do_without_javascript(browser: Browser, desk: DeskServer, furnished: Store) -> None:
    page = sign_in(browser, desk, "adam", java_script_enabled=False).page
    page.goto(f"{desk.url}/cases/EDI-0001")
    page.get_by_role("button", name="Take it").click()
    expect(page.get_by_role("status")).to_have_text("You gave the case to adam.")
    page.get_by_label("For the team").fill("She rang.")
    page.get_by_role("button", name="Keep the note").click()
    expect(page.get_by_role("heading", name="Note by adam")).to_be_visible()
    page.get_by_role("link", name="Split this message off").click()
    page.get_by_role("button", name="Split it off").click()
    expect(page.get_by_role("heading", name="EDI-0005")).to_be_visible()
    page.get_by_role("link", name="This is something else").first.click()
    page.get_by_label("Query").check()
    page.get_by_role("button", name="See what follows").click()
    expect(page.get_by_text("EDI-0005 is query now; it was training.")).to_be_visible()
    page.get_by_role("button", name="Yes: it is query").click()
    expect(page.get_by_role("status")).to_have_text("You said that a message is query, and not training.")
    page.get_by_role("link", name="Merge into another case").click()
    page.get_by_label("The case it goes into").fill("EDI-0001")
    page.get_by_role("button", name="See what follows").click()
    page.get_by_role("button", name="Merge").click()
    expect(page.get_by_role("status")).to_have_text("You merged EDI-0005 into EDI-0001.")
    page.goto(f"{desk.url}/cases/EDI-0005")
    expect(page.get_by_role("heading", name="EDI-0001")).to_be_visible()
    page.get_by_role("button", name="Mark as dealt with").click()
    expect(page.get_by_role("status")).to_have_text("EDI-0001 is marked as dealt with.")
    with furnished.reading() as db:
        on_it = db.execute(select(messages.c.id).where(messages.c.case_id == 1).order_by(messages.c.id)).all()
        assert [number for (number,) in on_it] == [1, 2]


def test_two_people_at_one_case_know_of_each_other(browser: Browser, desk: DeskServer, furnished: Store) -> None:
    adam, rosa = (sign_in(browser, desk, name).page for name in ("adam", "rosa"))
    rosa.goto(f"{desk.url}/cases/EDI-0004")
    adam.goto(f"{desk.url}/cases/EDI-0004")
    expect(adam.get_by_text("Rosa opened this case just now.")).to_be_visible()
    rosa.get_by_label("Assigned to").select_option("rosa")
    rosa.get_by_role("button", name="Assign", exact=True).click()
    adam.get_by_role("button", name="Take it").click()
    expect(adam.get_by_role("alert")).to_contain_text("Somebody has changed EDI-0004 since you opened it")
    with furnished.reading() as db:
        assert db.execute(select(cases.c.assigned).where(cases.c.id == 4)).scalar_one() == "rosa"


def test_the_keyboard_is_enough_to_say_what_a_message_is(browser: Browser, desk: DeskServer, furnished: Store) -> None:
    page = sign_in(browser, desk, "adam").page
    page.goto(f"{desk.url}/cases/EDI-0004/kind")
    tab_to(page, "kind")
    page.keyboard.press("ArrowUp")
    tab_to(page, "See what follows")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    tab_to(page, "Yes: it is training")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_have_text("You said that a message is training, and not query.")
