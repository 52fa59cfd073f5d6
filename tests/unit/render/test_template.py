"""Templates: one source, two parts; values never act as markup; mistakes are told with file and line."""

from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mailflow.errors import TemporaryError, UserError
from mailflow.render import Rendered, Templates, one_line
from mailflow.render.escape import for_markdown
from mailflow.render.page import parse, to_html
from mailflow.render.text import to_text


def written(folder: Path, **sources: str) -> Path:
    for name, source in sources.items():
        (folder / f"{name}.md").write_text(source, encoding="utf-8")
    return folder


def rendered(folder: Path, body: str, **values: object) -> Rendered:
    return Templates.load(written(folder, mail=f"Subject: Hello\n\n{body}\n")).render("mail", values)


class Words(HTMLParser):
    """The words and the tags of a page's body."""

    def __init__(self) -> None:
        super().__init__()
        self.words, self.tags, self.links = "", list[str](), list[str]()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value or "" for name, value in attrs if name == "href"]

    def handle_data(self, data: str) -> None:
        self.words += data


def read(html: str) -> Words:
    words = Words()
    words.feed("<body" + html.partition("<body")[2])
    return words


def test_both_parts_come_from_the_one_source(tmp_path: Path) -> None:
    mail = rendered(tmp_path, "Dear **{{ name }}**, see [our page](https://a.example/).", name="Zoë")
    assert mail.text == "Dear Zoë, see our page (https://a.example/).\n"
    assert "<strong>Zoë</strong>" in mail.html
    assert 'href="https://a.example/"' in mail.html
    assert '<html lang="en-GB">' in mail.html


@given(st.text(max_size=80))
@example("<script>alert(1)</script>")
@example("# heading")
@example("- point\n- point")
@example("1. first")
@example("[a](javascript:alert(1)) ![](http://evil.example/x.png)")
@example("    indented")
@example("*a* _b_ `c` ~~d~~ | e | \\ &amp; &#64; <http://evil.example>")
@example("===")
@example("---")
@example("a\\")
def test_a_value_is_shown_as_it_is_and_never_acts_as_markup(value: str) -> None:
    shown = one_line(value)
    tokens = parse(f"Start {for_markdown(value)} end.\n\n{for_markdown(value)}\n")
    page = read(to_html(tokens, "Title"))
    assert set(page.tags) <= {"body", "div", "p"}
    assert one_line(page.words) == one_line(f"Start {shown} end. {shown}")
    assert one_line(to_text(tokens)) == one_line(f"Start {shown} end. {shown}")


@given(st.text(alphabet=st.sampled_from("ab|\\`*-_ <"), max_size=12))
@example("\\|")
@example("\\")
def test_a_value_stays_in_its_cell_of_a_table(value: str) -> None:
    tokens = parse(f"| a | b |\n|---|---|\n| {for_markdown(value)} | second |\n")
    page = read(to_html(tokens, "Title"))
    assert page.tags.count("td") == 2
    assert one_line(page.words) == one_line(f"a b {one_line(value)} second")


@given(st.text(max_size=60))
@example("javascript:alert(1)")
@example("data:text/html,x")
@example("https://a.example/) [b](https://evil.example")
def test_a_value_as_a_link_leads_to_the_web_or_to_a_mailbox_or_is_none(value: str) -> None:
    page = read(to_html(parse(f"[words]({for_markdown(value)})"), "Title"))
    assert len(page.links) <= 1
    # No address at all leads nowhere, which is as safe.
    assert all(link == "" or link.lower().startswith(("https://", "http://", "mailto:")) for link in page.links)


def test_a_picture_is_never_loaded_from_elsewhere(tmp_path: Path) -> None:
    assert "<img" not in rendered(tmp_path, "![spy](https://evil.example/x.png)").html


def test_html_in_a_template_is_shown_as_text(tmp_path: Path) -> None:
    assert "&lt;b&gt;" in rendered(tmp_path, "<b>bold</b>").html


def test_a_filter_cannot_switch_the_escaping_off(tmp_path: Path) -> None:
    assert "<em>" not in rendered(tmp_path, "{{ name | safe }}", name="*x*").html


@given(st.text(max_size=400))
@example("a\r\nBcc: eve@evil.example")
def test_a_subject_is_one_line(value: str) -> None:
    line = one_line(value)
    assert line.splitlines() in ([line], [])
    assert line == one_line(line)


