"""What `mailflow check` finds at real servers: what may be done there, and what is missing. It changes and sends nothing."""

from collections.abc import Callable, Iterable
from typing import Any

import pytest

from mailflow.commands.check_mailbox import look_into_mailbox
from mailflow.commands.check_relay import look_at_relay, look_at_tokens
from mailflow.commands.finding import Finding, tried
from mailflow.settings import Settings
from servers import relay as wires
from servers import scripted
from servers.dovecot import Dovecot
from servers.embedded import Pymap
from servers.imap import ImapServer
from servers.ours import mail, settings_for
from servers.postfix import Postfix
from servers.tokens import MICROSOFT, TokenServer

BOTH = ["IMAP.AccessAsApp", "SMTP.SendAsApp"]


def found(findings: Iterable[Finding]) -> dict[str, Finding]:
    return {finding.what: finding for finding in findings}


def state(server: ImapServer, user: str) -> list[Any]:
    """All of a mailbox that a look must leave alone."""
    with server.mailbox(user) as session:
        session.select_folder("INBOX", readonly=True)
        flags = session.get_flags(session.search("ALL"))
        return [session.list_folders(), session.list_sub_folders(), session.search("UNSEEN"), sorted(flags)]


def test_a_mailbox_is_looked_over_and_left_as_it_was(server: ImapServer, settings: Settings) -> None:
    server.deliver(mail(1), settings.address)
    with server.mailbox(settings.address) as session:
        session.create_folder("Training")
    before = state(server, settings.address)
    said = found(look_into_mailbox(settings))
    assert state(server, settings.address) == before
    assert [finding for finding in said.values() if finding.well is False] == []
    assert said["IMAP"].says == f"signed in as {settings.address} by a password, in the clear; may read 1 messages in INBOX"
    assert said["folders"].says.startswith("Training there; mailflow makes Automatic, ")
    assert "IDLE" in said["new mail"].says


LIST_ID = b"List-Id: Everybody of the EDI Centre\r\n <EDI-Everybody.lists.university.example>\r\n"


def test_a_list_that_most_mail_comes_over_is_told_until_it_is_named(server: ImapServer, settings: Settings) -> None:
    for number in range(1, 10):
        server.deliver((LIST_ID if number > 3 else b"") + mail(number), settings.address)
    lists = found(look_into_mailbox(settings))["lists"]
    assert lists.well is None
    assert "6 of the newest 9 messages" in lists.says
    assert lists.says.endswith("write MAILFLOW_OWN_LISTS=edi-everybody.lists.university.example.")
    for name in ("edi-everybody.lists.university.example", "EDI-Everybody@lists.university.example"):
        assert found(look_into_mailbox(settings.model_copy(update={"own_lists": (name,)})))["lists"].well is True


def test_a_list_that_some_mail_comes_over_is_nothing_to_tell(server: ImapServer, settings: Settings) -> None:
    for number in range(1, 13):
        server.deliver((LIST_ID if number % 2 else b"") + mail(number), settings.address)
    assert found(look_into_mailbox(settings))["lists"].well is True


@pytest.mark.parametrize(
    ("sent_copy", "well", "says"), [("server", None, "append or bcc"), ("append", True, "Sent, which it makes")]
)
def test_a_mailbox_without_a_folder_for_sent_mail_is_told(
    pymap_server: Pymap, sent_copy: str, well: bool | None, says: str
) -> None:
    user = pymap_server.user()
    with pymap_server.mailbox(user) as session:
        for _, _, folder in session.list_folders():
            if folder != "INBOX":
                session.delete_folder(folder)
    copies = found(look_into_mailbox(settings_for(pymap_server, user, sent_copy=sent_copy)))["copies of what is sent"]
    assert (copies.well, says in copies.says) == (well, True)


