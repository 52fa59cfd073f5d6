"""Signing in: each mistake is one sentence that names the setting, and never a secret."""

import socket
from collections.abc import Callable
from pathlib import Path

import pytest
from pymap.backend.dict.mailbox import MailboxData

from mailflow.errors import TemporaryError, UserError
from mailflow.inbox.mailbox import Mailbox
from mailflow.settings import Settings
from servers.dovecot import Dovecot
from servers.embedded import Pymap
from servers.imap import ImapServer
from servers.ours import opened, settings_for
from servers.starting import free_port


def told(attempt: Callable[[], object]) -> str:
    with pytest.raises(UserError) as caught:
        attempt()
    (sentence,) = caught.value.problems
    return sentence


def test_a_wrong_password_is_one_sentence_without_the_password(server: ImapServer, settings: Settings) -> None:
    wrong = settings_for(server, settings.address, imap_password="hunter2")
    sentence = told(lambda: Mailbox.connect(wrong))
    assert "MAILFLOW_IMAP_PASSWORD" in sentence
    assert "hunter2" not in sentence


def test_a_wrong_password_beyond_ascii_is_the_same_mistake(server: ImapServer, settings: Settings) -> None:
    wrong = settings_for(server, settings.address, imap_password="pâss")
    assert "MAILFLOW_IMAP_PASSWORD" in told(lambda: Mailbox.connect(wrong))


def test_a_folder_that_is_not_there_is_named(settings: Settings) -> None:
    with Mailbox.connect(settings) as mailbox:
        sentence = told(lambda: mailbox.open("Post/In", readonly=True))
    assert sentence.startswith("MAILFLOW_IMAP_FOLDER") and '"Post/In"' in sentence


def test_a_folder_that_may_only_be_read_is_enough_for_a_rehearsal(pymap_server: Pymap, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(MailboxData, "readonly", True)
    settings = settings_for(pymap_server, pymap_server.user())
    with opened(settings, readonly=True) as mailbox:
        assert mailbox.uids_after(0) == []
    with Mailbox.connect(settings) as mailbox:
        assert "MAILFLOW_MODE" in told(lambda: mailbox.open("INBOX", readonly=False))


def test_a_host_that_does_not_exist_is_named(server: ImapServer, settings: Settings) -> None:
    wrong = settings_for(server, settings.address, imap_host="imap..university.example")
    assert "imap..university.example" in told(lambda: Mailbox.connect(wrong))


def test_a_server_that_does_not_listen_may_come_back(server: ImapServer, settings: Settings) -> None:
    away = settings_for(server, settings.address, imap_port=free_port())
    with pytest.raises(TemporaryError, match="MAILFLOW_IMAP_PORT"):
        Mailbox.connect(away)


def test_tls_to_a_server_that_speaks_none_is_one_sentence(server: ImapServer, settings: Settings) -> None:
    wrong = settings_for(server, settings.address, imap_security="tls")
    assert "MAILFLOW_IMAP_SECURITY" in told(lambda: Mailbox.connect(wrong))


def test_a_connection_that_breaks_is_temporary(server: ImapServer, settings: Settings) -> None:
    with opened(settings) as mailbox:
        mailbox.session.socket().shutdown(socket.SHUT_RDWR)
        with pytest.raises(TemporaryError):
            mailbox.uids_after(0)


def test_starttls_where_none_is_offered_is_one_sentence(pymap_server: Pymap) -> None:
    settings = settings_for(pymap_server, pymap_server.user(), imap_security="starttls")
    with pytest.raises(UserError, match="MAILFLOW_IMAP_SECURITY"):
        Mailbox.connect(settings)


@pytest.mark.real
class TestCertificates:
    @pytest.mark.parametrize("security", ["tls", "starttls"])
    def test_a_certificate_we_were_told_to_trust_lets_us_in(self, dovecot: Dovecot, security: str) -> None:
        with opened(self.settings(dovecot, security, ca_file=dovecot.ca_file)) as mailbox:
            assert mailbox.uids_after(0) == []

    @pytest.mark.parametrize("security", ["tls", "starttls"])
    def test_an_unknown_certificate_is_refused(self, dovecot: Dovecot, security: str) -> None:
        with pytest.raises(UserError, match="MAILFLOW_CA_FILE"):
            Mailbox.connect(self.settings(dovecot, security))

    @pytest.mark.parametrize("security", ["tls", "starttls"])
    def test_a_certificate_for_another_name_is_refused(self, dovecot: Dovecot, security: str) -> None:
        with pytest.raises(UserError, match="MAILFLOW_IMAP_HOST"):
            Mailbox.connect(self.settings(dovecot, security, ca_file=dovecot.ca_file, imap_host="127.0.0.1"))

    def test_a_certificate_file_that_is_not_there_is_named(self, dovecot: Dovecot, tmp_path: Path) -> None:
        with pytest.raises(UserError, match="MAILFLOW_CA_FILE"):
            Mailbox.connect(self.settings(dovecot, "tls", ca_file=tmp_path / "none.pem"))

    def settings(self, dovecot: Dovecot, security: str, **others: object) -> Settings:
        port = dovecot.tls_port if security == "tls" else dovecot.port
        values = {"imap_host": "localhost", "imap_port": port, "imap_security": security, **others}
        return settings_for(dovecot, dovecot.user(), **values)
