"""One connection to a mail server: what it says of every answer, and how far it knows that a mail got."""

import ssl
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from mailflow.errors import InDoubtError, PermanentError, TemporaryError, UserError
from mailflow.outbox import smtp
from mailflow.outbox.smtp import AwayError, BusyError, Relay
from mailflow.settings import Settings, load
from outgoing import SENDER
from servers import scripted
from servers.dovecot import certify
from servers.postfix import Postfix
from servers.scripted import DROP, Scripted
from servers.sink import SmtpSink
from servers.starting import HOST, free_port, need

SAM, ANNA = "sam@university.example", "anna@university.example"
RAW = b"From: edi.centre@university.example\r\nTo: sam@university.example\r\nSubject: Hi\r\n\r\n.A dot.\r\nBye.\r\n"


@pytest.fixture
def server() -> Iterator[Scripted]:
    with scripted.started() as running:
        yield running


def settings_for(port: int, **others: object) -> Settings:
    plain = {"_env_file": None, "address": SENDER, "smtp_host": HOST, "smtp_port": port, "smtp_security": "none", "smtp_user": ""}
    return load(**{**plain, **others})


@pytest.fixture
def relay(server: Scripted) -> Iterator[Relay]:
    relay = Relay(settings_for(server.port))
    yield relay
    relay.close()


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for localhost that nobody has signed but itself; its key lies beside it."""
    need("openssl", package="openssl")
    folder = tmp_path_factory.mktemp("certificate")
    certify(folder)
    return folder / "certificate.pem"


def tls(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, certificate.with_name("key.pem"))
    return context


def secured(port: int, security: str, ca_file: Path | None = None, host: str = "localhost") -> Settings:
    return settings_for(port, smtp_security=security, ca_file=ca_file, smtp_host=host)


def test_a_mail_arrives_byte_for_byte(server: Scripted, relay: Relay) -> None:
    assert relay.send(SENDER, [SAM], RAW) == {}
    assert server.accepted == [RAW]


def test_mails_of_one_connection_follow_each_other(server: Scripted, relay: Relay) -> None:
    for _ in range(5):
        relay.send(SENDER, [SAM], RAW)
    assert (server.connections, len(server.accepted)) == (1, 5)


def test_our_own_address_is_where_bounces_go(server: Scripted, relay: Relay) -> None:
    relay.send(SENDER, [SAM], RAW)
    assert f"MAIL FROM:<{SENDER}>" in server.commands


@pytest.mark.parametrize("step", ["RCPT", "DATA", "."])
@pytest.mark.parametrize(
    ("answer", "error", "says"),
    [
        ("450 4.2.1 sam@university.example is busy", TemporaryError, "450 4.2.1 (their mailbox takes no mail)"),
        ("550 5.1.1 sam@university.example is nobody", PermanentError, "550 5.1.1 (there is no such address)"),
    ],
)
def test_a_refusal_is_told_by_its_codes_and_the_connection_goes_on(
    server: Scripted, relay: Relay, step: str, answer: str, error: type[Exception], says: str
) -> None:
    server.answers[step] = [answer]
    with pytest.raises(error) as raised:
        relay.send(SENDER, [SAM], RAW)
    assert says in str(raised.value)
    assert "sam" not in str(raised.value)
    assert not isinstance(raised.value, AwayError)
    relay.send(SENDER, [SAM], RAW)
    assert (server.connections, len(server.accepted)) == (1, 1)


def test_a_server_that_takes_nothing_from_us_is_not_the_mails_fault(server: Scripted, relay: Relay) -> None:
    server.answers["MAIL"] = "550 5.7.60 no right to send"
    with pytest.raises(AwayError, match="MAILFLOW_ADDRESS") as raised:
        relay.send(SENDER, [SAM], RAW)
    assert not isinstance(raised.value, BusyError)


def test_a_mail_that_is_too_large_is(server: Scripted, relay: Relay) -> None:
    server.answers["MAIL"] = ["552 5.3.4 too large"]
    with pytest.raises(PermanentError, match="552"):
        relay.send(SENDER, [SAM], RAW)
    server.extensions.append("SIZE 10")
    relay.close()
    with pytest.raises(PermanentError, match=r"97 bytes.* 10 at most"):
        relay.send(SENDER, [SAM], RAW.ljust(97))


def test_a_drop_before_the_final_dot_is_temporary(server: Scripted, relay: Relay) -> None:
    server.answers["content"] = ""
    big = RAW + b"x" * 70 + b"\r\n" + (b"y" * 70 + b"\r\n") * 200_000
    with pytest.raises(TemporaryError):
        relay.send(SENDER, [SAM], big)
    assert server.complete == []


@pytest.mark.parametrize("step", ["RCPT", "DATA"])
def test_a_drop_before_the_content_is_temporary(server: Scripted, relay: Relay, step: str) -> None:
    server.answers[step] = DROP
    with pytest.raises(TemporaryError):
        relay.send(SENDER, [SAM], RAW)


@pytest.mark.parametrize("answer", ["451 4.7.0 too fast", "450 4.7.1 too much mail", "421 4.7.0 too many messages"])
def test_a_server_that_takes_no_mail_at_all_now_is_away_and_no_mail_is_to_blame(
    server: Scripted, relay: Relay, answer: str
) -> None:
    server.answers["MAIL"] = [answer] * 2
    with pytest.raises(AwayError) as raised:
        relay.send(SENDER, [SAM], RAW)
    assert answer[:3] in str(raised.value)
    assert not isinstance(raised.value, BusyError)


@pytest.mark.parametrize("step", ["RCPT", "DATA", "."])
def test_a_server_that_hangs_up_over_a_mail_wants_a_rest_and_has_not_taken_it(server: Scripted, relay: Relay, step: str) -> None:
    server.answers[step] = ["421 4.7.0 too many messages"]
    with pytest.raises(BusyError, match=r"421 4\.7\.0"):
        relay.send(SENDER, [SAM], RAW)
    assert (server.accepted, relay.is_open) == ([], False)


@pytest.mark.parametrize("step", ["RCPT", "DATA", "."])
@pytest.mark.parametrize("answer", ["550 5.7.60 no right to send as this", "554 5.2.252 SendAsDenied"])
def test_where_we_may_not_send_as_whom_a_mail_names_it_may_be_that_mail_alone(
    server: Scripted, relay: Relay, answer: str, step: str
) -> None:
    server.answers[step] = [answer]
    with pytest.raises(BusyError, match=r"no mail from MAILFLOW_ADDRESS .*MAILFLOW_SMTP_USER"):
        relay.send(SENDER, [SAM], RAW)


def test_relaying_that_is_denied_is_not_the_recipients_fault(server: Scripted, relay: Relay) -> None:
    server.answers["RCPT"] = ["554 5.7.1 <sam@university.example>: Relay access denied", "550 5.1.1 no such user"]
    with pytest.raises(TemporaryError, match=r"554 5\.7\.1 \(refused by security or policy\)"):
        relay.send(SENDER, [SAM], RAW)
    with pytest.raises(PermanentError):
        relay.send(SENDER, [SAM], RAW)


@pytest.mark.parametrize("answer", [DROP, "what?", "354 go on", "999 hm", "2" * 9000])
def test_a_drop_or_a_riddle_after_the_final_dot_is_a_doubt(server: Scripted, relay: Relay, answer: str) -> None:
    server.answers["."] = answer
    with pytest.raises(InDoubtError):
        relay.send(SENDER, [SAM], RAW)
    assert server.complete == [RAW]


def test_silence_after_the_final_dot_is_a_doubt(server: Scripted, relay: Relay, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smtp, "FINAL_SECONDS", 0.05)
    server.seconds = 0.5
    with pytest.raises(InDoubtError):
        relay.send(SENDER, [SAM], RAW)


def test_a_server_that_goes_away_after_the_final_dot_and_says_so_has_not_taken_it(server: Scripted, relay: Relay) -> None:
    server.answers["."] = ["421 4.3.2 shutting down"]
    with pytest.raises(TemporaryError, match="421"):
        relay.send(SENDER, [SAM], RAW)
    relay.send(SENDER, [SAM], RAW)
    assert server.connections == 2


def test_a_kept_connection_that_died_is_made_anew(server: Scripted, relay: Relay) -> None:
    relay.send(SENDER, [SAM], RAW)
    server.cut()
    relay.send(SENDER, [SAM], RAW)
    assert (server.connections, server.accepted) == (2, [RAW, RAW])


def test_a_kept_connection_that_was_closed_for_being_idle_is_made_anew(server: Scripted, relay: Relay) -> None:
    relay.open()
    server.answers["MAIL"] = ["421 4.4.2 idle for too long"]
    relay.send(SENDER, [SAM], RAW)
    assert (server.connections, server.accepted) == (2, [RAW])


def test_a_server_that_drops_every_connection_at_once_is_away(server: Scripted, relay: Relay) -> None:
    server.answers["MAIL"] = DROP
    with pytest.raises(AwayError):
        relay.send(SENDER, [SAM], RAW)


def test_an_idle_connection_is_given_up_politely(server: Scripted, relay: Relay, monkeypatch: pytest.MonkeyPatch) -> None:
    relay.send(SENDER, [SAM], RAW)
    relay.rest()
    assert "QUIT" not in [command.upper() for command in server.commands]
    monkeypatch.setattr(smtp, "REST_SECONDS", -1)
    relay.rest()
    assert server.commands[-1].upper() == "QUIT"


def test_where_one_of_two_recipients_is_refused_the_other_gets_it(server: Scripted, relay: Relay) -> None:
    server.answers["RCPT"] = ["550 5.1.1 no such user", "250 fine"]
    refused = relay.send(SENDER, [SAM, ANNA], RAW)
    assert {recipient: str(answer) for recipient, answer in refused.items()} == {SAM: "550 5.1.1 (there is no such address)"}
    assert server.accepted == [RAW]


def test_where_everybody_is_refused_and_one_only_for_now_it_is_temporary(server: Scripted, relay: Relay) -> None:
    server.answers["RCPT"] = ["550 5.1.1 no such user", "450 later"]
    with pytest.raises(TemporaryError):
        relay.send(SENDER, [SAM, ANNA], RAW)


def test_a_blind_copy_alone_is_never_sent(server: Scripted, relay: Relay) -> None:
    server.answers["RCPT"] = ["550 5.1.1 no such user"]
    with pytest.raises(PermanentError):
        relay.send(SENDER, [SAM], RAW, blind_copy=SENDER)
    assert server.complete == []


def test_a_refused_blind_copy_keeps_nobody_from_his_mail(server: Scripted, relay: Relay) -> None:
    server.answers["RCPT"] = ["250 fine", "550 no"]
    assert relay.send(SENDER, [SAM], RAW, blind_copy=SENDER) == {}
    assert server.accepted == [RAW]


@pytest.mark.parametrize("address", ["sam@x.example>\r\nRSET", "sam", "sam@x.example> SIZE=1", "", "a b@x.example"])
def test_no_address_can_smuggle_a_command(server: Scripted, relay: Relay, address: str) -> None:
    with pytest.raises(PermanentError):
        relay.send(SENDER, [address], RAW)
    assert not [command for command in server.commands if command.startswith(("RSET", "RCPT"))]


def test_eight_bit_text_and_foreign_addresses_go_where_they_can(server: Scripted, relay: Relay) -> None:
    relay.send(SENDER, [SAM], RAW + "é\r\n".encode())
    assert any("BODY=8BITMIME" in command for command in server.commands)
    with pytest.raises(PermanentError, match="ASCII"):
        relay.send(SENDER, ["zoë@university.example"], RAW)
    server.extensions[:] = ["SMTPUTF8"]
    relay.close()
    relay.send(SENDER, ["zoë@university.example"], RAW)
    with pytest.raises(PermanentError, match="8-bit"):
        relay.send(SENDER, [SAM], RAW + "é\r\n".encode())


def test_a_connection_can_be_cut_under_a_send_and_is_not_made_anew(server: Scripted, relay: Relay) -> None:
    server.seconds = 0.3
    relay.open()
    timer = threading.Timer(0.1, relay.abort)
    timer.start()
    with pytest.raises(InDoubtError):
        relay.send(SENDER, [SAM], RAW)
    timer.join()
    with pytest.raises(AwayError):
        relay.send(SENDER, [SAM], RAW)
    assert server.connections == 1


def test_starttls_with_a_certificate_of_ones_own(certificate: Path) -> None:
    with scripted.started(tls(certificate)) as server:
        server.extensions.append("STARTTLS")
        relay = Relay(secured(server.port, "starttls", certificate))
        relay.send(SENDER, [SAM], RAW)
        relay.close()
        assert server.accepted == [RAW]
        with pytest.raises(UserError, match=r"certificate of localhost is not trusted.*MAILFLOW_CA_FILE"):
            Relay(secured(server.port, "starttls")).open()


def test_tls_from_the_first_byte(certificate: Path) -> None:
    with scripted.started(tls(certificate), tls_at_once=True) as server:
        relay = Relay(secured(server.port, "tls", certificate))
        relay.send(SENDER, [SAM], RAW)
        server.answers["."] = DROP
        with pytest.raises(InDoubtError):
            relay.send(SENDER, [SAM], RAW)
        relay.close()
        with pytest.raises(UserError, match="MAILFLOW_CA_FILE"):
            Relay(secured(server.port, "tls")).open()


def test_a_certificate_for_another_name_is_not_trusted(certificate: Path) -> None:
    with (
        scripted.started(tls(certificate), tls_at_once=True) as server,
        pytest.raises(UserError, match=r"MAILFLOW_SMTP_HOST.*127\.0\.0\.1"),
    ):
        Relay(secured(server.port, "tls", certificate, host=HOST)).open()


def test_without_starttls_nothing_is_sent_in_the_clear(server: Scripted) -> None:
    with pytest.raises(UserError, match=r"MAILFLOW_SMTP_SECURITY.*STARTTLS"):
        Relay(settings_for(server.port, smtp_security="starttls", smtp_user="me", smtp_password="hush")).open()
    assert not [command for command in server.commands if command.startswith(("AUTH", "MAIL"))]


def test_tls_to_a_server_without_it(server: Scripted) -> None:
    with pytest.raises(UserError, match="MAILFLOW_SMTP_SECURITY"):
        Relay(settings_for(server.port, smtp_security="tls")).open()


def test_a_wrong_password_is_the_users_mistake_and_is_not_repeated_to_him(server: Scripted) -> None:
    server.extensions.append("AUTH PLAIN LOGIN")
    server.answers["AUTH"] = "535 5.7.8 bad password hush"
    with pytest.raises(UserError, match="MAILFLOW_SMTP_USER and MAILFLOW_SMTP_PASSWORD") as raised:
        Relay(settings_for(server.port, smtp_user="me", smtp_password="hush")).open()
    assert "hush" not in str(raised.value)
    assert raised.value.__cause__ is None


def test_a_sign_in_that_is_refused_for_now_is_temporary(server: Scripted) -> None:
    server.extensions.append("AUTH PLAIN")
    server.answers["AUTH"] = "454 4.7.0 later"
    with pytest.raises(TemporaryError, match=r"454 4\.7\.0"):
        Relay(settings_for(server.port, smtp_user="me", smtp_password="hush")).open()


@pytest.mark.parametrize("password", ["hush", "pässwörd"])
def test_a_right_password_lets_us_in(server: Scripted, password: str) -> None:
    server.extensions.append("AUTH PLAIN")
    relay = Relay(settings_for(server.port, smtp_user="me", smtp_password=password))
    relay.send(SENDER, [SAM], RAW)
    relay.close()
    assert server.accepted == [RAW]


def test_a_server_that_takes_no_password_is_told_apart(server: Scripted) -> None:
    server.extensions.append("AUTH GSSAPI")
    with pytest.raises(UserError, match="MAILFLOW_SMTP_USER"):
        Relay(settings_for(server.port, smtp_user="me", smtp_password="hush")).open()


def test_an_unknown_host_is_the_users_mistake() -> None:
    for host in ("nowhere.invalid", "a..b"):
        with pytest.raises((UserError, TemporaryError), match=host.replace(".", r"\.")):
            Relay(settings_for(25, smtp_host=host)).open()


def test_a_server_that_does_not_answer_is_away(server: Scripted) -> None:
    with pytest.raises(TemporaryError, match="MAILFLOW_SMTP_PORT"):
        Relay(settings_for(free_port())).open()
    server.answers["greeting"] = "421 4.3.2 too many connections"
    with pytest.raises(TemporaryError, match=r"421 4\.3\.2"):
        Relay(settings_for(server.port)).open()
    server.answers["greeting"] = DROP
    with pytest.raises(TemporaryError, match="no answer"):
        Relay(settings_for(server.port)).open()


def test_certificates_that_cannot_be_read_are_the_users_mistake(server: Scripted, tmp_path: Path) -> None:
    server.extensions.append("STARTTLS")
    for content in (None, b"no certificate"):
        path = tmp_path / "ca.pem"
        if content:
            path.write_bytes(content)
        with pytest.raises(UserError, match="MAILFLOW_CA_FILE"):
            Relay(settings_for(server.port, smtp_security="starttls", ca_file=path)).open()


def test_a_sink_takes_it(smtp_sink: SmtpSink) -> None:
    relay = Relay(settings_for(smtp_sink.port))
    relay.send(SENDER, [SAM], RAW, blind_copy=SENDER)
    relay.close()
    (received,) = smtp_sink.await_mail()
    assert (received.sender, received.recipients, received.raw) == (SENDER, (SAM, SENDER), RAW)


@pytest.mark.real
def test_postfix_takes_it_and_refuses_relaying(postfix: Postfix) -> None:
    relay = Relay(settings_for(postfix.port))
    staff = postfix.user()
    relay.send(SENDER, [staff], RAW)
    with pytest.raises((PermanentError, TemporaryError), match=r"[45]\.7\.1 \(refused by security or policy\)"):
        relay.send(SENDER, ["sam@elsewhere.example"], RAW)
    refused = relay.send(SENDER, [staff, "sam@elsewhere.example"], RAW)
    assert list(refused) == ["sam@elsewhere.example"]
    relay.close()
