"""Which of a mail's dates are meant for the session: those offered or asked for, not days ruled out, deadlines or holidays."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from mailflow.domain import Action, DateOrRange
from mailflow.kinds.calendar_words import WEEKDAY, weekday_of
from mailflow.kinds.date_anchors import lean_on_the_last
from mailflow.kinds.date_meanings import Mention
from mailflow.kinds.dates import find_mentions
from mailflow.kinds.passages import sentences
from mailflow.kinds.phrases import one_of, said

_DAY = timedelta(days=1)
_NEAR = 80  # characters
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
    (?<!\bto\s)(?:starts?|begins?|opens)(?: on)?
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
_LIMIT = re.compile(r"(?i)\b(?P<word>before|by|ahead of|prior to)\s(?:[\w’'-]+\s){0,9}$")
_AFTER = re.compile(r"(?i)\b(?:any\s?time\s)?(?:after|not before|no earlier than|from)\s(?:the\s)?$")
_ONWARDS = re.compile(r"(?i)\s?(?:onwards?\b|on\b(?!\s\w)|or (?:later|after))")
_NUMBER = r"\d{1,2}(?:st|nd|rd|th)"
_RULED_OUT = re.compile(
    rf"(?i)\b(?:except(?:\sfor)?|apart\sfrom|excluding|other\sthan|bar|not|(?:day|time|morning|afternoon)s?\sbut)\s(?:want\s|do\s|manage\s)?"
    rf"(?:(?:the\s)?(?:[\w’'-]+\s){{1,2}}on\s|on\s)?(?:the\s|any\s)?"
    rf"(?:(?P<weekdays>{WEEKDAY}(?:(?:,|\sand|\sor)\s(?:the\s)?{WEEKDAY}){{0,3}})|(?P<days>{_NUMBER}(?:(?:,|\sand|\sor)\s(?:the\s)?{_NUMBER}){{0,5}}))"
    r"(?!\s(?:\d|am|pm|morning|afternoon|evening|lunch))"
)
_GONE = re.compile(
    r"(?i),?\s(?:is\snow\s(?:a|the|our|taken|full|on)\b|has\sbecome|no\slonger|won[’']t|will\snot|does\s?n[o’']t|can(?:no|[’'])t|clashes"
    r"|is\s(?:no\sgood|no\slonger|out)\b|isn[’']t|but\s(?:that|it)[’']s\s(?:now\s)?gone|(?:of\s)?last\syear)"
)
_OFFERED_US = re.compile(r"(?i)\b(?:offer(?:ing|ed)|suggest(?:ing|ed)|propos(?:ing|ed))\b[^.!?]{0,40}$")
_MOVES = r"(?:mov(?:e|ing)|go\b|shift\w*|push\w*|postpon\w+|chang(?:e|ing)|swap\w*|resched\w+|rearrang\w+|bring\w*|put\w*)"
_MOVING = re.compile(rf"(?i)\b{_MOVES}\b")
_OLD = re.compile(
    rf"(?i)\b(?:{_MOVES}\b(?:(?!\b(?:to|until|till)\b)[^.!?]){{0,{_NEAR}}}"
    r"|(?:instead of|rather than|from|pencilled(?: in)?|(?:we|you|they) had) (?:the )?"
    r"|(?:we|you|they)(?: are|['’]re) (?:down|booked)(?: in)? for (?:the )?)$"
)
_MOVED_FROM = re.compile(rf"(?i)\b{_MOVES}\b[^.!?]{{0,{_NEAR}}}\bfrom (?:the )?$")
_ASKS_NEW = re.compile(rf"(?i)\b(?:could|can (?:we|you)|possible|instead|rather|please|{_MOVES})\b")
_CANCELS = re.compile(r"(?i)\b(?:cancel\w*|call\w* off|stand\w* down|pull out|withdraw)\b")


@dataclass(frozen=True, slots=True)
class _Seen:
    """A mention with what stands around it in its sentence."""

    mention: Mention
    before: str
    after: str
    sentence: str
    written: str
    in_subject: bool

    @property
    def open_ended(self) -> bool:
        """ "after 12 March", "from 14 June on": no last day is named, so that it stays in words."""
        after = _AFTER.search(self.before)
        return after is not None and (not after[0].lower().startswith("from") or bool(_ONWARDS.match(self.after)))


def find_session_dates(text: str, subject: str, sent: date, action: Action) -> tuple[tuple[DateOrRange, ...], tuple[str, ...]]:
    """The days meant for the session, in order, and the wishes for one that cannot be pinned, in the writer's words."""
    of_subject = list(_look(subject, sent, in_subject=True))
    named = [when for item in of_subject for when in item.mention.days if not item.mention.vague]
    anchor = next((when for when in named if isinstance(when, date)), None)
    seen = [*_look(text, sent, anchor), *of_subject]
    full = [day for item in seen for day in item.mention.days if not item.mention.vague]
    seen = [_pinned(_completed(item, full)) for item in seen]
    moves = action is Action.CHANGE and _MOVING.search(text) is not None
    chosen = _choose([item for item in seen if not item.in_subject], sent, action, moves)
    # The subject of a mail that moves a session names the day it is moved from.
    if not chosen and not moves:
        chosen = _choose([item for item in seen if item.in_subject], sent, action)
    days = _without(_RULED_OUT.finditer(text), [day for mention in chosen for day in mention.days])
    words = [_words(item) for item in seen if not item.mention.days and not item.mention.past and _meant(item, sent, action)]
    ordered = sorted(dict.fromkeys(days), key=lambda when: when if isinstance(when, tuple) else (when, when))
    return tuple(ordered), tuple(dict.fromkeys(words)) if action in (Action.REQUEST, Action.CHANGE) else ()


