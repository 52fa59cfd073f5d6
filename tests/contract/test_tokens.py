"""Signing in by tokens: Dovecot's real OAuth, by IMAP, and by SMTP through Postfix; and servers that refuse."""

import logging
from base64 import b64decode
from collections.abc import Callable, Iterator

import pytest

from mailflow.errors import MailflowError, TemporaryError, UserError
from mailflow.inbox.mailbox import Mailbox
from mailflow.outbox.smtp import Relay
from mailflow.settings import Settings
from servers import relay as wires
from servers import scripted
from servers.dovecot import Dovecot
from servers.ours import mail, opened, settings_for
from servers.postfix import Postfix
from servers.scripted import Scripted
from servers.tokens import MICROSOFT, SECRET, TokenServer

SAM = "sam@university.example"
CHALLENGE = "334 eyJzdGF0dXMiOiI0MDEifQ=="

MakeSettings = Callable[..., Settings]


@pytest.fixture
def by_token(dovecot_by_token: Dovecot, token_server: TokenServer) -> MakeSettings:
    """Settings that sign in by token at `dovecot_by_token`; no password is set."""

    def made(**others: object) -> Settings:
        unset = {"imap_password": "", "smtp_security": "none"}
        return settings_for(dovecot_by_token, dovecot_by_token.centre, **{**unset, **token_server.settings, **others})

    return made


@pytest.fixture
def smtp_by_token(by_token: MakeSettings, postfix_by_token: Postfix) -> MakeSettings:
    """Settings that send by `postfix_by_token`, too."""

    def made(**others: object) -> Settings:
        return by_token(**{"smtp_host": postfix_by_token.host, "smtp_port": postfix_by_token.port, **others})

    return made


def failure(attempt: Callable[[], object], sort: type[MailflowError] = UserError) -> str:
    with pytest.raises(sort) as raised:
        attempt()
    assert "\n" not in str(raised.value)
    return str(raised.value)


def open_and_close(settings: Settings) -> None:
    relay = Relay(settings)
    try:
        relay.open()
    finally:
        relay.close()


