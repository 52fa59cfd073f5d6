"""The forms in which groups of people are named: "Department of X", "the X team", "postdocs in X", "us in X"."""

import re

from mailflow.kinds.calendar_words import MONTH, WEEKDAY
from mailflow.kinds.phrases import one_of

FIRST_WORD = re.compile(r"\w+")
_WORD = r"(?:[A-Z][\w’'&/-]{0,30})"
_LINK = r"\s(?:of|and|&|for|in|the|at)(?:\sthe)?"
_NAME = rf"{_WORD}(?:{_LINK}\s{_WORD}|\s{_WORD}|,\s{_WORD}(?=\s(?:and|&)\s)){{0,6}}"
_HEADS = one_of(
    """
    (?:Department|Dept[.]?|School|Graduate School|Faculty|College|Division|Section|Institute)
    (?:Centre|Center|Office|Unit|Laboratory|CDT|Programme)
    """
)
_UNITS = one_of(
    r"""
    (?:team|group|labs?|squad|committee|crew|club|society|soc|choir|orchestra|network|association|union|hub)
    (?:services?|department|dept|school|office|unit|section|centre|institute|faculty|division|library|desk|nursery|caf[eé]|workshop)
    (?:(?:night |day |early |late )?shift|programme|cohort|forum|reception|exec|panel|charity|company|summer school)
    """
)
_MEMBERS = one_of(
    r"""
    (?:staff|team leads|leads|managers|captains|wardens|coordinators|porters|technicians|nurses|volunteers|trustees|scholars)
    (?:students|undergraduates|undergrads|postgraduates|postgrads|postdocs|phds|pgrs|gtas)
    (?:teaching fellows|fellows|apprentices|reps)
    (?:tutors|mentors|interviewers|gardeners|consultants|registrars|partners|advisers|advisors|lecturers|ambassadors|librarians|officers)
    (?:first|second|third|final)[- ]years
    """
)
_GROUPS = rf"(?:{_UNITS}|{_MEMBERS})"
LABELLED = re.compile(
    r"(?im)^[ \t>*-]*(?:audience|department(?:/group| or group)?|dept|group|team|for|who|school|unit)[ \t]?:[ \t]*([^\n]{2,80})"
)
OWN_PART = re.compile(rf"[’']s\s(?:(?:first|second|third|final)[\s-]years?\b|(?!Active|Dr|Prof|Mr|Ms|Mx){_WORD}\s{_NAME})")
THE = re.compile(r"^(?:The|Our)\s(?=[A-Z])")
NAMED = re.compile(r"[A-Z][a-z]{3,}")
MEMBERS_ONLY = re.compile(rf"(?i){_MEMBERS}$")
SUBJECT = re.compile(
    r"(?i)\b(?:for|from)\s(?:the\s|our\s|my\s)?(?P<group>[^?!:–—\n-]{3,60}?)(?:\scohort|\speople)?\s*(?:[?!.:–—-]|$)"
)
WITHIN = re.compile(
    r"(?i)(?:(?:first|second|third|final|new)[-\s]year\s)?"
    rf"(?:line\smanagers|{_MEMBERS}(?:\sstudents)?)(?:\s(?:in|of|from|at)\s(?:the\s)?|,\s)$"
)
_PART_WORDS = (
    r"\s(?:(?:team|research|teaching|night|day|nursing|first-year|second-year|undergrad\w*|postgrad\w*|doctoral|professional|support|business"
    rf"|admissions|admin|summer|\w+['’]s|\w+s['’])\s){{0,2}}{_GROUPS}\b"
)
PART = re.compile(_PART_WORDS, re.IGNORECASE)
HEADED = re.compile(rf"\b(?:{_HEADS}|group|lab|section)\s(?:of|for|in)\s(?:the\s)?{_NAME}(?i:{_PART_WORDS})?")
DEGREE_TAIL = re.compile(rf"\b{_NAME}\s(?:MSc|MRes|MBA|MPhil|BSc|MEng)\b")
COMMON_ROOM = re.compile(rf"\b{_WORD}\sCommon\sRoom\b")
DEGREE = re.compile(rf"\b(?:MSc|MA|MRes|MBA|BSc|MEng|PGCE|MPhil|LLM)\s(?:in\s)?{_WORD}(?:\s(?:(?:and|of)\s)?{_WORD}){{0,3}}")
# "the Wellbeing team at Northgate campus" is another than the one on this site.
_AT_SITE = rf"\s(?:at|on)\s(?:the\s)?(?:{_NAME}\s(?:campus|site|hospital)|St\.?\s{_WORD})"
TAILED = re.compile(
    rf"(?<!\bat\s)(?<!\bat\sthe\s)\b{_NAME}\s(?:(?:hall|college|house)\s)?(?i:{_GROUPS}\s){{0,2}}(?i:{_GROUPS})\b(?:{_AT_SITE})?"
)
FOR_GROUP = re.compile(
    r"(?i)\b(?:for|with|all)\s(?:all\s)?(?:of\s)?(?:the|our|my|its|his|her)\s"
    rf"(?P<group>(?!\d|own\b|rest\b|whole\b|entire\b|normal\b|usual\b|head\b)[\w’'&/-]+(?:\s[\w’'&/-]+){{0,5}}?\s{_GROUPS}(?:\s{_GROUPS}){{0,2}})\b(?!\sroom)"
)
# A subject such as "training for our group, 3 dates" names nobody.
NO_NAME = re.compile(rf"(?i)\d|^{_GROUPS}$")
BELONGS = re.compile(rf"\s(?:in|of|from|at)\s(?:the\s)?{_NAME}")
IS_FOR = re.compile(rf"(?<=Centre|School|Office)\s(?:for|of)\s(?:the\s)?{_NAME}|(?<=Institute)\s(?:for|of)\s(?:the\s)?{_NAME}")
# Capitals that name no group of people.
_NO_GROUP = (
    rf"(?!(?i:{MONTH}|{WEEKDAY})"
    r"|(?:I|OK|Room|Building|Level|Floor|Semester|Term|Week|Year|Easter|Christmas|Michaelmas|Hilary|Trinity|Lent|Teams|Zoom|Active|EDI)\b)"
)
_PEOPLE = r"(?:people|persons?|of\sus|colleagues|staff|students|members|heads|strong)"
# "International Student Support, 9 colleagues": a name and its number in a sentence of their own.
COUNTED = re.compile(rf"(?:^|[.:;(!?]\s{{0,2}}|\n)(?P<group>{_NO_GROUP}{_NAME}),\s(?:about\s|around\s|\w+\s)?\w+\s{_PEOPLE}\b")
# "a group of twelve in Continuing Education", "us in Alumni Relations", "we're the Special Collections".
AMONG = re.compile(
    r"\b(?:(?:us|them|people|colleagues|staff|students|we|team|\d{1,3}|ten|eleven|twelve|dozen|twenty|thirty|forty|fifty)\s(?:all\s|here\s)?(?:in|from|at)"
    r"|[Ww]e(?:\sare|[’']re)(?:\sfrom|\sin)?|(?:[Oo]n\sbehalf\sof|[Rr]epresent(?:ing)?|[Ww]rit(?:e|ing)\sfrom|I[’']m\s(?:from|in)|I\s(?:work|am)\s(?:for|in|from)))"
    rf"\s(?:the\s)?(?P<group>{_NO_GROUP}{_NAME}(?!\s?\d|\s(?i:building|room|hall|theatre|campus|site)))"
)
SOCIETY = re.compile(
    r"\b[Ff]or\s(?P<group>(?!the\b|our\b|my\b|a\b|any\b|your\b)[\w&’'-]{3,30}(?:\s[\w&’'-]{2,30})?\s(?:soc|society|club|squad))\b"
)
AT_PLACE = re.compile(
    rf"(?P<group>(?:[a-z]{{4,20}}s\s(?:and|&)\s)?(?i:{_MEMBERS})\s(?:at|in|of|from)\s(?:the\s)?{_NO_GROUP}{_NAME})"
)
TRADE = re.compile(
    r"(?i)\bfor\s(?:all\s)?(?:of\s)?(?:the|our)\s(?P<group>gardeners|porters|technicians|wardens|cleaners|drivers|chefs|nurses|librarians)\b"
)
# A lab or group with a name of its own, beside the department it is part of.
LAB = re.compile(
    rf"(?:group\sof\s(?P<head>(?:Prof|Dr|Professor)\.?\s{_WORD})|\b{_NO_GROUP}(?P<lab>(?:Prof\.?\s|Dr\.?\s)?{_NAME}\s(?:lab|group|laboratory)))\b"
)
AND_ANOTHER = re.compile(rf"\s(?:&|and)\s(?!I\b){_WORD}(?:\s{_WORD})?")
# One plain word such as "English" or "Law" names a department after these only, or where a sentence or line begins.
INTRODUCED = re.compile(
    r"(?i)(?:\b(?:in|from|at|of|for|the|to|and|with|whole|our|all|by)\s|[&,;:(/–—]\s?|[.!?]\s{1,3}|\n[ \t]*|^)$"
)
# "HR are dealing with it" says who acts, not whom the session is for.
ACTS = re.compile(r"\s(?:is|are)\s\w+(?:ing|ed)\b")
SOMEBODY_ELSES = re.compile(
    r"(?i)\b(?:your|(?:director|professor|reader|lecturer|secretary|degree|minister|head|phd|student)\s(?:of|in))\s$"
)
I_RUN = re.compile(
    r"\b[Ii](?:\s(?:lead|run|chair|head|manage|coordinate|look\safter)|(?:[’']m|\sam)(?:\s\w+){0,3}\s(?:of|for|in))"
    rf"(?:\s[a-z]\w*){{0,4}}?\s(?:(?:for|in|of)\s)?(?:the\s)?(?P<group>{_NAME})"
)
SAME = re.compile(r"(?i)^(?:\s(?:team|department|dept|office|section|unit))?$")
US = re.compile(
    r"(?i)\bEDI\s(?:Centre|team|office)\b|\bActive\sBystander\b|^head\sof\sdepartment$|^\w+(?:ian|ese|ish)\s(?:students?|staff)$"
    r"|^whole\b|^\w+day[’']s\b|^(?:dear|hi|hello|hey|thanks|could|would|we|i|our|the|your|this)\b"
)
