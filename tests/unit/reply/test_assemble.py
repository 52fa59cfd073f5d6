"""Words to bytes: what leaves can be read back, and no word ends up as a header."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mailflow.domain import Ourselves, OutgoingMail, Purpose, Thread
from mailflow.errors import PermanentError
from mailflow.render import Rendered, one_line
from mailflow.reply.assemble import REFERENCES_KEPT, AutoSubmitted, assemble

US = Ourselves("edi.centre@university.example")
WORDS = Rendered("A subject", "Some text.\n", "<p>Some text.</p>\n")
HEADERS = [
    "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "X-Auto-Response-Suppress", "Content-Language",
    "MIME-Version", "Content-Type",
]  # fmt: skip


def mail(
    rendered: Rendered = WORDS,
    ourselves: Ourselves = US,
    recipients: Sequence[str] = ("jane@university.example",),
    parent: str | None = None,
    thread: Thread | None = None,
    auto_submitted: AutoSubmitted | None = AutoSubmitted.REPLIED,
    message_id: str | None = None,
) -> OutgoingMail:
    return assemble(
        purpose=Purpose.ANSWER,
        template=None,
        rendered=rendered,
        recipients=recipients,
        ourselves=ourselves,
        now=datetime(2026, 11, 24, 9, 30, tzinfo=UTC),
        once="answer:1",
        auto_submitted=auto_submitted,
        parent=parent,
        thread=thread,
        message_id=message_id,
    )


def read(raw: bytes) -> EmailMessage:
    message = message_from_bytes(raw, policy=default)
    assert isinstance(message, EmailMessage)
    assert not message.defects
    return message


@given(st.text(max_size=300))
@example("Hello\r\nBcc: eve@evil.example\r\n\r\nbody")
@example("=?utf-8?q?Hello?=")
@example("x" * 300)
@example("ä" * 300)
@example("Zoë " * 60)
@example("a\u2028b\x85c\x0bd\x1ce")
@example("\ud800")
@example("👩‍👩‍👧 family")
def test_no_subject_injects_a_header_and_each_is_read_back(subject: str) -> None:
    raw = mail(replace(WORDS, subject=subject)).raw
    message = read(raw)
    assert list(message.keys()) == HEADERS
    assert message["Subject"] == one_line(subject)


@given(st.text(max_size=200))
@example('Jane "Boss" O\'Hara\r\nBcc: eve@evil.example')
@example("Centre, EDI <eve@evil.example>")
def test_no_name_of_ours_injects_a_header(name: str) -> None:
    message = read(mail(ourselves=replace(US, name=name)).raw)
    assert list(message.keys()) == HEADERS
    assert [address.addr_spec for address in message["From"].addresses] == ["edi.centre@university.example"]


def test_our_name_is_read_back() -> None:
    for name in ("EDI Centre", "Zoë, of the Centre", 'The "Centre"'):
        assert read(mail(ourselves=replace(US, name=name)).raw)["From"].addresses[0].display_name == name


@given(st.text(max_size=400))
@example("--=_x\r\nContent-Type: text/html\n")
@example("From the start\n.\nthe end  \n")
@example("x" * 2000)
def test_both_parts_are_read_back_word_for_word(text: str) -> None:
    words = text.replace("\r", "\n").encode("utf-8", "replace").decode()
    lines = "\n".join(words.splitlines()) + "\n"
    plain, html = read(mail(replace(WORDS, text=words, html=words)).raw).iter_parts()
    assert (plain.get_content_type(), html.get_content_type()) == ("text/plain", "text/html")
    assert plain.get_content().replace("\r\n", "\n") == lines
    assert html.get_content().replace("\r\n", "\n") == lines


@given(st.text(max_size=300), st.text(max_size=2000))
def test_every_line_is_short_ascii_and_ends_in_cr_lf(subject: str, text: str) -> None:
    raw = mail(Rendered(subject, text, text)).raw
    assert raw.isascii()
    assert b"\0" not in raw
    assert raw.count(b"\n") == raw.count(b"\r") == raw.count(b"\r\n")
    assert max(map(len, raw.split(b"\r\n"))) < 998


@pytest.mark.parametrize(
    "recipient",
    [
        "",
        "jane",
        "jane@a.example\r\nBcc: eve@evil.example",
        "jane@a.example, eve@evil.example",
        "<jane@a.example>",
        "jané@a.example",
    ],
)
def test_a_recipient_that_a_header_would_read_otherwise_is_refused(recipient: str) -> None:
    with pytest.raises(PermanentError) as refused:
        mail(recipients=(recipient,))
    assert "jan" not in str(refused.value)


def test_a_mail_to_nobody_is_refused() -> None:
    with pytest.raises(PermanentError):
        mail(recipients=())


def test_several_recipients_stand_in_one_header() -> None:
    team = ("a@university.example", "b@university.example")
    assert [address.addr_spec for address in read(mail(recipients=team).raw)["To"].addresses] == list(team)


def test_a_long_thread_keeps_its_first_and_its_latest_ids() -> None:
    ids = tuple(f"<{number}@a.example>" for number in range(100))
    kept = read(mail(parent="<parent@a.example>", thread=Thread(None, ids)).raw)["References"].split()
    assert len(kept) == REFERENCES_KEPT
    assert kept[0] == ids[0]
    assert kept[-2:] == [ids[-1], "<parent@a.example>"]


@pytest.mark.parametrize(
    "bad", ["<a b@c.example>", "<a@b.example>\r\nBcc: eve@evil.example", "<ä@b.example>", "<" + "a" * 900 + "@b>"]
)
def test_a_broken_id_is_left_out(bad: str) -> None:
    message = read(mail(parent="<parent@a.example>", thread=Thread(None, (bad, "<one@a.example>"))).raw)
    assert message["References"].split() == ["<one@a.example>", "<parent@a.example>"]
    assert "In-Reply-To" not in read(mail(parent=bad).raw)
    assert "Bcc" not in message


def test_what_a_person_wrote_bears_no_mark_of_a_machine() -> None:
    assert list(read(mail(auto_submitted=None).raw).keys()) == [
        name for name in HEADERS if name not in {"Auto-Submitted", "X-Auto-Response-Suppress"}
    ]


def test_a_mail_that_was_changed_keeps_its_message_id() -> None:
    first = mail()
    again = mail(replace(WORDS, text="Other text.\n"), message_id=first.message_id)
    assert (again.message_id, read(again.raw)["Message-ID"]) == (first.message_id, first.message_id)
    assert mail().message_id != first.message_id
