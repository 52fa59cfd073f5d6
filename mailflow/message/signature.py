"""What people and their clients put below their words: sign-off, name, contact block, legal footer."""

import re

from mailflow.domain import FoldReason
from mailflow.message.closings import gives_thanks, is_banner, is_closing, is_footer, is_greeting, is_personal
from mailflow.message.lines import Line, paragraphs
from mailflow.message.names import SenderName, looks_like_a_name

_MOST_SIGNATURE_LINES = 20
_DELIMITER = re.compile(r"(?:- )?--|—|––")
_ARMOUR = re.compile(r"-{5}(BEGIN|END) PGP (SIGNED MESSAGE|SIGNATURE|PUBLIC KEY BLOCK)-{5}")
# Above a name: "With apologies for the bother", "On behalf of the team", the picture of a logo as "[Logo of X]".
_LEADS = re.compile(r"(?i)(?:with|on behalf of)\b|\[[^\[\]]{1,200}\]$")
_HASH = re.compile(r"Hash: ?\S.*")
_RULE = re.compile(r"[_\-*=#~]{4,}")
_AFTERTHOUGHT = re.compile(r"(?i)p\.?\s?p?\.?s\.?(?:[\s:,;.–—-]|$)")
_CONTACT = re.compile(r"(?i)[|·•@]|https?://|www\.|\+?\d[\d ()-]{6,}|\b(?:tel|ext|phone|mobile|fax|room)\b|^[tmef]:")
# Who asks for help below the own name may do so in two words.
_PLEA = re.compile(r"\b(?:I|[Mm]e|[Hh]elp|[Pp]lease)\b")
_ABOUT_SOMEBODY = re.compile(r"(?<![/\w])(?:he|him|she|her|they|them|we|us|you|my)(?![/\w])", re.IGNORECASE)
# "My working days are Monday to Wednesday" stands in many a contact block.
_HOUSEKEEPING = re.compile(
    r"(?i)(?:please note(?: that)? )?(?:my|our|i) .{0,30}?\b"
    r"(?:working (?:days?|hours?|pattern|week)|office hours|work (?:part|flex|mon|tue))"
)
_BARS = re.compile(r"[|·•]")
_SENTENCE_END = re.compile(r"[.!?…:]['\"”’)]*$")
_WHEN = re.compile(r"(?i)\b\d{1,2}[:.]\d\d\b|\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b")
# A number of people or a day is what the mail is about, even below the name.
_DETAIL = re.compile(
    r"(?i)\b\d{1,3} (?:people|persons?|staff|students|colleagues|participants|attendees|of us|in total)\b"
    r"|\b\d{1,2}(?:st|nd|rd|th)? (?:of )?(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\b"
)
_INLINE_TAIL = re.compile(r"(?<=[.!?)])\s+([^.!?()]{3,60})[.!]?$")


def mark_footers(lines: list[Line]) -> None:
    """Mark legal footers, "Sent from my phone" and the like at the end of a run of lines."""
    live = [line for line in lines if line.reason is None]
    for paragraph in reversed(paragraphs(live)):
        words = [line.text for line in paragraph if not _RULE.fullmatch(line.text)]
        rule = not words
        if is_footer(" ".join(words)) or (rule and _is_above_footer(lines, paragraph[-1])):
            _mark(paragraph, FoldReason.DISCLAIMER)
            continue
        for line in reversed(paragraph):
            if not is_footer(line.text):
                break
            line.reason = FoldReason.DISCLAIMER
        return


def mark_banner(lines: list[Line]) -> None:
    """Mark a server's warning above the text, with the rules around it; the greeting and all that follows it stay."""
    for paragraph in paragraphs(lines)[:2]:
        said = [line for line in paragraph if not _RULE.fullmatch(line.text)]
        length = next((at for at, line in enumerate(said) if is_greeting(line.text)), len(said))
        if is_banner(" ".join(line.text for line in said[:length])):
            last = said[_banner_length(said[:length]) - 1]
            _mark([line for line in paragraph if line.start <= last.start], FoldReason.DISCLAIMER)
            below = next((line for line in paragraph if line.start > last.start), None)
            if below is not None and _RULE.fullmatch(below.text):
                below.reason = FoldReason.DISCLAIMER


def _banner_length(paragraph: list[Line]) -> int:
    """How many lines of a paragraph it takes to say the warning."""
    return next(end for end in range(1, len(paragraph) + 1) if is_banner(" ".join(line.text for line in paragraph[:end])))


def mark_armour(lines: list[Line]) -> None:
    """Mark what PGP sets around the words that it signs (RFC 9580, 7); a block without an end stays."""
    opened: dict[str, int] = {}
    for at, line in enumerate(lines):
        armour = _ARMOUR.fullmatch(line.text)
        if armour is None:
            continue
        if armour[2] == "SIGNED MESSAGE":
            hashes = 1 if at + 1 < len(lines) and _HASH.fullmatch(lines[at + 1].text) else 0
            _mark(lines[at : at + 1 + hashes], FoldReason.DISCLAIMER)
        elif armour[1] == "BEGIN":
            opened[armour[2]] = at
        elif armour[2] in opened:
            _mark(lines[opened.pop(armour[2]) : at + 1], FoldReason.DISCLAIMER)


