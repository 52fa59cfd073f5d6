"""One story goes its whole way: reviewed, asked about, agreed to, published, and withdrawn by a mail of its contributor."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from browsing import sign_in
from mailflow.daemon import Daemon
from mailflow.demo.contributor import QUESTION, answer
from mailflow.demo.servers import MailServers
from mailflow.demo.start import furnished
from mailflow.desk.app import build
from mailflow.desk.serving import DeskServer, serve
from mailflow.domain import CHECKLIST, Consent, Role
from mailflow.publishing import Folder
from mailflow.store import people, storyfiles
from visiting import PASSWORD

pytestmark = pytest.mark.real

DOCUMENTS = ("index.html", "feed.json", "atom.xml")
TITLE, TEXT = "A word in time", "I said that the joke was not funny, and somebody thanked me."


@dataclass
class Office:
    """The daemon, whose steps are taken by hand, with its servers, its desk and the website's folder."""

    daemon: Daemon
    servers: MailServers
    desk: DeskServer
    folder: Path

    def work(self) -> None:
        """Everything that there is to do now."""
        while self.daemon.mail_step() or self.daemon.decide_step() or self.daemon.post_step():
            pass
        self.daemon.website.bring_up_to_date()

    def receive(self, raw: bytes) -> None:
        self.servers.deliver(raw, datetime.now(UTC))
        self.work()

    def question(self) -> bytes:
        """The mail that asked the contributor, as it left."""
        sent = [file.read_bytes() for file in self.servers.sent.glob("*.eml")]
        return next(raw for raw in sent if str(message_from_bytes(raw, policy=default)["Subject"]).startswith(QUESTION))


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    folder = tmp_path / "website"
    with furnished(tmp_path / "demo", desk=False) as (daemon, servers):
        daemon.settings = daemon.settings.model_copy(update={"stories_folder": folder})
        daemon.website = Folder(daemon.store, daemon.settings)
        with daemon.store.writing() as db:
            people.add(db, "rosa", PASSWORD, "root", datetime.now(UTC), Role.REVIEWER)
        desk = serve(build(daemon.store, daemon.settings, lambda: daemon.house), "127.0.0.1", 0)
        yield Office(daemon, servers, desk, folder)
        desk.stop()
        daemon.close()


def shown_at(page: Page, office: Office) -> list[bool]:
    """Whether each document says the text: at the desk's address, then in the folder."""
    at_desk = [page.request.get(f"{office.desk.url}/stories/{name}".replace("index.html", "")).text() for name in DOCUMENTS]
    return [TEXT in told for told in (*at_desk, *((office.folder / name).read_text() for name in DOCUMENTS))]


def test_a_story_is_asked_about_published_and_withdrawn(browser: Browser, office: Office) -> None:
    office.work()
    with office.daemon.store.reading() as db:
        stories = storyfiles.stories(db)
    reference = next(one.reference for one in stories if one.consent is not Consent.NONE and not one.sensitive)
    page = sign_in(browser, office.desk, "rosa").page
    page.goto(f"{office.desk.url}/review")
    page.get_by_role("link", name=reference).first.click()
    page.get_by_label("Title").fill(TITLE)
    page.get_by_role("textbox", name="Text", exact=True).fill(TEXT)
    page.get_by_role("button", name="Ask the contributor").click()
    expect(page.get_by_role("article")).to_contain_text(TEXT)
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_role("status").filter(has_text="Their answer comes back here.")).to_be_visible()
    office.work()
    yes = answer(office.question(), datetime.now(UTC))
    assert yes is not None
    office.receive(yes)
    page.reload()
    expect(page.get_by_text("It reads as: yes.")).to_be_visible()
    page.get_by_role("button", name="Confirm: yes", exact=True).click()
    expect(page.get_by_role("status").filter(has_text="Their answer is on record.")).to_be_visible()
    assert shown_at(page, office) == [False] * 6
    for line in CHECKLIST:
        page.get_by_label(line).check()
    page.get_by_role("button", name="Approve", exact=True).click()
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.get_by_role("status").filter(has_text="Published: anybody can read it now.")).to_be_visible()
    assert shown_at(page, office) == [True] * 6
    withdrawal = message_from_bytes(yes, EmailMessage, policy=default)
    withdrawal.replace_header("Message-ID", "<withdrawal@university.example>")
    withdrawal.set_content("withdraw\n")
    office.receive(withdrawal.as_bytes())
    assert shown_at(page, office) == [False] * 6
    page.reload()
    expect(page.get_by_text("The contributor took this story back.")).to_be_visible()
