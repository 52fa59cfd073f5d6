"""Names of groups told by the words before them: "we are", "I manage", "a session for our", "on behalf of", "eleven of us in"."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from mailflow.kinds.calendar_words import MONTH, WEEKDAY
from mailflow.kinds.head_words import PEOPLE, UNITS
from mailflow.kinds.phrases import one_of

_HEAD = rf"(?:(?:first|second|third|final|fourth)[-\s]years?|{UNITS}|{PEOPLE})"
# Words that are no part of a name: what stands behind them belongs to something else.
_STOP = one_of(
    rf"""
    {MONTH}|{WEEKDAY}|we|i|you|they|he|she|it|is|are|was|were|be|been|am|has|have|had|would|could|can|may|will|shall|should|do|does|did
    to|a|an|this|that|these|those|any|some|no|not|so|if|as|but|or|who|which|when|where|what|how|before|after|since|until|by|with|on
    because|please|sessions?|workshops?|training|bystander|active|dear|hi|hello|thanks|us|me|them|your|my|our|their|his|her|its|all|both
    best|regards|cheers|kind|yours|sincerely|many|warm|easter|christmas|xmas|i['’]\w+|we['’]\w+|around|next|last|already|still|just|only|also|too|edi|teams|zoom|room|professor|prof|dr|mr|mrs|ms|page|then|there|here|about|and|of
    in|at|from|across|need|want|like|love|get|got|make|think|thinking|doing|looking|hoping|putting|trying|going|having|getting|come|came
    (?:each|every|one|something|someone|anybody|anyone|everyone|everybody|whatever|now|today|tomorrow|centre\sfor\sEDI)
    """
)
_WORD = rf"(?!(?i:{_STOP})\b)[^\W\d_][\w’'+&/-]{{0,30}}+"
_CAPITAL = rf"(?!(?i:{_STOP})\b)[A-Z][\w’'+&/-]{{0,30}}+"
_LINK = r"(?:of|and|&|for|the|in)"
_NAME = rf"{_CAPITAL}(?:\s(?:{_LINK}\s){{0,2}}{_CAPITAL}){{0,6}}"
_ASIDE = (
    r"(?![\w’'])(?!\s(?:rooms?|away|days?|induction|meetings?|training|development|conference|week|card|list|party|dinner|fair|retreat"
    r"|block|building|trial|renewal|launch|lunch|lecture|reasons?|purposes|costs?|survey|leave)\b)"
)
_AT = rf"(?:(?>{_NAME})(?:\s(?i:{_HEAD})\b)?|(?:{_WORD}\s){{0,2}}(?i:{UNITS})\b)(?:\s(?:campus|site))?"
_PLACE = rf"(?:\s(?:in|of|from|at|for|on)\s(?:the\s)?{_AT})"
_REST = rf"(?:\s(?:{_LINK}\s){{0,2}}{_CAPITAL}){{0,4}}(?:\s(?:(?:and|&)\s)?(?:{_WORD}\s){{0,2}}(?i:{_HEAD})\b(?:['’]s?)?){{0,3}}"
_GROUP = re.compile(
    rf"(?P<group>(?:{_WORD}\s(?:(?:of|and|&)\s(?:the\s)?)?){{0,5}}?(?i:{_HEAD})\b(?:['’]s?)?{_REST}{_PLACE}?){_ASIDE}"
)
_PROPER = re.compile(rf"(?P<group>(?>{_NAME})){_ASIDE}(?=\s?[.,;:!?()/\n]|\s[-–—]|\s(?i:{_STOP})\b|\s\w+s?\b\s?[.,;(]|\s?$)")
_HALL = re.compile(
    r"(?i)^(?:\w+\s){0,2}(?:dining|lecture|seminar|big|main|sports|town|village|small|great|common|film|dance)\s(?:hall|theatre|studio|room)s?\b(?!\s\w+s\b)"
)
_NOT_A_NAME = re.compile(r"(?i)\s(?:building|campus|site|lecture|theatre)")
_DETERMINERS = re.compile(
    r"(?i)(?:(?:all|the|our|my|its|his|her|their|whole|entire|rest|of|both|new|own|a|an|small|large|little|bunch|lot|us|lovely|poor|\d{1,4})\s){0,5}"
)
_GENERIC = re.compile(
    r"(?i)^(?:(?:the|new|whole|small|large|own|entire|academic|professional|admin|other|same|\w+ing|mixed|external|outside|research(?=\sgroups)|big|little|bigger|of|and|in|all|or|a|an)\s)*"
    r"(?:(?:teams?|groups?|staff|members?|colleagues|people|department|dept|students?|lot|committee|lab|office|school|college|faculty|cohort|division"
    r"|programme|course|starters|intake|unit|section|centre|persons|ones|others|folk|individuals|participants|attendees|facilitators?|trainers?"
    r"|managers?|numbers?|world|house|support|seniors|leads|services|shift|years|newcomers|undergrads|postgrads|partners|board|side|hall|heads|ppl|pax|lads|ladies|academics?|girls|women|men|boys|freshers|person|desk|charity|company|course|ward|shop"
    r"|gym|bank|park|store|admin|security|reception|union|hospital|club|society|network|team\smembers|visitors|customers|patients|clients)\s?)+$"
)


@dataclass(frozen=True, slots=True)
class Cued:
    """A group's name, `text[start:end]`, with how much the words before it say that the session is for it (1 to 9)."""

    start: int
    end: int
    weight: int


