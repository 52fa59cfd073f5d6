import hashlib
from pathlib import Path

from mailflow.message.identity import fingerprint, message_id_of

RAW = b"From: a@x.example\r\nSubject: one\r\n two\r\nMessage-ID: <1@x.example>\r\n\r\nwords\r\n"
MESSAGES = Path(__file__).parents[2] / "corpus" / "messages"


def test_another_route_leaves_the_same_fingerprint() -> None:
    trace = b"Return-Path: <>\r\nDelivered-To: b@x.example\r\nReceived: from c\r\n by d\r\nX-MS-Exchange-Organization-SCL: 1\r\n"
    results = b"Authentication-Results: e; spf=pass\r\nARC-Seal: i=1\r\nX-Original-To: b@x.example\r\n"
    assert fingerprint(trace + results + RAW) == fingerprint(RAW)


def test_refolding_and_line_ends_leave_the_same_fingerprint() -> None:
    assert fingerprint(RAW.replace(b"one\r\n two", b"one two").replace(b"\r\n", b"\n") + b"\n") == fingerprint(RAW)


def test_other_words_have_another_fingerprint() -> None:
    assert fingerprint(RAW.replace(b"words", b"other")) != fingerprint(RAW)
    assert fingerprint(RAW.replace(b"one", b"two")) != fingerprint(RAW)


def test_every_message_of_the_corpus_has_its_own_fingerprint() -> None:
    prints = [fingerprint(path.read_bytes()) for path in MESSAGES.glob("*.eml")]
    assert len(set(prints)) == len(prints)
    assert all(len(value) == hashlib.sha256().digest_size * 2 for value in prints)


def test_the_message_id_is_read_from_the_header_alone() -> None:
    assert message_id_of(RAW) == "<1@x.example>"
    assert message_id_of(b"Subject: x\r\n\r\nMessage-ID: <2@x.example>\r\n") is None
    assert message_id_of(b"") is None