@pytest.mark.real
class TestMailbox:
    @pytest.mark.parametrize(
        ("hidden", "well", "says"),
        [
            ((), True, "by the server's MOVE"),
            (("MOVE",), True, "by COPY and UID EXPUNGE"),
            (("MOVE", "UIDPLUS"), None, "only marked as deleted"),
        ],
    )
    def test_how_messages_are_moved_is_told(
        self, dovecot: Dovecot, hidden: tuple[str, ...], well: bool | None, says: str
    ) -> None:
        with wires.relaying(dovecot.port) as wire:
            wire.hidden = hidden
            moving = found(look_into_mailbox(settings_for(dovecot, dovecot.user(), imap_port=wire.port)))["moving messages"]
        assert (moving.well, says in moving.says) == (well, True)

    @pytest.mark.parametrize(
        ("sent_copy", "well", "says"),
        [("server", None, "choose bcc"), ("append", True, "mailflow puts them into Sent"), ("bcc", True, "blind copy")],
    )
    def test_what_becomes_of_copies_is_told(self, dovecot: Dovecot, sent_copy: str, well: bool | None, says: str) -> None:
        chosen = settings_for(dovecot, dovecot.user(), sent_copy=sent_copy)
        copies = found(look_into_mailbox(chosen))["copies of what is sent"]
        assert (copies.well, says in copies.says) == (well, True)

    def test_tls_is_named(self, dovecot: Dovecot) -> None:
        by_tls = {"imap_host": "localhost", "imap_port": dovecot.tls_port, "imap_security": "tls", "ca_file": dovecot.ca_file}
        assert "TLSv1.3" in found(look_into_mailbox(settings_for(dovecot, dovecot.user(), **by_tls)))["IMAP"].says

    @pytest.mark.parametrize(("mode", "well"), [("rehearsal", None), ("live", False)])
    @pytest.mark.parametrize("rights", ["lr", "lrs", "lrst"])
    def test_a_mailbox_that_may_only_be_read_is_enough_for_a_rehearsal(
        self, dovecot_by_token: Dovecot, mode: str, well: bool | None, rights: str
    ) -> None:
        user = dovecot_by_token.user()
        allow(dovecot_by_token, user, INBOX=rights)
        moving = found(look_into_mailbox(settings_for(dovecot_by_token, user, mode=mode)))["moving messages"]
        assert moving.well is well
        assert "may only read INBOX" in moving.says

    def test_a_folder_that_takes_nothing_is_named(self, dovecot_by_token: Dovecot) -> None:
        user = dovecot_by_token.user()
        allow(dovecot_by_token, user, Training="lr", Queries="lrsi")
        folders = found(look_into_mailbox(settings_for(dovecot_by_token, user)))["folders"]
        assert (folders.well, folders.says) == (
            False,
            "Training: this user may put nothing there; ask for the right to (insert).",
        )


def allow(dovecot: Dovecot, user: str, **rights: str) -> None:
    """Gives the user of a mailbox these rights and no others, in folders that are made where they are missing."""
    with dovecot.mailbox(user) as session:
        for folder, letters in rights.items():
            if not session.folder_exists(folder):
                session.create_folder(folder)
            session.setacl(folder, "owner", letters)


@pytest.fixture
def by_token(token_server: TokenServer, dovecot_by_token: Dovecot, postfix_by_token: Postfix) -> Callable[..., Settings]:
    """Settings that sign in by token everywhere."""

    def made(**others: object) -> Settings:
        smtp = {"smtp_host": postfix_by_token.host, "smtp_port": postfix_by_token.port, "smtp_security": "none"}
        unset = {"imap_password": ""}
        return settings_for(dovecot_by_token, dovecot_by_token.centre, **{**unset, **smtp, **token_server.settings, **others})

    return made


