"""What strangers wrote, made fit to be repeated: their names, subjects and details, short and without links."""

import re

from mailflow.domain import without_references
from mailflow.domain.markings import without_prefixes

_MOST_READ = 2000  # characters
LONGEST = 120  # characters of a stranger's words that we repeat in one place

# Whoever forges a sender could have us carry a link to somebody else; so what bears one is not repeated.
# Mail programs make links of bare host names too; "J.Smith" and "agenda.pdf" are none.
_FILE = r"(?:docx?|xlsx?|pptx?|pdf|odt|txt|csv|ics|jpe?g|png|msg|eml)\b"
_LINK = re.compile(rf"https?:|www\.|://|[^\W_][\w-]+\.(?!{_FILE})[^\W\d_]{{2,}}", re.IGNORECASE)
_SURNAME_FIRST = re.compile(r"(?P<surname>[^,()]+),\s*(?P<first>[^,()]+)")
_NO_NAME = re.compile(r"[@\d_/\\<>:;|]")


def repeatable(words: str) -> str:
    """One line of a stranger's words, cut at LONGEST; "" where it bears a link."""
    line = " ".join(words.split())
    if _LINK.search(line):
        return ""
    return line if len(line) <= LONGEST else line[: LONGEST - 1].rstrip() + "…"


def topic(subject: str) -> str:
    """A subject as we may repeat it: bare, short and without links; "" where nothing is left."""
    return repeatable(bare_subject(subject))


def bare_subject(subject: str) -> str:
    """A subject without its Re: and without references of ours, so that neither is doubled."""
    return " ".join(without_prefixes(without_references(subject[:_MOST_READ])).split())


def greeting(name: str) -> str:
    """ "Dear Jane Smith", also for "Smith, Jane (Chemistry)"; "Hello" where the name is not one to greet by."""
    bare = " ".join(re.sub(r"\([^)]*\)|\[[^\]]*\]|[\"']{2,}|^\"|\"$", " ", name).split())
    if turned := _SURNAME_FIRST.fullmatch(bare):
        bare = f"{turned['first'].strip()} {turned['surname'].strip()}"
    if not bare or len(bare) > 60 or _NO_NAME.search(bare) or _LINK.search(bare):
        return "Hello"
    return f"Dear {bare}"
