"""Markdown to the HTML part: a page of its own, styles inside the elements, because mail programs drop style sheets."""

from collections.abc import Sequence
from functools import lru_cache
from html import escape

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
h1, h2, h3 {{ font-size: 18px; margin: 24px 0 8px; }}
p, ul, ol {{ margin: 0 0 16px; }}
table {{ border-collapse: collapse; margin: 0 0 16px; }}
th, td {{ border-bottom: 1px solid #c8c8c8; padding: 6px 16px 6px 0; text-align: left; vertical-align: top; }}
th:first-child, td:first-child {{ white-space: nowrap; }}
a {{ color: #00508c; }}
</style>
</head>
<body>
<div class="mail">
{body}</div>
</body>
</html>
"""

_inliner = CSSInliner(load_remote_stylesheets=False)


def _is_safe_link(url: str) -> bool:
    return url.lower().startswith(("http://", "https://", "mailto:"))


def _markdown() -> MarkdownIt:
    # html off: tags are shown as text. Only links that a mail may carry become links; nothing is loaded from elsewhere.
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")
    markdown.validateLink = _is_safe_link  # type: ignore[method-assign]
    return markdown


_MARKDOWN = _markdown()
_LINES = _markdown()


@lru_cache(maxsize=1000)
def _line(content: str) -> tuple[Token, ...]:
    return tuple(_LINES.parseInline(content, {})[0].children or ())


def _lines(state: StateCore) -> None:
    """Each paragraph, cell or heading, as _LINES reads it: most of a mail says the same as in the mail before."""
    for token in state.tokens:
        if token.type == "inline":
            # What a reference means stands elsewhere in the text.
            token.children = _LINES.parseInline(token.content, state.env)[0].children if state.env else [*_line(token.content)]


_MARKDOWN.core.ruler.at("inline", _lines)
_MARKDOWN.disable("text_join")


def parse(markdown: str) -> Sequence[Token]:
    """The tokens that both parts are made of; not to be changed, for some are kept."""
    return _MARKDOWN.parse(markdown)


def to_html(tokens: Sequence[Token], title: str) -> str:
    """The HTML part, a whole page in British English."""
    body = _MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {})
    return _inliner.inline(_LAYOUT.format(title=escape(title), body=body))
