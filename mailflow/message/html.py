"""HTML mail as text: lists, tables and quotations stay what they are."""

import re
from html import unescape

from inscriptis.css_profiles import CSS_PROFILES
from inscriptis.html_engine import Inscriptis
from inscriptis.model.config import ParserConfig
from lxml import etree
from lxml.html import HtmlElement, document_fromstring

from mailflow.domain.unseen import INKLESS
from mailflow.message.charset import tidy
from mailflow.message.markup import is_quotation, simplify

_BLOCKS = ("center", "dd", "details", "dl", "dt", "fieldset", "form", "legend", "nav", "section", "summary", "caption")
_CONFIG = ParserConfig(css=CSS_PROFILES["strict"] | dict.fromkeys(_BLOCKS, CSS_PROFILES["strict"]["div"]))
_LONGEST = 300_000  # characters; laying out more takes seconds, so that only tags are taken out
_MOST_QUOTES = 100
_HIDDEN = re.compile(r"<(/?)(style|script|head|title)\b[^<>]{0,1000}>", re.IGNORECASE)
_BLOCK = re.compile(r"<(?:br|/?p|/?div|/?tr|/?li|/?ul|/?ol|/?table|/?h\d)\b[^<>]{0,2000}>", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]{1,10000}>")
_BLANK_LINES = re.compile(r"\n{3,}")
_NOTHING_SEEN = re.compile(f"[\\s{INKLESS}\u200c\u200d]*")
_DECLARATION = re.compile(r"\A\s*<\?xml[^>]{0,200}\?>", re.IGNORECASE)


def html_to_text(html: str) -> str:
    """The text of an HTML page; quotations that are marked as such get "> " before each line."""
    if not html.strip():
        return ""
    try:
        text = _without_tags(html) if len(html) > _LONGEST else _render_page(html)
    except (etree.LxmlError, ValueError, AssertionError, RecursionError):
        text = _without_tags(html)
    trimmed = "\n".join("" if _NOTHING_SEEN.fullmatch(line) else line.rstrip() for line in text.split("\n"))
    return _BLANK_LINES.sub("\n\n", trimmed).strip("\n")


def _render_page(html: str) -> str:
    tree = document_fromstring(_DECLARATION.sub("", html))
    simplify(tree)
    quotes = [element for element in tree.iter("blockquote") if is_quotation(element)]
    # The innermost first, so that a quotation within a quotation gets two marks.
    for element in reversed(quotes[:_MOST_QUOTES]):
        lines = _render(element).strip("\n").split("\n")
        tail = element.tail
        element.clear()
        element.tail = tail
        element.tag = "pre"
        element.text = "\n".join(f"> {line}".rstrip() for line in lines)
    return _render(tree)


def _render(tree: HtmlElement) -> str:
    return str(Inscriptis(tree, _CONFIG).get_text())


def _without_tags(html: str) -> str:
    """The words of a page that cannot be laid out, a line for every block."""
    return tidy(unescape(_TAG.sub("", _BLOCK.sub("\n", _without_hidden(html)))))


def _without_hidden(html: str) -> str:
    """A page without what no reader sees. What is opened and never closed stays."""
    tags = [(tag[2].lower(), bool(tag[1]), tag.start(), tag.end()) for tag in _HIDDEN.finditer(html)]
    last_end = {name: start for name, closes, start, _ in tags if closes}
    kept, position, within = list[str](), 0, ""
    for name, closes, start, end in tags:
        if not within and not closes and last_end.get(name, 0) > start:
            kept.append(html[position:start])
            within = name
        elif closes and name == within:
            position, within = end, ""
    return "".join((*kept, html[position:]))
