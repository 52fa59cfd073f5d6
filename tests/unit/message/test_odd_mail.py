"""Text is found wherever there is text, however a mail was put together."""

import struct
from base64 import b64encode, encodebytes
from collections.abc import Callable

import pytest

from mailflow.domain import Address, Email, Ourselves
from mailflow.message.charset import decode_text
from mailflow.message.enriched import unmark
from mailflow.message.parse import read

Reading = Callable[..., Email]
ALTERNATIVE = "Content-Type: multipart/alternative; boundary=b"
LONG = "We would like a session for thirty people in our department in May, please tell us what it costs and who comes."


@pytest.mark.parametrize(
    ("content", "label", "text"),
    [
        ("שלום".encode("iso-8859-8"), "iso-8859-8-i", "שלום"),
        ("café bar".encode("cp850"), "cp-850", "café bar"),
        ("café".encode("cp1252"), "windows1252", "café"),
        ("名前".encode("shift_jis"), "x-sjis", "名前"),
        ("名前".encode("iso-2022-jp"), None, "名前"),
        ("café".encode(), "utf-8,utf-8", "café"),
        (b"\x1b[1mplain", None, "\x1b[1mplain"),
    ],
)
def test_more_charsets_are_known_than_python_has_names_for(content: bytes, label: str | None, text: str) -> None:
    assert decode_text(content, label)[0] == text


@pytest.mark.parametrize("charset", ['""', "utf-8; charset=iso-8859-1", '"utf-8,utf-8"', "x-nothing"])
def test_an_empty_doubled_or_unknown_charset_does_no_harm(read_mail: Reading, charset: str) -> None:
    assert read_mail("Café".encode(), extra=f"Content-Type: text/plain; charset={charset}").text == "Café"


def alternative(plain: str, html: str) -> str:
    return f"--b\nContent-Type: text/plain\n\n{plain}\n--b\nContent-Type: text/html\n\n{html}\n--b--\n"


def test_a_leftover_beside_the_whole_text_gives_way_to_it(read_mail: Reading) -> None:
    html = f"<html><body><p>{LONG}</p><p>Helen Prosser</p></body></html>"
    assert read_mail(alternative("Helen Prosser", html), extra=ALTERNATIVE).text == f"{LONG}\n\nHelen Prosser"
    assert (
        read_mail(alternative("Yes, thirty of us.", "<p>Yes, thirty of us.</p>"), extra=ALTERNATIVE).text == "Yes, thirty of us."
    )


def test_markup_in_a_plain_part_is_read_as_markup(read_mail: Reading) -> None:
    assert read_mail("<div>The <b>words</b></div>", extra="Content-Type: text/plain").text == "The words"
    broken = read_mail("The<br>words<br>go<br/>on &amp; on", extra="Content-Type: text/plain").text
    assert broken.splitlines() == ["The", "words", "go", "on & on"]
    about_markup = "Use <br>\n\nor </p>\n\nor </div>."
    assert read_mail(about_markup, extra="Content-Type: text/plain").text == about_markup
    assert read_mail("<p.s. this is mine> and more", extra="Content-Type: text/plain").text == "<p.s. this is mine> and more"


@pytest.mark.parametrize("real", ["b b", "--=_b"])
@pytest.mark.parametrize("named", ["", "; boundary=zzz", '; boundary=""', "; boundary"])
def test_parts_are_told_apart_whatever_boundary_is_named(read_mail: Reading, named: str, real: str) -> None:
    body = f"--{real}\nContent-Type: text/plain\n\nwords\n--{real}\nContent-Type: image/png; name=a.png\n\nx\n--{real}--\n"
    email = read_mail(body, extra=f"Content-Type: multipart/mixed{named}")
    assert (email.text, [file.filename for file in email.attachments]) == ("words", ["a.png"])


def test_unclosed_parts_within_parts_are_read(read_mail: Reading) -> None:
    body = (
        "--o\nContent-Type: multipart/related; boundary=r\n\n--r\nContent-Type: multipart/alternative; boundary=a\n\n"
        "--a\nContent-Type: text/plain\n\nThe words\n--a\nContent-Type: text/html\n\n<p>The words</p>\n"
    )
    assert read_mail(body, extra="Content-Type: multipart/mixed; boundary=o").text == "The words"


