"""How far a phrase goes that says which person, group or place is meant: "of" and a noun, "who" and a habit."""

import re

from mailflow.kinds.calendar_words import MONTH, WEEKDAY
from mailflow.kinds.noun_words import BEHIND_IT, NO_NOUN, UNIT, VAGUE

_WORD = rf"(?!{NO_NOUN}\b)[\w’'&-]{{1,30}}"
_NO_NAME = rf"(?!(?i:I|{MONTH}|{WEEKDAY})\b)"
_UNITS = rf"{UNIT}(?:e?s)?(?:\s{UNIT}s?){{0,2}}(?!\w)"
CAPITALS = (
    rf"{_NO_NAME}[A-Z][\w’'&.-]{{1,30}}(?<!\.)(?:\s(?:(?:of|and|for|&)\s)?(?:the\s)?{_NO_NAME}[A-Z\d][\w’'&-]{{0,30}}){{0,4}}"
    rf"(?:\s(?:[a-z]{{2,20}}\s)?{_UNITS})?"
)
_WHOSE = r"(?:(?i:the|that|this|those|these|our|my|his|her|their|its|your|each|one\sof\s(?:the|our|your))|[\w-]{2,30}['’]s)"
A_UNIT = (
    rf"(?:{_WHOSE}\s{{1,3}}(?:{_WORD}\s{{1,3}}){{0,3}}?{_UNITS}(?:\s\d{{1,4}}\w?\b)?"
    rf"|(?:{_WHOSE}\s{{1,3}})?{CAPITALS}|{UNIT}\s\d{{1,4}}\w?\b)"
)
A_WORD = rf"(?!{VAGUE}\b){_WORD}"
_ORDINAL = r"(?:(?:next|new|old|other|first|second|third|whole|local)\s{1,3})"
_CLOSES = rf"(?=[^\w\s]|\s*$|\s{BEHIND_IT}\b)"
A_PLACE = rf"(?:the|our)\s{A_WORD}(?:\s{A_WORD})?(?![\w’']){_CLOSES}"
_A_NOUN = rf"(?:(?:{_WHOSE}|an?)\s{{1,3}})?{_ORDINAL}?{A_WORD}(?:\s{_WORD})?(?![\w’']){_CLOSES}"
# "Our lead for outreach stepped in", and not "the apprentice for brake fluid".
_FOR_IT = r"(?:(?<=[Ll]ead)|(?<=[Hh]ead)|(?<=[Rr]ep)|(?<=officer)|(?<=champion))\s(?:for|on)"
OF_IT = (
    rf"(?:\s{{1,3}}(?:of|for|from)\s{{1,3}}(?:{A_UNIT}|{_WHOSE}\s{{1,3}}{_A_NOUN})|(?:\s{{1,3}}of|{_FOR_IT})\s{{1,3}}{_A_NOUN})"
)
AT_IT = rf"(?:\s{{1,3}}(?:of|for|from|on|in|at|off|across|behind|by|near|opposite|outside|next\sto)\s{{1,3}}{A_UNIT})"
# A habit and not an event: "who teaches us to suture", and not "who laughed".
HABIT = (
    r"(?:\s{1,3}(?:who|that)\s(?:(?:always|only|also|mostly|usually|normally)\s)?"
    r"(?!(?:is|was|has|says|does(?!\sthe)|gets|gives|knows|thinks|wants)\b)\w{2,30}s"
    rf"(?:\s(?:(?:the|our|my|their|in|on|at|to|for|of|up|with|from)\s){{0,2}}{_WORD}){{1,4}})"
)
_WE_HAVE = (
    r"(?:\s(?:that\s|who\s)?(?:we|they|I)(?:['’]ve)?\s(?:have|got|know|rent|share|use|run)(?:\sgot)?\b"
    r"(?:\s(?:here|there|left|in\sthe\s\w{1,30})\b)?|\s(?:here|there)\b)"
)
_FURTHER = re.compile(rf"(?:{OF_IT}|{AT_IT}|{HABIT}|{_WE_HAVE}){{1,2}}")
_JOINT = re.compile(r"\s(?=(?:of|for|from|on|in|at|off|who|that|we|they|I)\s)")
_LONGEST = 120  # characters of a phrase that is read on


def further(text: str, start: int, end: int) -> int:
    """How far the phrase goes that was read from `start` to `end` so far: to the end of what says which one it is."""
    if end - start > _LONGEST:
        return end
    joints = [start + joint.start() for joint in _JOINT.finditer(text[start : end + 1])]
    found = [one for at in (*joints, end) if (one := _FURTHER.match(text, at))]
    return max(end, *(one.start() + len(one[0].rstrip(" \n.,&")) for one in found)) if found else end
