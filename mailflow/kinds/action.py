"""What a training message wants: a session, a change to one, its confirmation or its end."""

import re

from mailflow.domain import Action, Email, markings
from mailflow.kinds.number_words import in_digits
from mailflow.kinds.phrases import said

_CANCEL = said(
    r"""
    (?:please|to|must|will|we['’]ll|should|could you|can you|can we|and|so|afraid) cancel
    cancel(?:ling)? (?:it|this|that|our|the|my|us|on|(?:mon|tue|wed|thu|fri|sat|sun)\w*|\d{1,2}\w*)
    (?:session|workshop|training|course|booking|it|which|that) (?:is|has been|was|must be|will be) (?:now )?cancelled
    withdraw from (?:the|our|\w+day|\d{1,2}(?:st|nd|rd|th)?)
    call(?:ing)? (?:it |this |the \w+ |everything )?off
    stand (?:the )?\w+ down
    pull(?:ing)? out of
    take us (?:off|out)
    (?:won['’]t|will not|not going to|isn['’]t going to) (?:be happening|happen|take place|be taking place)
    cancel(?:l?ed)?,? (?:please|pls)
    (?:is|are) (?:now |all )?off(?=\s*[.,!]|\s*$)
    no longer (?:need|want|require|able to (?:host|hold))
    (?:won['’]t|will not|can['’]t|cannot) (?:now )?(?:be going|go) ahead
    not (?:to )?(?:go|going|proceed|be proceeding|proceeding)(?: ahead| with)
    decided (?:against|not to (?:have|hold|run|do|book))
    (?:have|need|had) to (?:withdraw|drop out|pull out)
    """
)
_CANNOT = said(
    r"""
    (?:not|un)(?: be)? able to (?:do|make|hold|run|host|attend|come)
    (?:can['’]t|cannot|can not|couldn['’]t) (?:do|make|manage|hold|run|host) (?:the|it|that|\d|\w+day)
    """
)
_ANOTHER = said(
    r"""
    (?:could|can|shall|might|may) (?:we|it|you|i)
    instead|rather|another|different|alternative|what about|how about|would|move|next
    """
)
_CALLED_OFF = re.compile(r"(?i)cancel(?:led|ling|lation)?\b")
_CHANGE = said(
    r"""
    (?:move|push|shift|postpone|reschedule|rearrange|swap|bring forward|delay) (?:it|our|the|this|that|us|to)
    (?:be|been|get|got|is|was|it|session|workshop|training|course|us) (?:moved|pushed|shifted|postponed|rescheduled|rearranged)
    rescheduling|postponing
    (?:could|can|may|might)(?: [\w'’]+){1,5} be (?:switched|moved|changed|made|held|done|shifted|brought|put|pushed)
    (?:could|can|shall|might) we (?:go|move|switch|change) (?:to|for|with) (?:the )?\d
    switch(?:ed|ing)? (?:it |us |over )?to
    clash(?:es|ed)? with
    same (?:time|date|hour|place|room)(?:,| and| on| the| but| next| same)
    (?:everything|all|the rest)(?: else)?(?: is| as)? (?:stays|remains|unaltered|unchanged|the same)
    (?:everything|all|the rest)(?: else)?(?: is)? as (?:it was|before|agreed|planned)
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
    (?:and|but) not (?:on )?(?:the )?(?:\w+day )?\d{1,2}(?:st|nd|rd|th)?
    (?:date|time|venue|room) change
    (?:move|push|shift|switch|swap|change) (?:it |us |this |the \w+ )?to (?:the |\w+day|\d)
    (?:could|can)(?: \w+){1,4} (?:go|move|be moved|shift) (?:from|to)
    (?:could|can) (?:we|it|this|you)(?: [\w,()’']+){1,12} (?:after all|instead)
    make (?:it|that) \d{1,3}
    """
)
# The number itself tells of the one that was given before.
_RECOUNTED = re.compile(
    r"(?i)\b\d{1,3}(?:\s(?:people|of\sus))?,?\s(?:now,?\s)?(?:not|rather\sthan|instead\sof)\s(?:the\s)?\d{1,3}\b(?!\s?(?:am|pm|(?-i:[A-Z][a-z])|st|nd|rd|th|to|or|and))"
)
_BOOKED = said(
    r"""
    (?:our|the|your|my)(?: [\w’'-]+){0,6} (?:session|workshop|booking|training|course|date|slot)s?
    (?:active bystander|session|workshop|training|course) on (?:the )?(?:\w+day )?\d{1,2}\w*
    we (?:booked|agreed|had booked|have booked|have a booking|['’]ve booked)
    i told you
    as (?:we )?(?:said|agreed|planned|arranged|booked)
    (?:we|i)(?:['’]re| are) (?:booked|down|pencilled)(?: in)?
    (?:date|time|venue|room) change
    (?:do|make|manage|hold) (?:\w+day )?(?:the )?\d{1,2}(?:st|nd|rd|th)
    """
)
_CONFIRM = said(
    r"""
    (?:it|that) is then
    it['’]s a date
    \d{1,2}(?:st|nd|rd|th)?(?: \w{3,9})? it is
    yes to (?:the|that|\d{1,2}|\w{3,6}day)
    confirm(?:ed|ing)?(?! (?:with|the|a|your|our|what|whether|how|if)\b)
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
    (?:that|this|it) (?:all )?works(?=\s*[.,!]|\s*$| for| and| well)
    (?:lock|put|book|pencil|pop) (?:it|us|that) in
    (?:in|into) (?:our|the|my|everyone['’]s) diar(?:y|ies)
    (?<!\bto\s)see you (?:then|there|all|on the|on \w+day|at \d)
    (?:\w{3,6}day,? )?\d{1,2}(?:st|nd|rd|th)? \w{3,9},? please
    (?:the |(?:mon|tue|wed|thu|fri|sat|sun)\w* )?\d{1,2}(?:st|nd|rd|th),? (?:please|pls|plz)
    """
)


def find_action(email: Email, text: str) -> Action:
    """What is wanted: a session, unless the words cancel, change or (in an answer) confirm one."""
    answers = bool(email.thread.parents) or markings.is_answer(email)
    if not answers:
        # The subject of an answer is somebody's earlier wish.
        text = f"{email.subject}\n{text}"
    if _CANCEL.search(text) or _CALLED_OFF.match(email.subject):
        return Action.CANCEL
    if _CANNOT.search(text) and (answers or _BOOKED.search(text)) and not _ANOTHER.search(text):
        return Action.CANCEL
    if (_CHANGE.search(text) and (answers or _BOOKED.search(text))) or _RECOUNTED.search(in_digits(text)):
        return Action.CHANGE
    if answers and _CONFIRM.search(text):
        return Action.CONFIRM
    return Action.REQUEST
