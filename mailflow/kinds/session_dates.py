"""Which of a mail's dates are meant for the session: those offered or asked for, not days ruled out, deadlines or holidays."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from mailflow.domain import Action, DateOrRange
from mailflow.kinds.calendar_words import WEEKDAY, weekday_of
from mailflow.kinds.date_meanings import Mention
from mailflow.kinds.dates import find_mentions
from mailflow.kinds.passages import sentences

_DAY = timedelta(days=1)
_NEAR = 80

_OFFERS = re.compile(
    r"(?i)\b(?:could|can|would|suits?|prefer\w*|ideal\w*|best|any|either|dates?|possib\w+|propos\w+|suggest\w*|offer\w*|fine|good|"
    r"works?|free|available|book|want|like|looking|please|hop(?:e|ing)|sessions?|workshops?|fixed|slots?|happy|need|run|schedule\w*|aim\w*)\b"
)
_ELSEWHERE = re.compile(
    r"(?i)\b(?:since|until|till|last|deadline(?:\s(?:is|of|for))?|closes?|closed|expires?|due|attended|went|came|saw|started|joined|"
    r"(?:back|return\w*|away|off|out)(?:\sof\soffice)?\s(?:on|in|at|from)|(?:on\sleave|on\sholiday|away)\s(?:from|until)?|"
    r"(?:know|reply|answer|confirm|hear|decide|rsvp|respond)\b[^.!?]{0,30}\bby|except(?:\sfor)?|apart\sfrom|excluding|other\sthan|not|no\slater\sthan)"
    r"\W{1,3}(?:(?:on|the|of|from)\s){0,2}$"
)
_HOLIDAY = re.compile(r"(?i)\b(?:on (?:annual )?leave|on holiday|in holiday|on strike|strike day|vacation)\b[^,;.]{0,30}$")
_LIMIT = re.compile(r"(?i)\b(?P<word>before|by|ahead of|prior to)\s(?:[\w’'-]+\s){0,5}$")
_OPEN = re.compile(r"(?i)\b(?:after|not before|from)\s(?:the\s)?$")
_RULED_OUT = re.compile(
    rf"(?i)\b(?:except(?:\sfor)?|apart\sfrom|excluding|other\sthan|bar|not|(?:day|time|morning|afternoon)s?\sbut)\s(?:on\s)?(?:the\s|any\s)?"
    rf"(?:(?P<weekdays>{WEEKDAY}(?:(?:,|\sand|\sor)\s(?:the\s)?{WEEKDAY}){{0,3}})|(?P<day>\d{{1,2}})(?:st|nd|rd|th))"
    r"(?!\s(?:\d|am|pm|morning|afternoon|evening|lunch))"
)
_MOVES = r"(?:mov(?:e|ing)|shift\w*|push\w*|postpon\w+|chang(?:e|ing)|swap\w*|resched\w+|rearrang\w+|bring\w*|put\w*)"
_OLD = re.compile(
    rf"(?i)\b(?:{_MOVES}\b(?:(?!\b(?:to|until|till)\b)[^.!?]){{0,{_NEAR}}}|instead of (?:the )?|rather than (?:the )?|from (?:the )?)$"
)
_ASKS_NEW = re.compile(rf"(?i)\b(?:could|can (?:we|you)|possible|instead|rather|please|{_MOVES})\b")
_CANCELS = re.compile(r"(?i)\b(?:cancel\w*|call\w* off|stand\w* down|pull out|withdraw)\b")


@dataclass(frozen=True, slots=True)
class _Seen:
    """A mention with what stands around it in its sentence."""

    mention: Mention
    before: str
    sentence: str
    written: str


def find_session_dates(text: str, subject: str, sent: date, action: Action) -> tuple[tuple[DateOrRange, ...], tuple[str, ...]]:
    """The days meant for the session, in order, and the wishes for one that cannot be pinned, in the writer's words."""
    seen = list(_look(text, sent)) + list(_look(subject, sent))
    full = [day for item in seen for day in item.mention.days if not item.mention.vague]
    seen = [_completed(item, full) for item in seen]
    in_body = [item for item in seen if item.sentence is not subject]
    chosen = _choose(in_body, sent, action) or _choose([item for item in seen if item.sentence is subject], sent, action)
    days = _without(_RULED_OUT.finditer(text), [day for mention in chosen for day in mention.days])
    words = [_words(item) for item in seen if not item.mention.days and not item.mention.past and _meant(item, sent, action)]
    ordered = sorted(dict.fromkeys(days), key=lambda when: when if isinstance(when, tuple) else (when, when))
    return tuple(ordered), tuple(dict.fromkeys(words)) if action in (Action.REQUEST, Action.CHANGE) else ()


def _look(text: str, sent: date) -> Iterator[_Seen]:
    spans = list(sentences(text))
    for mention in find_mentions(text, sent):
        start, end = next(((start, end) for start, end in spans if start <= mention.start < end), (0, len(text)))
        around = text if (start, end) == (0, len(text)) else text[start:end]
        yield _Seen(mention, text[max(start, mention.start - _NEAR) : mention.start], around, text[mention.start : mention.end])


def _completed(seen: _Seen, full: list[DateOrRange]) -> _Seen:
    """ "the 17th" is the 17 April named elsewhere in the same mail."""
    mention = seen.mention
    if not (mention.vague and len(mention.days) == 1 and isinstance(mention.days[0], date)):
        return seen
    number = mention.days[0].day
    same = next((day for day in full if isinstance(day, date) and day.day == number), None)
    return replace(seen, mention=replace(mention, days=(same,))) if same else seen


def _choose(seen: list[_Seen], sent: date, action: Action) -> list[Mention]:
    meant = [item for item in seen if item.mention.days and _meant(item, sent, action)]
    if action is Action.CHANGE:
        meant = [item for item in meant if not _OLD.search(item.before)]
        meant = [item for item in meant if _ASKS_NEW.search(item.sentence)] or meant
    if action is Action.CANCEL:
        meant = [item for item in meant if _CANCELS.search(item.sentence)] or meant
    if action is not Action.REQUEST and not meant:
        meant = [item for item in seen if item.mention.days and not _ELSEWHERE.search(item.before)][:1]
    firm = [item for item in meant if not item.mention.vague]
    return [_limited(item, sent, action) for item in firm or meant]


def _meant(seen: _Seen, sent: date, action: Action) -> bool:
    """Whether a date is one for the session, by the words around it."""
    if _ELSEWHERE.search(seen.before) or _HOLIDAY.search(seen.before):
        return False
    if not seen.mention.vague or action is Action.CONFIRM:
        return True
    return bool(_OFFERS.search(seen.sentence))


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
            numbers.add(int(match["day"]))
    kept: list[DateOrRange] = []
    for when in days:
        single = (
            [when]
            if isinstance(when, date)
            else [when[0] + _DAY * ahead for ahead in range(min((when[1] - when[0]).days + 1, 8))]
        )
        left = [day for day in single if day.weekday() not in weekdays and day.day not in numbers]
        kept += [when] if len(single) > 7 or len(left) in (0, len(single)) else left
    return kept


def _words(seen: _Seen) -> str:
    return " ".join(seen.written.split())
