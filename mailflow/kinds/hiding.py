"""Whether a sentence wishes that somebody or something in the story be hidden, and whether that is the writer."""

import re

from mailflow.kinds.clauses import clause_before, is_denied, is_name_denied, is_told
from mailflow.kinds.phrases import said

_HIDE = (
    r"(?:remove|omit|change|alter|disguise|swap|drop|hide|mask|redact|withhold|obscure|blur|delete|replace|conceal|tweak|scrub"
    r"|strip|blank|fudge|edit|cut|skip|invent|make up|protect|mangle|shuffle)"
)
_WHO = (
    r"(?:names?|who|whose|identi\w+|initials?|places?|details?|rooms?|dates?|departments?|labs?|location|setting"
    r"|jobs?|roles?|units?"
    r"|teams?|wards?|colleges?|schools?|pub|courses?|buildings?|years?|numbers?|titles?|surnames?|club|town|bits?|parts?)"
)
_WHOM = (
    r"(?:the|my|our|any|anything|all|everything|everyone|everybody|his|her|their|both|me|us|him|them|names?|real|some"
    r"|those|these|that|where|who|which"
    r"|mine|hers|whatever|dr|prof|mrs?|ms|identifying|[a-z]+ (?=out|off)|[a-z]+'s)"
)
_OFF = r"(?:leave|keep|take|strip|cut|edit|blank|miss|chop|whip)"
_OF_A_LIST = (
    r"(?! (?:the|your|this|that|whatever|\w+) (?:mailing |staff )?(?:list|directory|rota|wall|sheet|register)"
    r"| of (?:the )?(?:way|order|work|pocket|here))"
)
_SHEET = r"note|letter|survey|account|report|tip|message|feedback|complaint|form|post|comment|e-?mail|line|call|box|question"
_PAPER = rf"(?! (?:{_SHEET})s?\b)"
_GIVEN = r"(?:with|use|using|give (?:us|me|them|him|her|everyone|everybody)(?: all| both)?)"
_UNTRUE = r"(?:different|other|changed|made[- ]up|invented|false|fake|new|another)"
_GONE = r"(?:left off|kept off|off|out|removed|changed|withheld|altered|blanked|disguised|swapped|hidden)"
_SHOW_AS = r"(?:refer to|put|print|describe|sign(?! up)|(?:me|him|her|us) down|stay|credit|quote|on it|on the page|in the story)"
_DREAD = r"(?:mortified|horrified|embarrassed|uncomfortable|upset|hate it|dread it|die)"
_HIDING = said(
    rf"""
    anonym\w+{_PAPER}
    (?:nameless|unnamed|unidentified|unidentifiable|unattributed|incognito|anon|disguised|pseudonym\w*|fictional|fictitious)
    {_OFF} {_WHOM} (?:[\w'-]+ ){{0,5}}?(?:out|off|away){_OF_A_LIST}
    {_OFF} (?:out|off|away) [\w']+
    {_HIDE} (?:{_WHOM} (?:(?!in |on |at |to |for )[\w']+ ){{0,3}})?{_WHO}
    {_HIDE} (?:anything|everything|whatever|where|any|it to)
    cut that
    {_GIVEN} {_UNTRUE} (?:\w+ )?names?
    (?:names?|details) (?:\w+ ){{0,2}}{_GONE}
    everything changed
    make (?:something|one|some|them|a name|names) up
    (?:just|only) (?:say|put|call)
    (?:call|rather you called) (?:me|us|her|him|it|them) (?:just |only )?(?:an? |the |something |"|[b-hj-z]\b)[\w"]*
    {_SHOW_AS}(?: \w+){{0,3}},?(?: but| though)? as (?:just )?"?(?:an?|x|someone|somebody|anon)\b(?: \w+)?
    (?:you|just|please|only|could|can) say "?(?:an?|someone|somebody) (?!word|bit|few|lot|thing)\w+
    (?:only|just) (?:my |our |the )?initials
    initials (?:only|will do|are enough)
    {_DREAD} if (?:[\w']+ ){{0,5}}(?:names?|named|knew|recognised|identified|realised|guessed|me)
    (?:long as|provided|providing|if)(?: [\w']+,?){{1,8}} (?:go(?:es)?|(?:is|are) gone|{_GONE})(?=$|[.,;!)])
    """
)
_TELL = r"(?:put|say|let on|show|mention|print|tell|include|use|reveal|give away|disclose|write|publish|share)"
_TELLS = r"(?:says?|gives?|points?|shows?|tells?|identif\w+|leads?)"
_LED = r"(?:traced?|linked|tracked|leads?|led|pinned|tied|connected|points?)"
_PEOPLE = r"(?:they|people|anyone|anybody|nobody|readers?|one|else|them|able to|it|that|none)"
_KNOW = (
    r"(?:work(?:ing)? out|recogni[sz](?:e|ing)|guess(?:ing)?|knowing|finding out|identify|figure out|knows?|spot|find out|suspect"
    r"|realise|twig|clock|deduce|puzzle out)"
)
_KNOWN = r"(?:that )?(?:who|which|us|me|him|her|\w+self|\w+selves|it|it's|it was|where|the \w+|what)"
# Each of these hides where its clause denies it.
_NAMES = said(
    rf"""
    (?:[\w']+ ){{0,2}}(?:names?|surnames?)
    (?:named|identif\w+|recogni[sz]able|(?:be|being|get) recogni[sz]ed|traceable|attribut\w+|credited|quoted|mentioned|outed)
    (?:name|identify|mention|credit|expose|quote) (?:me|us|him|her|them|any\w*|the \w+|[a-z]+)
    {_TELL}(?: \w+){{0,2}} (?:who|which|where|whose|what i do|that i|that it was|that we|me down|our|anything that)
    {_LED}(?: \w+){{0,2}} (?:to|back|at) (?:me|us|him|her|them|the|my|our|\w+one)
    {_PEOPLE}(?: \w+){{0,4}} tell (?:that )?(?:who|which|where|it was|it's|what)
    (?:{_PEOPLE}|to)(?: \w+){{0,4}} {_KNOW} {_KNOWN}
    (?:anything|thing|clue|detail|which|nothing) (?:that|which|what) (?:\w+ )?{_TELLS}(?: \w+){{1,2}}
    """
)
_RESTRICTED = re.compile(
    r"\b(?:minus|sans|without) (?:names?|saying|naming|identif\w+|the|my|our|any|his|her|their|us|me|him|them|where"
    r"|who|when|what|places?|anything|details|it being|mention\w*|attribut\w+)\b"
    r"|\b(?:minus|sans) \w+"
    r"|(?:^|[,;:] ?|\b(?:but|just|only|and|with|then|there's|site|is|it|this|if) )(?:please )?(?:no|not) (?:mention of )?"
    r"(?:(?:mention of |with |under |by )?(?:(?:real |club |place |my |our |the |his |her |their "
    r"|any )?(?:[\w'-]+ )?" + _WHO + r")\b"
    r"|(?:with |under )?(?:the|my|our|his|her|their|who|which|where|mine|hers|me|us|him|them|that) \w+|(?:mine|hers"
    r"|me|us|who|where|which|his)\b|\")"
)
_TAKES = said(
    r"""
    (?:use|used|using) (?:it|this|that|them|the \w+|by|as|if|my|our|with)
    (?:be|is|it's|to be) used
    (?:if|should) (?:\w+ ){0,2}used
    (?:print|printed|publish|published|in print)
    (?:share|shared|post|put|have|pass|tell|run|read|see|quote|retell) (?:it|this|that|my story|the story)
    be (?:shared|told|passed on|put up|written up|retold|quoted)
    (?:go|goes) (?:on|up|in|out)
    (?:put|write|written) up
    on (?:your|the) (?:page|site|website|web)
    you(?:'re)? (?:can|may|could|might|welcome)
    (?:happy|fine|content|glad|agree|ok)
    (?:as|so) long as
    (?:provided|providing|on condition|only if)
    yes
    """
)
_FRAGMENT = re.compile(
    rf"^(?:(?:please|but|and|also|oh|obviously|just|only|ps|p\.s|yes|ok|sure|\[x\])[,:;]? )*"
    rf"(?:(?:no|without|minus)(?: need (?:of|for))? (?:[\w']+ ){{0,2}}?{_WHO}\b"
    rf"|(?:not|without|no|nothing) (?:with |under |for |by )?(?:need (?:of|for) )?(?:names?|mine|ours|hers|me|us"
    rf"|attribution|attributed|named|which|who)\b"
    rf"|(?:not|without|nothing with) (?:with |under |by )?(?:my|our|his|her|their|the) (?:[\w'-]+ )?{_WHO}\b"
    r"|nothing (?:that|which) (?:\w+ )?(?:says?|gives?|shows?|leads?|points?|identif\w+)\b|names? (?:is |are )?not\b)"
    rf"|\bplease,? (?:no|not|without|nothing with)(?: \w+){{0,2}} (?:{_WHO}|mine|ours|\")"
)
_WRITER = re.compile(
    r"\b(?:my|me|our|us|mine|ours|i|we|myself|both of us|anonym\w+|nameless|no names?|without (?:any |the )?names?"
    r"|initials)\b"
)
_SUBJECT = re.compile(
    r"\b(?:i|we|he|she|they|who|it|to|i'd|we'd|'ll|i've|they'd)(?: (?:then|also|just|always|never|had to|would|can"
    r"|could|should|may|might))? $"
)
_ADDRESSED = re.compile(r"\b(?:you|please|like|want|ask|rather|prefer|must|should|may|need|kindly)\b")
_CALLED_BY_US = re.compile(r"(?:^|[,;:(] ?|\b(?:and|so|just|please|only|to|can|could|may|or|but|best) )$")
_DID_NOT_WANT = re.compile(r"\b(?:didn't|did not|hadn't) (?:want|wish|like)|\bwanted\b")
_NAMED_LAST = re.compile(r"names?$")
_HIDE_WORD = re.compile(rf"\b{_HIDE}\b")
_A_THING = re.compile(r"\b(?:an|the|his|her|their|some|this|that|one|by|to) $")


