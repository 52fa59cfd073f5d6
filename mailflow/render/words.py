"""What a person writes, as the two parts of a mail: Markdown, but a line stays a line and nothing written is left out.

And back: the HTML part of a mail of ours as words that a person can go on writing.
"""

import re
from collections.abc import Iterator

from lxml.html import HtmlElement, document_fromstring
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from mailflow.render.escape import one_line
from mailflow.render.page import cells, commonmark, to_html
from mailflow.render.template import SUBJECT_LENGTH, Rendered
from mailflow.render.text import to_text

_ADDRESS = re.compile(
    r"https?://[^\s<>\"]*[^\s<>\".,;:!?')\]]|(?<![\w.+-])(?P<mail>[\w.+-]{1,64}@(?:[\w-]+\.)+[a-z]{2,})(?![\w@])",
    re.IGNORECASE | re.ASCII,
)
_INLINE = {"strong": "**", "b": "**", "em": "*", "i": "*"}
# What would act as markup in the middle of a line, and at its beginning.
_ACTS = re.compile(r"[\\*`<]|&(?=#?\w+;)|(?<!\w)_|_(?!\w)|\[(?=[^\[\]]*\]\()")
_BEGINS = re.compile(r"^(?:[#>+=~|-]|\d{1,9}(?=[.)]))", re.MULTILINE)
_BLANKS = re.compile(r"[ \t\n]+")


def render_words(subject: str, words: str) -> Rendered:
    """The subject in one line, and the two parts of what a person wrote."""
    short = one_line(subject)[:SUBJECT_LENGTH].rstrip()
    tokens = _MARKDOWN.parse(words)
    return Rendered(short, to_text(tokens), to_html(tokens, short))


def words_of(html: str) -> str:
    """The words of an HTML part of ours, such that `render_words` makes the same of them again."""
    page = document_fromstring(html)
    mail = page.find('.//div[@class="mail"]')
    return "" if mail is None else "\n\n".join(_blocks(mail))


def _markdown() -> MarkdownIt:
    # Off: what makes a code block or a headline of lines that were only set in or ruled off, and what is not shown at all.
    markdown = commonmark().disable(["code", "lheading", "reference"])
    markdown.core.ruler.after("inline", "lines and links", _lines_and_links)
    markdown.core.ruler.after("inline", "cells", cells)
    return markdown


def _lines_and_links(state: StateCore) -> None:
    for token in state.tokens:
        if token.type == "inline":
            token.children = [*_with_links(token.children or [])]


def _with_links(children: list[Token]) -> Iterator[Token]:
    """A line break is one, and a bare address is a link."""
    depth = 0
    for child in children:
        depth += {"link_open": 1, "link_close": -1}.get(child.type, 0)
        if child.type == "softbreak":
            yield Token("hardbreak", "br", 0)
        elif child.type == "text" and not depth:
            yield from _linked(child.content)
        else:
            yield child


def _linked(text: str) -> Iterator[Token]:
    position = 0
    for found in _ADDRESS.finditer(text):
        yield Token("text", "", 0, content=text[position : found.start()])
        yield Token("link_open", "a", 1, attrs={"href": _link(found)})
        yield Token("text", "", 0, content=found[0])
        yield Token("link_close", "a", -1)
        position = found.end()
    yield Token("text", "", 0, content=text[position:])


def _link(found: re.Match[str]) -> str:
    return f"mailto:{found[0]}" if found["mail"] else found[0]


_MARKDOWN = _markdown()


def _blocks(parent: HtmlElement) -> Iterator[str]:
    for node in parent:
        match node.tag:
            case "p":
                yield _inline(node)
            case "h1" | "h2" | "h3" | "h4" | "h5" | "h6":
                yield f"{'#' * int(node.tag[1])} {_inline(node)}"
            case "ul" | "ol":
                yield _list(node)
            case "blockquote":
                yield _set_in("\n\n".join(_blocks(node)), "> ", "> ")
            case "table":
                yield _table(node)
            case "hr":
                yield "---"
            case "pre":
                yield f"```\n{node.text_content().rstrip()}\n```"
            case _:
                yield from _blocks(node)


def _inline(node: HtmlElement) -> str:
    return _BEGINS.sub(lambda found: f"{found[0]}\\" if found[0].isdecimal() else f"\\{found[0]}", _run(node)).strip()


def _run(node: HtmlElement) -> str:
    return _plain(node.text) + "".join(_word(child) + _plain(child.tail) for child in node)


def _word(node: HtmlElement) -> str:
    inside = _run(node)
    match node.tag:
        case "br":
            return "\n"
        case "code":
            return f"`{node.text_content()}`"
        case "a":
            bare = _ADDRESS.fullmatch(node.text_content())
            return node.text_content() if bare and _link(bare) == node.get("href") else f"[{inside}]({node.get('href', '')})"
        case tag:
            mark = _INLINE.get(str(tag), "")
            return f"{mark}{inside}{mark}"


def _plain(text: str | None) -> str:
    return _ACTS.sub(r"\\\g<0>", _BLANKS.sub(" ", (text or "").lstrip("\n")))


def _list(node: HtmlElement) -> str:
    first, entries = int(node.get("start", 1)), []
    for number, entry in enumerate(node, first):
        mark = "- " if node.tag == "ul" else f"{number}. "
        loose = list(_blocks(entry))
        entries.append(_set_in("\n\n".join(loose) or _inline(entry), mark, " " * len(mark)))
    return "\n".join(entries)


def _table(node: HtmlElement) -> str:
    rows = [[_inline(cell).replace("|", "\\|") for cell in row] for row in node.iter("tr")]
    lines = [f"| {' | '.join(cells)} |" for cells in rows]
    return "\n".join([lines[0], "|---" * len(rows[0]) + "|", *lines[1:]])


def _set_in(text: str, first: str, others: str) -> str:
    lines = text.split("\n")
    return "\n".join((mark + line).rstrip() for mark, line in zip([first] + [others] * len(lines), lines, strict=False))
