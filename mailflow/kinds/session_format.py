"""In what form a session is wanted: online, in person or both at once."""

import re

from mailflow.domain import Format
from mailflow.kinds.phrases import said

_OFFICE = r"(?:room|office|building|lab|department|class\w*)"
_HYBRID = said(
    rf"""
    hybrid
    mixed[-\s]mode
    blended session
    the (?:rest|others)(?: of (?:us|them))? (?:\w+ ){{0,3}}in (?:the|our) (?:room|class\w*|building|office|lab)
    in (?:the|our) {_OFFICE},?(?: and| with| while| but) (?:\w+ ){{1,4}}(?:online|remote\w*|dial\w* in|by video)
    in (?:the|our) {_OFFICE},?(?: and| with| while| but) (?:\w+ ){{1,4}}on (?:teams|zoom|screen)
    (?:some|half|a few|others|several|most) (?:of (?:us|them) )?(?:\w+ ){{0,3}}(?:online|remotely)(?:,| and| while| but)
    """
)
_ONLINE = said(
    r"""
    on-?line
    (?:via|on|by|over|through|in|using|delivery:|format:) (?:ms |microsoft )?(?:teams|zoom)
    zoom(?! (?:in|out)\b)
    (?:teams|zoom) (?:would|is|please|link|call|session|works)
    (?:the|a) zoom
    (?<=,\s)(?:ms )?teams(?=\s*[.,;]|\s*$)
    virtual(?:ly)?
    remote(?:ly)?
    webinar
    """
)
_IN_PERSON = said(
    r"""
    in[-\s]person
    face[-\s]to[-\s]face
    f2f
    on[-\s]site
    in the flesh
    (?:you|someone|somebody|a facilitator|u)(?: (?:can|could|would))? come (?:to|over|out|up|down|do|here)
    attend upon us
    on[-\s]campus
    (?:takes? place|(?:will be|being|is) held) (?:at|in)
    whoever comes
    (?:you|u|lot|people|team|someone|somebody|trainers?|facilitators?|they)(?: \w+){0,2} come (?:to|over|out|down|along|up|and)
    send (?:\w+ ){1,3}(?:to|over|out|down|along|across)
    (?:can|could|would|will|happy to|['’]ll|able to|let us|have us) come (?:over |across |up |down )?to (?:you|yours|your \w+)
    not (?:be )?(?:online|on zoom|on teams|remote|virtual)(?! only)
    """
)
_PLACE = r"(?:room|hall|theatre|studio|building|office|suite|pavill?ion|library|centre|boardroom|lab|workshop|classroom|campus)"
# Where people sit together; a building, an office or a library is as often where somebody works.
_HALL = r"(?:room|hall|theatre|studio|suite|pavill?ion|boardroom|classroom)"
_ROOM = said(
    rf"""
    (?:in|at|use|hire|have|got|get you) (?:up )?(?:our|your|the|a)(?: own)? (?:\w+ ){{1,2}}{_HALL}(?! said)
    (?:booked|booking|reserv\w+|holding) (?:our|your|the|a)(?: own)? (?:\w+ ){{1,2}}{_HALL}
    (?:in|at) (?:our|your) (?:own {_PLACE}|{_HALL}|building|campus)
    (?:same|briefing|seminar|lecture|common|education|meeting|training|clean|board) (?:room|hall|theatre|suite)
    lecture theatre
    in the (?:boardroom|classroom|seminar room)
    (?:in|at|have|use|booked|\() ?room [a-z]?\d{{1,4}}[a-z]?
    here at the
    (?:the|our) room is
    \(?room [a-z]?\d{{1,4}}[a-z]? (?:has|is|seats|takes|holds|would|will)
    room(?: is|['’]s| will be)? (?:still|again|as before)
    (?:we|i|there)(?: have|['’]ve|['’]?s| is)(?: got)? (?:a|an|our own|the)(?: \w+){{0,3}} (?:{_HALL}|space|hut|barn)
    (?:movable|comfy|stackable|enough|soft|round) (?:chairs|tables)
    flip-?chart
    projector
    (?:over )?at yours
    at the {_PLACE}
    """
)
_NUMBERED_ROOM = re.compile(
    r"\b(?!Issue|Page|Room|Code|Ext|Since|About|Around)[A-Z][a-z]{3,12}\s(?:\d{1,2}\.\d{2}|LT\s?\d|\d{3})\b"
)
_NOT = re.compile(
    r"(?i)\b(?:not|no|rather\sthan|instead\sof|than|without|never|last\s\w+|previous(?:ly)?|did\sit|can[’']t|don[’']t|need\s?n[’']t)\b(?:\s\w+){0,3}\s$"
)
_OR_NOT = re.compile(r"(?i)\s?(?:or|/)\s?(?:otherwise|not\b|whatever|whichever|however)")


def find_format(text: str) -> Format | None:
    """The form asked for; None where none is named, or the writer would take either."""
    if _wanted(_HYBRID, text):
        return Format.HYBRID
    online, in_person = _wanted(_ONLINE, text), _wanted(_IN_PERSON, text)
    if online and in_person:
        return None
    if online:
        return Format.ONLINE
    return Format.IN_PERSON if in_person or _wanted(_ROOM, text) or _NUMBERED_ROOM.search(text) else None


def _wanted(pattern: re.Pattern[str], text: str) -> bool:
    """Whether it is named without being refused, or left open: "in person or otherwise"."""
    return any(
        not _NOT.search(text[max(0, match.start() - 40) : match.start()]) and not _OR_NOT.match(text, match.end())
        for match in pattern.finditer(text)
    )
