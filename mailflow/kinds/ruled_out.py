"""Days that a mail rules out, or singles out, within those it offers: "not the Friday", "any Wednesday, ideally in February"."""

import re
from datetime import date, timedelta

from mailflow.domain import DateOrRange
from mailflow.kinds.calendar_words import WEEKDAY, weekday_of

_DAY = timedelta(days=1)
_NUMBER = r"\d{1,2}(?:st|nd|rd|th)"
_RULED_OUT = re.compile(
    rf"(?i)\b(?:except(?:\sfor)?|apart\sfrom|excluding|other\sthan|bar|not|(?:day|time|morning|afternoon)s?\sbut)\s(?:want\s|do\s|manage\s)?"
    rf"(?:(?:the\s)?(?:[\w’'-]+\s){{1,2}}on\s|on\s)?(?:the\s|any\s)?"
    rf"(?:(?P<weekdays>{WEEKDAY}(?:(?:,|\sand|\sor)\s(?:the\s)?{WEEKDAY}){{0,3}})|(?P<days>{_NUMBER}(?:(?:,|\sand|\sor)\s(?:the\s)?{_NUMBER}){{0,5}}))"
    r"(?!\s(?:\d|am|pm|morning|afternoon|evening|lunch))"
)
_BAD = re.compile(
    r"(?i)s?\s(?:mornings?\s|afternoons?\s|evenings?\s)?(?:is|are|aren[’']t|isn[’']t|don[’']t|doesn[’']t|can[’']t|won[’']t|not|never)\b|\s?\d|\s(?:for|of)\s"
)
_REFUSED = re.compile(
    r"(?i)\b(?:not|no|nor|except|but|bar|avoid\w*|excluding|other\sthan|apart\sfrom|on|every|each|last|since|by)\s(?:a\s|the\s|on\s){0,2}$"
)


def without(text: str, days: list[DateOrRange]) -> list[DateOrRange]:
    """The days without those that the text rules out; a single week falls into its remaining days, a longer range stays whole."""
    weekdays: set[int] = set()
    numbers: set[int] = set()
    for match in _RULED_OUT.finditer(text):
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


def on_weekdays(sentence: str, month: DateOrRange) -> tuple[date, ...]:
    """The days of a month on the weekdays that the sentence asks for; none where it asks for none."""
    wanted = {
        weekday_of(match[0])
        for match in re.finditer(rf"(?i)\b{WEEKDAY}", sentence)
        if not _REFUSED.search(sentence[max(0, match.start() - 25) : match.start()]) and not _BAD.match(sentence, match.end())
    }
    if not wanted or not isinstance(month, tuple):
        return ()
    days = (month[0] + _DAY * ahead for ahead in range((month[1] - month[0]).days + 1))
    return tuple(day for day in days if day.weekday() in wanted)
