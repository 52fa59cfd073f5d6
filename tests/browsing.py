"""Somebody at the real desk in a real browser: what they open, and what the pages should never do."""

from dataclasses import dataclass, field
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from mailflow.desk.serving import DeskServer
from mailflow.store import sessions

_axe = Axe()
_RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"], "resultTypes": ["violations"]}


@dataclass
class Watched:
    """A page, and what it should never do."""

    page: Page
    requests: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)


def watch(browser: Browser, **options: Any) -> Watched:
    """A page of a fresh browser, signed in nowhere."""
    page = browser.new_context(**options).new_page()
    watched = Watched(page)
    page.on("request", lambda request: watched.requests.append(request.url))
    page.on("console", lambda message: watched.complaints.append(message.text))

    def dismiss(dialog: Any) -> None:
        watched.dialogs.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", dismiss)
    return watched


def sign_in(browser: Browser, desk: DeskServer, name: str = "ada", **options: Any) -> Watched:
    """A page on which somebody has signed in, at Today; their session begins in the database, which is quicker than typing."""
    watched = watch(browser, **options)
    room = desk.server.config.app.state.room
    with room.store.writing() as db:
        token = sessions.start(db, name, room.clock())
    watched.page.context.add_cookies([{"name": room.cookie, "value": token, "url": desk.url}])
    watched.page.goto(desk.url)
    expect(watched.page.get_by_role("heading", name="Today")).to_be_visible()
    return watched


def barriers(page: Page) -> list[str]:
    """What keeps people from using the page (axe-core: WCAG 2.2 A and AA, and best practice), one line each."""
    found = _axe.run(page, options=_RULES).response["violations"]
    return [f"{one['impact']}: {one['id']}: {node['html'][:200]}" for one in found for node in one["nodes"]]


def tab_to(page: Page, wanted: str, most: int = 60) -> None:
    """Presses Tab until the element with this text or name has the focus."""
    for _ in range(most):
        page.keyboard.press("Tab")
        at = page.evaluate("[document.activeElement.textContent.trim(), document.activeElement.name]")
        if wanted in at:
            return
    raise AssertionError(f"the Tab key never comes to {wanted}")