def _cue(lines: str) -> re.Pattern[str]:
    return re.compile(rf"(?i)(?<!\w){one_of(lines)}\s{{0,2}}(?<=[\s(,:?])")


_ROLES = (
    r"(?:director of (?:\w+ ){0,2}(?:studies|research|teaching|education|operations)"
    r"|(?:[\w’'-]+\s){0,3}?(?:head|lead|rep|president|chair|secretary|captain|matron|dean|\w+or|\w+er))"
)
_CUES = (
    (
        8,
        _cue(
            rf"""
            we(?: are|['’]re)(?: all)?(?: (?:from|in|at|based in))?|we\s=
            i(?:['’]?m| am) (?:from|in|at|with|writing from|emailing from)
            i work (?:for|in|at|with)|on behalf of|i represent|writ(?:e|ing) (?:from|for|on behalf of)|speaking for|asking for
            us(?: lot| all| here| people)? (?:in|at|from)
            \d{{1,4}}(?: of (?:us|them)| people| colleagues| staff)?,? (?:all )?(?:in|from|across)
            (?:here|down|over|up) (?:in|at)
            i(?:['’]ve)? (?:run|lead|chair|head|manage|coordinate|supervise|coach|teach|organise|convene|look after)
            i(?:['’]m| am) (?:in charge of|responsible for)
            (?:i(?:['’]?m| am)|as) (?:(?:the|a|an|your) )?{_ROLES} (?:down |over |up )?(?:of|for|at|in)
            (?:our|my) (?:department|team|group|unit|office|section|society|school|lab|lot|service)\s?[,?:(]\s?\(?
            """
        ),
    ),
    (
        7,
        _cue(
            r"""
            for(?: all)?(?: of)? (?:the|our|my|its|his|her)(?: (?:whole|entire))?
            it['’]?s (?:just |only )?(?:for )?(?:the|our|my)
            all (?:of )?(?:the|our|my)
            (?:the )?(?:whole|entire)
            (?:[2-9]|\d{2,4}) of (?:our|my|the)
            (?:bring|deliver|offer|giv|run|roll)\w*(?: \w+){0,2} to (?:the|our|my)
            """
        ),
    ),
    (
        7,
        re.compile(
            r"(?i)(?<!\w)(?:(?:(?:do|run|have|hold|deliver|book|organi[sz]e|arrange|put)(?:\s[\w’'-]+){0,4}?\s(?:it|this|that|something|one|thing|mins|on"
            r"|bystand\w*))|(?:sessions?|bystander|training|workshops?|course|talk))\s(?:with|for)(?:\s(?:the|our|my))?\s"
            rf"(?=(?:[\w’'&-]+\s){{0,3}}{_HEAD}\b)"
        ),
    ),
    (
        6,
        _cue(
            r"""
            (?:our|my)(?: whole| entire| \d{1,4}\+?)?
            (?:everyone|everybody|staff|members|people|colleagues) (?:in|of|at|from|across)(?: the| our)?
            all(?= \d)
            for
            (?:so|and|that|if|whether) (?:the|our)
            """
        ),
    ),
    (5, re.compile(r"(?:(?<=^)|(?<=\s)|(?<=\())(?=\d{1,4}\s(?!of\b|or\b|and\b|to\b))")),
)
_WANTS = (
    r"(?:would\s(?:like|love|be|value|welcome)|wish(?:es)?|wants?|needs?|no\slonger"
    r"|(?:is|are)\s(?:keen|happy|looking|hoping|after))"
)
_IN_NUMBER = rf",?\s\(?(?:c\.\s?|about\s|around\s|\w+\s)?\d{{1,4}}\s?(?:(?i:{PEOPLE}|of\sus|strong|heads)\b|\))"
_STANDS_ALONE = re.compile(
    r"(?:^|[.!?:;]\s{1,2}|\n[ \t]{0,8}(?=\S)|\b[Hh](?:i|ello|ey),?\s|\bthat\s)"
    rf"(?=(?:[Tt]he\s)?(?P<name>(?>{_NAME})(?:\s(?:{_WORD}\s){{0,2}}(?i:{_HEAD}))?)(?:\s(?:here|btw)\b|\s{_WANTS}\b|{_IN_NUMBER}))"
)
_CAN_WE = re.compile(
    rf"\b(?:[Cc]an|[Cc]ould|[Mm]ay|[Mm]ight)\s(?:the\s)?(?P<name>(?>{_NAME})(?:\s(?i:{_HEAD}))?)\s(?:please\s)?(?:have|get|book|do)\b"
)
_THEIR_SESSION = re.compile(
    rf"\b(?i:the|our)\s(?P<name>(?:{_WORD}\s){{0,2}}(?i:{_HEAD}))['’]?s?['’]?\s(?:session|workshop|booking|training)\b"
)
_BOOKED = re.compile(
    rf"\b(?:[Tt]he|[Oo]ur|[Aa])\s(?P<name>(?>{_NAME})(?:\s(?i:{_HEAD}))?)\s(?:session|workshop|booking|training|course)\b"
)
_THEIRS = one_of(
    r"""
    you did|did (?:it|one|this|that)|you (?:ran|gave|held)|saw|loved|heard|came|back|last|previous|your|like the one
    theirs|friend|(?:some(?:body|one)|a colleague) (?:in|from|at)|plus the|patients|clients|guests|visitors|asked by|told by
    thanks to|instead of|apart from|except|not|a talk|stories|sorry|excuse|apolog\w+
    """
)
_SOMEBODY_ELSES = re.compile(rf"(?i)\b{_THEIRS}\b[^.!?;:\n]{{0,30}}$")


