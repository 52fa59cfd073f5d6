from collections.abc import Callable
from datetime import UTC, timedelta

import pytest

from mailflow.domain import Address, Email, Ourselves
from mailflow.message.parse import read

Reading = Callable[..., Email]


def test_headers_are_decoded_and_unfolded(read_mail: Reading) -> None:
    email = read_mail(subject="=?utf-8?Q?Caf=C3=A9?=\r\n =?iso-8859-1?Q?_f=FCr?= alle")
    assert email.subject == "Café für alle"


def test_unseen_characters_leave_a_subject(read_mail: Reading) -> None:
    assert read_mail(subject="safe\u202egpj.exe\x07\x00").subject == "safegpj.exe"


def test_eight_bit_headers_are_read(ourselves: Ourselves) -> None:
    assert read(b"Subject: caf\xe9\r\n\r\n", ourselves).subject == "café"
    assert read("Subject: café\r\n\r\n".encode(), ourselves).subject == "café"


def test_addresses_are_lower_case_and_keep_their_names(read_mail: Reading) -> None:
    email = read_mail(sender='"Prosser, Helen" <H.Prosser@University.Example>', extra="Cc: A B <A@x.example>, c@y.example")
    assert email.sender == Address("Prosser, Helen", "h.prosser@university.example")
    assert email.cc == (Address("A B", "a@x.example"), Address("", "c@y.example"))


@pytest.mark.parametrize(
    "sender", ["a@x.example, b@x.example", "", "undisclosed:;", "nobody at all", f"{'a' * 310}@university.example"]
)
def test_a_mail_without_one_sender_has_none(read_mail: Reading, sender: str) -> None:
    assert read_mail(sender=sender).sender is None


def test_two_from_headers_are_no_sender(read_mail: Reading) -> None:
    assert read_mail(extra="From: other@x.example").sender is None


def test_groups_are_read(read_mail: Reading) -> None:
    email = read_mail(extra="Cc: Team: a@x.example, B <b@x.example>;")
    assert [address.address for address in email.cc] == ["a@x.example", "b@x.example"]


def test_the_date_keeps_the_senders_offset(read_mail: Reading) -> None:
    date = read_mail().date
    assert date is not None
    assert date.isoformat() == "2025-09-09T10:05:48+01:00"


@pytest.mark.parametrize(
    ("written", "offset"),
    [("+0545", timedelta(hours=5, minutes=45)), ("-0930", timedelta(hours=-9, minutes=-30)), ("GMT", timedelta())],
)
def test_odd_offsets_survive(ourselves: Ourselves, written: str, offset: timedelta) -> None:
    date = read(f"Date: 9 Sep 2025 10:00:00 {written}\r\n\r\n".encode(), ourselves).date
    assert date is not None
    assert date.utcoffset() == offset


@pytest.mark.parametrize("year", ["0000", "0001", "1899", "9999", "10000", "99999999999", "25"])
def test_odd_years_do_no_harm(ourselves: Ourselves, year: str) -> None:
    date = read(f"Date: Fri, 31 Dec {year} 23:59:59 -1200\r\n\r\n".encode(), ourselves).date
    assert date is None or date.astimezone(UTC).year >= 1900


def test_no_date_is_none(ourselves: Ourselves) -> None:
    assert read(b"Date: soon\r\n\r\n", ourselves).date is None
    assert read(b"Subject: x\r\n\r\n", ourselves).date is None


def test_the_null_return_path_is_empty_and_an_absent_one_none(read_mail: Reading) -> None:
    assert read_mail(extra="Return-Path: <>").return_path == ""
    assert read_mail(extra="Return-Path: <A@x.example>").return_path == "a@x.example"
    assert read_mail().return_path is None


def test_trace_headers_are_left_out_and_results_kept(read_mail: Reading) -> None:
    email = read_mail(extra="Received: from a by b\nDKIM-Signature: v=1\nAuthentication-Results: mx; spf=pass\nX-Mailer: m")
    names = [name for name, _ in email.headers]
    assert "received" not in names
    assert "dkim-signature" not in names
    assert email.header("Authentication-Results") == "mx; spf=pass"
    assert email.header("X-Mailer") == "m"


@pytest.mark.parametrize("raw", [b"", b"\r\n\r\n", b"   "])
def test_nothing_is_read_as_an_email_that_says_it_is_empty(raw: bytes, ourselves: Ourselves) -> None:
    email = read(raw, ourselves)
    assert (email.text, email.sender, email.subject) == ("", None, "")
    assert "empty" in email.defects[0]


def test_a_body_without_header_is_read(ourselves: Ourselves) -> None:
    email = read(b"Just words, no header\r\nat all.\r\n", ourselves)
    assert email.text.startswith("Just words")
    assert email.defects


def test_old_line_ends_are_read(ourselves: Ourselves) -> None:
    email = read(b"From: a@x.example\rSubject: old\r\rwords\r", ourselves)
    assert (email.subject, email.text) == ("old", "words")


def test_an_mbox_line_is_no_header(ourselves: Ourselves) -> None:
    assert read(b"From a@x.example Tue Sep  9\nSubject: kept\n\nwords\n", ourselves).subject == "kept"


def test_a_carriage_return_adds_no_header(ourselves: Ourselves) -> None:
    email = read(b"From: a@x.example\rCc: b@x.example\r\nTo: c@x.example\r\n\r\nhi", ourselves)
    assert email.cc == ()
    assert email.header("cc") is None
