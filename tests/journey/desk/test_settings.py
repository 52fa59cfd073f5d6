"""Signing in with a university account, and looking after people, in a real browser."""

import pytest
from playwright.sync_api import Browser, expect

from browsing import barriers, sign_in, watch
from filed import filed_story
from mailflow import settings
from mailflow.desk.app import build
from mailflow.desk.serving import DeskServer, serve
from mailflow.store.database import Store
from servers.provider import CLIENT, SECRET, independent
from servers.starting import HOST, free_port

pytestmark = pytest.mark.real

PAGES = ("/settings", "/settings/people", "/settings/people/rhea", "/settings/people/rhea/remove")
PAGES += ("/settings/health", "/settings/digest", "/settings/audit", "/settings/audit?case=nonsense")
ZOE = {"sub": "zoe", "preferred_username": "zoe@university.example", "roles": ["reviewer"]}


def test_a_university_account_comes_in_by_its_own_providers_page_and_goes_again(browser: Browser, store: Store) -> None:
    with store.writing() as db:
        filed_story(db)
    port = free_port()
    url = f"http://{HOST}:{port}"
    with independent(ZOE) as issuer:
        oidc = {"oidc_issuer": issuer, "oidc_client_id": CLIENT, "oidc_client_secret": SECRET}
        desk = serve(build(store, settings.load(desk_url=url, mode="drafts", **oidc)), HOST, port)
        try:
            page = watch(browser).page
            page.goto(f"{url}/cases/EDI-0001")
            assert barriers(page) == []
            page.get_by_role("link", name="Sign in with your university account").click()
            page.wait_for_url(f"{issuer}/**")
            page.get_by_role("button", name="zoe").click()
            page.wait_for_url(f"{url}/cases/EDI-0001")
            expect(page.get_by_text("Signed in as zoe")).to_be_visible()
            page.goto(f"{url}/settings")
            expect(page.get_by_role("heading", name="zoe, reviewer")).to_be_visible()
            page.get_by_role("button", name="Sign out", exact=True).click()
            expect(page.get_by_role("status")).to_contain_text("You are signed out of the desk.")
            expect(page.get_by_role("link", name="sign out of your university account")).to_be_visible()
            assert barriers(page) == []
        finally:
            desk.stop()


def test_an_administrator_adds_somebody_who_signs_in_changes_role_and_is_removed(browser: Browser, desk: DeskServer) -> None:
    page = sign_in(browser, desk, java_script_enabled=False).page
    page.get_by_role("link", name="Settings").click()
    page.get_by_role("navigation", name="Settings").get_by_role("link", name="People").click()
    page.get_by_label("Name").fill("J.Smith")
    page.get_by_label("Reviewer").check()
    page.get_by_role("button", name="Add").click()
    password = page.get_by_role("status").locator("code").inner_text()

    theirs = watch(browser, java_script_enabled=False).page
    theirs.goto(f"{desk.url}/sign-in")
    theirs.get_by_label("Name").fill("j.smith")
    theirs.get_by_label("Password").fill(password)
    theirs.get_by_role("button", name="Sign in").click()
    expect(theirs.get_by_role("link", name="Stories")).to_be_visible()

    page.get_by_label("Reader").check()
    page.get_by_role("button", name="Give this role").click()
    expect(page.get_by_role("status")).to_have_text("j.smith is reader now.")
    theirs.reload()
    expect(theirs.get_by_role("link", name="Stories")).to_have_count(0)

    page.get_by_role("link", name="Remove j.smith").click()
    page.get_by_role("button", name="Remove j.smith").click()
    expect(page.get_by_role("status")).to_have_text("j.smith may not sign in any more.")
    theirs.reload()
    expect(theirs.get_by_role("heading", name="Sign in")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_settings_keep_nobody_out_and_fit_a_phone(browser: Browser, desk: DeskServer, store: Store, scheme: str) -> None:
    with store.writing() as db:
        filed_story(db)
    watched = sign_in(browser, desk, color_scheme=scheme, viewport={"width": 320, "height": 800})
    page = watched.page
    for path in PAGES:
        page.goto(desk.url + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, path
        assert barriers(page) == [], path
    page.goto(f"{desk.url}/settings/digest")
    frame = page.frame_locator("iframe")
    expect(frame.locator("body")).to_contain_text("EDI-0001")
    assert watched.complaints == ["Failed to load resource: the server responded with a status of 422 (Unprocessable Entity)"]
