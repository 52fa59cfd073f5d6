"""The dates of a mail as they stand in their sentences, and whether one is offered or asked for there."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from mailflow.domain import Action, DateOrRange
from mailflow.kinds.calendar_words import MONTH, WEEKDAY
from mailflow.kinds.date_anchors import lean_on_the_last
from mailflow.kinds.date_meanings import Mention
from mailflow.kinds.dates import find_mentions
from mailflow.kinds.passages import sentences
from mailflow.kinds.phrases import one_of, said
from mailflow.kinds.ruled_out import on_weekdays

NEAR = 80  # characters before a date that say what it is for
_SENTENCE = 400  # characters to each side: a sentence may have no end, and each of its dates would read it all
_FRAGMENT = 6  # words: "Before the end of term." is a wish without a verb

_OFFERS = said(
    r"""
    (?:could|can|would|suits?|prefer\w*|ideal\w*|best|any|either|possib\w+|propos\w+|suggest\w*|offer\w*|hope|hoping|aim\w*)
    (?:dates?|sessions?|workshops?|slots?|gaps?|hole|mornings?|afternoons?|evenings?|book|run|release|scheduled?|fixed|free|available)
    (?:thinking|in mind|fine|good|works?|want|like|looking|please|happy|need|do|after all|instead)
    """
)
_TOLD = said("(?:was|were|had|did|went|came|loved|attended|ran|took|found|sent|met|heard|saw)")
_ASKS = said("(?:could|can|would|will|please|suits?|prefer\\w*|like|looking|thinking|in mind|any|either|be)")
_EVENT = one_of(
    r"""
    (?:since|until|till|last|except(?: for)?|apart from|excluding|other than|not|no later than)
    deadline\b[^.!?]{0,40}\b(?:is|of|on)
    (?<!\bto\s)(?:start(?:s|ing)?|begin(?:s|ning)?|opens)(?: on| at)?
    (?:(?<!\bwould\s)welcome|arrives?|arriving|enrols?)\b[^.!?,]{0,45}\b(?:on|from)
    merged|moved|finished|ended|happened|launched|retired|left|graduated|visited|began
    did (?:it|this|one)(?: with you)?(?: last)? (?:in|on)
    (?:deadline|expires?|due|attended|went|came|saw|started|joined|closes?|closed)(?: is| of| for| date)?
    (?:exchange|e?-?mail|message|letter|conversation|note|call|form)
    (?:day|days|time|times|week|month) but
    (?:\w+['’](?:m|re|s)|am|be|is|are|been) (?:away|off|out|back)(?: of office)?(?: on| in| at| from| until)?
    (?:back|return(?:ing)?) (?:on|in|at)
    (?:leave|holiday)(?: from| until| on| in)?
    (?:it['’]s|it is) (?:now|already)
    (?:know|reply|answer|confirm|hear|decide|rsvp|respond|report|submit|register|apply|finalise|send|sent|follow)\b[^.!?]{0,30}\bby
    """
)
_ELSEWHERE = re.compile(rf"(?i)\b{_EVENT}[\s:,(]{{1,3}}(?:(?:on|the|of|from|in)\s){{0,2}}$")
_HOLIDAY = re.compile(r"(?i)\b(?:on (?:annual )?leave|on holiday|in holiday|on strike|strike day|vacation)\b[^,;.]{0,30}$")
# "before the rotations which begin on 1 March": the limit counts, though something else begins on it.
_BEFORE_IT = re.compile(r"(?i)\b(?:before|ahead of|prior to)\s(?:[\w’'-]+\s){1,7}$")
_AFTER = re.compile(r"(?i)\b(?:any\s?time\s)?(?:after|not before|no earlier than|from)\s(?:the\s)?$")
_ONWARDS = re.compile(r"(?i)\s?(?:onwards?\b|on\b(?!\s\w)|or (?:later|after))")
_GONE = re.compile(
    r"(?i),?\s(?:is\snow\s(?:a|the|our|taken|full|on)\b|has\sbecome|no\slonger|won[’']t|will\snot|does\s?n[o’']t|can(?:no|[’'])t|(?:has\s|have\s)?(?:clash\w*|fallen)"
    r"|is\s(?:no\sgood|no\slonger|out)\b|isn[’']t|but\s(?:that|it)[’']s\s(?:now\s)?gone|(?:of\s)?last\syear)"
)
# "The pool is closed 4th and 6th May so either of those would be perfect."
_TAKEN_UP = re.compile(
    r"(?i)\b(?:either|any|one|both)\sof\s(?:those|these|them)\b|\b(?:those|these)\s(?:dates?|days|two)\s(?:would|are|suit)"
)
_MONTH_ALONE = re.compile(rf"(?i){MONTH}(?:\s\d{{4}})?")
# On which a session may stand that is already arranged, and which nobody asks for at such short notice.
_BARE_DAY = re.compile(rf"(?i)tomorrow|{WEEKDAY}")


@dataclass(frozen=True, slots=True)
class Seen:
    """A mention with what stands around it in its sentence."""

    mention: Mention
    before: str
    after: str
    sentence: str
    written: str
    in_subject: bool

    @property
    def stands_elsewhere(self) -> bool:
        """The date of something else: a deadline, an earlier session, somebody's return."""
        return _ELSEWHERE.search(self.before) is not None and not _BEFORE_IT.search(self.before)

    @property
    def open_ended(self) -> bool:
        """ "after 12 March", "from 14 June on": no last day is named, so that it stays in words."""
        after = _AFTER.search(self.before)
        return after is not None and (not after[0].lower().startswith("from") or bool(_ONWARDS.match(self.after)))


def see_dates(text: str, subject: str, earlier: str, sent: date) -> list[Seen]:
    """The dates of a text and its subject, each as full as the whole mail makes it: "the 21st" takes its month from `earlier`."""
    of_subject = list(_look(subject, sent, in_subject=True))
    named = [when for item in of_subject for when in item.mention.days if not item.mention.vague]
    anchor = next((when for when in named if isinstance(when, date)), None)
    seen = [*_look(text, sent, anchor), *of_subject]
    mentions = (*(item.mention for item in seen), *find_mentions(earlier, sent))
    full = [day for mention in mentions if not mention.vague for day in mention.days]
    return [_pinned(_on_its_weekdays(_completed(item, full))) for item in seen]


def _look(text: str, sent: date, anchor: date | None = None, in_subject: bool = False) -> Iterator[Seen]:
    spans = list(sentences(text))
    for mention in lean_on_the_last(find_mentions(text, sent), text, sent, anchor):
        start, end = next(((start, end) for start, end in spans if start <= mention.start < end), (0, len(text)))
        around = text[max(start, mention.start - _SENTENCE) : min(end, mention.end + _SENTENCE)]
        before, after = text[max(start, mention.start - NEAR) : mention.start], text[mention.end : min(end, mention.end + 30)]
        yield Seen(mention, before, after, around, text[mention.start : mention.end], in_subject)


def _completed(seen: Seen, full: list[DateOrRange]) -> Seen:
    """ "the 17th" is the 17 April named elsewhere in the same mail."""
    mention = seen.mention
    if not (mention.vague and len(mention.days) == 1 and isinstance(mention.days[0], date)):
        return seen
    number = mention.days[0].day
    same = next((day for day in full if isinstance(day, date) and day.day == number), None)
    return replace(seen, mention=replace(mention, days=(same,), vague=False)) if same else seen


def _on_its_weekdays(seen: Seen) -> Seen:
    """ "any Wednesday, ideally in February" means the Wednesdays of that month."""
    mention = seen.mention
    if not (mention.vague and mention.days and _MONTH_ALONE.fullmatch(seen.written)):
        return seen
    days = on_weekdays(seen.sentence, mention.days[0])
    return replace(seen, mention=replace(mention, days=days)) if days else seen


def _pinned(seen: Seen) -> Seen:
    """An open-ended wish loses its day and keeps its words."""
    if not seen.open_ended or not seen.mention.days:
        return seen
    before, after = _AFTER.search(seen.before), _ONWARDS.match(seen.after)
    written = f"{before[0] if before else ''}{seen.written}{after[0] if after else ''}"
    return replace(seen, mention=replace(seen.mention, days=()), written=written)


def is_meant(seen: Seen, action: Action) -> bool:
    """Whether a date is one for the session, by the words around it."""
    if action is Action.REQUEST and _BARE_DAY.fullmatch(seen.written):
        return False
    if (seen.stands_elsewhere or _HOLIDAY.search(seen.before)) and not _TAKEN_UP.search(seen.sentence):
        return False
    if action is not Action.CANCEL and _GONE.match(seen.after):
        return False
    if not seen.mention.vague or seen.in_subject or action is Action.CONFIRM:
        return True
    told = _TOLD.search(seen.sentence) and not _ASKS.search(seen.sentence)
    return not told and (len(seen.sentence.split()) <= _FRAGMENT or _OFFERS.search(seen.sentence) is not None)
