"""Numbers of people that are said in parts: "9 of us + 2", "Nine of us and two apprentices", "two groups of 12"."""

import re

from mailflow.kinds.head_words import counts_people

_FEW = 300  # the largest part of a sum
_N = r"(?<![\d/.:£$€#-])(?<![A-Za-z])\d{1,3}(?![\d/:%.]\d|[/:%]|(?:st|nd|rd|th|am|pm)\b)"
_TIMES = re.compile(
    rf"(?i)\b(?P<n>{_N})\s(?:[\w’'-]+\s)?(?:groups|cohorts|sessions|runs|classes|batches|lots|shifts|teams|halves|crews)"
    rf"(?:\sof|,?\swith|,|\s?-)\s(?:about\s|around\s|up\sto\s)?(?P<m>{_N})(?=\s(?:on|in|per|at|to)?\s?each\b|(?<=of\s\d)|(?<=of\s\d\d)|(?<=of\s\d\d\d))"
)
_PAIR = re.compile(rf"(?i)(?:cohorts|groups|classes|shifts|teams)(?:,|:|\sof|\s-)\s(?P<n>{_N})\sand\s(?P<m>{_N})\b")
_AND_ME = re.compile(
    rf"(?i)\b(?:me|myself|I)\s(?:and|plus|\+)\s(?:the\s|my\s)?(?P<n>{_N})\s(?:others?|more|colleagues|people|friends|of\smy)\b"
)
_PART = re.compile(rf"(?P<n>{_N})(?P<after>[^.;!?\n\d+]{{0,60}})")
_JOINED = re.compile(
    r"(?i)(?:\+|&|\band|\bplus|,)\s?(?:the\s|our\s|about\s|another\s|also\s|then\s|a\sfurther\s|maybe\s|c\.\s){0,2}$"
)
_ONLY_PLUS = re.compile(r"(?i)(?:\+|\bplus)\s?(?:the\s|our\s|about\s|another\s|a\sfurther\s){0,2}$")
_MYSELF = re.compile(r"(?i)^[^.,;!?\n\d]{0,40}?\b(?:and|plus|\+|&)\s(?:(?:me|myself)\b|I(?=\s?[.,;)]|\s?$))")
_ONE_MORE = re.compile(
    r"(?i)^[^.;!?\n\d]{0,25}?(?:\bplus|\+)\s(?:(?:the|our|my)\s[a-z]\w+(?:or|er|ant|ist|ian|ee|head|manager)|me|one)\b"
)
_PARTS_OF_IT = re.compile(r"(?i)\b(?:of whom|of which|of them|including|namely|i\.e\.|with)\s(?:\w+\s)?$")


def add_up(text: str, told: int) -> int | None:
    """The sum of the parts that a text (its numbers in digits) names; None where it names none.

    `told`: how much speaks for the best single number (0 to 9): what is said of the whole outweighs a product.
    """
    if pair := _PAIR.search(text):
        return int(pair["n"]) + int(pair["m"])
    if total := _joined_parts(text):
        return total
    if told < 6:
        if times := _TIMES.search(text):
            return int(times["n"]) * int(times["m"])
        if others := _AND_ME.search(text):
            return int(others["n"]) + 1
    return None


def _joined_parts(text: str) -> int | None:
    """The sum of the first numbers of people that one sentence joins by a comma, "and" or a plus."""
    parts = list(_PART.finditer(text))
    for place, first in enumerate(parts):
        if not _counts_people(first) or _PARTS_OF_IT.search(text[max(0, first.start() - 20) : first.start()]):
            continue
        total, last = int(first["n"]), first
        for part in parts[place + 1 :]:
            between = text[last.start("after") : part.start()]
            plus = _ONLY_PLUS.search(between) is not None
            if part.start() - last.end() > 3 or not (plus or (_JOINED.search(between) and _counts_people(part))):
                break
            if _PARTS_OF_IT.search(between) or int(part["n"]) > _FEW or (plus and counts_people(part["after"]) is None):
                break
            total, last = total + int(part["n"]), part
        rest = text[last.start("after") : last.start("after") + 70]
        more = 1 if _ONE_MORE.match(rest) or _MYSELF.match(rest) else 0
        if last is not first or more:
            return total + more
    return None


def _counts_people(part: re.Match[str]) -> bool:
    """Whether a number stands before people: "6 PhD students", "9 of us", "110) and"."""
    after = part["after"]
    if part["n"] == "1" and after.startswith(" of "):
        return False
    return (counts_people(after) or 0) > 0 or re.match(r"(?i)\s?of\s(?:us|them|ours)\b|\)", after) is not None
