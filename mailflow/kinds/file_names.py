"""Who the names of attachments give away: "Statement_Priya-Nair.docx", "scan 02214583.pdf"."""

import re
from collections.abc import Iterable, Iterator

from mailflow.domain import Address, Attachment, Identifier, Whose
from mailflow.kinds.sighting import Sighting
from mailflow.kinds.whose import own_words
from mailflow.kinds.wordlists import given_names, is_everyday

_MOST_FILES, _LONGEST = 50, 255
_WORD = re.compile(r"[^\W\d_]+?(?:(?=[^\W\d_a-zà-öø-ÿ][a-zà-öø-ÿ])|(?![^\W\d_]))")
_NUMBER = re.compile(r"(?<!\d)(?!(?:19|20)\d\d[01]\d[0-3]\d(?!\d))\d{7,9}(?!\d)")
_ENDING = re.compile(r"\.\w{1,5}$")
_BETWEEN = re.compile(r"[ _.+-]{0,3}")
# What cameras, scanners and office programs write.
_OF_MACHINES = re.compile(
    r"(?:img|dsc|pxl|vid|mov|scan(?:ned)?|screenshot|whatsapp|image|doc(?:x|ument)?|file|final|draft|copy|version|untitled|attachment"
    r"|winmail|dat|microsoft|powerpoint|pdf|jpe?g|png|heic|odt|rtf|txt|eml|csv|zip|logo|signature|outlook|memo|mp[34]|m4a)"
)


def find_in_file_names(attachments: Iterable[Attachment], writer: Address | None = None) -> tuple[Identifier, ...]:
    """The names and numbers in file names, as spans of these. `writer`: the sender."""
    own = own_words(writer)
    found = []
    for number, name in enumerate((each.filename[:_LONGEST] for each in list(attachments)[:_MOST_FILES]), 1):
        for one in _sighted(name):
            words = {word.lower() for word in _WORD.findall(name[one.start : one.end])}
            whose = Whose.OTHER if own.isdisjoint(words) else Whose.WRITER
            found.append(
                Identifier(
                    name[one.start : one.end], one.start, one.end, one.sort, one.reason, whose, f"attachment-{number}", name
                )
            )
    return tuple(found)


def _sighted(name: str) -> Iterator[Sighting]:
    ending = _ENDING.search(name)
    stem = name[: ending.start()] if ending else name
    yield from _names(stem)
    for found in _NUMBER.finditer(stem):
        yield Sighting(found.start(), found.end(), "number", "The name of an attachment bears somebody's number.")


def _names(stem: str) -> Iterator[Sighting]:
    """Runs of words that are nothing else than names: one that is known begins, or a capital makes them likely."""
    start = end = None
    for word in _WORD.finditer(stem):
        if not _may_be_name(word[0]):
            continue
        if start is not None and end is not None and _BETWEEN.fullmatch(stem, end, word.start()):
            end = word.end()
            continue
        if start is not None and end is not None:
            yield _sight(start, end)
        start, end = word.span()
    if start is not None and end is not None:
        yield _sight(start, end)


def _sight(start: int, end: int) -> Sighting:
    return Sighting(start, end, "name", "The name of an attachment names somebody.")


def _may_be_name(word: str) -> bool:
    plain = word.lower()
    if plain in given_names()[0]:
        return True
    return (
        len(word) > 2
        and word[0].isupper()
        and not word.isupper()
        and not is_everyday(plain)
        and not _OF_MACHINES.fullmatch(plain)
    )
