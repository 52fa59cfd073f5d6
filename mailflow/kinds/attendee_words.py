"""How numbers of people are written, and the words before and after a number that tell whether it counts those who would come."""

import re

from mailflow.kinds.phrases import one_of

# At most four digits: the University has no larger room. Not part of a time, a date, a sum of money or a share.
_M = r"\d{1,4}(?![\d/:%]|[.]\d|[A-Za-z]\d|(?:st|nd|rd|th|am|pm|k|m)\b)"
_N = rf"(?<![\d/:£$€#-])(?<!\d[.])(?<!\d\s)(?<![A-Za-z]){_M}"
SPAN = re.compile(
    rf"(?i)(?P<between>\bbetween\s)?(?P<n>{_N})(?:\s?(?:-|–|—|to|or(?:\smaybe)?|(?(between)and|(?!)))\s?(?:up\sto\s)?(?P<m>{_M}))?"
    r"(?:\s?-?ish\b|-odd\b|\sor\sso\b|\+(?!\s?\d))?"
)
LOW_HIGH = re.compile(
    rf"(?i)(?P<n>{_N})(?:\s(?:min(?:imum)?|at\sleast)\b[^.!?]{{0,10}}?(?P<m>{_M})\s(?:max(?:imum)?|at\smost)\b"
    rf"|\sof\sus\b[^.!?]{{0,30}}\b(?:no|not)\smore\sthan\s(?P<most>{_M})|\sof\sus,?\smaybe\s(?P<maybe>{_M}))"
)
_ABOUT = (
    r"(?:(?:about|around|roughly|approximately|approx\.?|some|circa|ca?\.|maybe|perhaps|probably|possibly|nearly|almost|up\sto|over|~|like"
    r"|only|just|now|all|the|our|my|his|her|their|still|at\sleast|at\smost|upwards\sof|say|likely|usually|normally|currently|a\smax(?:imum)?\sof"
    r"|somewhere|between|(?:no|not)\smore\sthan|around\sthe)\s?){0,4}"
)
LABEL = re.compile(
    r"(?i)(?:^[ \t>*-]*|[.;]\s)(?:(?:expected|approx\w*|estimated|total|likely)\s)?"
    r"(?:numbers?|attendees|participants|group\ssize|headcount|how\smany|people|size)\b(?:\s(?:of\s)?(?:people|attendees|participants))?"
    rf"\s?(?:[:=]\s?|\s){_ABOUT}$"
)


def _before(lines: str) -> re.Pattern[str]:
    return re.compile(rf"(?i)\b{one_of(lines)}[\s,:]{{1,3}}{_ABOUT}$")


def _after(lines: str) -> re.Pattern[str]:
    return re.compile(rf"(?i)\s{{0,2}}{one_of(lines)}(?!\w)")


