"""Mail that was made to do harm is read like any other: as words, names and sizes, and nothing in it is carried out."""

import gzip
import io
import time
import tracemalloc
import zipfile
from base64 import encodebytes
from collections.abc import Callable
from functools import cache

import pytest

from mailflow.domain import Address, Email, Ourselves
from mailflow.message.parse import read

Reading = Callable[..., Email]
HUGE = 50_000_000


@cache
def zip_bomb() -> bytes:
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("report.txt", "w", force_zip64=True) as inside,
    ):
        for _ in range(HUGE // 10_000_000):
            inside.write(b"\0" * 10_000_000)
    return packed.getvalue()


@cache
def gzip_bomb() -> bytes:
    packed = io.BytesIO()
    with gzip.open(packed, "w") as stream:
        for _ in range(HUGE // 10_000_000):
            stream.write(b"\0" * 10_000_000)
    return packed.getvalue()


@pytest.mark.parametrize(
    ("make", "kind"), [(zip_bomb, "application/zip"), (gzip_bomb, "application/gzip"), (gzip_bomb, "text/plain")]
)
@pytest.mark.parametrize("extra", ["", "Content-Encoding: gzip\r\n", "Content-Encoding: deflate\r\nTransfer-Encoding: gzip\r\n"])
def test_a_bomb_is_stored_and_never_opened(ourselves: Ourselves, make: Callable[[], bytes], kind: str, extra: str) -> None:
    bomb = make()
    head = f'Content-Type: {kind}; name="report.zip"\r\nContent-Transfer-Encoding: base64\r\n{extra}'
    raw = b"From: a@x.example\r\n" + head.encode() + b"Content-Disposition: attachment\r\n\r\n" + encodebytes(bomb)
    tracemalloc.start()
    email = read(raw, ourselves)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert [attached.size for attached in email.attachments] == [len(bomb)]
    assert peak < 20 * len(raw) + 2_000_000


@pytest.mark.parametrize(
    "encoding",
    [
        "Content-Encoding: gzip",
        "Content-Encoding: deflate",
        "Content-Type: text/plain; charset=zlib_codec",
        "Content-Type: text/plain; charset=bz2",
    ],
)
def test_no_header_makes_a_text_be_unpacked(ourselves: Ourselves, encoding: str) -> None:
    packed = gzip.compress(b"words that were packed")
    email = read(
        f"From: a@x.example\r\n{encoding}\r\nContent-Transfer-Encoding: base64\r\n\r\n".encode() + encodebytes(packed), ourselves
    )
    assert "words that were packed" not in email.text


def test_a_header_of_a_megabyte_is_cut_and_said(ourselves: Ourselves) -> None:
    email = read(b"From: a@x.example\r\nSubject: " + b"x" * 1_000_000 + b"\r\n\r\nwords", ourselves)
    assert (len(email.subject), email.text) == (2000, "words")
    assert any("was cut" in defect for defect in email.defects)


def test_of_a_hundred_thousand_header_lines_the_first_are_read(ourselves: Ourselves) -> None:
    email = read(b"From: a@x.example\r\nSubject: s\r\n" + b"X-A: b\r\n" * 100_000 + b"\r\nwords", ourselves)
    assert (email.sender, email.subject, email.text) == (Address("", "a@x.example"), "s", "words")
    assert len(email.headers) == 1000
    assert any("first 1000" in defect for defect in email.defects)


@pytest.mark.parametrize(
    "subject",
    [
        "=?utf-8?q?Hi=0D=0ABcc:_x=40y.example?=",
        "=?utf-8?b?SGkNCkJjYzogeEB5LmV4YW1wbGU=?=",
        "=?utf-7?q?Hi+AA0ACg-Bcc:_x=40y.example?=",
        "Hi\u2028Bcc: x@y.example",
        "Hi\x85Bcc: x@y.example",
        "Hi\rBcc: x@y.example",
    ],
)
def test_a_subject_stays_one_line_and_adds_no_header(read_mail: Reading, subject: str) -> None:
    email = read_mail(subject=subject)
    assert len(email.subject.splitlines()) == 1
    assert email.header("bcc") is None
    assert email.subject.startswith("Hi")


def test_an_encoded_name_holds_no_address(read_mail: Reading) -> None:
    email = read_mail(sender="=?utf-8?q?dean=40university=2Eexample=3E=2C_=3Cx?= <mallory@x.example>")
    assert email.sender is not None
    assert email.sender.address == "mallory@x.example"


@pytest.mark.parametrize(
    "trick", ["\u202e", "\u2066", "\u200b", "\u00ad", "\u2060", "\ufeff", "\u3164", "\U000e0041", "\U000e007f"]
)
def test_characters_that_nobody_sees_are_in_no_name_subject_or_file_name(read_mail: Reading, trick: str) -> None:
    extra = f'Content-Type: application/pdf\nContent-Disposition: attachment; filename="a{trick}b.pdf"'
    email = read_mail(sender=f'"Jane {trick}Smith" <jane@x.example>', subject=f"Hel{trick}lo", extra=extra)
    assert email.sender == Address("Jane Smith", "jane@x.example")
    assert email.subject == "Hello"
    assert [attached.filename for attached in email.attachments] == ["ab.pdf"]


@pytest.mark.parametrize("joined", ["\u0646\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645", "\U0001f469\u200d\U0001f680"])
def test_words_and_signs_that_are_joined_stay_so(read_mail: Reading, joined: str) -> None:
    assert read_mail(subject=joined).subject == joined


@pytest.mark.parametrize(
    ("content", "charset"),
    [
        (b"\xc0\xbcscript\xc0\xbe\xe0\x80\xaf words", "utf-8"),
        (b"+ADw-script+AD4- words", "utf-7"),
        (b"\x1b$B\x1b(Bwords\x80", "iso-2022-jp"),
        (b"caf\xe9 \xe2\x82\xac \x00 words", "utf-8"),
        (b"words \xff\xfe", "us-ascii"),
        ("words é".encode("utf-16"), "utf-8"),
    ],
)
def test_charsets_that_lie_or_hide_are_read_as_words(read_mail: Reading, content: bytes, charset: str) -> None:
    email = read_mail(content, extra=f"Content-Type: text/plain; charset={charset}")
    assert "words" in email.text
    assert "\0" not in email.text
    email.text.encode()


def test_parts_of_many_charsets_are_each_read_by_their_own(read_mail: Reading) -> None:
    parts = ((b"caf\xe9", "latin-1"), ("café".encode(), "utf-8"), ("кафе".encode("koi8-r"), "koi8-r"), (b"na\xefve", "nonsense"))
    body = b"".join(
        b"--b\r\nContent-Type: text/plain; charset=%s\r\n\r\n%s\r\n" % (name.encode(), words) for words, name in parts
    )
    text = read_mail(body + b"--b--\r\n", extra="Content-Type: multipart/mixed; boundary=b").text
    assert text.split() == ["café", "café", "кафе", "naïve"]


HARMFUL = (
    "<html><head><title>t</title><style>p{background:url(https://x.example/p)} .w{display:none}</style></head>"
    '<body onload="alert(1)"><script>alert(2)</script><p>Words</p><img src="https://x.example/pixel.png" alt="">'
    '<form action="https://x.example/"><input name=q value="typed"></form><iframe src="https://x.example/"></iframe>'
    '<svg onload="alert(3)"><a href="javascript:alert(4)">link</a></svg></body></html>'
)


def test_html_becomes_words_and_nothing_of_it_is_fetched_or_run(read_mail: Reading) -> None:
    text = read_mail(HARMFUL, extra="Content-Type: text/html").text
    assert text.split() == ["Words", "link"]


def test_a_page_too_long_to_be_laid_out_loses_its_hidden_words_too(read_mail: Reading) -> None:
    page = HARMFUL.replace("<p>Words</p>", "<p>Words</p>" * 40_000)
    text = read_mail(page, extra="Content-Type: text/html").text
    assert "alert" not in text
    assert "background" not in text
    assert text.count("Words") == 40_000


def test_what_a_page_opens_and_never_closes_stays(read_mail: Reading) -> None:
    page = "<p>before</p><style>" + "<p>words</p>" * 40_000
    text = read_mail(page, extra="Content-Type: text/html").text
    assert (text.count("before"), text.count("words")) == (1, 40_000)


@pytest.mark.parametrize(
    "date",
    ["Fri, 31 Dec 0000 23:59:59 -1200", "Fri, 31 Dec 99999 23:59:59 +0000", "99 Foo 2026 99:99:99 +9999", "=?utf-8?q?Mon?="],
)
def test_a_date_of_no_calendar_is_a_defect_and_no_old_date(ourselves: Ourselves, date: str) -> None:
    email = read(f"From: a@x.example\r\nDate: {date}\r\n\r\nwords".encode(), ourselves)
    assert email.date is None or email.date.year >= 1900
    assert any("Date" in defect for defect in email.defects)
    assert email.text == "words"


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("filename*=utf-8''..%2F..%2Fetc%2Fpasswd", "passwd"),
        ("filename*0*=utf-8''..%2F..%2F; filename*1*=etc%2Fpasswd", "passwd"),
        ('filename*0="C:\\\\Windows\\\\"; filename*1="evil.exe"', None),
        ("filename*=utf-8''%00a%0D%0Ab.pdf", "ab.pdf"),
        ("filename*=utf-8''%E2%80%AEfdp.exe", "fdp.exe"),
        ('filename="=?utf-8?q?=2E=2E=2Fx=2Epdf?="', "x.pdf"),
        ("filename*=nonsense'x'%FF%FE.pdf", None),
        ('filename=".."', "attachment.bin"),
        ('filename="CON"', "_CON"),
    ],
)
def test_a_file_name_is_a_name_and_no_path(read_mail: Reading, written: str, shown: str | None) -> None:
    (attached,) = read_mail(
        b"x", extra=f"Content-Type: application/octet-stream\nContent-Disposition: attachment; {written}"
    ).attachments
    assert shown is None or attached.filename == shown
    assert not set("/\\\0\r\n") & set(attached.filename)
    assert attached.filename.strip(". ")


