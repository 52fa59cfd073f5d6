"""Earlier mail inside a text: quoted lines, "On … wrote:", Outlook's header blocks, forwarded messages."""

import re
from collections.abc import Set

from mailflow.domain import FoldReason
from mailflow.domain.markings import answers, passes_on
from mailflow.message import clients
from mailflow.message.lines import Line

_LONGEST_MARK = 400  # characters of a line, or of an attribution over three lines

_EVIDENCE = re.compile(r"\d|@")
_FORM_FIELD = re.compile(
    r"(?i)\*?(?:your )?(?:message|phone|telephone|department|e-?mail(?: address)?|question|story|enquiry)\s?:"
)
_ADDRESSES = re.compile(r"[\w.+'-]{1,64}@[\w.-]{1,255}\w")
_OWN_MARK = re.compile(r">=?\s?\d|>.{1,300}<$")
_MOST_HEADER_LINES = 12
_RULE = re.compile(r"[_\-*=]{5,}")
# "My answers are below, in red": whoever says so writes inside the old message, where no mark tells.
_ANSWERS_INSIDE = re.compile(
    r"(?i)\b(?:answers?|answered|comments?|commented|replies|replied|responses?|responded|notes|see|mine)\b.{0,40}"
    r"(?:\bin-?line\b|\bin (?:red|blue|green|bold|capitals|caps|colour)\b|"
    r"\b(?:below|within|in) (?:your|the) (?:e-?mail|message|text|questions)\b)"
)
_COPY_BELOW = re.compile(r"(?i)-+ below this line is a copy of the message\.?")


def mark_history(lines: list[Line], *, subject: str = "", ours: Set[str] = frozenset()) -> None:
    """Mark earlier mail; the `subject`, and `ours`, our addresses, tell what was passed on from what is quoted."""
    forwarded = passes_on(subject)
    reason = FoldReason.FORWARD if forwarded else FoldReason.QUOTE
    answered = forwarded or answers(subject)
    attributed = False
    position = 0
    while position < len(lines):
        line = lines[position]
        if line.text.startswith(">") and not clients.GROUPWISE.fullmatch(line.text):
            end = _end_of_quote(lines, position)
            if attributed or not _is_own_mark(lines, position, end, answered=answered):
                _mark(lines[position:end], reason)
            position = end
        elif length := _attribution_at(lines, position):
            attributed = True
            if not _fold_attributed(lines, position, length, reason, answered=answered):
                return
            position += length
        elif (start := _history_from(lines, position)) is not None:
            first, said_so = start
            passed_on = forwarded or said_so or (not answered and _is_between_others(lines, position, ours))
            found = FoldReason.FORWARD if passed_on else FoldReason.QUOTE
            if found is FoldReason.FORWARD or _ends_new_words(lines[:first]):
                _mark(lines[first:], found)
            return
        else:
            position += 1


def _fold_attributed(lines: list[Line], position: int, length: int, reason: FoldReason, *, answered: bool) -> bool:
    """Fold an attribution with what it introduces; False where that is the rest of the text.

    Without marks the rest is earlier mail only where a client wrote the attribution: a story may quote somebody, too.
    """
    after = position + length
    while after < len(lines) and lines[after].blank:
        after += 1
    first = lines[position]
    if run_on := clients.RUN_ON.search(first.text):
        first.cut = first.indent + run_on.end()
    if after < len(lines) and not lines[after].text.startswith(">"):
        said = " ".join(line.text for line in lines[position : position + length])[run_on.end() if run_on else 0 :]
        dated = answered and clients.CLIENT_DATE.search(said) and not clients.TOLD.search(said)
        if not dated and not clients.ADDRESS.search(said):
            first.cut = 0
            return True
        if run_on or _ends_new_words(lines[:position]):
            _mark(lines[position:], reason)
        return False
    _mark(lines[position:after], reason)
    return True


def _history_from(lines: list[Line], position: int) -> tuple[int, bool] | None:
    """The line where an old message starts, if one starts here, and whether it says that it was forwarded."""
    text = lines[position].text
    if not text or len(text) > _LONGEST_MARK:
        return None
    dashed = clients.DASHED.fullmatch(text)
    if clients.BEGIN_FORWARDED.fullmatch(text) or (dashed and clients.FORWARDED.fullmatch(dashed[1])):
        return position, True
    if _COPY_BELOW.fullmatch(text) or (dashed and clients.ORIGINAL.fullmatch(dashed[1])):
        return position, False
    if clients.GROUPWISE.fullmatch(text) or (clients.LEAD_IN.match(text) and clients.RUNS_INTO.match(text)):
        return position, False
    if _is_header_block(lines, position):
        first = position
        while first and (lines[first - 1].blank or _RULE.fullmatch(lines[first - 1].text)):
            first -= 1
        return first, False
    return None


