import time
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mailflow.domain import Address, Email, Ourselves
from mailflow.message.identity import fingerprint, message_id_of
from mailflow.message.parse import read

US = Ourselves("edi.centre@university.example")
HEAD = b"From: a@x.example\r\nSubject: s\r\n"
MEGABYTE = 1_000_000

NAMES = st.sampled_from(
    b"From To Cc Reply-To Subject Date Message-ID References Return-Path Content-Type Content-Disposition Content-ID"
    b" Content-Transfer-Encoding MIME-Version List-Id Auto-Submitted".split()
)
FRAGMENTS = st.sampled_from(
    [
        b"multipart/mixed; boundary=b",
        b"multipart/report; boundary=b",
        b"message/rfc822",
        b"message/delivery-status",
        b"text/html",
        b"text/plain; charset=undefined; format=flowed",
        b"text/plain; charset*=idna''x",
        b"attachment; filename*0*=undefined''%FF; filename*1=x",
        b"base64",
        b"x-uuencode",
        b"=?utf-8?b?/////w==?=",
        b"=?utf-16?q?=D8=00?=",
        b"a@b, <c@d>;:",
        b"Tue, 31 Feb 0000 25:61:99 +9999",
        b"\r\n--b\r\n",
        b"\r\n--b--\r\n",
        b"\r\n\r\n",
        b"\xff\x00\r",
    ]
)
# Encoded words (RFC 2047) of which any part may be broken: the charset, the encoding, the text, the end.
ENCODED_WORDS = st.tuples(
    st.sampled_from([b"utf-8", b"utf-16", b"idna", b"hex", b"undefined", b"unicode_escape", b""]),
    st.sampled_from([b"", b"\0", b"*en", b"\xff", b" "]),
    st.sampled_from([b"?q?", b"?Q?", b"?b?", b"?x?", b"??"]),
    st.one_of(st.sampled_from([b"hello", b"aGVsbG8=", b"=D8=00", b"=", b"\\ud800"]), st.binary(max_size=6)),
    st.sampled_from([b"?=", b"?= ", b"=", b""]),
).map(b"".join)
VALUES = st.lists(st.one_of(FRAGMENTS, ENCODED_WORDS, st.binary(max_size=20)), max_size=4).map(b"".join)
HEADERS = st.tuples(NAMES, VALUES).map(lambda pair: pair[0] + b": " + pair[1] + b"\r\n")
MAIL_LIKE = st.tuples(
    st.lists(HEADERS, max_size=8), st.lists(st.one_of(HEADERS, FRAGMENTS, st.binary(max_size=60)), max_size=10)
).map(lambda parts: b"".join(parts[0]) + b"\r\n" + b"".join(parts[1]))


@given(st.one_of(st.binary(max_size=400), MAIL_LIKE))
@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_bytes_are_read(raw: bytes) -> None:
    fingerprint(raw)
    message_id_of(raw)
    email = read(raw, US)
    shown = (email.subject, email.text, email.new_text, *email.defects, *(file.filename for file in email.attachments))
    assert all("\x00" not in text for text in shown)
    "".join((*shown, *(value for _, value in email.headers))).encode()


@given(NAMES, st.lists(ENCODED_WORDS, min_size=1, max_size=3).map(b" ".join))
@settings(max_examples=400, deadline=None)
def test_no_encoded_word_stops_the_reading(name: bytes, words: bytes) -> None:
    email = read(name + b": " + words + b"\r\n\r\nbody", US)
    "".join((email.subject, *(value for _, value in email.headers))).encode()


@pytest.mark.parametrize(
    "header",
    [
        "Subject: =?utf-8\0?q?hello?=",
        "From: =?utf-8\0?q?hello?= <a@x.example>",
        'Content-Disposition: attachment; filename="=?utf-8\0?q?hello?="',
    ],
)
def test_an_encoded_word_with_a_broken_charset_keeps_its_text(header: str) -> None:
    email = read(header.encode() + b"\r\n\r\nbody", US)
    shown = (email.subject, email.sender.name if email.sender else "", *(file.filename for file in email.attachments))
    assert any("hello" in text for text in shown)


@pytest.mark.parametrize("charset", ["\x00", "undefined", "idna", "hex", "a" * 5000, "=?utf-8?q?x?=", "utf-8''x"])
def test_no_charset_stops_the_reading(charset: str) -> None:
    raw = HEAD + f"Content-Type: application/x; charset={charset}\r\n\r\n".encode() + b"\xff"
    assert len(read(raw, US).attachments) == 1