@pytest.mark.real
class TestDovecot:
    def test_a_token_opens_the_mailbox(self, by_token: MakeSettings, dovecot_by_token: Dovecot) -> None:
        dovecot_by_token.deliver(mail(1), dovecot_by_token.centre)
        with opened(by_token()) as mailbox:
            assert len(mailbox.all_uids()) == 1

    def test_the_mailbox_is_named_by_its_user_and_not_by_the_client(
        self, by_token: MakeSettings, dovecot_by_token: Dovecot, token_server: TokenServer
    ) -> None:
        settings = by_token(address="training@university.example", imap_user=dovecot_by_token.centre)
        with opened(settings) as mailbox:
            assert mailbox.name == "training@university.example"
        said = failure(lambda: Mailbox.connect(by_token(imap_user="ada@university.example")))
        assert said.startswith("MAILFLOW_IMAP_USER and MAILFLOW_OAUTH_SCOPE: the IMAP server refuses a fresh token")
        assert "ada" not in said
        token_server.assert_unseen(said)

    def test_a_kept_token_opens_every_connection(self, by_token: MakeSettings, token_server: TokenServer) -> None:
        for _ in range(3):
            with opened(by_token()):
                pass
        assert len(token_server.asked) == 1

    def test_a_refused_token_is_replaced_by_a_fresh_one(self, by_token: MakeSettings, token_server: TokenServer) -> None:
        with opened(by_token()):
            pass
        token_server.revoke()
        with opened(by_token()) as mailbox:
            assert mailbox.all_uids() == set()
        assert len(token_server.asked) == 2

    def test_an_expired_token_is_never_shown_to_the_server(
        self, by_token: MakeSettings, token_server: TokenServer, dovecot_by_token: Dovecot
    ) -> None:
        token_server.lifetime = 0
        with wires.relaying(dovecot_by_token.port) as wire:
            failure(lambda: Mailbox.connect(by_token(imap_port=wire.port)))
            # Both were out of date on their way, and each was asked for anew.
            assert len(token_server.asked) == 2
            token_server.lifetime = 60
            with opened(by_token(imap_port=wire.port)):
                pass
            assert len(token_server.asked) == 3
            attempts = [command for command in wire.commands if command.startswith("AUTHENTICATE")]
            assert len(attempts) == 3

    def test_the_reason_of_a_refusal_is_answered_with_nothing(
        self, by_token: MakeSettings, token_server: TokenServer, dovecot_by_token: Dovecot
    ) -> None:
        with wires.relaying(dovecot_by_token.port) as wire:
            settings = by_token(imap_port=wire.port)
            with opened(settings):
                pass
            token_server.revoke()
            with opened(settings):
                pass
        sign_in = wire.commands[wire.commands.index("AUTHENTICATE XOAUTH2", 3) :][:5]
        assert [line if line == "AUTHENTICATE XOAUTH2" else bool(line) for line in sign_in] == [
            *("AUTHENTICATE XOAUTH2", True, False),
            *("AUTHENTICATE XOAUTH2", True),
        ]

    def test_nothing_is_sent_to_the_mail_server_where_there_is_no_token(
        self, by_token: MakeSettings, token_server: TokenServer, dovecot_by_token: Dovecot
    ) -> None:
        with wires.relaying(dovecot_by_token.port) as wire:
            token_server.answers.append((503, b""))
            assert "gives no token now (503)" in failure(lambda: Mailbox.connect(by_token(imap_port=wire.port)), TemporaryError)
            said = failure(lambda: Mailbox.connect(by_token(imap_port=wire.port, oauth_client_secret="wr0ng")))
            assert said.startswith("MAILFLOW_OAUTH_CLIENT_ID and MAILFLOW_OAUTH_CLIENT_SECRET")
            assert not [command for command in wire.commands if command.startswith("AUTHENTICATE")]

    def test_a_server_that_takes_no_tokens_is_told(
        self, by_token: MakeSettings, dovecot_by_token: Dovecot, token_server: TokenServer
    ) -> None:
        with wires.relaying(dovecot_by_token.port) as wire:
            wire.hidden = ("AUTH=XOAUTH2",)
            said = failure(lambda: Mailbox.connect(by_token(imap_port=wire.port)))
        assert said.startswith("MAILFLOW_OAUTH_TOKEN_URL: the IMAP server takes no tokens")
        assert token_server.asked == []

    def test_a_sign_in_that_breaks_is_temporary(self, by_token: MakeSettings, dovecot_by_token: Dovecot) -> None:
        with wires.relaying(dovecot_by_token.port) as wire:
            wire.cut_at("[A-Za-z0-9+/=]{60,}$")  # the token on its way
            failure(lambda: Mailbox.connect(by_token(imap_port=wire.port)), TemporaryError)

    def test_microsofts_missing_permission_is_named(self, by_token: MakeSettings, token_server: TokenServer) -> None:
        token_server.claims = {"iss": MICROSOFT, "roles": ["SMTP.SendAsApp"]}
        said = failure(lambda: Mailbox.connect(by_token(imap_user=SAM)))
        assert "the permission IMAP.AccessAsApp is missing" in said

    def test_no_log_at_any_level_holds_a_token(
        self,
        smtp_by_token: MakeSettings,
        token_server: TokenServer,
        caplog: pytest.LogCaptureFixture,
        capfd: pytest.CaptureFixture[str],
    ) -> None:
        caplog.set_level(logging.DEBUG)
        for settings in (smtp_by_token(), smtp_by_token(imap_user=SAM, smtp_user=SAM)):
            for attempt in (Mailbox.connect, open_and_close):
                try:
                    closing = attempt(settings)
                except UserError as error:
                    caplog.handler.stream.write(repr(error))
                else:
                    if isinstance(closing, Mailbox):
                        closing.close()
        assert len(token_server.issued) > 2
        token_server.assert_unseen(caplog.text, *capfd.readouterr())


