"""At the desk a hostile message is words: nothing of it runs, is fetched, hides, or keeps the page from being shown."""

import time
from email.message import EmailMessage

import pytest

from filed import filed_case, filed_message
from mailflow.domain import MessageState
from mailflow.store.database import Store
from visiting import Visitor, main_part

PAGE = (
    "<html><head><style>*{position:fixed;background:url(https://elsewhere.example/p)}</style></head><body onload=alert(1)>"
    "<script>alert(2)</script><img src='https://elsewhere.example/pixel.png'><form action='https://elsewhere.example/'>"
    "<button>Approve</button></form><iframe src='https://elsewhere.example/'></iframe><p>Words that were meant.</p></body></html>"
)

# As it was formatted it is shown in a frame in which nothing runs: tests/unit/desk/test_formatted.py.
OUR_FRAME = '<iframe class="mail" sandbox src="/messages/1/html"'


def shown(store: Store, ada: Visitor, raw: bytes, **values: object) -> str:
    with store.writing() as db:
        filed_message(db, filed_case(db), raw, MessageState.HELD, **values)
    answer = ada.open("/cases/EDI-0001")
    assert answer.status_code == 200
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    assert "unsafe" not in policy
    return answer.text


def test_a_page_is_shown_as_its_words(store: Store, ada: Visitor) -> None:
    raw = f"From: a@x.example\r\nContent-Type: text/html\r\n\r\n{PAGE}".encode()
    page = main_part(shown(store, ada, raw)).replace(OUR_FRAME, "")
    assert "Words that were meant." in page
    for harm in ("<script", "<iframe", "pixel.png", "onload", "elsewhere.example", "position:fixed"):
        assert harm not in page


def test_markup_in_a_name_a_subject_a_text_and_a_file_name_is_shown_as_it_stands(store: Store, ada: Visitor) -> None:
    mail = EmailMessage()
    mail["From"], mail["Subject"] = '"<b>Jane</b>{{ 7*7 }}" <a@x.example>', "<script>alert(3)</script>"
    mail.set_content("<script>alert(4)</script> {{ 7*7 }} [link](javascript:alert(5))")
    mail.add_attachment(b"x", maintype="text", subtype="html", filename="<img src=x onerror=alert(6)>.html")
    page = shown(store, ada, mail.as_bytes(), subject="<script>alert(3)</script>", sender_name="<b>Jane</b>{{ 7*7 }}")
    assert "<script" not in main_part(page)
    assert "<b>Jane" not in page
    assert "<img src=x" not in page
    assert "&lt;script&gt;alert(4)" in page
    assert "49" not in page
    assert 'href="javascript' not in page


def test_unseen_characters_in_the_words_are_shown_as_a_sign(store: Store, ada: Visitor) -> None:
    page = shown(store, ada, "From: a@x.example\r\n\r\npay \u202e0001 now, admi\u00adn\U000e0041\r\n".encode())
    assert not set("\u202e\u00ad\U000e0041") & set(page)
    assert "\N{REPLACEMENT CHARACTER}0001" in page


PARTS = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(1000))
PEOPLE = ", ".join(f"Person {number} <p{number}@x.example>" for number in range(3000)).encode()
HARD = {
    "nothing": b"",
    "a thousand parts deep": b"From: a@x.example\r\n" + PARTS + b"\r\nwords",
    "a megabyte of lines": b"From: a@x.example\r\n\r\n" + b"a\n" * 500_000,
    "a megabyte of one line": b"From: a@x.example\r\n\r\n" + b"a" * 1_000_000,
    "a megabyte of styles": b"From: a@x.example\r\nContent-Type: text/html\r\n\r\n" + b"<style>" * 140_000,
    "thousands of recipients": b"From: a@x.example\r\nTo: " + PEOPLE + b"\r\n\r\nwords",
    "noise": bytes(range(256)) * 400,
}


@pytest.mark.parametrize("name", HARD)
def test_no_message_keeps_its_page_from_being_shown(store: Store, ada: Visitor, name: str) -> None:
    started = time.process_time()
    shown(store, ada, HARD[name])
    assert time.process_time() - started < 10


def test_of_thousands_of_recipients_fifty_are_named(store: Store, ada: Visitor) -> None:
    page = shown(store, ada, HARD["thousands of recipients"])
    assert page.count("@x.example") < 60
    assert "more</span>" in page
