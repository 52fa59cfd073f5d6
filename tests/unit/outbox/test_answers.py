"""Of a server's answer only the codes are kept."""

import pytest

from mailflow.errors import PermanentError, TemporaryError
from mailflow.outbox.answers import Answer


@pytest.mark.parametrize(
    ("code", "text", "says"),
    [
        (550, b"5.1.1 <sam@x.example>: no such user", "550 5.1.1 (there is no such address)"),
        (452, b"4.2.2 The mailbox of sam@x.example is full", "452 4.2.2 (their mailbox is full)"),
        (550, b"5.7.60 SMTP; Client does not have permissions", "550 5.7.60 (refused by security or policy)"),
        (554, b"5.0.0 no", "554 5.0.0 (no reason was given)"),
        (451, b"try again later", "451"),
        (550, b"5.1.1\nsecond line", "550 5.1.1 (there is no such address)"),
        (550, b"15.1.1 is no status", "550"),
        (550, b"", "550"),
    ],
)
def test_an_answer_says_its_codes_and_never_the_servers_words(code: int, text: bytes, says: str) -> None:
    assert str(Answer.read(code, text)) == says


def test_only_5xx_is_final() -> None:
    assert isinstance(Answer(550).refusal("the mail"), PermanentError)
    for code in (450, 421, -1, 600, 354):
        assert isinstance(Answer(code).refusal("the mail"), TemporaryError)


def test_an_answer_without_a_code_is_neither_yes_nor_no() -> None:
    for code in (-1, 354, 600, 150):
        assert not Answer(code).accepts
        assert not Answer(code).is_refusal