@pytest.mark.real
class TestPostfix:
    def test_a_token_lets_us_send(
        self, smtp_by_token: MakeSettings, dovecot_by_token: Dovecot, token_server: TokenServer
    ) -> None:
        settings = smtp_by_token()
        relay = Relay(settings)
        relay.send(settings.address, [SAM], mail(1))
        relay.close()
        dovecot_by_token.await_mail(SAM)
        with opened(settings):
            pass
        assert len(token_server.asked) == 1

    def test_the_mailbox_is_named_by_its_user(self, smtp_by_token: MakeSettings, token_server: TokenServer) -> None:
        open_and_close(smtp_by_token(address="training@university.example", smtp_user=Dovecot.centre))
        said = failure(lambda: open_and_close(smtp_by_token(smtp_user=SAM)))
        assert said.startswith("MAILFLOW_SMTP_USER and MAILFLOW_OAUTH_SCOPE: the SMTP server refuses a fresh token")
        token_server.assert_unseen(said)

    def test_a_refused_token_is_replaced_by_a_fresh_one(self, smtp_by_token: MakeSettings, token_server: TokenServer) -> None:
        open_and_close(smtp_by_token())
        token_server.revoke()
        open_and_close(smtp_by_token())
        assert len(token_server.asked) == 2


@pytest.fixture
def server() -> Iterator[Scripted]:
    with scripted.started() as running:
        running.extensions.append("AUTH LOGIN XOAUTH2")
        yield running


@pytest.fixture
def to_scripted(server: Scripted, token_server: TokenServer) -> MakeSettings:
    """Settings that send by `server`, which only plays the mail server."""
    from mailflow.settings import only

    plain = {"smtp_host": server.host, "smtp_port": server.port, "smtp_security": "none", "address": Dovecot.centre}
    return lambda **others: only(**{**plain, **token_server.settings, **others})


class TestAnySmtpServer:
    def test_the_user_is_the_address_where_none_is_named(
        self, server: Scripted, to_scripted: MakeSettings, token_server: TokenServer
    ) -> None:
        open_and_close(to_scripted())
        open_and_close(to_scripted(smtp_user=SAM))
        sent = [b64decode(command.split()[2]).decode() for command in server.commands if command.startswith("AUTH XOAUTH2")]
        assert sent == [
            f"user={user}\x01auth=Bearer {token}\x01\x01"
            for user, token in zip((Dovecot.centre, SAM), token_server.issued, strict=True)
        ]

    def test_the_reason_of_a_refusal_is_answered_with_nothing(self, server: Scripted, to_scripted: MakeSettings) -> None:
        server.answers["AUTH"] = [CHALLENGE]
        server.answers[""] = ["535 5.7.8 expired"]
        open_and_close(to_scripted())
        verbs = [command.partition(" ")[0].upper() for command in server.commands]
        assert verbs == ["EHLO", "AUTH", "", "AUTH", "QUIT"]

    def test_a_refusal_for_now_is_temporary_and_asks_for_no_other_token(
        self, server: Scripted, to_scripted: MakeSettings, token_server: TokenServer
    ) -> None:
        server.answers["AUTH"] = "454 4.7.0 later"
        assert "454 4.7.0" in failure(lambda: open_and_close(to_scripted()), TemporaryError)
        server.answers["AUTH"] = scripted.DROP
        failure(lambda: open_and_close(to_scripted()), TemporaryError)
        assert len(token_server.asked) == 1

    def test_a_refusal_for_good_tries_two_tokens_and_tells_microsofts_permission(
        self, server: Scripted, to_scripted: MakeSettings, token_server: TokenServer
    ) -> None:
        server.answers["AUTH"] = f"535 5.7.3 {SECRET} unsuccessful"
        token_server.claims = {"iss": MICROSOFT, "roles": ["IMAP.AccessAsApp"]}
        said = failure(lambda: open_and_close(to_scripted()))
        assert "the permission SMTP.SendAsApp is missing" in said
        assert len(token_server.asked) == 2
        token_server.assert_unseen(said)

    def test_a_server_that_takes_no_tokens_is_told(
        self, server: Scripted, to_scripted: MakeSettings, token_server: TokenServer
    ) -> None:
        server.extensions[:] = ["AUTH LOGIN PLAIN"]
        said = failure(lambda: open_and_close(to_scripted()))
        assert said.startswith("MAILFLOW_OAUTH_TOKEN_URL")
        assert token_server.asked == []