def hides(sentence: str) -> bool:
    """Whether anything is to be hidden."""
    return any(True for _ in _hidden(sentence))


def hides_the_writer(sentence: str) -> bool:
    """Whether it is the writer, or everybody."""
    return any(_WRITER.search(words) for words in _hidden(sentence))


def _hidden(sentence: str) -> list[str]:
    found = [one for one in _HIDING.finditer(sentence) if _is_wished(sentence, one)]
    found += [one for one in _NAMES.finditer(sentence) if _is_unwanted(sentence, one)]
    if _TAKES.search(sentence):
        found += [one for one in _RESTRICTED.finditer(sentence) if not is_told(sentence, one.start())]
    if fragment := _FRAGMENT.search(sentence):
        found.append(fragment)
    return [sentence[max(0, one.start() - 5) : one.end() + 20] for one in found]


def _is_unwanted(sentence: str, found: re.Match[str]) -> bool:
    """A wish not to name. What merely happens "without names" must be what we do with the story."""
    end = found.end()
    before = clause_before(sentence, end)
    denied = is_name_denied(sentence, end) if _NAMED_LAST.search(found[0]) else is_denied(sentence, end)
    if not denied or is_told(sentence, end) or _DID_NOT_WANT.search(before) or _HIDE_WORD.search(before):
        return False
    return "without" not in before or bool(_TAKES.search(sentence))


def _is_wished(sentence: str, found: re.Match[str]) -> bool:
    """A wish to hide, and no tale of something hidden."""
    start = found.start()
    if is_denied(sentence, start) or is_told(sentence, start):
        return False
    before = clause_before(sentence, start)
    if found[0].startswith("rather "):
        return True
    if found[0].startswith("call ") and not _CALLED_BY_US.search(sentence[:start]):
        return False
    if found[0].startswith("anonym"):
        return not (_A_THING.search(before) or re.search(r"\b(?:reported|complained|posted|sent|wrote|written)\b", before))
    return not _SUBJECT.search(sentence[:start]) or bool(_ADDRESSED.search(before))
