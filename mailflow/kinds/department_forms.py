"""The forms in which groups of people are named: "Department of X", "the X team", "postdocs in X", "us in X"."""

import re

from mailflow.kinds.calendar_words import MONTH, WEEKDAY
from mailflow.kinds.head_words import PEOPLE, UNITS
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
_GROUPS = rf"(?:{UNITS}|{PEOPLE})"
LABELLED = re.compile(
    r"(?im)^[ \t>*-]*(?:audience|department(?:/group| or group)?|dept|group|team|for|who|school|unit)[ \t]?:[ \t]*([^\n]{2,80})"
)
OWN_PART = re.compile(rf"[’']s\s(?:(?:first|second|third|final)[\s-]years?\b|(?!Active|Dr|Prof|Mr|Ms|Mx){_WORD}\s{_NAME})")
THE = re.compile(r"^(?:The|Our)\s(?=[A-Z])")
SUBJECT = re.compile(
    r"(?i)\b(?:for|from)\s(?:the\s|our\s|my\s)?(?P<group>[^?!:–—\n-]{3,60}?)(?:\scohort|\speople)?\s*(?:[?!.:–—-]|$)"
)
# What says which of the people: "third-year PhD students", "undergraduate lab demonstrators".
_MODIFIERS = (
    r"(?:(?<![\w’'])(?!(?:of|all|the|our|my|your|for|with|and|to|about|some|are|have|we|from|only|other|by|any|these|those|who|one|is|as|in|at|on|a)\s)"
    r"(?:[a-z][\w’'-]*|PhD|MSc|MRes|GTA)\s){0,3}"
)
WITHIN = re.compile(
    rf"{_MODIFIERS}(?i:line\smanagers|(?:first|second|third|final|fourth)\syears|{PEOPLE})(?:\s(?:in|of|from|at)\s(?:the\s)?|,\s)$"
)
_PART_WORDS = (
    r"\s(?:(?:team|research|teaching|night|day|nursing|first-year|second-year|undergrad\w*|postgrad\w*|doctoral|professional|support|business"
    rf"|admissions|admin|summer|\w+['’]s|\w+s['’])\s){{0,2}}{_GROUPS}\b"
)
PART = re.compile(_PART_WORDS, re.IGNORECASE)
HEADED = re.compile(rf"\b(?:{_HEADS})\s(?:of|for|in)\s(?:the\s)?{_NAME}(?i:{_PART_WORDS})?")
DEGREE_TAIL = re.compile(rf"\b{_NAME}\s(?:MSc|MRes|MBA|MPhil|BSc|MEng)\b")
COMMON_ROOM = re.compile(rf"\b{_WORD}\sCommon\sRoom\b")
DEGREE = re.compile(rf"\b(?:MSc|MA|MRes|MBA|BSc|MEng|PGCE|MPhil|LLM)\s(?:in\s)?{_WORD}(?:\s(?:(?:and|of)\s)?{_WORD}){{0,3}}")
# "the Wellbeing team at Northgate campus" is another than the one on this site.
_AT_SITE = rf"\s(?:at|on)\s(?:the\s)?(?:{_NAME}\s(?:campus|site|hospital)|St\.?\s{_WORD})"
# A run of capitals, and what makes a group's name of the words before it: "Quantum Optics" and " group".
RUN = re.compile(rf"(?<!\bat\s)(?<!\bat\sthe\s)\b{_NAME}")
TAIL = re.compile(rf"\s(?:(?:hall|college|house)\s)?(?i:{_GROUPS}\s){{0,2}}(?i:{_GROUPS})\b(?:{_AT_SITE})?")
# A subject such as "training for our group, 3 dates" names nobody.
NO_NAME = re.compile(rf"(?i)\d|^{_GROUPS}$")
# Capitals that name no group of people.
_NO_GROUP = (
    rf"(?!(?i:{MONTH}|{WEEKDAY})"
    r"|(?:I|OK|Room|Building|Level|Floor|Semester|Term|Week|Year|Easter|Christmas|Michaelmas|Hilary|Trinity|Lent|Teams|Zoom|Active|EDI)\b)"
)
SOCIETY = re.compile(
    r"\b[Ff]or\s(?P<group>(?!the\b|our\b|my\b|a\b|any\b|your\b)[\w&’'-]{3,30}(?:\s[\w&’'-]{2,30})?\s(?:soc|society|club|squad))\b"
)
AT_PLACE = re.compile(
    rf"{_MODIFIERS}(?:[a-z]{{4,20}}s\s(?:and|&)\s)?(?<!\w)(?i:{PEOPLE})\s(?:at|in|of)\s(?:the\s)?{_NO_GROUP}{_NAME}(?!\s(?i:room|hall|theatre))"
)
# A subject that is a group's name and nothing else: "Porters at the dental hosp".
WHOLE_SUBJECT = re.compile(rf"(?i)^(?:\w+\s){{0,2}}(?:{PEOPLE})\s(?:in|of|from|at)\s(?:\w+\s){{0,3}}\w+$")
# Or one of people or a unit alone: "Estates project managers", "Chapel choir".
WHOLE_NAME = re.compile(
    rf"(?i)^(?:(?!\w+(?:ing|ed)\b|for\b|and\b|the\b|a\b|our\b|my\b)[\w’'&-]+\s(?:&\s|and\s|of\s)?){{0,3}}(?:{PEOPLE}|{UNITS})$"
)
SIGN_OFF = re.compile(r"\n[A-Z][\w’'-]+(?:\s[A-Z][\w’'-]+){0,2},\s(?P<unit>[A-Z][^\n,.]{2,50})\s*$")
# A committee that asks on behalf of a unit.
COMMITTEE_OF = re.compile(r"^(?:[\w’'-]+\s){0,3}(?:committee|board|council|working\sgroup)\s(?:of|in|for)\s(?:the\s)?(?=\w)")
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
ACTS = re.compile(
    r"\s(?:(?:is|are)\s\w+(?:ing|ed)|(?:has|have)\s(?:just\s|already\s|also\s)?(?:told|said|asked|suggested|recommended|sent|agreed|given|booked|confirmed))\b"
)
SOMEBODY_ELSES = re.compile(
    r"(?i)\b(?:your|(?:you\sdid|did\sit|saw\syou\sdo|came\sback|loved|heard|clash\w*|told|asked|required)\b[^.!?]{0,20}\b(?:by|for|in|from|with|the)(?:\sthe)?|(?:director|professor|reader|lecturer|secretary|degree|minister|head|phd|student)\s(?:of|in))\s$"
)
SAME = re.compile(r"(?i)^(?:\s(?:team|department|dept|office|section|unit))?$")
US = re.compile(
    r"(?i)\bbystander\b|\bEDI\s(?:Centre|team|office)\b|\bActive\sBystander\b|^head\sof\sdepartment$|^\w+(?:ian|ese|ish)\s(?:students?|staff)$"
    r"|^whole\b|^\w+day[’']s\b|^(?:dear|hi|hello|hey|thanks|could|would|we|i|our|the|your|you|this|that|no|best|still|in|my|his|her|at|from|on|for|and|but|as|if|there"
    r"|every|some|all|any|also|both|two|three|since|after|before|when|while|with|to|is|are|can|will|do|please|regards|many|new|only|maybe)\b"
)
# A capital that only opens a sentence.
OPENS = re.compile(r"(?:[.!?]\s{1,3}|\n[ \t]*|^)$")
GOES_ON = re.compile(r"\s(?:ahead|for|to|an?|the|on|out|up|that|it|my|our|this|with|from|of|some)\b")
# People without a name of their own: "first-year PhD students", "receptionists".
_PLAIN = rf"(?:(?:PhDs?|GTAs?|PGRs?|PGTs?|MSc|MRes|NHS|[a-z0-9][\w’'/-]{{0,30}}+)\s){{0,6}}(?:PhDs|GTAs|PGRs|{PEOPLE})"
PLAIN_WORDS = re.compile(rf"(?:(?:research|reading|study|project)\sgroup|{_PLAIN}(?:\s(?:and|&)\s{_PLAIN})?)")