def cued_names(text: str) -> Iterator[Cued]:
    """Each name of a group that words before it point to; `text` has its numbers in digits."""
    for weight, pattern in ((8, _STANDS_ALONE), (8, _CAN_WE), (7, _BOOKED), (7, _THEIR_SESSION)):
        for match in pattern.finditer(text):
            if not _GENERIC.match(match["name"]):
                yield Cued(*match.span("name"), weight)
    for weight, cue in _CUES:
        for match in cue.finditer(text):
            if _SOMEBODY_ELSES.search(text[max(0, match.start() - 60) : match.end()]):
                continue
            if span := read_name(text, match.end()):
                yield Cued(*span, weight)


def read_name(text: str, start: int) -> tuple[int, int] | None:
    """Where the name of a group stands that begins at `start`, after "the", "our" or a number; None where none does."""
    if determiners := _DETERMINERS.match(text, start):
        start = determiners.end()
    group = _GROUP.match(text, start)
    if group is None and (group := _PROPER.match(text, start)) and _NOT_A_NAME.match(text, group.end()):
        return None
    if group is None or _GENERIC.match(group["group"]) or _HALL.match(group["group"]):
        return None
    return group.span("group")


def is_generic(written: str) -> bool:
    """Whether a name is one that every unit has: "our team", "new staff"."""
    return _GENERIC.match(written) is not None