def test_the_subject_is_not_escaped_for_markdown_and_is_cut(tmp_path: Path) -> None:
    templates = Templates.load(written(tmp_path, mail="Subject: Re: {{ what }}\n\nText.\n"))
    assert templates.render("mail", {"what": "a_b *c*\r\nBcc: x"}).subject == "Re: a_b *c* Bcc: x"
    assert len(templates.render("mail", {"what": "x" * 999}).subject) == 200


def test_direction_overrides_are_taken_out() -> None:
    assert one_line("abc\u202edef\u200f") == "abcdef"


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        ("Dear all\n", "line 1: the first line must be the subject; write Subject: and the words after it."),
        ("Subject:\n\nText\n", "line 1: the first line must be the subject"),
        ("Subject: Hello\n\n{% if x %}\n", "line 3: Unexpected end of template"),
        ("Subject: {{ x \n\nText\n", "line 1:"),
        ("Subject: Hello\n\n\nDear {{ name }\n", "line 4:"),
        ("Subject: Hello\n\n{% no such %}\n", "line 3: Encountered unknown tag 'no'"),
    ],
)
def test_a_broken_template_is_refused_with_file_and_line(tmp_path: Path, source: str, sentence: str) -> None:
    with pytest.raises(UserError) as refused:
        Templates.load(written(tmp_path, mail=source))
    assert f"{tmp_path / 'mail.md'}, {sentence}" in str(refused.value)


def test_every_broken_template_gets_its_sentence(tmp_path: Path) -> None:
    (tmp_path / "binary.md").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(UserError) as refused:
        Templates.load(written(tmp_path, a="no subject", b="Subject: x\n{{", good="Subject: x\n\ny"))
    assert len(refused.value.problems) == 3


def test_a_folder_without_templates_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="holds no templates"):
        Templates.load(tmp_path / "missing")


def test_the_readme_is_no_template_and_a_byte_order_mark_no_mistake(tmp_path: Path) -> None:
    (tmp_path / "mail.md").write_text("\ufeffSubject: x\r\n\r\nText\r\n", encoding="utf-8")
    templates = Templates.load(written(tmp_path, README="# What people receive"))
    assert templates.names == ("mail",)
    assert templates.render("mail", {}).text == "Text\n"


def test_an_unknown_variable_is_told_with_its_line_even_in_a_branch_not_taken(tmp_path: Path) -> None:
    templates = Templates.load(written(tmp_path, mail="Subject: x\n\n{% if false %}\n{{ nmae }}\n{% endif %}\n"))
    assert templates.problems("mail", {"name"}, [{}]) == [
        f"{tmp_path}/mail.md, line 4: there is no variable nmae; use one of name."
    ]


def test_an_unknown_part_of_a_variable_is_told_with_its_line(tmp_path: Path) -> None:
    templates = Templates.load(written(tmp_path, mail="Subject: x\n\nDear\n{{ person.nmae }}\n"))
    (problem,) = templates.problems("mail", {"person"}, [{"person": {"name": "Zoë"}}])
    assert problem.startswith(f"{tmp_path}/mail.md, line 4: ")
    assert "nmae" in problem


def test_a_good_template_has_no_problems(tmp_path: Path) -> None:
    templates = Templates.load(written(tmp_path, mail="Subject: x\n\n{% for a in all %}{{ a }}{% endfor %}\n"))
    assert templates.problems("mail", {"all"}, [{"all": [1, 2]}]) == []
    assert templates.variables("mail") == {"all"}


def test_a_template_that_fails_while_mail_waits_is_our_fault_and_not_the_mails(tmp_path: Path) -> None:
    for body in ("{{ nobody }}", "{{ 1 / 0 }}", "{{ none }}", "{{ x.y.z }}", "{% include 'other' %}", "{{ ''.__class__.mro() }}"):
        with pytest.raises(TemporaryError, match=r"mail\.md, line 3"):
            rendered(tmp_path, body)


def test_a_template_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(TemporaryError, match=r"There is no template other\.md; there are mail\."):
        Templates.load(written(tmp_path, mail="Subject: x\n\ny")).render("other", {})


def test_a_variable_without_a_value_is_never_printed(tmp_path: Path) -> None:
    with pytest.raises(TemporaryError, match="without a value"):
        rendered(tmp_path, "Dear {{ name }}", name=None)
