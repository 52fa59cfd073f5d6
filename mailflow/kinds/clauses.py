"""How a wish stands in its sentence: denied, only supposed, or told of the past. Sentences as `statements` gives them."""

import re

_NEAR = 70
_BOUNDARY = re.compile(
    r"[,;:()]| - | (?:but|though|although|because|cos|since|so|(?<!mind )(?<! me )if|as long as|provided|on condition"
    r"|and (?:you|i|i'm|i'd|we|please|feel)) "
)
_ASIDE = re.compile(r"((?:\bnot|n't)),[^,]{1,50},")
_NOT = re.compile(
    r"\bneither\b.{1,50}\bnor\b|\b(?:not|never|no|nor|neither|none|nobody|nothing|nowhere|nowt|without|minus|hardly"
    r"|sans|instead of|rather than)\b|n't\b"
    r"|\b(?:minds?|minded|objections?|object|problems?|issues?|qualms?|hate|refuse|uncomfortable|reluctant|uneasy|against)\b"
    r"|\b(?:afraid|scared|ashamed|embarrassed|shy|shame|bothers? (?:me|us)|bothered|hesitat\w+|too \w+|wary|die of)\b"
)
_THEN_NOT = re.compile(
    r"^(?: and \w+)?(?:,|'s| is| are| do| does| did| would| were| was| must| should| can| may| to| be| has| have| it"
    r"| please| all){0,4}"
    r"(?:n?'t\b| (?:not|off|out|removed|withheld|changed|left|taken|hidden|blanked|deleted|anonym\w+|private|secret"
    r"|unnecessary)\b)"
)
_SUPPOSED = re.compile(
    r"\b(?:(?<!mind )(?<! me )(?<!fine )(?<!ok )if|whether|unless|before|in case|until"
    r"|would)\b(?!.{0,60}\b(?:you can|you may|feel free|happy|fine|please|like|wish|want)\b)"
)
_ASKED_BY_US = re.compile(
    r"\bif (?:\w+ ){0,2}(?:you|they|people|anyone) (?:\w+ )?(?:want|wanted|like|wish|need|ask|were|decide)\b"
)
_PAST = re.compile(
    r"\b(?:was|were|had|came|did|didn't|couldn't|wasn't|said|told|gave|knew|went|got|asked|wanted|called|tried|made"
    r"|took|found|felt|thought|used to"
    r"|remember|recall|catch|learn|learned|learnt|shall|shan't|won't|going to|has|hasn't|always|every)\b"
)
_KEPT_FROM_US = re.compile(
    r"\b(?:i|we|she|he|they)(?:'d better not|'ll not|'d rather not|'d prefer not|'d sooner not|won't|wouldn't|never"
    r"| never| don't| can't| doesn't| didn't| better not"
    r"| don't want| won't| wouldn't| shan't| shall not| will not) (?:to )?(?:know|give(?! (?:you )?(?:my "
    r"|any )?(?:permission|consent|leave))|giving|say|ask|name|see|tell|mention)\b"
    r"|\b(?:they|he|she|everyone|everybody|people) (?:never|always|don't|doesn't) (?:use|say|mention|call|put|get|remember)\b"
)
_IT_WAS = re.compile(r"\b(?:it|this|that) was\b")
_WISHED = re.compile(
    r"\b(?:please|rather|you|like|want|wish|prefer|may|should|must|agreed?|asked (?:that|you|me|for)|happy|content"
    r"|so long|as long|provided)\b"
)


def clause_before(sentence: str, end: int) -> str:
    """What of the clause stands before this place."""
    near = _ASIDE.sub(r"\1", sentence[max(0, end - _NEAR) : end])
    return _BOUNDARY.split(near)[-1]


def is_denied(sentence: str, end: int) -> bool:
    """Whether the clause denies what it has said by this place: two negations are none, as in "I don't mind"."""
    return len(_NOT.findall(clause_before(sentence, end))) % 2 == 1


def is_name_denied(sentence: str, end: int) -> bool:
    """The same of a name, which may be denied by what follows it: "my name is not to appear", "names off"."""
    return is_denied(sentence, end) != bool(_THEN_NOT.search(sentence[end : end + _NEAR]))


def is_supposed(sentence: str, start: int) -> bool:
    """Whether it hangs on an if that grants nothing: "if you wanted to name me, ask"."""
    near = sentence[max(0, start - _NEAR) : start]
    return bool(_SUPPOSED.search(re.split(r"[,;:]", near)[-1]) or _ASKED_BY_US.search(near))


def is_told(sentence: str, start: int) -> bool:
    """Whether the clause tells what happened and wishes nothing: "he did not give his name"."""
    before = _IT_WAS.sub("", clause_before(sentence, start))
    return bool(_KEPT_FROM_US.search(before) or (_PAST.search(before) and not _WISHED.search(before)))