def test_a_mail_of_many_thousand_files_is_read(ourselves: Ourselves) -> None:
    part = b"--b\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; filename=a.pdf\r\n\r\nx\r\n"
    raw = b"From: a@x.example\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n" + part * 4000
    started = time.process_time()
    assert len(read(raw, ourselves).attachments) == 4000
    assert time.process_time() - started < 6


@pytest.mark.parametrize(
    "piece",
    [
        '<a href="https://x.example/?a=b&utm_x=1">w</a> ',
        '<a href="https://a.safelinks.protection.outlook.com/?url=https%3A%2F%2F">',
        "<table><tr><td>x</td><td>",
        "<table><tr><td><p>x</td><td><p>y</td></tr></table>",
        "<i></i><blockquote></blockquote>",
        '<div style="display:none;;; margin: ">x',
        '<p class=MsoListParagraph style="mso-list:l0 level1 lfo1">x',
    ],
)
def test_markup_without_end_takes_no_time_without_end(ourselves: Ourselves, piece: str) -> None:
    page = piece * (150_000 // len(piece))
    started = time.process_time()
    read(b"From: a@x.example\r\nContent-Type: text/html\r\n\r\n" + page.encode(), ourselves)
    assert time.process_time() - started < 3


@pytest.mark.parametrize(
    "piece",
    ["On Mon, 3 Mar 2025 at 10:12 <a@b ", "This message is ", ">>> a 10:12\n", "[a](b ", "From: a@b.example 2025 10:12\n"],
)
@pytest.mark.parametrize("gap", ["", "\n\n"])
def test_marks_of_old_mail_without_end_take_no_time_without_end(ourselves: Ourselves, piece: str, gap: str) -> None:
    block = piece * (380 // len(piece)) + gap
    started = time.process_time()
    read(b"From: a@x.example\r\nSubject: Re: x\r\n\r\n" + (block * (250_000 // len(block))).encode(), ourselves)
    assert time.process_time() - started < 3
