"""What a training message says of the session: for whom, how many, when, in what form, with whom to arrange it, and what is wanted."""

import re
from datetime import date

from mailflow.domain import Action, Email, FoldReason, Format, TrainingDetails
from mailflow.kinds.attendees import count_attendees
from mailflow.kinds.contact import find_contact
from mailflow.kinds.department import name_department
from mailflow.kinds.passages import folded, new_words
from mailflow.kinds.session_dates import find_session_dates
from mailflow.rules import Rules

_CANCEL = re.compile(
    r"(?i)\b(?:cancel(?!l?ation (?:policy|fee|charge))(?:led|ling|lation)?\b|call(?:ing)? (?:it |this |the \w+ )?off\b|stand (?:the )?\w+ down\b"
    r"|pull(?:ing)? out of\b|no longer (?:need|want|require|able to (?:host|hold))|won[’']t be going ahead|not go(?:ing)? ahead)"
)
_CHANGE = re.compile(
    r"(?i)\b(?:move (?:it|our|the|this|that)|push (?:it|our|the|this) |shift (?:it|our|the|this)|postpone|put (?:it|the \w+) (?:off|back)\b|reschedul\w+|rearrang\w+"
    r"|bring (?:it|the \w+) forward|change (?:the|our|of) (?:date|time|day|room|venue|booking|format|number)|changed?\b[^.!?]{0,30}\b(?:to|from)\b|swap (?:it|the|our)|another (?:date|day) instead"
    r"|(?:numbers?|things?) (?:have|has) (?:moved|changed|gone|grown|dropped|shrunk|crept)|we (?:are|[’']re) (?:now )?(?:down|up) to|are down to|(?:it[’']s|we[’']re|is|are) now (?:all )?\d"
    r"|instead of (?:the )?\d|could we (?:take|have|do) [^.!?]{0,60}\b(?:after all|instead)|make it \d)"
)
_BOOKED = re.compile(
    r"(?i)\b(?:our|the|your|my) (?:[\w’'-]+ ){0,6}(?:session|workshop|booking|training|course|date|slot)s?\b|\bactive bystander on (?:the )?\d|\bwe (?:booked|agreed)|\bi told you\b"
)
_CONFIRM = re.compile(
    r"(?i)\b(?:(?:it|that) is then|it[’']s a date|(?:all )?confirm(?:ed|ing)?\b(?! (?:the|a|your|our) (?:cost|price))|take it as confirmed|fits (?:for )?us|(?:works|suits) (?:well |perfectly |fine )?(?:for )?us"
    r"|(?:that|which|the \d\w*|\w+ \d{1,2}(?:st|nd|rd|th)?|morning|afternoon|time|date) (?:is|are|sounds|would be|will be|works|suits|looks) (?:good|fine|great|perfect|ideal|lovely|ok|okay|grand|well)"
    r"|happy with (?:that|the)|go (?:ahead )?with (?:the|that)|we(?:[’']ll| will| would like to) take (?:the|that)|accept|yes,? please|please book (?:us|it)|count us in)"
)
_PLEASE = re.compile(r"(?i)^\W*(?:\w+day,? )?\d{1,2}(?:st|nd|rd|th)? \w+,? please\b", re.MULTILINE)
_HYBRID = re.compile(r"(?i)\bhybrid\b|\bmixed[- ]mode\b")
_ONLINE = re.compile(
    r"(?i)\b(?:online|on-line|(?:via|on|by|over|through|in|using|delivery:|format:) (?:ms |microsoft )?(?:teams|zoom)|virtual(?:ly)?|remote(?:ly)?|webinar|teams would|host the zoom)\b"
)
_IN_PERSON = re.compile(
    r"(?i)\b(?:in[- ]person|face[- ]to[- ]face|f2f|on[- ]site|in the flesh|(?:you|someone|somebody|facilitator) (?:can |could |would )?com(?:e|ing) (?:to|over|out|up|down) (?:us|to)|you come|come do|attend upon us)\b"
)
_PLACE = r"(?:room|hall|theatre|studio|building|office|suite|pavill?ion|library|centre|common room|boardroom|lab|workshop|classroom|campus)"
_ROOM = re.compile(
    rf"(?i)\b(?:in|at|use|booked|got|get you|have)(?: up)? (?:our(?: own)?|the (?:same|big|large|main|lecture|seminar|dining|meeting|mirror|training|sports)|a (?:seminar|meeting|lecture|training|large|big|good)|your) (?:[\w-]+ ){{0,2}}{_PLACE}\b"
    rf"|\b(?:same|briefing|seminar|lecture|common|education|meeting|training|clean) (?:room|hall|theatre|suite)\b|\bhere at the\b|\b(?:the|our) room is\b|\bprojector\b"
    r"|\b(?:Hartree|Hodgkin|Lovelace) (?:\d|LT)|\bexecutive suite\b|\bmirror studio\b|\bover at yours\b|\bat the pavill?ion\b"
)
_NOT = re.compile(r"(?i)(?:\b(?:not|no|rather than|instead of|than|without|never|n[’']t)\b(?: \w+){0,3} )$")


def read_details(email: Email, rules: Rules, sent: date) -> TrainingDetails:
    """The details of a training message; `sent` is the day its dates are seen from. What is not said stays empty."""
    text = new_words(email)
    action = find_action(email, text)
    dates, in_words = find_session_dates(text, email.subject, sent, action)
    signature = "\n".join(folded(email, FoldReason.SIGNATURE))
    return TrainingDetails(
        department=name_department(text, signature, email.subject, rules.departments),
        attendees=count_attendees(text) or count_attendees(email.subject),
        dates=dates,
        dates_in_words=in_words,
        format=find_format(f"{email.subject}\n{text}"),
        contact=find_contact(email, text),
        action=action,
    )


def find_action(email: Email, text: str) -> Action:
    """What is wanted: a session, unless the words cancel, change or (in an answer) confirm one."""
    if _CANCEL.search(text):
        return Action.CANCEL
    answers = bool(email.thread.parents) or email.subject.lower().startswith(("re:", "aw:", "sv:"))
    if _CHANGE.search(text) and (answers or _BOOKED.search(text)):
        return Action.CHANGE
    if answers and (_CONFIRM.search(text) or _PLEASE.search(text)):
        return Action.CONFIRM
    return Action.REQUEST


def find_format(text: str) -> Format | None:
    """The form asked for; None where none is named, or the writer would take either."""
    if _HYBRID.search(text):
        return Format.HYBRID
    online, in_person = _wanted(_ONLINE, text), _wanted(_IN_PERSON, text)
    if online and in_person:
        return None
    if online:
        return Format.ONLINE
    return Format.IN_PERSON if in_person or _wanted(_ROOM, text) else None


def _wanted(pattern: re.Pattern[str], text: str) -> bool:
    return any(not _NOT.search(text[max(0, match.start() - 40) : match.start()]) for match in pattern.finditer(text))
