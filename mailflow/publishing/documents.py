"""The documents that tell the published stories: the same in the folder and at the desk's address."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from pathlib import Path
from xml.etree.ElementTree import Element, SubElement, register_namespace, tostring

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from mailflow.settings import Settings
from mailflow.store.published import PublishedStory

PAGE, STYLE, JSON_FEED, ATOM_FEED = "index.html", "stories.css", "feed.json", "atom.xml"
UNTITLED = "A story"

_HERE = Path(__file__).parent
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, 2.2
_ATOM = "http://www.w3.org/2005/Atom"
_pages = Environment(
    loader=FileSystemLoader(_HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
)


@dataclass(frozen=True, slots=True)
class Website:
    """Whose stories they are, and the address that they are read at; it ends with a slash. Without one, links are relative."""

    name: str
    url: str

    @classmethod
    def of(cls, settings: Settings) -> "Website":
        """As the settings say; where they give the stories no address, the desk's own."""
        base = settings.stories_url or (f"{settings.desk_url.rstrip('/')}/stories" if settings.desk_url else "")
        return cls(settings.name, f"{base.rstrip('/')}/" if base else "")


def documents(stories: Sequence[PublishedStory], website: Website) -> dict[str, bytes]:
    """Every document by its name, whole."""
    return {
        PAGE: _page(stories, website).encode("utf-8", "replace"),
        STYLE: (_HERE / STYLE).read_bytes(),
        JSON_FEED: _json_feed(stories, website).encode("utf-8", "replace"),
        ATOM_FEED: _atom_feed(stories, website),
    }


def paragraphs(text: str) -> list[list[str]]:
    """The paragraphs of a text, each in its lines."""
    found: list[list[str]] = [[]]
    for line in text.strip().splitlines():
        if line.strip():
            found[-1].append(line.strip())
        elif found[-1]:
            found.append([])
    return found


def _page(stories: Sequence[PublishedStory], website: Website) -> str:
    told = [(story, story.title or UNTITLED, paragraphs(story.text)) for story in stories]
    return _pages.get_template("stories.html").render(told=told, website=website, feeds=(JSON_FEED, ATOM_FEED), style=STYLE)


def _json_feed(stories: Sequence[PublishedStory], website: Website) -> str:
    """JSON Feed 1.1."""
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": _title(website),
        "language": "en-GB",
        **({"home_page_url": website.url, "feed_url": website.url + JSON_FEED} if website.url else {}),
        "items": [
            {
                "id": _id(story),
                **({"url": f"{website.url}#{story.mark}"} if website.url else {}),
                "title": story.title or UNTITLED,
                "content_text": story.text.strip(),
                "date_published": _day(story.published_at),
            }
            for story in stories
        ],
    }
    return json.dumps(feed, indent=2, ensure_ascii=False) + "\n"


def _atom_feed(stories: Sequence[PublishedStory], website: Website) -> bytes:
    """RFC 4287."""
    register_namespace("", _ATOM)
    feed = Element(f"{{{_ATOM}}}feed", {"xml:lang": "en-GB"})
    _add(feed, "id", website.url or "urn:mailflow:stories")
    _add(feed, "title", _title(website))
    _add(feed, "updated", _day(max((story.published_at for story in stories), default=datetime(2017, 1, 1, tzinfo=UTC))))
    _add(SubElement(feed, f"{{{_ATOM}}}author"), "name", website.name)
    SubElement(feed, f"{{{_ATOM}}}link", {"rel": "self", "href": website.url + ATOM_FEED})
    for story in stories:
        entry = SubElement(feed, f"{{{_ATOM}}}entry")
        _add(entry, "id", _id(story))
        _add(entry, "title", story.title or UNTITLED)
        _add(entry, "updated", _day(story.published_at))
        SubElement(entry, f"{{{_ATOM}}}link", {"rel": "alternate", "href": f"{website.url}#{story.mark}"})
        _add(entry, "content", story.text.strip()).set("type", "text")
    written: bytes = tostring(feed, encoding="utf-8", xml_declaration=True)
    return written


def _add(parent: Element, name: str, text: str) -> Element:
    child = SubElement(parent, f"{{{_ATOM}}}{name}")
    child.text = _FORBIDDEN.sub("", text)
    return child


def _title(website: Website) -> str:
    return f"Stories of stepping in: {website.name}"


def _id(story: PublishedStory) -> str:
    return f"urn:mailflow:story:{story.mark}"


def _day(moment: datetime) -> str:
    """The day alone: the hour could be laid beside the day's mail."""
    return datetime.combine(moment.astimezone(UTC).date(), time(), UTC).isoformat()
