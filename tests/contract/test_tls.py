"""TLS to both servers: who is not to be trusted is not spoken to, and before TLS nothing is said that matters."""

import ssl
from collections.abc import Callable
from pathlib import Path

import pytest

from mailflow.errors import MailflowError, UserError
from mailflow.inbox.mailbox import Mailbox
from mailflow.outbox.smtp import Relay
from mailflow.settings import Settings
from servers import relay as wires
from servers import scripted
from servers.dovecot import Dovecot, certify, expire
from servers.scripted import Scripted
from servers.starting import HOST, need
from servers.tokens import TokenServer

PASSWORD = "hush-hush"


@pytest.fixture
def certificates(tmp_path: Path) -> Path:
    """A folder with a certificate for localhost, signed by itself."""
    need("openssl", package="openssl")
    certify(tmp_path)
    return tmp_path


def tls(folder: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "certificate.pem", folder / "key.pem")
    return context


def settings(port: int, security: str, ca_file: Path | None = None, **others: object) -> Settings:
    both = {f"{name}_{key}": value for name in ("imap", "smtp") for key, value in (("host", "localhost"), ("port", port))}
    secure = {"imap_security": security, "smtp_security": security, "ca_file": ca_file}
    by = {"imap_password": PASSWORD, "smtp_user": "me", "smtp_password": PASSWORD}
    return Settings(_env_file=None, **{**both, **secure, **by, **others})  # type: ignore[arg-type]


def by_imap(chosen: Settings) -> None:
    Mailbox.connect(chosen).close()


def by_smtp(chosen: Settings) -> None:
    Relay(chosen).open()


BOTH = pytest.mark.parametrize(("sign_in", "name"), [(by_imap, "IMAP"), (by_smtp, "SMTP")])
SignIn = Callable[[Settings], None]


def refusal(sign_in: SignIn, chosen: Settings) -> str:
    with pytest.raises(UserError) as raised:
        sign_in(chosen)
    (sentence,) = raised.value.problems
    return sentence


@BOTH
def test_a_certificate_out_of_date_is_refused(certificates: Path, sign_in: SignIn, name: str) -> None:
    expire(certificates)
    with scripted.started(tls(certificates), tls_at_once=True) as server:
        said = refusal(sign_in, settings(server.port, "tls", certificates / "certificate.pem"))
        assert said.startswith(f"MAILFLOW_{name}_HOST: the certificate of localhost is not trusted (certificate has expired)")
        assert server.commands == []


@BOTH
@pytest.mark.filterwarnings("ignore:ssl.TLSVersion.TLSv1_1 is deprecated")
def test_a_version_of_tls_that_is_broken_is_refused(certificates: Path, sign_in: SignIn, name: str) -> None:
    old = tls(certificates)
    old.minimum_version, old.maximum_version = ssl.TLSVersion.MINIMUM_SUPPORTED, ssl.TLSVersion.TLSv1_1
    old.set_ciphers("DEFAULT:@SECLEVEL=0")
    with scripted.started(old, tls_at_once=True) as server:
        said = refusal(sign_in, settings(server.port, "tls", certificates / "certificate.pem"))
    assert said.startswith(f"MAILFLOW_{name}_SECURITY")
    assert "TLS 1.2 or newer" in said
    trust = settings(1, "tls").trust()
    assert (trust.minimum_version, trust.verify_mode, trust.check_hostname) == (ssl.TLSVersion.TLSv1_2, ssl.CERT_REQUIRED, True)


class TestStartTls:
    """Somebody on the way who takes STARTTLS out of what the server offers, or breaks it, learns nothing."""

    @pytest.mark.real
    def test_imap_without_starttls_hears_no_password(self, dovecot: Dovecot) -> None:
        with wires.relaying(dovecot.port) as wire:
            wire.hidden = ("STARTTLS",)
            assert "offers no STARTTLS" in refusal(by_imap, settings(wire.port, "starttls", dovecot.ca_file))
            assert said_before_tls(wire.commands) == []

    @pytest.mark.real
    @pytest.mark.parametrize("answer", ["NO not now", "BAD what?"])
    def test_imap_that_refuses_starttls_hears_no_password(self, dovecot: Dovecot, answer: str) -> None:
        with wires.relaying(dovecot.port) as wire:
            wire.answers["STARTTLS"] = answer
            with pytest.raises(MailflowError):
                by_imap(settings(wire.port, "starttls", dovecot.ca_file))
            assert said_before_tls(wire.commands) == []

    @pytest.mark.parametrize("answer", [None, "454 4.7.0 not now", "502 what?"])
    def test_smtp_without_starttls_hears_no_password(self, certificates: Path, answer: str | None) -> None:
        with scripted.started(tls(certificates)) as server:
            server.extensions.append("AUTH PLAIN LOGIN")
            if answer:
                server.extensions.append("STARTTLS")
                server.answers["STARTTLS"] = answer
            with pytest.raises(MailflowError):
                by_smtp(settings(server.port, "starttls", certificates / "certificate.pem"))
            assert verbs(server) <= {"EHLO", "STARTTLS"}

    @BOTH
    def test_no_token_is_asked_for_a_connection_that_stays_open_to_all(
        self, sign_in: SignIn, name: str, token_server: TokenServer
    ) -> None:
        with scripted.started() as server:
            server.extensions.append("AUTH XOAUTH2")
            server.answers["greeting"] = "* OK here\r\n* CAPABILITY IMAP4rev1 AUTH=XOAUTH2" if name == "IMAP" else "220 here"
            with pytest.raises(MailflowError):
                sign_in(settings(server.port, "starttls", imap_host=HOST, smtp_host=HOST, **token_server.settings))
        assert token_server.asked == []


def said_before_tls(commands: list[str]) -> list[str]:
    """What must not be said in the clear; after STARTTLS nothing can be read any more."""
    return [line for line in commands if line.upper().startswith(("LOGIN", "AUTHENTICATE")) or PASSWORD in line]


def verbs(server: Scripted) -> set[str]:
    return {command.partition(" ")[0].upper() for command in server.commands}
