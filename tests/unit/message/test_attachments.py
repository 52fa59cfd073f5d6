from collections.abc import Callable
from pathlib import Path

import pytest

from mailflow.domain import Email, Ourselves
from mailflow.message.parse import read
from mailflow.message.parts import safe_file_name

Reading = Callable[..., Email]
ODD = Path(__file__).parent / "odd"


def part(headers: str, content: str = "x") -> str:
    return f"--b\n{headers}\n\n{content}\n"


def mixed(read_mail: Reading, *parts: str) -> Email:
    return read_mail("".join(parts) + "--b--\n", extra="MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b")


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Windows\\evil.exe", "evil.exe"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ("a\x00b\nc.txt", "abc.txt"),
        ("...", "attachment.pdf"),
        ("", "attachment.pdf"),
        ("CON.txt", "_CON.txt"),
        ("a<b>:c?.txt", "a_b__c_.txt"),
        ("Lebenslauf Jörg.pdf", "Lebenslauf Jörg.pdf"),
    ],
)
def test_file_names_are_safe(name: str, safe: str) -> None:
    assert safe_file_name(name, "application/pdf") == safe


def test_a_long_name_keeps_its_ending() -> None:
    name = safe_file_name("x" * 500 + ".docx", "application/octet-stream")
    assert len(name) == 120
    assert name.endswith(".docx")


def test_the_size_is_that_of_the_file(read_mail: Reading) -> None:
    png = 'Content-Type: image/png\nContent-Transfer-Encoding: base64\nContent-Disposition: attachment; filename="a.png"'
    email = mixed(read_mail, part("", "words"), part(png, "AAAAAAAAAAAA"))
    assert [(file.filename, file.content_type, file.size) for file in email.attachments] == [("a.png", "image/png", 9)]
    assert email.text == "words"


def test_a_path_in_pieces_is_put_together_and_made_safe(ourselves: Ourselves) -> None:
    email = read((ODD / "rfc2231-path.eml").read_bytes(), ourselves)
    assert [file.filename for file in email.attachments] == ["passwd"]


def test_an_attached_message_is_one_attachment_and_no_text(read_mail: Reading) -> None:
    inner = part("Content-Type: message/rfc822", "Subject: inner\n\nsecret words")
    email = mixed(read_mail, part("", "see attached"), inner)
    assert email.text == "see attached"
    assert [(file.filename, file.content_type) for file in email.attachments] == [("message.eml", "message/rfc822")]


def test_a_calendar_part_is_an_attachment(read_mail: Reading) -> None:
    email = mixed(read_mail, part("", "words"), part("Content-Type: text/calendar", "BEGIN:VCALENDAR"))
    assert [file.filename for file in email.attachments] == ["invitation.ics"]


def test_an_attached_text_stays_out_of_the_body(read_mail: Reading) -> None:
    notes = part("Content-Type: text/plain\nContent-Disposition: attachment; filename=notes.txt", "the notes")
    assert mixed(read_mail, part("", "words"), notes).text == "words"
