"""Which part somebody plays in a story, the one who was helped or the one who was challenged, where the clause itself says it.

Nothing is guessed from further away: a reviewer chooses sooner from "somebody else" than sees that a guess is wrong.
"""

import re

from mailflow.domain import Whose

_AROUND = 60  # characters
_END = re.compile(r"[.!?;…\"“”]\s|\n\s*\n|[\"“”]")
_HURTING = (
    r"(?:mock|imitat|interrupt|heckl|insult|bully|teas|ignor|belittl|ridicul|touch|grabb|grop|hassl|patronis|humiliat|harass|binn)ing"
    r"|(?:laughing|shouting|swearing|staring|sneering|yelling|effing)\sat|talking\s(?:over|down\sto)|picking\son|bawling\sout"
    r"|having\sa\sgo\sat|making\s(?:fun|jokes?)\sof|making\s(?:jokes?|remarks?|comments?)\sabout|speaking\s(?:sharply|rudely)\sto"
)
_HURT = (
    r"(?:mock|imitat|interrupt|heckl|insult|teas|ignor|belittl|ridicul|touch|patronis|humiliat|harass|hassl)ed|bullied|grabbed|groped"
    r"|(?:laughed|shouted|swore|stared|sneered|yelled)\sat|talked\s(?:over|down\sto)|picked\son|made\s(?:fun|jokes?)\sof"
    r"|had\sa\sgo\sat|refused\sto\sserve|rude\s(?:to|with)|spoke\s(?:sharply|rudely)\sto"
)
_STOOD_BY = (
    r"checked\s(?:on|in\s(?:on|with))|(?:sat|stood)(?:\sdown)?\s(?:next\sto|with|beside)|(?:stuck|spoke|stood)\sup\sfor"
    r"|looked\safter|defended|comforted|apologised\sto"
)
_HELPED_BEHIND_THIS = re.compile(
    rf"\b(?:{_HURTING}|{_HURT}|{_STOOD_BY}|(?:jokes?|remarks?|comments?)\s(?:was\s|were\s)?about)\s$", re.IGNORECASE
)
_HELPED_BEFORE_THIS = re.compile(
    rf"\s(?:was|were|got|kept|keeps|is|are)\s(?:(?:always|constantly|being|getting)\s)*(?:being\s|getting\s)(?:called\b|{_HURT}\b)",
    re.IGNORECASE,
)
_TOLD = re.compile(r"\b(?:I|we)\s(?:\w+ly\s|then\s|just\s)?(?:told|asked|said\sto|spoke\sto|took)\s$")
_OFF = re.compile(
    r"\s(?:aside|off|to\s(?:stop|leave|apologise|knock|pack|cut|be\squiet)|not\sto|to\s(?:his|her|their)\sface"
    r"|that\s(?:\w+\s){1,6}?(?:was|is|were)(?:n['’]t|\snot)|that\sI\s(?:did|would)(?:n['’]t|\snot)|why\s(?:he|she|they))\b",
    re.IGNORECASE,
)
_HURTS = re.compile(rf"\s(?:was|were|kept|started|began|keeps)\s(?:on\s)?(?:{_HURTING})\b", re.IGNORECASE)


def part_played(text: str, start: int, end: int) -> Whose:
    """The part of the person at `text[start:end]`; OTHER where the clause does not say."""
    before = _END.split(text[max(0, start - _AROUND) : start])[-1]
    behind = _END.split(text[end : end + _AROUND])[0]
    if _HURTS.match(behind) or (_TOLD.search(before) and _OFF.match(behind)):
        return Whose.CHALLENGED
    if _HELPED_BEHIND_THIS.search(before) or _HELPED_BEFORE_THIS.match(behind):
        return Whose.HELPED
    return Whose.OTHER
