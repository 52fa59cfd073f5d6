"""What people and their clients put below their words: sign-off, name, contact block, legal footer."""

import re
import unicodedata

from mailflow.domain import FoldReason
from mailflow.message.closings import is_closing, is_footer, is_greeting
from mailflow.message.lines import Line, paragraphs

_MOST_SIGNATURE_LINES = 20
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_DELIMITER = re.compile(r"--|—|––")
_RULE = re.compile(r"[_\-*=#~]{4,}")
_AFTERTHOUGHT = re.compile(r"(?i)p\.?\s?p?\.?s\.?(?:[\s:,;.–—-]|$)")
_CONTACT = re.compile(r"(?i)[|·•@]|https?://|www\.|\+?\d[\d ()-]{6,}|\b(?:tel|ext|phone|mobile|fax|room)\b|^[tmef]:")
_SENTENCE_END = re.compile(r"[.!?…:]['\"”’)]*$")
_HEAD_END = re.compile(r"\s*(?:[,|·•(/&\[]|\s[-–—]\s|\band\b|\+?\d).*$")
_INLINE_TAIL = re.compile(r"(?<=[.!?)])\s+([^.!?()]{3,60})[.!]?$")
_TITLES = frozenset("dr prof professor mr mrs ms miss mx sir dame sister rev fr phd frs esq ma msc x xx xxx".split())


class SenderName:
    """The names by which a sender may sign: full, first, short, or as initials."""

    def __init__(self, sender: str) -> None:
        """`sender` is a display name, an address, or both."""
        name = re.sub(r"\S+@\S+", "", sender)
        address = re.search(r"([^\s<@]+)@", sender)
        local = [word for word in _words(address[1]) if len(word) > 2] if address else []
        self._named = [word for word in _words(name) if word not in _TITLES]
        self._known = frozenset(self._named + local)
        self._initials = {word[0] for word in self._known}

    def signs(self, text: str) -> bool:
        """Whether a line, up to its first comma, bar or bracket, is the sender's name."""
        head = _HEAD_END.sub("", text).strip(" .!-–—*_")
        words = [word for word in _words(head) if word not in _TITLES]
        if not words or len(words) > 6 or len(text) > 100:
            return False
        if len(words) == 1 and len(words[0]) <= 3 and set(words[0]) <= self._initials and self._named:
            return True
        return all(self._is_mine(word) for word in words)

    def _is_mine(self, word: str) -> bool:
        if word in self._known or (len(word) == 1 and word in self._initials):
            return True
        return len(word) >= 3 and any(known.startswith(word) for known in self._known if len(known) > len(word))


def mark_footers(lines: list[Line]) -> None:
    """Mark legal footers, "Sent from my phone" and the like at the end of a run of lines."""
    live = [line for line in lines if line.reason is None]
    for paragraph in reversed(paragraphs(live)):
        text = " ".join(line.text for line in paragraph)
        if is_footer(text):
            _mark(paragraph, FoldReason.DISCLAIMER)
            continue
        if all(_RULE.fullmatch(line.text) for line in paragraph) and _last_is_footer(lines, paragraph[-1]):
            _mark(paragraph, FoldReason.DISCLAIMER)
            continue
        _mark_footer_lines(paragraph)
        return


def mark_signatures(lines: list[Line], name: SenderName) -> None:
    """Mark sign-offs, names and contact blocks; a paragraph that goes on below them stays."""
    live = [line for line in lines if line.reason is None and not line.blank]
    position = max(0, len(live) - _MOST_SIGNATURE_LINES)
    breaks = _paragraph_starts(lines)
    while position < len(live):
        end = _signature_end(live, position, name, breaks)
        if end > position:
            start = _with_lead_in(live, position, breaks)
            _mark(live[start:end], FoldReason.SIGNATURE)
            position = end
        else:
            position += 1
    _mark_inline_closing(live, name)


def _signature_end(live: list[Line], start: int, name: SenderName, breaks: set[int]) -> int:
    """Where the signature that starts at a line ends; `start` itself where none does."""
    text = live[start].text
    if _DELIMITER.fullmatch(text):
        return len(live)
    signed = name.signs(text) and not _is_sentence(text)
    if not signed and not _closes(text, name):
        return start
    end = start + 1
    while end < len(live) and not _is_sentence(live[end].text):
        signed = signed or name.signs(live[end].text)
        end += 1
    if end == len(live):
        return end
    # Words follow. A signature above them is one only if it is signed and they stand apart.
    while end > start and live[end].start not in breaks:
        end -= 1
    return end if signed and end > start else start


def _closes(text: str, name: SenderName) -> bool:
    """Whether a line is a sign-off, with or without the name behind it."""
    if is_closing(text):
        return True
    words = text.split()
    if len(words) > 8:
        return False
    return any(is_closing(" ".join(words[:cut])) and name.signs(" ".join(words[cut:])) for cut in range(1, len(words)))


def _with_lead_in(live: list[Line], start: int, breaks: set[int]) -> int:
    """A short line of its own above a name ("Every blessing,", "With apologies for the bother") belongs to it."""
    while start > 0:
        text = live[start - 1].text
        short = len(text.split()) <= 6 and not is_greeting(text) and live[start - 1].reason is None
        leads = text.endswith(",") or re.match(r"(?i)with\b", text) is not None or is_closing(text)
        if not (short and leads and live[start - 1].start in breaks):
            break
        start -= 1
    return start


def _is_sentence(text: str) -> bool:
    """Whether a line reads like running text, not like a name, a post or a telephone number."""
    if _AFTERTHOUGHT.match(text) or is_greeting(text) or len(text) > 110:
        return True
    if _CONTACT.search(text) or text.startswith("("):
        return False
    words = len(text.split())
    return words >= 12 or (words >= 4 and _SENTENCE_END.search(text) is not None) or text.endswith("?")


def _mark_inline_closing(live: list[Line], name: SenderName) -> None:
    """'… of nine options. Regards Terry' on the last line: only the end is folded."""
    last = next((line for line in reversed(live) if line.reason is None), None)
    if last is None or (live and live[-1] is not last):
        return
    tail = _INLINE_TAIL.search(last.text)
    if tail and _closes(tail[1], name):
        last.reason = FoldReason.SIGNATURE
        last.cut = last.end - last.start - len(last.text) + tail.start(1)


def _mark_footer_lines(paragraph: list[Line]) -> None:
    for line in reversed(paragraph):
        if not is_footer(line.text):
            return
        line.reason = FoldReason.DISCLAIMER


def _last_is_footer(lines: list[Line], line: Line) -> bool:
    after = next((other for other in lines if other.start > line.start and not other.blank), None)
    return after is not None and after.reason is FoldReason.DISCLAIMER


def _paragraph_starts(lines: list[Line]) -> set[int]:
    return {paragraph[0].start for paragraph in paragraphs(lines)}


def _words(text: str) -> list[str]:
    plain = "".join(char for char in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(char))
    return _WORD.findall(plain)


def _mark(lines: list[Line], reason: FoldReason) -> None:
    for line in lines:
        line.reason = reason
