"""Small mails for the tests of reading."""

from collections.abc import Callable

import pytest

from mailflow.domain import Email, Ourselves
from mailflow.message.parse import read

HEAD = (
    b"From: Helen Prosser <h.prosser@university.example>\r\nTo: edi.centre@university.example\r\n"
    b"Date: Tue, 9 Sep 2025 10:05:48 +0100\r\nMessage-ID: <1@university.example>\r\n"
)


@pytest.fixture(scope="session")
def ourselves() -> Ourselves:
    return Ourselves("edi.centre@university.example", own_lists=("edi-all@lists.university.example",))


@pytest.fixture(scope="session")
def read_mail(ourselves: Ourselves) -> Callable[..., Email]:
    """Read a mail with the usual sender: `extra` is more header lines, `sender` replaces From."""

    def reading(body: str | bytes = "", extra: str = "", subject: str = "Hello", sender: str | None = None) -> Email:
        head = (
            HEAD
            if sender is None
            else HEAD.replace(b"From: Helen Prosser <h.prosser@university.example>", b"From: " + sender.encode())
        )
        lines = "".join(f"{line}\r\n" for line in extra.splitlines()).encode()
        content = body if isinstance(body, bytes) else body.replace("\n", "\r\n").encode()
        return read(head + f"Subject: {subject}\r\n".encode() + lines + b"\r\n" + content, ourselves)

    return reading