def _look(text: str, sent: date, anchor: date | None = None, in_subject: bool = False) -> Iterator[_Seen]:
    spans = list(sentences(text))
    for mention in lean_on_the_last(find_mentions(text, sent), text, sent, anchor):
        start, end = next(((start, end) for start, end in spans if start <= mention.start < end), (0, len(text)))
        around = text[max(start, mention.start - _SENTENCE) : min(end, mention.end + _SENTENCE)]
        before, after = text[max(start, mention.start - _NEAR) : mention.start], text[mention.end : min(end, mention.end + 30)]
        yield _Seen(mention, before, after, around, text[mention.start : mention.end], in_subject)


def _pinned(seen: _Seen) -> _Seen:
    """An open-ended wish loses its day and keeps its words."""
    if not seen.open_ended or not seen.mention.days:
        return seen
    before, after = _AFTER.search(seen.before), _ONWARDS.match(seen.after)
    written = f"{before[0] if before else ''}{seen.written}{after[0] if after else ''}"
    return replace(seen, mention=replace(seen.mention, days=()), written=written)


def _completed(seen: _Seen, full: list[DateOrRange]) -> _Seen:
    """ "the 17th" is the 17 April named elsewhere in the same mail."""
    mention = seen.mention
    if not (mention.vague and len(mention.days) == 1 and isinstance(mention.days[0], date)):
        return seen
    number = mention.days[0].day
    same = next((day for day in full if isinstance(day, date) and day.day == number), None)
    return replace(seen, mention=replace(mention, days=(same,))) if same else seen


def _choose(seen: list[_Seen], sent: date, action: Action, moves: bool = False) -> list[Mention]:
    """The mentions that are meant for the session; `moves`: the mail asks for another day than the one agreed."""
    meant = [item for item in seen if item.mention.days and _meant(item, sent, action)]
    if action is Action.CHANGE:
        meant = [_moved(item) for item in meant if _MOVED_FROM.search(item.before) or not _OLD.search(item.before)]
        asked = [item for item in meant if _ASKS_NEW.search(item.sentence)]
        meant = asked if asked or moves else meant
    if action is Action.CONFIRM:
        meant = [item for item in meant if not _OFFERED_US.search(item.before)] or meant
    if action is Action.CANCEL:
        meant = [item for item in meant if _CANCELS.search(item.sentence)] or meant
    if action is not Action.REQUEST and not meant and not moves:
        meant = [item for item in seen if item.mention.days and not _ELSEWHERE.search(item.before)][:1]
    firm = [item for item in meant if not item.mention.vague] or meant
    offered = [item for item in firm if not _LIMIT.search(item.before)]
    return [_limited(item, sent, action) for item in (offered if action is Action.REQUEST else firm) or firm]


def _moved(seen: _Seen) -> _Seen:
    """ "move it from 3 to 10 March" reads like a range, and means its end."""
    days = tuple(when[1] if isinstance(when, tuple) else when for when in seen.mention.days)
    return replace(seen, mention=replace(seen.mention, days=days)) if _MOVED_FROM.search(seen.before) else seen


def _meant(seen: _Seen, sent: date, action: Action) -> bool:
    """Whether a date is one for the session, by the words around it."""
    if action is Action.REQUEST and seen.written.lower() == "tomorrow":
        return False
    if _ELSEWHERE.search(seen.before) or _HOLIDAY.search(seen.before):
        return False
    if action is not Action.CANCEL and _GONE.match(seen.after):
        return False
    if not seen.mention.vague or seen.in_subject or action is Action.CONFIRM:
        return True
    told = _TOLD.search(seen.sentence) and not _ASKS.search(seen.sentence)
    return not told and (len(seen.sentence.split()) <= _FRAGMENT or _OFFERS.search(seen.sentence) is not None)


def _limited(seen: _Seen, sent: date, action: Action) -> Mention:
    """ "before our social on 13 March": every day from the mail to the day before."""
    mention = seen.mention
    limit = _LIMIT.search(seen.before)
    if limit is None or action is not Action.REQUEST or len(mention.days) != 1 or isinstance(mention.days[0], tuple):
        return mention
    last = mention.days[0] if limit["word"].lower() == "by" else mention.days[0] - _DAY
    return replace(mention, days=((sent, last),)) if last > sent else mention


def _without(ruled_out: Iterable[re.Match[str]], days: list[DateOrRange]) -> list[DateOrRange]:
    """The days without those ruled out; a single week falls into its remaining days, a longer range stays whole."""
    weekdays: set[int] = set()
    numbers: set[int] = set()
    for match in ruled_out:
        if match["weekdays"]:
            weekdays.update(weekday_of(word) for word in re.findall(WEEKDAY, match["weekdays"], re.IGNORECASE))
        else:
            numbers.update(int(number) for number in re.findall(r"\d+", match["days"]))
    kept: list[DateOrRange] = []
    for when in days:
        single = (
            [when]
            if isinstance(when, date)
            else [when[0] + _DAY * ahead for ahead in range(min((when[1] - when[0]).days + 1, 8))]
        )
        left = [day for day in single if day.weekday() not in weekdays and day.day not in numbers]
        if isinstance(when, date):
            kept += left
        else:
            kept += [when] if len(single) > 7 or len(left) in (0, len(single)) else left
    return kept


def _words(seen: _Seen) -> str:
    return " ".join(seen.written.split())