def _is_header_block(lines: list[Line], position: int) -> bool:
    """Whether a sender, a date and a recipient or subject stand here, as Outlook writes them above an old message."""
    text = lines[position].text
    from_first = clients.FROM.match(text) is not None
    if not from_first and not any(label.match(text) for label in (clients.DATE, clients.SENT, clients.SUBJECT, clients.TO)):
        return _is_unknown_header(lines, position)
    block = _header_lines(lines, position)
    if not any(clients.FROM.match(text) for text in block) or any(_FORM_FIELD.match(text) for text in block):
        return False
    about = any(clients.SUBJECT.match(text) for text in block)
    if not about and not any(clients.TO.match(text) for text in block[1:]):
        return False
    addressed = any(clients.ADDRESS.search(text) for text in block)
    if from_first and any(clients.SENT.match(text) for text in block):
        return True
    dates = [text for text in block if clients.DATE.match(text) or clients.SENT.match(text)]
    # Those who ask for a session also write "From: … To: … Date: …".
    return bool(dates) and (addressed or (from_first and about and any(clients.CLIENT_DATE.search(text) for text in dates)))


def _is_unknown_header(lines: list[Line], position: int) -> bool:
    """Whether a header block stands here whose labels are of an unknown language: only under a rule, as Outlook sets it."""
    if not position or not _RULE.fullmatch(lines[position - 1].text) or not clients.LABELLED.match(lines[position].text):
        return False
    block = _header_lines(lines, position)[:4]
    if len(block) < 4 or any(_FORM_FIELD.match(text) or not clients.LABELLED.match(text) for text in block):
        return False
    return clients.ADDRESS.search(block[0]) is not None and clients.CLIENT_DATE.search(block[1]) is not None


def _is_between_others(lines: list[Line], position: int, ours: Set[str]) -> bool:
    """Whether the header of an old message names addresses, and none of ours: whoever sends it to us passes it on."""
    named = {address.lower() for text in _header_lines(lines, position) for address in _ADDRESSES.findall(text)}
    return bool(named) and named.isdisjoint(ours)


def _header_lines(lines: list[Line], position: int) -> list[str]:
    """The lines of a header block; a blank line ends it, except where a client set one between every two lines."""
    block = [line.text for line in lines[position : position + _MOST_HEADER_LINES]]
    if len(block) > 2 and not block[1] and block[2]:
        return [text for text in block if text]
    return block[: block.index("")] if "" in block else block


def _attribution_at(lines: list[Line], position: int) -> int:
    """How many lines (1 to 3) from here are an attribution; 0 where there is none, or own words stand before it."""
    length = _attributed_lines(lines, position)
    return 0 if any(_starts_below(lines, position, below) for below in range(position + 1, position + length)) else length


def _attributed_lines(lines: list[Line], position: int) -> int:
    """How many lines (1 to 3) from here make an attribution when they are joined."""
    first = lines[position].text
    starts = clients.LEAD_IN.match(first) is not None or "@" in first or clients.RUN_ON.search(first) is not None
    if not starts and clients.CLIENT_DATE.search(first) and position + 1 < len(lines):
        below = lines[position + 1].text
        starts = below.startswith("<") or not clients.is_attribution(below)
    joined = ""
    for length, line in enumerate(lines[position : position + 3], start=1):
        if line.blank or line.text.startswith(">") or (length > 1 and not starts):
            return 0
        joined = f"{joined} {line.text}".strip()
        if len(joined) > _LONGEST_MARK:
            return 0
        if clients.is_attribution(joined):
            return length
    return 0


def _starts_below(lines: list[Line], position: int, below: int) -> bool:
    """Whether the attribution starts only at the line `below`, and what stands above it is the writer's own."""
    above = " ".join(line.text for line in lines[position:below])
    if above.endswith((".", "!", "?")):
        return True
    dated = clients.CLIENT_DATE.search(above) or clients.ADDRESS.search(above)
    return (dated is None or clients.LEAD_IN.match(lines[below].text) is not None) and _attributed_lines(lines, below) > 0


def _end_of_quote(lines: list[Line], position: int) -> int:
    end = position
    while end < len(lines) and lines[end].text.startswith(">"):
        end += 1
    return end


def _is_own_mark(lines: list[Line], start: int, end: int, *, answered: bool) -> bool:
    """Whether the writer set the ">": a list under "as follows:", "> 20 people" for "more than", or >>> here <<<."""
    if end == start + 1 and _OWN_MARK.match(lines[start].text):
        return True
    # Who tells a story sets an empty line between "He said:" and his words; who answers does so above a quotation.
    before = start - 1 if answered or start < 2 or not lines[start - 1].blank else start - 2
    above = lines[before].text if start else ""
    return above.endswith(":") and not _EVIDENCE.search(above)


def _ends_new_words(above: list[Line]) -> bool:
    """Whether all new words stand above an old message without marks.

    With nothing above it the answer may stand below it, or inside it where the writer says so: then all of it stays.
    """
    words = " ".join(line.text for line in above if line.reason is None)
    return re.search(r"\w", words) is not None and _ANSWERS_INSIDE.search(words[-5000:]) is None


def _mark(lines: list[Line], reason: FoldReason) -> None:
    for line in lines:
        line.reason = reason
