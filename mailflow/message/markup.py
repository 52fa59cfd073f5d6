"""The markup of mail in simpler terms, before it is laid out: what is hidden goes, what only HTML can show becomes words."""

import re
from collections.abc import Callable
from itertools import chain, islice

from lxml.html import HtmlElement

from mailflow.message.clients import is_attribution
from mailflow.message.links import where_it_leads

_HIDDEN = re.compile(
    r"(?i)(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden|opacity\s*:\s*0\s*(?:;|!|$)|max-height\s*:\s*0(?:px)?\s*(?:;|!|$))"
)
# A client sets paragraphs without space between them; where they want one, people type an empty paragraph.
_TIGHT = re.compile(r"(?i)(?:^|;)\s*(?:margin\s*:\s*0[a-z]{0,3}\s*(?:;|!|$)|margin-bottom\s*:\s*0)")
_LEVEL = re.compile(r"(?i)mso-list\s*:.{0,30}?level(\d)")
_IGNORED = re.compile(r"(?i)mso-list\s*:\s*ignore")
_BORDER_LEFT = re.compile(r"(?i)border-left(?:-width|-style|-color)?\s*:\s*(?!\s*(?:none|0))")
_QUOTING = re.compile(r"(?i)quote|cite|reference")
_LETTER = re.compile(r"\w")
_FILE_NAME = re.compile(r"(?i)\S*\.(?:png|jpe?g|gif|bmp|svg|webp)|image\d*|logo|icon|spacer")
_DESCRIBED = re.compile(
    r"(?i)\s*(?:description (?:automatically generated|generated with .*)|ai-generated content may be incorrect\.?)"
)
_LONGEST_ALT = 200
_LONGEST_BEFORE = 400
_MOST_TEXTS = 40  # pieces of text of an element that are looked at
_MOST_STEPS = 12  # elements passed on the way to the text before another
_BULLETS = "*+o-"
RULE = "_" * 32  # what Outlook makes of a rule in plain text


def simplify(tree: HtmlElement) -> None:
    """Change a page in place into one whose text says all that a reader would see."""
    for element in list(tree.iter()):
        if not isinstance(element.tag, str):
            continue
        if _is_hidden(element):
            _replace(element, "")
        elif change := _CHANGES.get(element.tag):
            change(element)


def is_quotation(element: HtmlElement) -> bool:
    """Whether a blockquote is earlier mail; writers also use a bare one to indent their own words."""
    parent = element.getparent()
    marks = (element.get("type"), element.get("class"), element.get("id"), element.get("cite") and "cite")
    around = () if parent is None else (parent.get("class"), parent.get("id"), parent.get("fairemail"))
    if any(mark and _QUOTING.search(mark) for mark in (*marks, *around)) or _BORDER_LEFT.search(element.get("style") or ""):
        return True
    return is_attribution(_text_before(element))


def _is_hidden(element: HtmlElement) -> bool:
    """Whether no reader sees it: the lines that newsletters hide for the list of mails, for one."""
    if element.tag in {"html", "body"}:
        return False
    if element.get("hidden") is not None:
        return True
    style = element.get("style")
    return style is not None and _HIDDEN.search(style) is not None


def _replace(element: HtmlElement, text: str) -> None:
    """Text in the place of an element, whose tail stays."""
    tail = element.tail
    element.clear()
    element.tag, element.text, element.tail = "span", text, tail


def _spell_image(image: HtmlElement) -> None:
    """The words that stand for a picture; a sign such as a smiley stands for itself."""
    alt = _DESCRIBED.sub("", " ".join((image.get("alt") or "").split())[:_LONGEST_ALT]).strip()
    tiny = any((image.get(side) or "").strip().removesuffix("px") in {"0", "1", "2"} for side in ("width", "height"))
    if tiny or not alt or _FILE_NAME.fullmatch(alt):
        _replace(image, "")
    else:
        _replace(image, f" [{alt}] " if _LETTER.search(alt) else alt)


def _spell_link(link: HtmlElement) -> None:
    """A link's address behind its words, in the angle brackets that Outlook gives it in plain text."""
    href = link.get("href")
    words = "".join(islice(link.itertext(), _MOST_TEXTS)).strip() or next((image.get("alt") for image in link.iter("img")), None)
    if not href or not words:
        return
    address = where_it_leads(href, words)
    if address is not None:
        last = link[-1] if len(link) else None
        if last is None:
            link.text = f"{(link.text or '').rstrip()} <{address}>"
        else:
            last.tail = f"{(last.tail or '').rstrip()} <{address}>"


def _spell_rule(rule: HtmlElement) -> None:
    _replace(rule, RULE)
    rule.tag = "div"


def _number(numbered: HtmlElement) -> None:
    """A list that goes on from an earlier one keeps its numbers."""
    first = next(numbered.iterchildren("li"), None)
    start = numbered.get("start") or ""
    if first is not None and start.isdecimal() and len(start) < 6 and not first.get("value"):
        first.set("value", start)


def _tighten(paragraph: HtmlElement) -> None:
    """A paragraph that the client shows without space around it becomes a line; Word's lists get their bullets."""
    kind, style, parent = paragraph.get("class") or "", paragraph.get("style") or "", paragraph.getparent()
    alone = parent is not None and parent.tag in {"td", "th", "li"} and len(parent) == 1
    if not (kind.startswith("Mso") or _TIGHT.search(style) or alone):
        return
    level = _LEVEL.search(style)
    for mark in paragraph.iter("span"):
        if level and _IGNORED.search(mark.get("style") or ""):
            sign = "".join(mark.itertext()).strip()
            _replace(mark, f"{sign} " if any(map(str.isdigit, sign)) else f"{_BULLETS[(int(level[1]) - 1) % 4]} ")
            break
    paragraph.tag = "div"
    if not _LETTER.search("".join(islice(paragraph.itertext(), _MOST_TEXTS))) and next(paragraph.iter("img"), None) is None:
        _replace(paragraph, "")
        paragraph.tag = "br"


def _lay_out(table: HtmlElement) -> None:
    """A table of one row or one column only places things on the page: what is in it is read from top to bottom."""
    rows = [row for row in table.iter("tr") if next(row.iterancestors("table")) is table]
    cells = [[cell for cell in row if cell.tag in {"td", "th"}] for row in rows]
    if sum(sum(map(_says_something, row)) > 1 for row in cells) > 1:
        for cell in chain(*cells):
            cell.set("valign", "top")
        return
    groups = (part for part in table if part.tag in {"tbody", "thead", "tfoot"})
    for part in chain((table,), groups, rows, *cells):
        part.tag = "div"


def _says_something(cell: HtmlElement) -> bool:
    return any(_LETTER.search(text) for text in islice(cell.itertext(), _MOST_TEXTS))


def _text_before(element: HtmlElement) -> str:
    """The text that stands just before an element, as one line; "" where it is not near."""
    place: HtmlElement | None = element
    for _ in range(_MOST_STEPS):
        if place is None:
            break
        before, parent = place.getprevious(), place.getparent()
        loose = before.tail if before is not None else parent.text if parent is not None else ""
        inside = islice(before.itertext(), _MOST_TEXTS) if before is not None and isinstance(before.tag, str) else ()
        if text := " ".join(f"{' '.join(inside)} {loose or ''}".split()):
            return text[-_LONGEST_BEFORE:]
        place = before if before is not None else parent
    return ""


_CHANGES: dict[str, Callable[[HtmlElement], None]] = {
    "a": _spell_link,
    "hr": _spell_rule,
    "img": _spell_image,
    "ol": _number,
    "p": _tighten,
    "table": _lay_out,
}
