"""Markdown to the HTML part: a page of its own, styles inside the elements, because mail programs drop style sheets."""

from collections.abc import Sequence
from functools import lru_cache
from html import escape
from itertools import pairwise

from css_inline import CSSInliner
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

_LAYOUT = """<!DOCTYPE html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>
body {{ margin: 0; background: #ffffff; }}
div.mail {{ max-width: 44em; padding: 16px; font: 16px/1.5 Arial, Helvetica, sans-serif; color: #1f1f1f; }}
div.mail {{ overflow-wrap: break-word; }}
h1, h2, h3 {{ font-size: 18px; margin: 24px 0 8px; }}
p, ul, ol {{ margin: 0 0 16px; }}
div.wide {{ overflow-x: auto; margin: 0 0 16px; }}
table {{ border-collapse: collapse; }}
th, td {{ border-bottom: 1px solid #c8c8c8; padding: 6px 12px 6px 0; text-align: left; vertical-align: top; }}
.short {{ white-space: nowrap; }}
a {{ color: #00508c; overflow-wrap: anywhere; word-break: break-word; }}
</style>
</head>
<body>
<div class="mail">
{body}</div>
</body>
</html>
"""

SHORT = 10  # characters: a cell as short as "in person" or a reference is not broken on a phone

_inliner = CSSInliner(load_remote_stylesheets=False)


def _is_safe_link(url: str) -> bool:
    return url.lower().startswith(("http://", "https://", "mailto:"))


def commonmark() -> MarkdownIt:
    """A reader of the Markdown that a mail may carry."""
    # html off: tags are shown as text. Only links that a mail may carry become links; nothing is loaded from elsewhere.
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")
    markdown.validateLink = _is_safe_link  # type: ignore[method-assign]
    return markdown


_MARKDOWN = commonmark()
_LINES = commonmark()


@lru_cache(maxsize=1000)
def _line(content: str) -> tuple[Token, ...]:
    return tuple(_LINES.parseInline(content, {})[0].children or ())


def _lines(state: StateCore) -> None:
    """Each paragraph, cell or heading, as _LINES reads it: most of a mail says the same as in the mail before."""
    for token in state.tokens:
        if token.type == "inline":
            # What a reference means stands elsewhere in the text.
            token.children = _LINES.parseInline(token.content, state.env)[0].children if state.env else [*_line(token.content)]


def cells(state: StateCore) -> None:
    """Marks the short cells of tables."""
    for token, inside in pairwise(state.tokens):
        if token.type in {"td_open", "th_open"} and len(inside.content) <= SHORT:
            token.attrSet("class", "short")


_MARKDOWN.core.ruler.at("inline", _lines)
_MARKDOWN.core.ruler.after("inline", "cells", cells)
# A table that is too wide for its window scrolls by itself; the mail around it stays where it is.
_MARKDOWN.add_render_rule("table_open", lambda *_: '<div class="wide">\n<table>\n')
_MARKDOWN.add_render_rule("table_close", lambda *_: "</table>\n</div>\n")
_MARKDOWN.disable("text_join")


def parse(markdown: str) -> Sequence[Token]:
    """The tokens that both parts are made of; not to be changed, for some are kept."""
    return _MARKDOWN.parse(markdown)


def to_html(tokens: Sequence[Token], title: str) -> str:
    """The HTML part, a whole page in British English."""
    body = _MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {})
    return _inliner.inline(_LAYOUT.format(title=escape(title), body=body))
