from collections.abc import Callable
from pathlib import Path

import pytest

from mailflow.domain import Email, Ourselves
from mailflow.message.charset import decode_text
from mailflow.message.flowed import unflow
from mailflow.message.html import html_to_text
from mailflow.message.parse import read

Reading = Callable[..., Email]
ODD = Path(__file__).parent / "odd"


def alternative(read_mail: Reading, plain: str, html: str) -> Email:
    body = f"--b\nContent-Type: text/plain\n\n{plain}\n--b\nContent-Type: text/html\n\n{html}\n--b--\n"
    return read_mail(body, extra="MIME-Version: 1.0\nContent-Type: multipart/alternative; boundary=b")


def test_plain_text_is_taken_before_html(read_mail: Reading) -> None:
    email = alternative(read_mail, "plain", "<p>html</p>")
    assert email.text == "plain"
    assert email.html == "<p>html</p>"


@pytest.mark.parametrize("plain", ["", " \n\n", "Your mail client does not support HTML messages."])
def test_a_blank_plain_part_gives_way_to_html(read_mail: Reading, plain: str) -> None:
    assert alternative(read_mail, plain, "<p>the words</p>").text == "the words"


def test_no_text_at_all_is_empty(read_mail: Reading) -> None:
    assert read_mail("", extra="Content-Type: image/png").text == ""


def test_text_after_an_attachment_is_kept(read_mail: Reading) -> None:
    body = "--b\n\nfirst\n--b\nContent-Type: image/png\n\nx\n--b\n\nsecond\n--b--\n"
    assert read_mail(body, extra="MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b").text == "first\n\nsecond"


def test_a_plain_footer_does_not_hide_the_html(read_mail: Reading) -> None:
    body = "--b\nContent-Type: text/html\n\n<p>the words</p>\n--b\n\nthe footer\n--b--\n"
    assert read_mail(body, extra="MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b").text == "the words\n\nthe footer"


def test_an_unclosed_multipart_is_read(ourselves: Ourselves) -> None:
    email = read((ODD / "unclosed.eml").read_bytes(), ourselves)
    assert email.text == "The plain words."
    assert any("Boundary" in defect for defect in email.defects)


def test_a_multipart_without_parts_is_read_as_text(ourselves: Ourselves) -> None:
    assert read((ODD / "no-boundary.eml").read_bytes(), ourselves).text.startswith("Words that stand")


def test_flowed_lines_are_joined() -> None:
    assert unflow("One \ntwo\n> quoted \n> on\n-- \nH") == "One two\n> quoted on\n-- \nH"
    assert unflow(" From here\n>> deep", delsp=False) == "From here\n>> deep"
    assert unflow("fund \nament", delsp=True) == "fundament"


@pytest.mark.parametrize(
    ("content", "label", "text"),
    [
        ("café".encode(), "us-ascii", "café"),
        ("café £5".encode("cp1252"), "us-ascii", "café £5"),
        ("café".encode("cp1252"), "utf-8", "café"),
        ("café".encode(), "iso-8859-1", "café"),
        (b"it\x92s", "iso-8859-1", "it’s"),
        ("café".encode(), "x-unknown", "café"),
        ("café".encode(), "", "café"),
        ("café".encode(), None, "café"),
        ("名前".encode("gb18030"), "gb2312", "名前"),
        ("名前".encode("iso-2022-jp"), "iso-2022-jp", "名前"),
        ("café".encode("utf-16"), "utf-8", "café"),
        (b"abc", "base64", "abc"),
        (b"abc", "a\x00b", "abc"),
        (b"\x81\x8d", None, "\x81\x8d"),
    ],
)
def test_charsets_that_lie_are_seen_through(content: bytes, label: str | None, text: str) -> None:
    assert decode_text(content, label)[0] == text


def test_a_lying_charset_is_a_defect(read_mail: Reading) -> None:
    email = read_mail("café".encode("cp1252"), extra="Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit")
    assert email.text == "café"
    assert any("charset" in defect for defect in email.defects)


def test_nul_bytes_leave_the_text(read_mail: Reading) -> None:
    assert read_mail(b"a\x00b\x1bc").text == "abc"


def test_lists_and_tables_stay_readable() -> None:
    assert html_to_text("<ul><li>one</li><li>two</li></ul>").split() == ["*", "one", "*", "two"]
    rows = html_to_text("<table><tr><td>Mon</td><td>10</td></tr><tr><td>Tue</td><td>11</td></tr></table>").splitlines()
    assert [row.split() for row in rows] == [["Mon", "10"], ["Tue", "11"]]


def test_html_quotations_are_marked_and_indented_words_are_not() -> None:
    html = "<p>new</p><blockquote type=cite>old<blockquote type=cite>older</blockquote></blockquote><blockquote>mine</blockquote>"
    lines = [line for line in html_to_text(html).splitlines() if line]
    assert lines == ["new", "> old", "> > older", "mine"]


def test_what_html_hides_is_not_read() -> None:
    assert html_to_text("<style>p {}</style><script>x()</script><title>t</title><p>words</p>") == "words"
