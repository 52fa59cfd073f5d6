"""Markdown to the text part: plain words in lines of at most 74 characters, as people write mail."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from textwrap import wrap

from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode

WIDTH = 74  # so that quoted-printable, which ends lines at 76, leaves them whole
_GAP = 2  # spaces between two columns of a table
_LEAST = 20  # the last column is never wrapped narrower than this
_BETWEEN_DIGITS = re.compile(r"(?<=\d) (?=\d)")


def to_text(tokens: Sequence[Token]) -> str:
    """The text part. Links read "words (address)", lists keep their marks, tables their columns; ends in a line break."""
    blocks = _blocks(SyntaxTreeNode(tokens), WIDTH)
    return "\n\n".join(blocks) + "\n"


def _blocks(parent: SyntaxTreeNode, width: int) -> Iterator[str]:
    for node in parent.children:
        match node.type:
            case "paragraph":
                yield _wrapped(_inline(node), width)
            case "heading":
                yield _headline(_wrapped(_inline(node), width), "=" if node.tag == "h1" else "-")
            case "bullet_list" | "ordered_list":
                yield _list(node, width)
            case "blockquote":
                yield _indented("\n\n".join(_blocks(node, width - 2)), "> ", "> ")
            case "table":
                yield _table(node, width)
            case "hr":
                yield "-" * (width // 3)
            case "fence" | "code_block":
                yield _indented(node.content.rstrip(), "    ", "    ")
            case _:
                yield from _blocks(node, width)


def _inline(node: SyntaxTreeNode) -> str:
    return "".join(map(_words, node.children))


def _words(node: SyntaxTreeNode) -> str:
    match node.type:
        case "text" | "code_inline":
            return node.content
        case "softbreak":
            return " "
        case "hardbreak":
            return "\n"
        case "link":
            return _link(_inline(node), str(node.attrs["href"]))
        case _:
            return _inline(node)


def _link(words: str, href: str) -> str:
    address = href.removeprefix("mailto:")
    if not address:
        return words
    return address if words in (address, href) else f"{words} ({address})"


@lru_cache(maxsize=1000)
def _wrapped(text: str, width: int) -> str:
    # A telephone number stays in one line: textwrap does not break at a no-break space.
    joined = _BETWEEN_DIGITS.sub("\u00a0", text)
    lines = (wrap(line, width, break_long_words=False, break_on_hyphens=False) for line in joined.split("\n"))
    return "\n".join("\n".join(line) for line in lines).replace("\u00a0", " ")


def _headline(text: str, rule: str) -> str:
    return f"{text}\n{rule * max(map(len, text.split(chr(10))))}"


def _indented(text: str, first: str, others: str) -> str:
    lines = text.split("\n")
    return "\n".join((prefix + line).rstrip() for prefix, line in zip([first] + [others] * len(lines), lines, strict=False))


def _list(node: SyntaxTreeNode, width: int) -> str:
    start = int(node.attrs.get("start", 1))
    entries = []
    for number, entry in enumerate(node.children, start):
        mark = f"{number}. " if node.type == "ordered_list" else "- "
        entries.append(_indented("\n".join(_blocks(entry, width - len(mark))), mark, " " * len(mark)))
    return "\n".join(entries)


def _table(node: SyntaxTreeNode, width: int) -> str:
    rows = [[_inline(cell) for cell in row.children] for part in node.children for row in part.children]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    before = sum(widths[:-1]) + _GAP * (len(widths) - 1)
    widths[-1] = min(widths[-1], max(width - before, _LEAST))
    lines = [_row(row, widths, before) for row in rows]
    return "\n".join([lines[0], (" " * _GAP).join("-" * column for column in widths), *lines[1:]])


def _row(cells: list[str], widths: list[int], before: int) -> str:
    *others, last = cells
    start = "".join(cell.ljust(column + _GAP) for cell, column in zip(others, widths, strict=False))
    return _indented(_wrapped(last, widths[-1]), start, " " * before)
