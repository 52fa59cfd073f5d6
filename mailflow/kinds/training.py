"""What a training message says of the session: for whom, how many, when, in what form, with whom, and what is wanted."""

import re
from datetime import date

from mailflow.domain import Action, Email, FoldReason, Format, TrainingDetails
from mailflow.kinds.attendees import count_attendees
from mailflow.kinds.contact import find_contact
from mailflow.kinds.department import name_department
from mailflow.kinds.passages import folded, new_words
from mailflow.kinds.phrases import said
from mailflow.kinds.session_dates import find_session_dates
from mailflow.rules import Rules

_CANCEL = said(
    r"""
    (?:please|to|must|will|we['’]ll|should|could you|can you|can we|and|so|afraid) cancel
    cancel(?:ling)? (?:it|this|that|our|the|my|us|on|(?:mon|tue|wed|thu|fri|sat|sun)\w*|\d{1,2}\w*)
    (?:session|workshop|training|course|booking|it|which|that) (?:is|has been|was|must be|will be) (?:now )?cancelled
    withdraw from (?:the|our|\w+day|\d{1,2}(?:st|nd|rd|th)?)
    call(?:ing)? (?:it |this |the \w+ |everything )?off
    stand (?:the )?\w+ down
    pull(?:ing)? out of
    no longer (?:need|want|require|able to (?:host|hold))
    (?:won['’]t|will not|can['’]t|cannot) (?:now )?(?:be going|go) ahead
    not (?:to )?(?:go|going|proceed|be proceeding|proceeding)(?: ahead| with)
    decided (?:against|not to (?:have|hold|run|do|book))
    (?:have|need|had) to (?:withdraw|drop out|pull out)
    """
)
_CHANGE = said(
    r"""
    (?:move|push|shift|postpone|reschedule|rearrange|swap|bring forward|delay) (?:it|our|the|this|that|us|to)
    (?:moved|pushed|shifted|postponed|rescheduled|rearranged|rescheduling|postponing)
    (?:put|bring|move|push) (?:it|us|(?:the|our|my|this) \w+) (?:off|back|forward|out)
    (?:need|have|like) to (?:rearrange|reschedule|postpone)
    make it (?:the )?\d{1,2}(?:st|nd|rd|th) (?:rather than|instead|and not)
    (?:look at|find|try|offer us|agree|go for|do|have) (?:another|a different|an alternative|some other) (?:date|day|time|slot)
    no longer (?:works?|suits?|possible|convenient)
    (?:won['’]t|doesn['’]t|can['’]t|will not) (?:work|do|make it) (?:now|any ?more|any longer|after all)
    (?:session|workshop|booking|date|training) (?:to be )?(?:moved|changed|shifted|postponed|rescheduled)
    change of (?:date|time|day|room|venue)
    change (?:the|our|to) (?:\w+ )?(?:date|time|day|room|venue|booking|format|numbers?)
    changed?(?: \w+){0,6} (?:to|from)
    (?:another|different|other) (?:date|day|slot) (?:instead|after all)
    (?:numbers?|things?|headcount) (?:have|has) (?:moved|changed|gone|grown|dropped|shrunk|crept)
    (?:are|['’]re|is|['’]s) (?:now )?(?:down|up) to
    (?:it['’]s|we['’]re|we are|there are|is|are) now (?:all )?\d{1,3}
    instead of (?:the )?\d{1,3}
    (?:could|can)(?: \w+){1,4} (?:go|move|be moved|shift) (?:from|to)
    (?:could|can) (?:we|it|this|you)(?: [\w,()’']+){1,12} (?:after all|instead)
    make (?:it|that) \d{1,3}
    """
)
_BOOKED = said(
    r"""
    (?:our|the|your|my)(?: [\w’'-]+){0,6} (?:session|workshop|booking|training|course|date|slot)s?
    (?:active bystander|session|workshop|training|course) on (?:the )?(?:\w+day )?\d{1,2}\w*
    we (?:booked|agreed|had booked|have booked|have a booking|['’]ve booked)
    i told you
    """
)
_CONFIRM = said(
    r"""
    (?:it|that) is then
    it['’]s a date
    \d{1,2}(?:st|nd|rd|th)?(?: \w{3,9})? it is
    (?:say|saying|said) yes to (?:the|that|\d{1,2}|(?:mon|tues|wednes|thurs|fri)day)
    confirm(?:ed|ing)?(?! (?:the|a|your|our|what|whether|how|if)\b)
    all (?:good|fine|set|ok|okay)
    fits(?: for)?(?: us)?
    (?:works|suits)(?: (?:very )?(?:well|perfectly|fine|nicely))?(?: for)? us
    \d{1,2}(?:st|nd|rd|th)?(?: \w{3,9})? (?:is|are|sounds|would be|looks) (?:good|fine|great|grand|perfect|lovely|ok)
    (?:that|which|time|date|morning|afternoon) (?:is|are|sounds|would be|looks) (?:good|fine|great|grand)
    (?:that|which|time|date|morning|afternoon) (?:is|are|sounds|would be|looks) (?:perfect|lovely|ok)
    (?:morning|afternoon|\d) (?:is|are) (?:good|fine|great|perfect|ideal|lovely|ok|okay)
    happy with (?:that|the|your)
    go (?:ahead )?(?:with|for) (?:the|that|\d{1,2}|\w{3,6}day)
    we(?:['’]ll| will| would like to|['’]d like to) take (?:the|that|it)
    accept(?:ed)?
    is the one(?! (?:who|that|which))
    yes,? please
    go ahead(?=\s*[.,!]|\s*$)
    please book (?:us|it)
    count us in
    (?:\w{3,6}day,? )?\d{1,2}(?:st|nd|rd|th)? \w{3,9},? please
    (?:the |(?:mon|tue|wed|thu|fri|sat|sun)\w* )?\d{1,2}(?:st|nd|rd|th),? (?:please|pls|plz)
    """
)
_ANSWER = re.compile(r"(?i)^\s*(?:re|aw|sv|antw|ref)\s?:")
_HYBRID = said("hybrid\nmixed[-\\s]mode\nblended session")
_ONLINE = said(
    r"""
    on-?line
    (?:via|on|by|over|through|in|using|delivery:|format:) (?:ms |microsoft )?(?:teams|zoom)
    zoom(?! (?:in|out)\b)
    (?:teams|zoom) (?:would|is|please|link|call|session|works)
    (?:the|a) zoom
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
    (?:can|could|would|will|happy to|['’]ll|able to|let us|have us) come (?:over |across |up |down )?to (?:you|yours|your \w+)
    not (?:be )?(?:online|on zoom|on teams|remote|virtual)(?! only)
    """
)
_PLACE = r"(?:room|hall|theatre|studio|building|office|suite|pavill?ion|library|centre|boardroom|lab|workshop|classroom|campus)"
# Where people sit together; a building, an office or a library is as often where somebody works.
_HALL = r"(?:room|hall|theatre|studio|suite|pavill?ion|boardroom|classroom)"
_ROOM = said(
    rf"""
    (?:in|at|use|booked|got|get you|have|hire) (?:up )?(?:our|your|the|a)(?: own)? (?:\w+ ){{1,2}}{_HALL}(?! said)
    (?:in|at) (?:our|your) (?:own {_PLACE}|{_HALL}|building|campus)
    (?:same|briefing|seminar|lecture|common|education|meeting|training|clean|board) (?:room|hall|theatre|suite)
    lecture theatre
    in the (?:boardroom|classroom|seminar room)
    (?:in|at|have|use|booked) room [a-z]?\d{{1,4}}[a-z]?
    here at the
    (?:the|our) room is
    projector
    (?:over )?at yours
    at the {_PLACE}
    """
)
_NUMBERED_ROOM = re.compile(
    r"\b(?!Issue|Page|Room|Code|Ext|Since|About|Around)[A-Z][a-z]{3,12}\s(?:\d{1,2}\.\d{2}|LT\s?\d|\d{3})\b"
)
_NOT = re.compile(
    r"(?i)\b(?:not|no|rather\sthan|instead\sof|than|without|never|can[’']t|don[’']t|need\s?n[’']t)\b(?:\s\w+){0,3}\s$"
)


