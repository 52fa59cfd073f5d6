"""Words for people and for the units they work in, and what a number counts by the words after it."""

import re

from mailflow.kinds.phrases import one_of

_FAR = 4  # words that may stand between a number and the people it counts: "12 second-year nursing students"
_TOKEN = re.compile(r"[^\W\d_][\w’'-]*(?:/[^\W\d_]\w+)?|\d+(?:st|nd|rd|th)?|[^\w\s]|\n")
# By the whole word, or by how it ends; a word that is too long is not tried again from within.
_BY_ENDING = "|".join(
    f"(?<={ending})"
    for ending in (
        *("ers", "ors", "ists", "ians", "ants", "ees", "tives", "women", "men", "people", "folk", "heads", "staff"),
        *("student", "students", "graduates", "grads", "fellows", "leads", "reps", "mates", "docs", "techs", "sabbs", "interns"),
    )
)
PEOPLE = one_of(
    rf"""
    (?:people|persons?|ppl|humans?|singers|folks?|souls|heads|names|girls|boys|women|men|lads|lasses|ladies|gents|kids|regulars|pax)\b
    (?:colleagues|employees|members?|delegates|officials|associates|individuals|bodies|guests|pupils|captains|chaplains|registrars|novices|nurses|judges)\b
    (?:coaches|phds?|pgrs?|gtas?|pis|tas|academics?|chefs|apprentices?|cadets|clerics|clinicals|recruits|midwives|governors|residents)\b
    (?:(?:first|second|third|final|sixth|fourth|fifth)-(?:years?|formers)|parents|professionals|creatives)\b
    \w{{4,24}}+(?:{_BY_ENDING})
    """
)
_PEOPLE = re.compile(PEOPLE, re.IGNORECASE)
UNITS = one_of(
    r"""
    (?:teams?|groups?|labs?|laboratory|squad|crew|club|society|choir|orchestra|band|network|association|union|hub|federation)
    services?|department|dept|school|college|office|unit|section|centre|center|institute|faculty|division|library|desk|nursery|caf[eé]
    workshop|shift|programme|cohort|forum|reception|exec|panel|committee|charity|company|council|board|clinic|hospital|museum|gallery
    observatory|station|farm|archives?|press|theatres?|studio|chapel|shop|bookshop|stores?|kitchens?|canteen|gym|pool|gardens?|park
    halls?
    hospice|pharmacy|surgery|ward|practice|house|academy|partnership|trust|bank|helpdesk|postroom|soc|\w{1,8}+(?<=soc)|cdt|msc|ma|mres|mba|llm
    admin|support|operations|finance|security|catering|cleaning|portering|maintenance|grounds|course|common room|data centre
    """
)
_THINGS = re.compile(
    one_of(
        r"""
        (?:news|white)?papers|posters|computers|numbers|chapters|quarters|semesters|corners|letters|orders|layers|towers|tables
        others?|more|extra|fewer|less|additional
        (?:answers|offers|matters|errors|factors|sectors|floors|doors|corridors|monitors|projectors|scanners|printers|lasers|dinners)
        (?:grants|plants|restaurants|degrees|fees|committees|coffees|trees|facilitators?|trainers|tutorials|customers|visitors)
        (?:minutes?|mins?|hours?|hrs?|days?|weeks?|months?|years?|yrs?|o['’]?clock|[ap]m|a|p|mornings?|afternoons?|evenings?|nights?)
        groups?|sessions?|times?|slots?|runs?|cohorts|batches|dates?|questions?|points?|things?|reasons?|complaints?|cases?
        incidents?|emails?|other|half|options|shifts|lots
        (?:floors?|rooms?|sites?|campuses|screens|desks|chairs|seats|lifts|miles|pounds|per|percent|countries|kiosks|teams|labs|groups)
        (?:jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec|(?:janu|febru)ary|march|april|june|july|august|(?:septem|octo|novem|decem)ber)
        (?:mon|tues?|weds?|wednes|thurs?|fri|satur|sat|sun)(?:day)?s?
        """
    ),
    re.IGNORECASE,
)
# Words that follow a number without being what it counts.
_OPEN = re.compile(
    one_of(
        r"""
        of|in|from|who|whom|on|at|and|or|but|for|with|to|by|as|if|plus|so|then|there|here|across|over|after|before|now|still|including
        are|is|have|has|had|was|were|will|would|should|could|can|may|we|i|they|which|that|this|these|max|maximum|tops|most|minimum|min
        coming|attending|signed|booked|down|registered|strong|altogether|online|each|all|it|you|our|my|the|a|an|any|either|not
        attend|come|turn|show|take|part|mark|depending|because|when|while|though|although|everyone|again|too|please|pls|max
        """
    ),
    re.IGNORECASE,
)
_ORDINAL = re.compile(r"(?i)\d+(?:st|nd|rd|th)|first|second|third|fourth|fifth|final|last|1st")
_PLURAL = re.compile(r"[^\W\d_]{2,24}[^\W\d_sui]s")
OTHERS = -1
_LONGEST = 90  # characters


def counts_people(after: str) -> int | None:
    """How many words after a number its people stand; 0 where nothing is named, None where it counts something else.

    OTHERS where it counts what may be people by a name of their own: "twelve sopranos".
    """
    words = _TOKEN.findall(after[:_LONGEST])[: _FAR + 1]
    for far, word in enumerate(words):
        if far and word.lower() in ("years", "year") and _ORDINAL.fullmatch(words[far - 1]):
            return far + 1
        if _THINGS.fullmatch(word):
            return None
        if _PEOPLE.fullmatch(word):
            return far + 1
        if _OPEN.fullmatch(word) or not (word[0].isalnum() or word == "&"):
            return OTHERS if far and _PLURAL.fullmatch(words[far - 1]) else 0
    return OTHERS if words and _PLURAL.fullmatch(words[-1]) else 0
