"""HTML as mail clients write it, as the text a reader would see."""

import pytest

from mailflow.message.fold import fold, new_text
from mailflow.message.html import html_to_text


@pytest.mark.parametrize(
    "hidden",
    [
        '<div style="display:none">x</div>',
        '<span style="color:red; DISPLAY: none !important;">x</span>',
        '<div style="max-height:0;overflow:hidden">x</div>',
        '<td style="visibility: hidden">x</td>',
        '<div style="opacity:0">x</div>',
        "<div hidden>x</div>",
        '<div style="display:none"><p>x <a href="https://x.example/">y</a></p></div>',
        '<img src="https://t.example/o.gif" width="1" height="1" alt="x">',
        '<img src="cid:1" alt="image001.png">',
        "<div>&zwnj;&nbsp;&#847;&shy;</div>",
        "<!--[if mso]><p>x</p><![endif]-->",
    ],
)
def test_what_no_reader_sees_is_not_read(hidden: str) -> None:
    assert html_to_text(f"<p>seen</p>{hidden}<p>too</p>") == "seen\n\ntoo"


@pytest.mark.parametrize(
    "shown", ['<p style="max-height:0.5em">x</p>', '<p style="opacity:0.9">x</p>', '<p style="font-size:0">x</p>']
)
def test_what_is_only_small_or_pale_is_read(shown: str) -> None:
    assert html_to_text(shown) == "x"


def test_a_picture_is_its_description_and_a_smiley_itself() -> None:
    page = '<p>Hi<img alt="😊" src="cid:1"> see<img alt="Poster: 3 March Description automatically generated" src="x">there</p>'
    assert html_to_text(page) == "Hi😊 see [Poster: 3 March] there"


def test_lists_within_lists_keep_their_order() -> None:
    page = "<ul><li>room<ul><li>for 30<ol start=3><li>ramp</li><li><p>lift</p></li></ol></li></ul></li><li>tea</li></ul>"
    lines = [line.strip() for line in html_to_text(page).splitlines()]
    assert lines == ["* room", "+ for 30", "3. ramp", "4. lift", "* tea"]


def test_a_list_of_word_is_a_list() -> None:
    mark = '<span style="mso-list:Ignore">{}<span>&nbsp; </span></span>'
    item = f'<p class="MsoListParagraph" style="mso-list:l0 level{{}} lfo1">{mark}{{}}</p>'
    page = item.format(1, "·", "a room") + item.format(2, "o", "with a lift") + item.format(1, "2.", "tea")
    assert html_to_text(page).splitlines() == ["* a room", "+ with a lift", "2. tea"]


def test_a_table_keeps_its_rows_under_their_heads() -> None:
    cell = '<p class="MsoNormal">{}<o:p></o:p></p>'
    rows = [("Date", "People"), ("3 March", "30"), ("10 March", "12")]
    body = "".join(
        f"<tr><{tag}>{cell.format(a)}</{tag}><{tag}>{cell.format(b)}</{tag}></tr>"
        for tag, (a, b) in zip(("th", "td", "td"), rows, strict=True)
    )
    assert [line.split("  ")[0] for line in html_to_text(f"<table>{body}</table>").splitlines()] == [
        "Date",
        "3 March",
        "10 March",
    ]
    assert html_to_text(f"<table>{body}</table>").splitlines()[1].split()[-1] == "30"


def test_a_table_that_only_places_things_is_read_from_top_to_bottom() -> None:
    page = "<table><tr><td><img alt='Logo of X' src=l></td><td>Helen Prosser<br>Physics</td></tr></table>"
    assert html_to_text(page).splitlines() == ["[Logo of X]", "Helen Prosser", "Physics"]
    assert html_to_text("<table><tr><td><p>One</p><p>Two</p></td></tr><tr><td>Three</td></tr></table>").split() == [
        "One",
        "Two",
        "Three",
    ]


def test_outlooks_paragraphs_are_lines_and_its_empty_ones_gaps() -> None:
    lines = ("Dear all,", "&nbsp;", "Words.", "Kind regards", "Helen")
    page = "".join(f'<p class="MsoNormal"><span>{line}<o:p></o:p></span></p>\r\n' for line in lines)
    assert html_to_text(page) == "Dear all,\n\nWords.\nKind regards\nHelen"


def test_a_rule_parts_lines() -> None:
    assert html_to_text("<div>Bob<hr><b>From: </b>a@x.example</div>").splitlines() == ["Bob", "_" * 32, "From: a@x.example"]


OLD = "<p>How many of you?</p>"
WHO = "EDI Centre &lt;edi@x.example&gt;"


@pytest.mark.parametrize(
    "quoted",
    [
        f'<div class="gmail_quote"><div>On Mon, 3 Mar 2025 at 10:12, {WHO} wrote:<br></div><blockquote>{OLD}</blockquote></div>',
        f'<blockquote type="cite"><div>On 3 Mar 2025, at 10:12, {WHO} wrote:</div><br>{OLD}</blockquote>',
        f'<div>On 03/03/2025 10:12, EDI Centre wrote:<br></div><blockquote cite="mid:a@x.example">{OLD}</blockquote>',
        f'<div fairemail="reference"><p>3 Mar 2025 10:12 {WHO}:</p><blockquote>{OLD}</blockquote></div>',
        f"<div><p>3 Mar 2025 10:12 {WHO}:</p></div><div><blockquote>{OLD}</blockquote></div>",
        f'<p>On Mon, 3 Mar 2025 at 10:12, {WHO} wrote:</p><blockquote style="border-left:1px solid #ccc">{OLD}</blockquote>',
    ],
)
def test_answers_above_and_below_a_quotation_stay(quoted: str) -> None:
    text = html_to_text(f"<p>Above.</p>{quoted}<p>Below.</p>")
    assert new_text(text, fold(text, sender="Helen h@x.example", subject="Re: x")) == "Above.\n\nBelow."


@pytest.mark.parametrize("before", ["We have 3 wishes:", "He wrote", "On 3 March he said to me at 10:30:"])
def test_words_that_the_writer_indents_stay(before: str) -> None:
    text = html_to_text(f"<p>{before}</p><blockquote><p>my own words</p></blockquote>")
    assert "my own words" in new_text(text, fold(text, sender="Helen h@x.example", subject="Re: x"))
