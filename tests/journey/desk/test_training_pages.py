"""Training in a real browser: a session in the calendar within a minute, by the keyboard, without JavaScript, on a phone."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import insert, select

from browsing import barriers, sign_in, tab_to
from filed import filed_case, filed_message, raw_mail
from mailflow import settings
from mailflow.desk.app import build
from mailflow.desk.serving import DeskServer, serve
from mailflow.domain import Kind, TrainingDetails, TrainingState
from mailflow.domain.plain import details_to_json
from mailflow.store.database import Store
from mailflow.store.tables import outgoings, trainings

pytestmark = pytest.mark.real

ROOT = Path(__file__).parents[3]
DAY = datetime.now(UTC).date() + timedelta(days=40)
PAGES = ("/training", f"/training/calendar?month={DAY:%Y-%m}", "/training/EDI-0001", "/training/open-dates")


@pytest.fixture
def desk(store: Store, tmp_path: Path) -> Iterator[DeskServer]:
    """With a rules file of its own, and a request of the Department of Chemistry."""
    with store.writing() as db:
        case_id = filed_case(db, Kind.TRAINING, token="7kq2mxwd")
        filed_message(db, case_id, raw_mail("A session for us?"), kind=Kind.TRAINING)
        details = details_to_json(TrainingDetails("Department of Chemistry", (15, 20), (DAY,)))
        db.execute(insert(trainings).values(case_id=case_id, state=TrainingState.NEW, details=details))
    rules = Path(shutil.copy(ROOT / "rules.toml", tmp_path))
    running = serve(build(store, settings.load(desk_url=None, mode="drafts", rules=rules)), "127.0.0.1", 0)
    yield running
    running.stop()


def told(store: Store) -> list[str]:
    with store.reading() as db:
        return list(db.execute(select(outgoings.c.once).order_by(outgoings.c.id)).scalars())


def fill(page: Page) -> None:
    page.get_by_label("Starts").fill("10:00")
    page.get_by_label("Ends").fill("12:30")
    page.get_by_label("Place").fill("Hartree 301")


def test_an_adviser_puts_a_session_into_the_calendar_and_calls_it_off(browser: Browser, desk: DeskServer, store: Store) -> None:
    page = sign_in(browser, desk, "adam", java_script_enabled=False).page
    page.get_by_role("link", name="Training", exact=True).click()
    page.get_by_role("link", name="EDI-0001").click()
    expect(page.get_by_label("Day")).to_have_value(DAY.isoformat())
    fill(page)
    page.get_by_role("button", name="Look at the mail first").click()
    expect(page.get_by_role("article", name="The mail")).to_contain_text("10:00 to 12:30 (UK time)")
    assert told(store) == []
    page.get_by_role("button", name="Schedule and send the invitation").click()
    expect(page.get_by_role("status")).to_contain_text("the invitation is on its way")
    page.goto(f"{desk.url}/training/calendar?month={DAY:%Y-%m}")
    page.get_by_role("link", name="10:00 Department of Chemistry").click()
    page.get_by_text("Call it off", exact=True).click()
    page.get_by_role("button", name="Call it off and tell them").click()
    expect(page.get_by_role("status")).to_contain_text("called off")
    assert told(store) == ["invitation:case:EDI-0001:0", "cancellation:case:EDI-0001:1"]


def test_a_session_is_scheduled_by_the_keyboard_alone(browser: Browser, desk: DeskServer, store: Store) -> None:
    page = sign_in(browser, desk, "adam").page
    page.goto(f"{desk.url}/training")
    tab_to(page, "EDI-0001")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Training EDI-0001")).to_be_visible()
    tab_to(page, "begins")
    page.keyboard.type("1000AM")
    tab_to(page, "ends")
    page.keyboard.type("1230PM")
    tab_to(page, "place")
    page.keyboard.type("Hartree 301")
    tab_to(page, "Schedule and send the invitation")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("on its way")
    assert told(store) == ["invitation:case:EDI-0001:0"]


def test_two_people_at_once_invite_once(browser: Browser, desk: DeskServer, store: Store) -> None:
    adam, ada = (sign_in(browser, desk, name).page for name in ("adam", "ada"))
    for page in (adam, ada):
        page.goto(f"{desk.url}/training/EDI-0001")
        fill(page)
    adam.get_by_role("button", name="Schedule and send the invitation").click()
    expect(adam.get_by_role("status")).to_be_visible()
    ada.get_by_role("button", name="Schedule and send the invitation").click()
    expect(ada.get_by_role("alert")).to_contain_text("EDI-0001 has changed since you opened it")
    assert told(store) == ["invitation:case:EDI-0001:0"]


def test_an_administrator_adds_an_open_date(browser: Browser, desk: DeskServer) -> None:
    page = sign_in(browser, desk, "ada").page
    page.goto(f"{desk.url}/training/open-dates")
    for name, value in (("Day", DAY.isoformat()), ("Time", "10:00 to 12:00"), ("Format", "online"), ("Place", "Teams")):
        page.locator("section", has_text="A new date").get_by_label(name).fill(value)
    page.get_by_role("button", name="Add the date").click()
    expect(page.get_by_role("status")).to_contain_text("The date is added.")
    expect(page.locator(f"time[datetime='{DAY.isoformat()}']").first).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_is_for_everybody(browser: Browser, desk: DeskServer, scheme: str) -> None:
    watched = sign_in(browser, desk, "ada", color_scheme=scheme, viewport={"width": 1280, "height": 800})
    page = watched.page
    for path in PAGES:
        page.goto(desk.url + path)
        page.evaluate("for (const one of document.querySelectorAll('main details')) one.open = true")
        assert barriers(page) == [], path
    page.goto(desk.url + PAGES[2])
    fill(page)
    page.get_by_role("button", name="Look at the mail first").click()
    page.get_by_text("Its HTML part").click()
    expect(page.frame_locator("iframe").get_by_text("Hartree 301")).to_be_visible()
    assert barriers(page) == []
    assert watched.complaints == []


def test_on_a_phone_nothing_is_cut_off_and_a_month_is_a_list(browser: Browser, desk: DeskServer) -> None:
    page = sign_in(browser, desk, "ada", viewport={"width": 320, "height": 700}).page
    for path in PAGES:
        page.goto(desk.url + path)
        page.evaluate("for (const one of document.querySelectorAll('main details')) one.open = true")
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, path
    page.goto(desk.url + PAGES[1])
    expect(page.locator("table.month")).to_be_hidden()
    expect(page.locator(".agenda")).to_be_visible()