BIG: dict[str, Callable[[int], bytes]] = {
    "a line of spaces": lambda size: HEAD + b"\r\nx" + b" " * size + b"x",
    "short lines": lambda size: HEAD + b"\r\n" + b"word word\r\n" * (size // 11),
    "quoted lines": lambda size: HEAD + b"\r\n" + b"> a quoted line of text\r\n" * (size // 25),
    "html": lambda size: HEAD + b"Content-Type: text/html\r\n\r\n" + b"<p>Hello <b>you</b></p>" * (size // 23),
    "a header": lambda size: b"X-Long: " + b"x" * size + b"\r\n" + HEAD + b"\r\nwords",
    "encoded words": lambda size: b"Subject: " + b"=?utf-8?q?a" * (size // 11) + b"\r\n" + HEAD + b"\r\nwords",
    "addresses": lambda size: b"To: " + b"a@b.example, " * (size // 13) + b"\r\n" + HEAD + b"\r\nwords",
    "parts": lambda size: HEAD + b"Content-Type: multipart/mixed; boundary=x\r\n\r\n" + b"--x\r\n\r\na\r\n" * (size // 10),
}


def parts_within_parts(depth: int) -> bytes:
    return HEAD + b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (i, i) for i in range(depth))


# Each of these took between two seconds and minutes once.
NASTY: dict[str, Callable[[int], bytes]] = {
    **BIG,
    "a header of many words": lambda size: HEAD + b"X-Z: " + b"=?utf-8?q?A?= " * (size // 14) + b"\r\n\r\nwords",
    "headers": lambda size: HEAD + b"X-A: b\r\n" * (size // 8) + b"\r\nwords",
    "folded lines": lambda size: HEAD + b"X-A: b\r\n" + b" b\r\n" * (size // 4) + b"\r\nwords",
    "comments": lambda size: b"From: " + b"(" * size + b"\r\n\r\nwords",
    "parameters": lambda size: HEAD + b"Content-Type: text/plain; " + b"a=b; " * (size // 5) + b"\r\n\r\nwords",
    "empty parts": lambda size: HEAD + b"Content-Type: multipart/mixed; boundary=x\r\n\r\n" + b"--x\n\n" * (size // 5),
    "lines within parts": lambda size: parts_within_parts(9) + b"\r\n" + b"a\n" * (size // 2),
    "lines within many parts": lambda size: parts_within_parts(180) + b"\r\n" + b"a\n" * (size // 2),
    "lines that old machines end": lambda size: parts_within_parts(180) + b"\r\n" + b"--x\r" * (size // 4),
    "empty lines": lambda size: HEAD + b"\r\n" + b"\n" * size,
    "flowed lines": lambda size: HEAD + b"Content-Type: text/plain; format=flowed\r\n\r\n" + b"a \n" * (size // 3),
    "signatures": lambda size: HEAD + b"\r\n" + b"regards\n\n" * (size // 9),
    "styles without end": lambda size: HEAD + b"Content-Type: text/html\r\n\r\n" + b"<style>" * (size // 7),
    "tags without end": lambda size: HEAD + b"Content-Type: text/html\r\n\r\n" + b"<p " * (size // 3),
    "paragraphs": lambda size: HEAD + b"Content-Type: text/html\r\n\r\n" + b"<p>a" * (size * 3 // 40),
}


@pytest.mark.parametrize("name", NASTY)
def test_a_megabyte_is_read_in_about_a_second(name: str) -> None:
    """CPU time, with ample slack for a slow machine and for coverage: at most one second where it is neither."""
    raw = NASTY[name](MEGABYTE)
    started = time.process_time()
    read(raw, US)
    assert time.process_time() - started < 6


@pytest.mark.parametrize("name", BIG)
def test_four_times_the_size_takes_about_four_times_as_long(name: str) -> None:
    """A ratio, not seconds: under coverage and on a busy machine a second is long. Quadratic work would take sixteen times."""

    def cost(size: int) -> float:
        raw = BIG[name](size)
        started = time.process_time()
        read(raw, US)
        return time.process_time() - started

    read(HEAD + b"\r\nwords", US)
    assert cost(MEGABYTE) < 9 * max(cost(MEGABYTE // 4), 0.03)


@pytest.mark.parametrize(
    "raw",
    [parts_within_parts(1000) + b"\r\nwords", HEAD + b"Content-Type: message/rfc822\r\n\r\n" * 1000 + b"words"],
    ids=["multipart", "message"],
)
def test_parts_nested_a_thousand_deep_are_shown_as_they_came(raw: bytes) -> None:
    email = read(raw, US)
    assert email.text.endswith("words")
    assert email.defects == ("The parts could not be told apart: the body is shown as it came.",)
    assert (email.sender, email.subject) == (Address("", "a@x.example"), "s")


def test_at_no_depth_are_messages_within_parts_too_deep() -> None:
    """What can be told apart cannot always be measured: each step goes as deep as its own."""
    pair = b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\nContent-Type: message/rfc822\r\n\r\n"
    for depth in range(40, 240, 10):
        email = read(HEAD + b"".join(pair % (n, n) for n in range(depth)) + b"\r\nwords", US)
        assert email.attachments or email.text.endswith("words")


def test_nesting_that_people_produce_is_read(read_mail: Callable[..., Email]) -> None:
    nested = "".join(f"Content-Type: multipart/mixed; boundary=b{i}\n\n--b{i}\n" for i in range(20))
    assert read_mail(nested.partition("\n\n")[2] + "\nwords", extra="Content-Type: multipart/mixed; boundary=b0").text == "words"