TOTAL_BEFORE = _before(
    r"""
    so|making|makes|total(?:s|ling)?(?: of)?|totalling|call it|make (?:it|that)|(?:is|are|['’]s|['’]re|it is) now|down to
    (?:(?:gone|grown|went|crept|risen) )?(?:up|down) to|(?:gone|grown|risen|crept) to
    (?:numbers?|headcount|cohort|group|team)\s(?:\w+\s){0,3}from|from \d{1,4} people to
    """
)
TOTAL_AFTER = _after(
    r"""
    (?:of us )?(?:in (?:all|total|number)|altogether|all told|on the books)
    then(?=\s?[.!)]|$)
    (?:is|['’]s) enough
    """
)
WE_ARE = _before(
    r"""
    (?:we|there)(?: are|['’]?re| will be|['’]ll be| should be| would be| shall be|['’]d be| number| are likely to be)
    there(?: is|['’]?s)
    (?:intake|cohort|team|group|total|number|count|headcount) (?:is|are|will be|would be)
    """
)
COUNTED = _before(
    r"""
    we(?: have|['’]ve| expect)(?: got| had| only| all)*
    (?:it['’]?s|that['’]?s|it would be|it['’]d be|would be|should be|shd be|will be|to be|that is|which is|who are|make it)
    (?:(?:i|we|i['’]d|we['’]d|i would|we would) )?(?:expect|say|reckon|think|guess|estimate|get|number|numbering|numbers)
    (?:group|team|cohort|total|party|class) of
    for|all|still|release|fit|lot are|they are|everyone|bring|send|i['’]ve(?: got)?|i have(?: got)?|anywhere(?: from)?
    """
)
OF_US = _after(
    r"""
    (?:or so )?of (?:us|them|you)
    (?:of|in) (?:my|our) (?:team|group|lab|department|office|unit|staff|section|people|lot)
    in the (?:team|group|lab|section)
    """
)
SOME_OF_US = re.compile(
    r"(?i)\s(?:of|in)\s\w+\s(?:live|work|were|have|had|did|went|can|can[’']t|cannot|could|don[’']t|do|came|know|speak|need|want|missed)\b"
)
COME = _after(
    r"""
    (?:who )?(?:have|are|['’]ve|['’]re)(?: now| already)? (?:signed up|coming|booked|registered|said yes|down to come)
    (?:(?:will|would|can|could|are likely to|are due to|usually|normally) )?(?:attend|turn up|be there|show up|come|take part)
    ['’](?:ll|d) (?:attend|turn up|be there|show up|come|take part)
    who(?: will|['’]ll| would|['’]d| can)? (?:be|come|attend|turn up)
    max|maximum|at (?:the )?most|tops|signed up|attending|booked|registered|down to come|mark|strong|along|expected|likely
    of the \d{1,4}
    """
)
_ELSE = one_of(
    r"""
    told you|said|original(?:ly)?|instead of|rather than|was|were|used to be|not|lost|of which|of whom|including
    (?:seats?|holds?|fits|takes|sits|capacity(?: is| of)?|room for|space for|enough for|licensed for)
    (?:groups|cohorts|runs|sessions|classes|batches|lots|one|half|some|most|third|quarter) of
    up from|down from|after|until|till|before|past|of the|of those|only three
    page|item|floor|level|building|lift|bus|ward|year|week|room|no[.]|ext[.]?|extension|module|block|hut|phase|stage|chapter
    semester|term
    """
)
NOT_THEM = re.compile(rf"(?i)\b(?:{_ELSE})\s{{1,2}}(?:about\s|around\s|the\s|my\s|our\s|up\sto\s)?$")
# After these a number needs its people to be named.
SOFT = re.compile(r"(?i)\b(?:in|at|to|on|from|by|with|of)\s{1,2}(?:about\s|around\s|the\s)?$")
BOUND = re.compile(r"(?i)\b(?:(?:no|not)\smore\sthan|upwards\sof|max(?:imum)?\.?:?|cap(?:ped)?(?:\sof|\sat)?)\s(?:of\s)?$")
GREW = re.compile(r"(?i)\b(?:went|gone|go|grown|risen|crept|up|down|changed?|moved?)\b[^.!?]{0,20}\bfrom\s$")
SHARE = _after(r"(?:people |of them |students |staff )?(?:each|at a time|per (?:session|group|run)|(?:on|in) each)")
OTHERS = _after(
    r"""
    (?:of|in) whom
    (?:of (?:whom|which|these|those|the(?! \d))|are (?:always|usually|away|off|new|remote))
    (?:\w{1,20} ){0,2}(?:who )?(?:heard|saw|watch(?:ed)?|laughed|stood|told|came|went|attended|did|loved|left)\b
    (?:long[- ]term|lads off|staff off|people off|off)\b
    """
)

IN_BRACKETS = re.compile(r"\(\s?(?:c\.?\s?|about\s|around\s|~)?$")
APART = re.compile(rf"(?i)(?:^|[\n,;.:–—-]\s?|\busually\s){_ABOUT}$")
ROUGHLY = re.compile(rf"(?i)[,;–—-]\s(?:about|around|roughly|approximately|approx\.?|some|say|perhaps|maybe|probably)\s{_ABOUT}$")
ENDS = re.compile(r"\s?(?:[.,;)\n]|$)")
SO_FAR = re.compile(
    r"(?i)\s(?:now|so\sfar|at\s(?:the\smoment|present|last\scount)|currently|this\s(?:time|year)|including|incl\b)"
)
BRACKET_ENDS = re.compile(r"\s?\)|\sat\s|,")
