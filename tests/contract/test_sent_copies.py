"""What we sent is found in the team's folder for sent mail, where we are the ones to put it there."""

from mailflow.inbox.sent import SentFolder
from mailflow.settings import Settings
from servers.imap import ImapServer

MAIL = b"From: edi.centre@university.example\r\nSubject: Re: a session\r\nMessage-ID: <sent@university.example>\r\n\r\nHello\r\n"


def test_a_copy_lies_in_sent_and_is_read(server: ImapServer, settings: Settings) -> None:
    sent = SentFolder(settings)
    sent.keep(MAIL)
    sent.keep(MAIL)
    sent.close()
    with server.mailbox(settings.address, "Sent") as session:
        found = session.fetch(session.search("ALL"), ["FLAGS", "BODY.PEEK[]"])
    assert [b"\\Seen" in message[b"FLAGS"] for message in found.values()] == [True, True]
    assert all(message[b"BODY[]"] == MAIL for message in found.values())


def test_a_kept_connection_that_died_is_made_anew(server: ImapServer, settings: Settings) -> None:
    sent = SentFolder(settings)
    sent.keep(MAIL)
    assert sent._mailbox is not None
    sent._mailbox._session.shutdown()
    sent.keep(MAIL)
    sent.close()
    with server.mailbox(settings.address, "Sent") as session:
        assert len(session.search("ALL")) == 2