def unmark_thanks(lines: list[Line]) -> None:
    """Where nothing else is new, "Thanks!" is no sign-off but what the mail says."""
    thanks = (line for line in lines if line.reason is FoldReason.SIGNATURE and not line.cut and gives_thanks(line.text))
    if (first := next(thanks, None)) is not None:
        first.reason = None


def mark_signatures(lines: list[Line], name: SenderName) -> None:
    """Mark sign-offs, names and contact blocks; a paragraph that goes on below them stays."""
    live = [line for line in lines if line.reason is None and not line.blank]
    breaks = {paragraph[0].start for paragraph in paragraphs(lines)}
    position = max(0, len(live) - _MOST_SIGNATURE_LINES)
    while position < len(live):
        end = _signature_end(live, position, name, breaks)
        if end > position:
            _mark(live[_with_lead_in(live, position, breaks) : end], FoldReason.SIGNATURE)
        position = max(end, position + 1)
    if live and live[-1].reason is None and not _mark_inline_closing(live[-1], name):
        _mark_unknown_name(paragraphs([line for line in lines if line.reason is None]))


def _signature_end(live: list[Line], start: int, name: SenderName, breaks: set[int]) -> int:
    """Where the signature that starts at a line ends; `start` itself where none does."""
    text = live[start].text
    if _DELIMITER.fullmatch(text):
        return _delimited_end(live, start + 1, breaks)
    signed = name.is_all_of(text) or (name.signs(text) and not _is_sentence(text))
    if not signed and not _closes(text, name):
        return start
    if start and live[start - 1].text.endswith(":"):
        return start
    end = start + 1
    while end < len(live) and (name.is_all_of(live[end].text) or not _is_sentence(live[end].text)):
        signed = signed or name.signs(live[end].text)
        end += 1
    if end == len(live):
        return end
    # Words follow. What stands above them is a signature only if it is signed and they stand apart.
    while end > start and live[end].start not in breaks:
        end -= 1
    return end if signed else start


def _delimited_end(live: list[Line], start: int, breaks: set[int]) -> int:
    """Where a signature under its delimiter ends: some write on below it, since their client put it above."""
    speaks = (at for at in range(start, len(live)) if live[at].start in breaks and _speaks(live[at].text))
    return next(speaks, len(live))


def _speaks(text: str) -> bool:
    """Whether a line is running text in which somebody speaks of themselves; a motto in quotation marks is none."""
    return _is_sentence(text) and is_personal(text) and text[0] not in "\"'“„«"


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
        above = live[start - 1]
        leads = above.text.endswith(",") or _LEADS.match(above.text) is not None or is_closing(above.text)
        short = len(above.text.split()) <= 8 and not is_greeting(above.text)
        if not (leads and short and above.reason is None and above.start in breaks):
            break
        start -= 1
    return start


def _is_sentence(text: str) -> bool:
    """Whether a line reads like running text, not like a name, a post or a telephone number."""
    if len(_BARS.findall(text)) >= 2 or (_HOUSEKEEPING.match(text) and not text.endswith("?")):
        return False
    if len(text) > 110 or _AFTERTHOUGHT.match(text) or is_greeting(text) or _DETAIL.search(text):
        return True
    if _CONTACT.search(text) or text.startswith("("):
        return False
    words, ends = len(text.split()), _SENTENCE_END.search(text) is not None
    if _PLEA.search(text) or (_ABOUT_SOMEBODY.search(text) and (ends or text[0].islower())):
        return True
    return words >= 12 or (words >= 4 and ends) or text.endswith("?")


def _mark_inline_closing(line: Line, name: SenderName) -> bool:
    """'… of nine options. Regards Terry' on the last line: only the end is folded."""
    end = line.text[-200:]
    tail = _INLINE_TAIL.search(end)
    if tail is None or not _closes(tail[1], name):
        return False
    line.reason = FoldReason.SIGNATURE
    line.cut = line.indent + len(line.text) - len(end) + tail.start(1)
    return True


def _mark_unknown_name(runs: list[list[Line]]) -> None:
    """A last paragraph that is a name, and at most three lines about it, after a finished sentence: from a shared address."""
    if len(runs) < 2 or len(runs[-1]) > 4 or not _SENTENCE_END.search(runs[-2][-1].text):
        return
    first, *rest = runs[-1]
    if runs[-2][-1].text.endswith(":") or any(_is_sentence(line.text) or _WHEN.search(line.text) for line in rest):
        return
    if looks_like_a_name(first.text):
        _mark(runs[-1], FoldReason.SIGNATURE)


def _is_above_footer(lines: list[Line], line: Line) -> bool:
    below = next((other for other in lines if other.start > line.start and not other.blank), None)
    return below is not None and below.reason is FoldReason.DISCLAIMER


def _mark(lines: list[Line], reason: FoldReason) -> None:
    for line in lines:
        line.reason = reason