def read_details(email: Email, rules: Rules, sent: date) -> TrainingDetails:
    """The details of a training message; `sent` is the day its dates are seen from. What is not said stays empty."""
    text = new_words(email)
    action = find_action(email, text)
    dates, in_words = find_session_dates(text, email.subject, sent, action)
    signature = "\n".join(folded(email, FoldReason.SIGNATURE))
    return TrainingDetails(
        department=name_department(text, signature, email.subject, rules.departments),
        attendees=None if action is Action.CANCEL else count_attendees(text) or count_attendees(email.subject),
        dates=dates,
        dates_in_words=in_words,
        format=find_format(f"{email.subject}\n{text}"),
        contact=find_contact(email, text),
        action=action,
    )


def find_action(email: Email, text: str) -> Action:
    """What is wanted: a session, unless the words cancel, change or (in an answer) confirm one."""
    answers = bool(email.thread.parents) or bool(_ANSWER.match(email.subject))
    if not answers:
        # The subject of an answer is somebody's earlier wish.
        text = f"{email.subject}\n{text}"
    if _CANCEL.search(text):
        return Action.CANCEL
    if _CHANGE.search(text) and (answers or _BOOKED.search(text)):
        return Action.CHANGE
    if answers and _CONFIRM.search(text):
        return Action.CONFIRM
    return Action.REQUEST


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
    return any(not _NOT.search(text[max(0, match.start() - 40) : match.start()]) for match in pattern.finditer(text))
