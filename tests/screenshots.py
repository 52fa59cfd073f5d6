"""Pictures of every page of the desk, in both colour schemes, as the sample mailbox fills it: `make screenshots`.

They go to screenshots/, which git ignores. The four that README shows are copied from there by hand.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import structlog
from playwright.sync_api import Browser, Page, sync_playwright

from browsing import sign_in
from mailflow.demo.start import furnished
from mailflow.desk.app import build
from mailflow.desk.serving import DeskServer, serve
from mailflow.domain import Role
from mailflow.store import people
from visiting import PASSWORD

FOLDER = Path(__file__).parents[1] / "screenshots"
PAGES = {
    "today": "/",
    "cases": "/cases",
    "stories": "/review",
    "training": "/training",
    "calendar": "/training/calendar",
    "mail": "/mail",
    "rules": "/rules",
    "try-a-mail": "/rules/try",
    "settings": "/settings",
    "people": "/settings/people",
    "health": "/settings/health",
    "audit-log": "/settings/audit",
}
# The first line of a list leads to a page of its own.
BEHIND = {"case": "/cases?kind=query", "story": "/review", "session": "/training", "message": "/mail"}
SIZES = {"": (1280, 900), "-phone": (390, 844)}


def main() -> None:
    """Takes them all."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger("error"))
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir()
    with worked_through() as desk, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for scheme in ("light", "dark"):
            for size, (width, height) in SIZES.items():
                take(browser, desk, scheme, size, width, height)
        browser.close()
    print(f"{len(list(FOLDER.glob('*.png')))} pictures are in {FOLDER.name}/")


@contextmanager
def worked_through() -> Iterator[DeskServer]:
    """A desk over what became of the sample mailbox."""
    with TemporaryDirectory() as folder, furnished(Path(folder), desk=False) as (daemon, _):
        while daemon.mail_step() or daemon.decide_step() or daemon.post_step():
            pass
        with daemon.store.writing() as db:
            people.add(db, "ada", PASSWORD, "root", datetime.now(UTC), Role.ADMINISTRATOR)
        running = serve(build(daemon.store, daemon.settings, lambda: daemon.house), "127.0.0.1", 0)
        yield running
        running.stop()
        daemon.close()


def take(browser: Browser, desk: DeskServer, scheme: str, size: str, width: int, height: int) -> None:
    """Every page once."""
    page = sign_in(browser, desk, color_scheme=scheme, viewport={"width": width, "height": height}).page
    for name, way in PAGES.items():
        page.goto(desk.url + way)
        _keep(page, f"{name}{size}-{scheme}")
    for name, way in BEHIND.items():
        page.goto(desk.url + way)
        page.locator("main a.reference").first.click()
        page.wait_for_load_state()
        _keep(page, f"{name}{size}-{scheme}")
    page.context.close()


def _keep(page: Page, name: str) -> None:
    page.screenshot(path=FOLDER / f"{name}.png", full_page=True)


if __name__ == "__main__":
    main()
