"""What writers say of their own post and place: "I run the dissection room", "I sweep the Marchmont Building, 5am to 9am"."""

import re
from collections.abc import Iterator

from mailflow.kinds.noun_phrases import A_UNIT, A_WORD, AT_IT, OF_IT
from mailflow.kinds.sighting import Sighting

_DOES = (
    r"(?:run|clean|manage|supervise|look\safter|work|cook|drive|teach|lead|chair|serve|mind|coordinate|co-ordinate|head|edit|staff|captain|direct"
    r"|curate|nurse|sweep|guard|train|mop|deliver|volunteer|lecture|sit|tutor|co-run|oversee|keep|answer)"
)
_HOURS = r"(?:,?\s(?:from\s)?\d{1,2}(?:[:.]\d\d)?\s?(?:[ap]m)?\s?(?:to|till|until|-|–)\s?\d{1,2}(?:[:.]\d\d)?(?:\s?[ap]m)?)"
_DAYS = "(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)days"
_I_DO = re.compile(
    rf"\b(?<!when\s)(?<!if\s)I\s(?!chair\sthe\s(?:meeting|session))(?:(?:only|just|also|mostly|usually|normally)\s)?{_DOES}\s"
    r"(?:(?:part[-\s]time|nights|days|shifts|mornings|evenings|weekends|for|in|at|on|up|with)\s){0,3}"
    rf"(?:{A_UNIT}(?:{OF_IT}|{AT_IT}){{0,2}}|(?:the|our)\s(?:{A_WORD}\s){{0,2}}?{A_WORD}{AT_IT})(?:{_HOURS}|\son\s{_DAYS})?"
)


def find_own_work(text: str) -> Iterator[Sighting]:
    """Every clause in which the writer says what they run, keep or clean, and where they work."""
    for found in _I_DO.finditer(text):
        yield Sighting(found.start(), found.end(), "unit", "What the writer does, and where, tells who writes.")
