"""The test servers themselves: what the other tests count on."""

import smtplib

import pytest

from servers.dovecot import Dovecot
from servers.embedded import Pymap
from servers.postfix import Postfix
from servers.sink import SmtpSink
from servers.starting import need

MAIL = b"From: ada@university.example\r\nTo: staff@university.example\r\nSubject: Hello\r\n\r\nA line.\r\n"


def test_pymap_gives_back_what_was_put_in(pymap_server: Pymap) -> None:
    user = pymap_server.user()
    pymap_server.deliver(MAIL, user)
    assert pymap_server.messages(user) == [MAIL]
    assert pymap_server.messages(pymap_server.centre) == []


@pytest.mark.real
def test_a_mail_sent_to_postfix_is_found_in_dovecot(postfix: Postfix, dovecot: Dovecot) -> None:
    postfix.deliver(MAIL, dovecot.centre)
    (raw,) = dovecot.await_mail(dovecot.centre)
    assert raw.endswith(b"\r\n\r\nA line.\r\n")


@pytest.mark.real
def test_mail_to_somebody_who_has_left_comes_back(postfix: Postfix, dovecot: Dovecot) -> None:
    sender = dovecot.user()
    postfix.deliver(MAIL, "gone.person@university.example", sender=sender)
    (raw,) = dovecot.await_mail(sender)
    assert b"multipart/report" in raw


@pytest.mark.real
def test_postfix_is_no_open_relay(postfix: Postfix) -> None:
    with pytest.raises(Exception, match="Relay access denied"):
        postfix.deliver(MAIL, "somebody@elsewhere.example")


@pytest.mark.real
def test_each_test_finds_dovecot_empty(dovecot: Dovecot) -> None:
    assert dovecot.messages(dovecot.centre) == []


def test_the_sink_keeps_what_it_takes_and_refuses_what_it_is_told(smtp_sink: SmtpSink) -> None:
    smtp_sink.refusals["full@university.example"] = "452 4.2.2 mailbox full"
    with smtplib.SMTP(smtp_sink.host, smtp_sink.port, timeout=5) as smtp:
        refused = smtp.sendmail("a@b.example", ["full@university.example", "c@d.example"], MAIL)
    assert refused == {"full@university.example": (452, b"4.2.2 mailbox full")}
    (mail,) = smtp_sink.received
    assert (mail.sender, mail.recipients, mail.mail["Subject"]) == ("a@b.example", ("c@d.example",), "Hello")


def test_a_missing_server_is_one_line_and_on_a_build_machine_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match="dovecot-imapd is not installed"):
        need("/nowhere/dovecot", package="dovecot-imapd")
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="dovecot-imapd is not installed"):
        need("/nowhere/dovecot", package="dovecot-imapd")
