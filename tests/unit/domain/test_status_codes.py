"""Status codes are told in words."""

import pytest

from mailflow.domain.status_codes import meaning_of


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("5.1.1", "there is no such address"),
        ("5.2.2", "their mailbox is full"),
        ("4.2.2", "their mailbox is full"),
        ("5.7.1", "refused by security or policy"),
        ("5.1.99", "trouble with the address"),
        ("5.0.0", "no reason was given"),
        ("5.9.1", None),
    ],
)
def test_a_code_is_told_in_words(status: str, words: str | None) -> None:
    assert meaning_of(status) == words