@pytest.mark.real
class TestTokens:
    def test_both_servers_are_signed_in_to_by_token(self, by_token: Callable[..., Settings], token_server: TokenServer) -> None:
        chosen = by_token()
        looked = [*look_at_tokens(chosen), *look_into_mailbox(chosen), *look_at_relay(chosen)]
        assert [finding.what for finding in looked if finding.well is False] == []
        said = found(looked)
        assert said["token"].says == "127.0.0.1 gives access tokens"
        assert said["IMAP"].says.startswith("signed in as edi.centre@university.example by a token")
        assert "XOAUTH2" in said["SMTP"].says
        assert len(token_server.asked) == 1
        token_server.assert_unseen(repr(looked))

    @pytest.mark.parametrize("granted", [[], BOTH[:1], BOTH[1:], BOTH])
    def test_microsofts_permissions_are_told_one_by_one(
        self, by_token: Callable[..., Settings], token_server: TokenServer, granted: list[str]
    ) -> None:
        token_server.claims = {"iss": MICROSOFT, "aud": "https://outlook.office365.com", "roles": granted}
        said = found(look_at_tokens(by_token()))
        for protocol, permission in zip(("IMAP", "SMTP"), BOTH, strict=True):
            finding = said[f"permission for {protocol}"]
            assert finding.well is (permission in granted)
            assert permission in finding.says

    def test_a_mailbox_that_is_not_given_to_the_client_is_told_as_microsoft_does(
        self, by_token: Callable[..., Settings], token_server: TokenServer, dovecot_by_token: Dovecot
    ) -> None:
        token_server.claims = {"iss": MICROSOFT, "roles": BOTH}
        with wires.relaying(dovecot_by_token.port) as wire:
            for command in ("NAMESPACE", "LIST", "EXAMINE"):
                wire.answers[command] = "BAD User is authenticated but not connected."
            said = list(tried("IMAP", lambda: look_into_mailbox(by_token(imap_port=wire.port))))
        (finding,) = said
        assert finding.well is False
        assert "New-ServicePrincipal" in finding.says
        assert "Add-MailboxPermission" in finding.says

    def test_a_sender_that_is_not_ours_is_told_before_anything_is_sent(
        self, by_token: Callable[..., Settings], dovecot_by_token: Dovecot
    ) -> None:
        users = {"imap_user": dovecot_by_token.centre, "smtp_user": dovecot_by_token.centre}
        chosen = by_token(address="sam@university.example", **users)
        sender = found(look_at_relay(chosen))["sender"]
        assert sender.well is False
        assert sender.says.startswith("MAILFLOW_ADDRESS: the mail server takes no mail from it (553 5.7.1")
        assert "SendAs" in sender.says
        assert dovecot_by_token.messages("sam@university.example") == []


def test_what_the_mail_server_says_of_itself_is_told() -> None:
    with scripted.started() as server:
        server.extensions += ["SIZE 36700160", "AUTH PLAIN LOGIN"]
        chosen = settings_at(server.port)
        said = found(look_at_relay(chosen))
        assert said["SMTP"].says == (
            "127.0.0.1: without signing in, in the clear; it offers LOGIN, PLAIN, and takes mails of up to 35 MB"
        )
        assert said["sender"].well is True
        assert [command.partition(" ")[0].upper() for command in server.commands] == ["EHLO", "MAIL", "RCPT", "RSET", "QUIT"]


@pytest.mark.parametrize(
    ("step", "answer", "well"),
    [
        ("RCPT", "554 5.7.60 SendAsDenied", False),
        ("MAIL", "550 5.7.60 SendAsDenied", False),
        ("MAIL", "451 4.7.1 later", None),
        ("RCPT", "421 4.3.2 closing", None),
        ("RCPT", scripted.DROP, False),
    ],
)
def test_a_refused_sender_is_told(step: str, answer: str, well: bool | None) -> None:
    with scripted.started() as server:
        server.answers[step] = answer
        said = list(tried("SMTP", lambda: look_at_relay(settings_at(server.port))))
    assert said[-1].well is well


def settings_at(port: int) -> Settings:
    from mailflow.settings import only

    return only(address=Dovecot.centre, smtp_host=Dovecot.host, smtp_port=port, smtp_security="none")
