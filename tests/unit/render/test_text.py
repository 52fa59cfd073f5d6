"""The text part reads as people write mail."""

import pytest

from mailflow.render.page import parse
from mailflow.render.text import WIDTH, to_text


def text(markdown: str) -> str:
    return to_text(parse(markdown)).removesuffix("\n")


@pytest.mark.parametrize(
    ("markdown", "plain"),
    [
        ("one\ntwo", "one two"),
        ("one\\\ntwo", "one\ntwo"),
        ("*one* **two** `three`", "one two three"),
        ("one\n\ntwo", "one\n\ntwo"),
        ("# One", "One\n==="),
        ("## One", "One\n---"),
        ("- one\n- two\n  - three", "- one\n- two\n  - three"),
        ("3. one\n4. two", "3. one\n4. two"),
        ("> one\n>\n> two", "> one\n>\n> two"),
        ("```\na  b\n```", "    a  b"),
        ("[words](https://a.example)", "words (https://a.example)"),
        ("[https://a.example](https://a.example)", "https://a.example"),
        ("<https://a.example>", "https://a.example"),
        ("[a@b.example](mailto:a@b.example)", "a@b.example"),
        ("[nowhere]()", "nowhere"),
        ("[us](mailto:a@b.example)", "us (a@b.example)"),
    ],
)
def test_markdown_becomes_plain_words(markdown: str, plain: str) -> None:
    assert text(markdown) == plain


def test_a_table_keeps_its_columns() -> None:
    assert text("| a | bbb |\n|---|---|\n| cccc | d |\n| | e |").split("\n") == [
        "a     bbb",
        "----  ---",
        "cccc  d",
        "      e",
    ]


def test_the_last_column_of_a_wide_table_is_wrapped() -> None:
    lines = text(f"| a | b |\n|---|---|\n| {'x' * 30} | {'word ' * 20} |").split("\n")
    assert max(map(len, lines)) <= WIDTH
    assert lines[3].startswith(" " * 32 + "word")


def test_lines_are_wrapped_but_addresses_are_kept_whole() -> None:
    address = "https://a.example/" + "x" * 100
    lines = text(f"{'word ' * 30} [page]({address}) end").split("\n")
    assert f"({address})" in lines
    assert all(len(line) <= WIDTH for line in lines if address not in line)


def test_a_list_is_indented_under_its_mark() -> None:
    assert text("- " + "word " * 20).split("\n")[1].startswith("  word")


def test_a_telephone_number_stays_in_one_line() -> None:
    assert "020 7946 0310" in text("x " * 33 + "020 7946 0310")