@pytest.mark.parametrize("start", ['; start="<nowhere>"', '; start="<r>"', ""])
def test_related_parts_are_read_wherever_their_root_is(read_mail: Reading, start: str) -> None:
    parts = (
        "Content-Type: image/png\nContent-ID: <i>\n\nx",
        "Content-Type: text/css\n\np {}",
        "Content-Type: text/html\nContent-ID: <r>\n\n<p>words</p>",
    )
    body = "".join(f"--b\n{part}\n" for part in parts) + "--b--\n"
    assert read_mail(body, extra=f"Content-Type: multipart/related; boundary=b{start}").text == "words"


def test_signed_text_is_read_without_its_signature(read_mail: Reading) -> None:
    body = (
        "--b\n\nwords\n--b\nContent-Type: application/pgp-signature; name=signature.asc\n\n-----BEGIN PGP SIGNATURE-----\n--b--\n"
    )
    assert read_mail(body, extra="Content-Type: multipart/signed; boundary=b").text == "words"
    inline = (
        "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nwords\n\n- -- \nHelen\n"
        "-----BEGIN PGP SIGNATURE-----\n\niQEz\n-----END PGP SIGNATURE-----\n"
    )
    assert read_mail(inline).new_text == "words"
    assert read_mail("words\n-----END PGP SIGNATURE-----").new_text.startswith("words")
    assert "iQEz" in read_mail(inline.replace("-----END PGP SIGNATURE-----\n", "")).text


def test_an_inline_message_stays_out_of_the_text(read_mail: Reading) -> None:
    inner = "Content-Type: message/rfc822\nContent-Disposition: inline\n\nSubject: inner\n\nsecret words"
    body = f"--b\n\nsee below\n--b\n{inner}\n--b--\n"
    assert read_mail(body, extra="Content-Type: multipart/mixed; boundary=b").text == "see below"


def test_a_body_that_calls_itself_an_attachment_is_read(read_mail: Reading) -> None:
    email = read_mail("words", extra="Content-Type: text/plain\nContent-Disposition: attachment; filename=m.txt")
    assert email.text == "words"


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("The wor= \nds=20go = \n on =E2=80=99 =e2=80=\n=99", "The words go  on ’ ’"),
        ("cut at the end =", "cut at the end"),
        ("50=% of = us", "50=% of = us"),
    ],
)
def test_damaged_quoted_printable_is_read(read_mail: Reading, written: str, text: str) -> None:
    extra = "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable"
    assert read_mail(written, extra=extra).text == text


PACKED = encodebytes(f"{LONG} Café.".encode()).decode()


@pytest.mark.parametrize(
    ("written", "text"),
    [
        (PACKED.replace("\n", " !\n*", 1), f"{LONG} Café."),
        (f"{PACKED}\n--\nthe footer of a list\n", f"{LONG} Café.\n\n--\nthe footer of a list"),
        (b64encode(b"words!!").decode().rstrip("="), "words!!"),
        ("Hello,\nthese are plain words.\nReally.", "Hello,\nthese are plain words.\nReally."),
        ("Plain words, and no base64.", "Plain words, and no base64."),
    ],
)
def test_damaged_base64_is_read_and_what_is_none_stays(read_mail: Reading, written: str, text: str) -> None:
    assert read_mail(written, extra="Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64").text == text


@pytest.mark.parametrize(
    ("marked", "rich", "text"),
    [
        (
            "<bold>The</bold> words <<are>\nhere\n\nNext <fontfamily><param>Times</param>line</fontfamily>",
            False,
            "The words <are> here\nNext line",
        ),
        ("<bold>The</bold> words<nl>\nnext <lt>x>", True, "The words\n next <x>"),
    ],
)
def test_enriched_text_is_read_without_its_marks(read_mail: Reading, marked: str, rich: bool, text: str) -> None:
    assert unmark(marked, rich=rich) == text
    assert read_mail(marked, extra=f"Content-Type: text/{'richtext' if rich else 'enriched'}").text.split() == text.split()


