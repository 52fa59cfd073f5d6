"""Which of a mail's dates are meant for the session: those offered or asked for, not days ruled out, deadlines or holidays."""

import re
from dataclasses import replace
from datetime import date, timedelta

from mailflow.domain import Action, DateOrRange
from mailflow.kinds.date_meanings import Mention
from mailflow.kinds.offered_dates import NEAR, Seen, is_meant, see_dates
from mailflow.kinds.ruled_out import without

_DAY = timedelta(days=1)
_LIMIT = re.compile(r"(?i)\b(?P<word>before|by|ahead of|prior to)\s(?:[\w’'-]+\s){0,9}$")
_OFFERED_US = re.compile(r"(?i)\b(?:offer(?:ing|ed)|suggest(?:ing|ed)|propos(?:ing|ed))\b[^.!?]{0,40}$")
_MOVES = (
    r"(?:mov(?:e|ing)|go\b|shift\w*|push\w*|postpon\w+|swap\w*|resched\w+|rearrang\w+|bring\w*|put\w*"
    r"|chang(?:e|ing)(?!\s(?:to|in|of)\s(?:the\s|our\s)?(?:numbers?|headcount|contact)))"
)
_MOVING = re.compile(rf"(?i)\b{_MOVES}\b")
_OLD = re.compile(
    rf"(?i)\b(?:{_MOVES}\b(?:(?!\b(?:to|until|till)\b)[^.!?]){{0,{NEAR}}}"
    r"|(?:instead of|rather than|from|pencilled(?: in)?|(?:we|you|they) had) (?:the )?"
    r"|(?:we|you|they)(?: are|['’]re) (?:down|booked)(?: in)?(?: for)? (?:[\w’'-]+\s){0,5})$"
)
_MOVED_FROM = re.compile(rf"(?i)\b{_MOVES}\b[^.!?]{{0,{NEAR}}}\bfrom (?:the )?$")
_ASKS_NEW = re.compile(rf"(?i)\b(?:could|can (?:we|you)|possible|instead|rather|please|{_MOVES})\b")
_CANCELS = re.compile(r"(?i)\b(?:cancel\w*|call\w* off|stand\w* down|pull out|withdraw)\b")


def find_session_dates(
    text: str, subject: str, sent: date, action: Action, earlier: str = ""
) -> tuple[tuple[DateOrRange, ...], tuple[str, ...]]:
    """The days meant for the session, in order, and the wishes for one that cannot be pinned, in the writer's words.

    `earlier`: the conversation so far, from which "the 21st" takes its month.
    """
    seen = see_dates(text, subject, earlier, sent)
    moves = action is Action.CHANGE and _MOVING.search(text) is not None
    chosen = _choose([item for item in seen if not item.in_subject], sent, action, moves)
    # The subject of a mail that moves a session names the day it is moved from.
    if not chosen and not moves:
        chosen = _choose([item for item in seen if item.in_subject], sent, action)
    days = without(text, _narrowed(chosen))
    words = [_words(item) for item in seen if not item.mention.days and not item.mention.past and is_meant(item, action)]
    ordered = sorted(dict.fromkeys(days), key=lambda when: when if isinstance(when, tuple) else (when, when))
    return tuple(ordered), tuple(dict.fromkeys(words)) if action in (Action.REQUEST, Action.CHANGE) else ()


def _narrowed(chosen: list[Mention]) -> list[DateOrRange]:
    """The days meant; "Mon to Weds that week" stands in place of the week it narrows."""
    parts = [day for mention in chosen if mention.leans and mention.leans.same_week for day in mention.days]
    days = [day for mention in chosen for day in mention.days]
    return [when for when in days if when in parts or not any(_holds(when, part) for part in parts)]


def _holds(when: DateOrRange, part: DateOrRange) -> bool:
    first, last = part if isinstance(part, tuple) else (part, part)
    return isinstance(when, tuple) and when[0] <= first and last <= when[1]


def _choose(seen: list[Seen], sent: date, action: Action, moves: bool = False) -> list[Mention]:
    """The mentions that are meant for the session; `moves`: the mail asks for another day than the one agreed."""
    meant = [item for item in seen if item.mention.days and is_meant(item, action)]
    if action is Action.CHANGE:
        meant = [_moved(item) for item in meant if _is_range_moved(item) or not _OLD.search(item.before)]
        asked = [item for item in meant if _ASKS_NEW.search(item.sentence)]
        meant = asked or meant
    if action is Action.CONFIRM:
        meant = [item for item in meant if not _OFFERED_US.search(item.before)] or meant
    if action is Action.CANCEL:
        meant = [item for item in meant if _CANCELS.search(item.sentence)] or meant
    if action is not Action.REQUEST and not meant and not moves:
        meant = [item for item in seen if item.mention.days and not item.stands_elsewhere][:1]
    firm = [item for item in meant if not item.mention.vague] or meant
    offered = [item for item in firm if not _LIMIT.search(item.before)]
    return [_limited(item, sent, action) for item in (offered if action is Action.REQUEST else firm) or firm]


def _is_range_moved(seen: Seen) -> bool:
    return _MOVED_FROM.search(seen.before) is not None and any(isinstance(when, tuple) for when in seen.mention.days)


def _moved(seen: Seen) -> Seen:
    """ "move it from 3 to 10 March" reads like a range, and means its end."""
    days = tuple(when[1] if isinstance(when, tuple) else when for when in seen.mention.days)
    return replace(seen, mention=replace(seen.mention, days=days)) if _MOVED_FROM.search(seen.before) else seen


def _limited(seen: Seen, sent: date, action: Action) -> Mention:
    """ "before our social on 13 March": every day from the mail to the day before."""
    mention = seen.mention
    limit = _LIMIT.search(seen.before)
    if limit is None or action is not Action.REQUEST or len(mention.days) != 1 or isinstance(mention.days[0], tuple):
        return mention
    last = mention.days[0] if limit["word"].lower() == "by" else mention.days[0] - _DAY
    return replace(mention, days=((sent, last),)) if last > sent else mention


def _words(seen: Seen) -> str:
    return " ".join(seen.written.split())
