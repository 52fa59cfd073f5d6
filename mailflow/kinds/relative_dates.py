"""What a date means that is told from today or from a feast: "the 18th", "next Wed", "a fortnight today", "before Easter"."""

import re
from datetime import date, timedelta

from dateutil.easter import easter

from mailflow.domain import DateOrRange
from mailflow.kinds.calendar_words import WEEKDAY, coming_number, weekday_of, working_week
from mailflow.kinds.date_meanings import Leaning, Mention


def day_alone(match: re.Match[str], sent: date) -> Mention:
    """ "the 18th", "Tuesday 18th"."""
    weekday = weekday_of(match["weekday"]) if match["weekday"] else None
    found = coming_number(int(match["day"]), sent, weekday)
    leans = Leaning(int(match["day"]), weekday)
    return Mention(match.start(), match.end(), (found,) if found else (), vague=True, leans=leans)


def following(match: re.Match[str], sent: date) -> Mention:
    """ "the following week", "the following Monday": in words, until the date it follows is known."""
    weekday = weekday_of(match["weekday"]) if match["weekday"] else None
    return Mention(match.start(), match.end(), (), vague=True, leans=Leaning(weekday=weekday))


def part_of_week(match: re.Match[str], sent: date) -> Mention:
    """ "Mon-Weds of that week", "the Tuesday that week", "Mon to Weds, w/c 25 January"."""
    first, last = match["first"] or match["of_first"], match["last"] or match["of_last"]
    leans = Leaning(weekday=weekday_of(first), until=weekday_of(last) if last else None, same_week=True)
    return Mention(match.start(), match.end(), (), vague=True, leans=leans)


def weekday_alone(match: re.Match[str], sent: date) -> Mention:
    """ "on Thursday", "Thursday's session": the coming one."""
    ahead = (weekday_of(match["weekday"] or match["whose"]) - sent.weekday()) % 7
    return Mention(match.start(), match.end(), (sent + timedelta(days=ahead),), vague=True)


_SPANS = {"week": 7, "fortnight": 14, "two weeks": 14, "three weeks": 21, "four weeks": 28}


def weeks_from(match: re.Match[str], sent: date) -> Mention:
    """ "a fortnight today", "three weeks on Friday", "Thursday fortnight": so many weeks after today, or after that weekday."""
    span = timedelta(days=_SPANS[" ".join((match["span"] or match["day_span"]).lower().split())])
    named = match["weekday"] or match["day_weekday"]
    ahead = (weekday_of(named) - sent.weekday()) % 7 if named else 0
    return Mention(match.start(), match.end(), (sent + timedelta(days=ahead) + span,), vague=named is not None)


def relative_day(match: re.Match[str], sent: date) -> Mention:
    """ "next Wed" is the Wednesday of the week after this one; "Tuesday week" a week after the coming Tuesday."""
    monday = sent - timedelta(days=sent.weekday())
    days: tuple[DateOrRange, ...]
    if match["tomorrow"]:
        days = (sent + timedelta(days=1),)
    elif match["week_after"]:
        days = (working_week(monday + timedelta(days=14)),)
    elif match["next_week"]:
        days = (working_week(monday + timedelta(days=7)),)
    elif words := match["next_day"] or match["this_day"]:
        named = [weekday_of(word) + (7 if match["next_day"] else 0) for word in re.findall(WEEKDAY, words, re.IGNORECASE)]
        days = tuple(day for ahead in named if (day := monday + timedelta(days=ahead)) >= sent)
    else:
        days = (sent + timedelta(days=(weekday_of(match["day_week"]) - sent.weekday()) % 7 + 7),)
    return Mention(match.start(), match.end(), days, vague=True)


def _feast(name: str, sent: date) -> date:
    """Easter Sunday or Christmas Day, the next one."""
    if name.lower() != "easter":
        return date(sent.year, 12, 25) if sent <= date(sent.year, 12, 25) else date(sent.year + 1, 12, 25)
    return easter(sent.year) if sent <= easter(sent.year) else easter(sent.year + 1)


def before_feast(match: re.Match[str], sent: date) -> Mention:
    """ "before Easter", from the mail on; "the week before Christmas"."""
    day = _feast(match["feast"], sent)
    if match["week"]:
        monday, friday = working_week(day - timedelta(days=7 if day.weekday() < 6 else 0))
        return Mention(match.start(), match.end(), ((monday, friday),))
    return Mention(match.start(), match.end(), ((sent, day - timedelta(days=1)),), vague=True)