def test_an_invitation_alone_says_what_stands_in_it(read_mail: Reading) -> None:
    title, place, words = "SUMMARY;LANGUAGE=en:Training", "LOCATION:Room 1\\, left", "DESCRIPTION:Could we\n  come?\\n\\nHelen"
    event = f"BEGIN:VCALENDAR\nBEGIN:VEVENT\n{title}\n{place}\n{words}\nEND:VEVENT\n"
    assert read_mail(event, extra="Content-Type: text/calendar").text == "Training\n\nRoom 1, left\n\nCould we come?\n\nHelen"
    body = f"--b\n\nwords\n--b\nContent-Type: text/calendar\n\n{event}\n--b--\n"
    assert read_mail(body, extra="Content-Type: multipart/mixed; boundary=b").text == "words"


@pytest.mark.parametrize("name", ["Zoë".encode("cp1252"), "Zoë".encode(), b"=?utf-8?b?Wm/D?=\r\n =?utf-8?b?qw==?="])
def test_a_name_is_read_in_whatever_bytes_it_came(ourselves: Ourselves, name: bytes) -> None:
    sender = read(b"From: " + name + b" <z@x.example>\r\n\r\nwords", ourselves).sender
    assert sender == Address("Zoë", "z@x.example")


def test_an_answer_to_an_invitation_says_nothing_new(read_mail: Reading) -> None:
    answer = "BEGIN:VCALENDAR\nMETHOD:REPLY\nBEGIN:VEVENT\nSUMMARY:Accepted: Training\nEND:VEVENT\n"
    assert read_mail(answer, extra="Content-Type: text/calendar; method=REPLY").text == ""


def attribute(name: int, value: bytes, level: int = 1) -> bytes:
    return struct.pack("<BII", level, name, len(value)) + value + b"\0\0"


def text_property(number: int, kind: int, value: bytes) -> bytes:
    return struct.pack("<HHII", kind, number, 1, len(value)) + value + b"\0" * (-len(value) % 4)


NAMED = struct.pack("<HH16sII", 0x0003, 0x8001, b"g" * 16, 0, 7) + struct.pack("<I", 5)
MANY = struct.pack("<HHI", 0x1003, 0x6001, 2) + struct.pack("<II", 1, 2)
BODY = text_property(0x1000, 0x001F, "Café words\0".encode("utf-16-le"))
PAGE = text_property(0x1013, 0x0102, "<p>Café <b>words</b></p>".encode("cp1252"))


@pytest.mark.parametrize(
    "attributes",
    [
        attribute(0x00069003, struct.pack("<I", 3) + NAMED + MANY + BODY),
        attribute(0x00069003, struct.pack("<I", 1) + PAGE),
        attribute(0x00069007, struct.pack("<II", 1252, 0)) + attribute(0x0002800C, "Café words\0".encode("cp1252")),
        attribute(0x00069007, struct.pack("<II", 65001, 0)) + attribute(0x0002800C, "Café words\0".encode()),
    ],
)
def test_words_that_only_a_winmail_dat_holds_are_read(read_mail: Reading, attributes: bytes) -> None:
    packed = b"\x78\x9f\x3e\x22\1\0" + attribute(0x0002800C, b"of a file", level=2) + attributes
    extra = "Content-Type: application/ms-tnef; name=winmail.dat\nContent-Transfer-Encoding: base64"
    assert read_mail(encodebytes(packed), extra=extra).text == "Café words"
    for end in range(0, len(packed), 3):
        read_mail(encodebytes(packed[:end]), extra=extra)


def test_a_winmail_dat_that_cannot_be_read_is_a_defect(read_mail: Reading) -> None:
    email = read_mail(
        encodebytes(b"\x78\x9f\x3e\x22\1\0"), extra="Content-Type: application/ms-tnef\nContent-Transfer-Encoding: base64"
    )
    assert email.text == ""
    assert any("winmail.dat" in defect for defect in email.defects)
    beside = "--b\n\nwords\n--b\nContent-Type: application/ms-tnef\n\nx\n--b--\n"
    assert read_mail(beside, extra="Content-Type: multipart/mixed; boundary=b").defects == ()
