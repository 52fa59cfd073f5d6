"""The HTML of a mail as its writer formatted it, and harmless: nothing in it runs, is fetched, is sent or can be followed.

Twice over: what leaves here is clean, and the frame that shows it may do nothing either (FRAME_POLICY).
"""

import base64
import re
from collections.abc import Mapping

import nh3
from lxml import etree
from lxml.html import HtmlElement, document_fromstring, tostring

from mailflow.desk.shown import harmless
from mailflow.message.attached import Picture
from mailflow.message.links import where_it_leads

LONGEST = 300_000  # characters of HTML that are shown; mail programs cut off far less
MOST_PICTURES = 3_000_000  # bytes
FRAME_POLICY = (
    "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'self';"
    " sandbox"
)
_DECLARATION = re.compile(r"\A\s*<\?xml[^>]{0,200}\?>", re.IGNORECASE)
_TAGS = (
    "a abbr address b big blockquote br caption center cite code col colgroup dd del dfn div dl dt em figure figcaption "
    "font h1 h2 h3 h4 h5 h6 hr i img ins kbd li mark ol p pre q s samp small span strike strong sub sup table tbody td "
    "tfoot th thead tr tt u ul var"
)
_GONE_WHOLE = "script style title svg math iframe object noscript template noframes noembed xmp"
_ATTRIBUTES = {
    "*": {"style", "dir", "lang", "align", "valign", "bgcolor", "width", "height"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "table": {"border", "cellpadding", "cellspacing"},
    "font": {"color", "face", "size"},
    "img": {"src", "alt"},
    "ol": {"start", "type"},
}
_STYLES = (
    "color background-color font-family font-size font-style font-variant font-weight letter-spacing line-height text-align "
    "text-decoration text-indent text-transform vertical-align white-space width max-width height padding padding-top "
    "padding-right padding-bottom padding-left margin margin-top margin-right margin-bottom margin-left border border-top "
    "border-right border-bottom border-left border-collapse border-color border-style border-width border-radius display "
    "list-style-type direction"
)
_MOST_ATTRIBUTES = 50  # of one element; thousands take the cleaner minutes
_FETCHES = re.compile(r"(?i)url|image|expression|[\\@]")
_TINY = frozenset({"0", "1", "2"})  # pixels: a picture that only tells its sender that the mail was opened


def formatted(html: str, pictures: Mapping[str, Picture]) -> str | None:
    """The HTML to be shown in a frame; None where there is too much of it, or it cannot be read as a page."""
    if len(html) > LONGEST:
        return None
    try:
        # lxml gives up what is nested hundreds deep; the cleaner would follow it until the process dies.
        tree = document_fromstring(_DECLARATION.sub("", html))
    except (etree.LxmlError, ValueError, AssertionError, RecursionError):
        return None
    for element in tree.iter(etree.Element):
        _lighten(element)
    for picture in list(tree.iter("img", "image")):
        _settle(picture, pictures)
    for link in list(tree.iter("a", "area")):
        _spell(link)
    clean = nh3.clean(
        tostring(tree, encoding="unicode"),
        tags=set(_TAGS.split()),
        clean_content_tags=set(_GONE_WHOLE.split()),
        attributes={tag: set(names) for tag, names in _ATTRIBUTES.items()},
        filter_style_properties=set(_STYLES.split()),
        url_schemes={"data"},
        link_rel=None,
    )
    return harmless(clean)


def _lighten(element: HtmlElement) -> None:
    """Takes out what no page that people write has, and styles that would fetch something."""
    if len(element.attrib) > _MOST_ATTRIBUTES:
        element.attrib.clear()
    if style := element.get("style"):
        element.set("style", ";".join(one for one in style.split(";") if not _FETCHES.search(one)))


def _settle(image: HtmlElement, pictures: Mapping[str, Picture]) -> None:
    """A picture that came with the mail is put into the page; any other is said to be there."""
    source = (image.get("src") or "").strip()
    picture = pictures.get(source[4:]) if source[:4].lower() == "cid:" else None
    if picture:
        encoded = base64.b64encode(picture.content).decode("ascii")
        image.set("src", f"data:{picture.media_type};base64,{encoded}")
        return
    alt, tail = " ".join((image.get("alt") or "").split())[:200], image.tail
    tiny = any((image.get(side) or "").strip().removesuffix("px") in _TINY for side in ("width", "height"))
    image.clear()
    image.tag, image.tail = "span", tail
    image.text = "" if tiny else f"[image not loaded: {alt}]" if alt else "[image not loaded]"


def _spell(link: HtmlElement) -> None:
    """A link cannot be followed from here: where it leads stands behind its words."""
    href = link.get("href") or ""
    address = where_it_leads(href, "".join(link.itertext()))
    for name in list(link.attrib):
        if name != "style":
            del link.attrib[name]
    if address:
        behind = link.makeelement("span")
        behind.text = f" <{address}>"
        link.append(behind)
