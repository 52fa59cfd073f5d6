from email import message_from_bytes

import pytest

from mailflow.message.body import read_body
from mailflow.message.charset import decode_text

GREETING = "Добрый день, коллеги, мы ждём вас в пятницу"


@pytest.mark.parametrize("label", ["utf-8", None, "x-none"])
def test_one_garbled_character_does_not_garble_the_rest(label: str | None) -> None:
    text, _ = decode_text(GREETING.encode() + b"\xd0", label)
    assert text == f"{GREETING}\ufffd"


def test_text_that_is_hardly_utf_8_is_not_read_as_such() -> None:
    assert decode_text(b"caf\xe9 \x96 no", "utf-8")[0] == "café – no"


@pytest.mark.parametrize("label", ["utf-16", "utf-16le", "utf-32"])
def test_plain_ascii_is_not_read_as_two_byte_characters(label: str) -> None:
    assert decode_text(b"plain words here", label)[0] == "plain words here"


@pytest.mark.parametrize("kind", [b"Content-Type: text/plain\n", b""])
def test_a_page_sent_as_plain_text_is_read_as_a_page(kind: bytes) -> None:
    raw = b"From: a@x.example\nSubject: x\n" + kind + b"\n<html lang=en><body><p>Words &amp; more</p></body></html>"
    assert read_body(message_from_bytes(raw)).text == "Words & more"
