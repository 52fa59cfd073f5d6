"""What somebody hears who sits at a story in a real browser while others come and go, and once they are signed out."""

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import delete

from browsing import barriers, sign_in
from filed import filed_story
from mailflow.desk.serving import DeskServer
from mailflow.store import storyfiles
from mailflow.store.database import Store
from mailflow.store.tables import desk_sessions

pytestmark = pytest.mark.real

HALF_A_MINUTE = 30_000


def test_who_else_is_here_is_spoken_once_and_a_lost_session_is_said(browser: Browser, desk: DeskServer, store: Store) -> None:
    now = datetime.now(UTC)
    with store.writing() as db:
        filed_story(db)
        storyfiles.story(db, 1, "ada", now - timedelta(minutes=3))
    page = sign_in(browser, desk, "rosa").page
    page.clock.install()
    page.goto(f"{desk.url}/review/EDI-0001")
    others = page.locator("#others")
    status = others.get_by_role("status")
    expect(status).to_have_text("Ada has this story open, too. Talk to each other before you both change it.")
    expect(others).to_contain_text("Ada opened this story 3 minutes ago.")
    assert barriers(page) == []
    page.evaluate("""() => {
        window.spoken = 0;
        const heard = {childList: true, characterData: true, subtree: true};
        new MutationObserver(() => { window.spoken++; }).observe(document.querySelector("#others [role=status]"), heard);
    }""")
    with store.writing() as db:
        storyfiles.story(db, 1, "ada", now)
    page.clock.run_for(HALF_A_MINUTE)
    expect(others).to_contain_text("Ada opened this story just now.")
    assert page.evaluate("window.spoken") == 0
    with store.writing() as db:
        storyfiles.story(db, 1, "una", now)
    page.clock.run_for(HALF_A_MINUTE)
    expect(status).to_contain_text("Una has this story open, too.")
    assert page.evaluate("window.spoken") == 1
    with store.writing() as db:
        db.execute(delete(desk_sessions))
    for _ in range(2):
        with page.expect_response(lambda answer: "/sign-in?" in answer.url):
            page.clock.run_for(HALF_A_MINUTE)
    expect(status).to_contain_text("You are signed out. Copy what you wrote before you sign in again.")
    expect(status).to_contain_text("Ada has this story open, too.")
    assert page.evaluate("window.spoken") == 2
