"""What a person writes becomes both parts of a mail, nothing of it acts or is lost, and it can be taken up again."""

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mailflow.domain import Ourselves
from mailflow.render import Templates, render_words, words_of
from mailflow.render.escape import for_markdown, one_line
from mailflow.render.page import parse, to_html
from mailflow.reply.sample import sample_values
from mailflow.rules import load

ROOT = Path(__file__).parents[3]
LETTER = "Dear Sam,\n\nyes, you may.\nSee https://www.university.example/edi?a=1&b=2.\n\nWith kind regards\nTom"
US = Ourselves("edi.centre@university.example")


def text_of(words: str) -> str:
    return render_words("Re: A friend", words).text


def html_of(words: str) -> str:
    return render_words("Re: A friend", words).html.partition('<div class="mail"')[2]


def test_a_line_stays_a_line_in_both_parts() -> None:
    assert text_of(LETTER) == LETTER + "\n"
    assert "yes, you may.<br>" in html_of(LETTER)
    assert "With kind regards<br>\nTom</p>" in html_of(LETTER)


def test_bare_addresses_become_links_without_the_full_stop_that_ends_the_sentence() -> None:
    html = html_of(LETTER + "\nWrite to edi.centre@university.example.")
    assert 'href="https://www.university.example/edi?a=1&amp;b=2"' in html
    assert ">https://www.university.example/edi?a=1&amp;b=2</a>.<" in html
    assert 'href="mailto:edi.centre@university.example"' in html


@pytest.mark.parametrize(
    "words",
    ["<script>alert(1)</script>", "[a](javascript:alert(1))", "<img src=x onerror=alert(1)>", "<!-- gone -->", "[a]: https://b"],
)
def test_nothing_written_acts_and_nothing_is_left_out(words: str) -> None:
    html = html_of(words)
    for acting in ("<script", "<img", "<!--", 'href="javascript'):
        assert acting not in html
    assert "".join(text_of(words).split()) == "".join(words.split())


def test_a_line_set_in_or_ruled_off_stays_text() -> None:
    assert "<pre" not in html_of("Dear Sam,\n\n    this is set in.")
    assert "<h2" not in html_of("Dear Sam\n---")


def test_marks_that_templates_use_work_for_people_too() -> None:
    html = html_of("**Bold**, and\n\n- one\n- two\n\n| A | B |\n|---|---|\n| 1 | 2 |\n")
    for shown in ("<strong>Bold</strong>", "<li>one</li>", "<table"):
        assert shown in html


def test_a_subject_is_one_line_and_has_an_end() -> None:
    assert render_words("Re: A\r\nBcc: eve@evil.example", "x").subject == "Re: A Bcc: eve@evil.example"
    assert len(render_words("x" * 500, "x").subject) == 200


@given(st.text(max_size=120))
@example("- a #b 1. c *d* _e_ `f` [g](https://h.example) <i> \\ &amp; | ~")
@example("1) One")
@example("https://a.example/b_c_d*e")
def test_what_a_part_says_can_be_taken_up_and_says_the_same(said: str) -> None:
    html = to_html(parse(for_markdown(said)), "x")
    assert text_of(words_of(html)).split() == one_line(said).split()


@pytest.mark.parametrize("name", ["training", "query", "story"])
def test_a_reply_from_a_template_can_be_taken_up_and_says_the_same(name: str) -> None:
    templates = Templates.load(ROOT / "templates")
    for values in sample_values(name, load(ROOT / "rules.toml"), US):
        reply = templates.render(name, values)
        again = render_words(reply.subject, words_of(reply.html))
        assert again.text == reply.text
        assert again.html.split() == reply.html.split()
        assert words_of(again.html) == words_of(reply.html)
