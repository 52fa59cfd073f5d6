"""What strangers wrote, made fit to be repeated."""

import pytest

from mailflow.reply.wording import LONGEST, greeting, repeatable, topic


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Jane Smith", "Dear Jane Smith"),
        ("Smith, Jane", "Dear Jane Smith"),
        ("Smith, Jane (Chemistry)", "Dear Jane Smith"),
        ("Dr Zoë O'Neill-Adeyemi", "Dear Dr Zoë O'Neill-Adeyemi"),
        ('"Jane Smith"', "Dear Jane Smith"),
        ("", "Hello"),
        ("jane@university.example", "Hello"),
        ("js1234", "Hello"),
        ("Visit www.evil.example", "Hello"),
        ("Jane " * 20, "Hello"),
        ("Jane\r\nBcc: eve@evil.example", "Hello"),
    ],
)
def test_people_are_greeted_by_a_name_that_looks_like_one(name: str, words: str) -> None:
    assert greeting(name) == words


def test_long_words_are_cut_and_line_breaks_removed() -> None:
    assert repeatable("a\r\nb") == "a b"
    assert len(repeatable("word " * 100)) <= LONGEST
    assert repeatable("word " * 100).endswith("…")


@pytest.mark.parametrize("words", ["see http://evil.example", "HTTPS://evil.example", "www.evil.example", "ftp://evil.example"])
def test_words_with_a_link_are_not_repeated(words: str) -> None:
    assert repeatable(words) == ""


@pytest.mark.parametrize(
    ("subject", "bare"),
    [
        ("Training", "Training"),
        ("Re: Training", "Training"),
        ("RE: FW: Aw: Training", "Training"),
        ("Re[2]: Training", "Training"),
        ("[EXTERNAL] Re: Training", "Training"),
        ("Training [EDI-0042]", "Training"),
        ("Re: Training [EDI-12345]", "Training"),
        ("VS: Training [EDI-0042-7KQ2MXWD]", "Training"),
        ("Training [PHYS-0001]", "Training [PHYS-0001]"),
        ("Request", "Request"),
        ("Re:", ""),
    ],
)
def test_a_subject_loses_its_prefixes_and_our_references(subject: str, bare: str) -> None:
    assert topic(subject) == bare
