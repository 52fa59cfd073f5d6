"""A mail's content on the line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailflow.outbox.smtp import dotted


@pytest.mark.parametrize(
    ("raw", "line"),
    [
        (b"a\r\nb\r\n", b"a\r\nb\r\n.\r\n"),
        (b"no end", b"no end\r\n.\r\n"),
        (b"a\nb\rc\r\n", b"a\r\nb\r\nc\r\n.\r\n"),
        (b".\r\n..a\r\n", b"..\r\n...a\r\n.\r\n"),
        (b"", b"\r\n.\r\n"),
    ],
)
def test_line_ends_are_crlf_and_leading_dots_are_doubled(raw: bytes, line: bytes) -> None:
    assert dotted(raw) == line


@given(st.text("a.\r\n", max_size=30))
def test_no_text_ends_the_mail_early(text: str) -> None:
    sent = dotted(text.encode())
    assert (b"\r\n" + sent).index(b"\r\n.\r\n") == len(sent) - 3
    assert b"\n" not in sent.replace(b"\r\n", b"")
    assert b"\r" not in sent.replace(b"\r\n", b"")
