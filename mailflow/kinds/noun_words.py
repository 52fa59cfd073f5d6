"""The words that noun phrases are known by, and those they end before: units and places, vague nouns, function words, verbs."""

from mailflow.kinds.calendar_words import MONTH, WEEKDAY
from mailflow.kinds.phrases import one_of

# What people belong to, work in or meet at; open to either side: "the dental workshop", "the Crane building".
UNIT = one_of(
    """
    (?i:(?:work)?group|team|squad|crew|cohort|class|year|course|module|seminar|rota|shift|study|trial|project|programme|scheme|exchange)
    (?i:office|department|dep(?:t|artment)|school|faculty|cent(?:re|er)|unit|section|branch|service|registry|bursary|practice|surgery)
    (?i:committee|board|council|society|soc|club|union|network|choir|orchestra|band|paper|magazine|journal|newsletter|blog|podcast)
    (?i:lab(?:orator(?:y|ies))?|clinic|ward|theatre|workshop|workroom|studio|gallery|museum|archive|library|observatory|hub|depot|plant)
    (?i:building|hall|house|lodge|court|college|residence|block|wing|corridor|room|suite|boardroom|basement|cloakroom|foyer|atrium|lounge)
    (?i:desk|helpdesk|reception|shop|stores?|kitchen|canteen|caf[eé]|bar|pub|bakery|laundry|nursery|gym|pool|boathouse|stairs|steps|lift)
    (?i:farm|field|garden|glasshouse|greenhouse|stables?|yard|gate|entrance|lobby|terrace|hut|car park|bus|stop|station|van)
    (?i:minibus|ferry|shuttle|chapel|church|mosque|synagogue|facility|field trip|trip|placement|exam|conference|meeting|dinner)
    """
)
# What may stand after "of" or "in" and yet tells of no group and no place.
VAGUE = one_of(
    f"""
    (?i:end|way|time|moment|meantime|meanwhile|middle|face|fact|case|morning|afternoon|evening|night|day|week|same|sort|kind|type)
    (?i:other|others|rest|first|last|whole|world|queue|line|corner|wall|floor|ground|air|phone|spot|front|back|side|point|course|example)
    (?i:thing|something|anything|nothing|everything|somebody|someone|some|any|one|ones|who|{MONTH}|{WEEKDAY})
    """
)
_PAST = one_of(
    """
    (?i:said|told|went|came|took|gave|got|made|saw|heard|knew|thought|put|let|kept|left|sat|stood|ran|spoke|began|wrote|sent|rang)
    (?i:shook|was|were|had|did)
    [a-z]{2,30}ed
    """
)
_PRESENT = (
    "(?i:says|tells|goes|comes|takes|gives|gets|makes|sees|knows|thinks|puts|lets|keeps|laughs|asks|wants|seems"
    "|is|are|has|have|do|does)"
)
_FUNCTION_WORD = one_of(
    """
    (?i:the|an?|this|that|of|in|on|at|to|with|by|for|from|into|off|about|after|before|during|until|and|or|nor|but|so|as|if|than|then)
    (?i:because|since|when|where|while|which|who|whom|whose|i|you|he|she|it|we|they|me|him|us|them|my|our|his|her|their|your|its)
    (?i:be|been|can|could|will|would|shall|should|may|might|must|not|never|always|just|also|only|once|too|again|there|here|now)
    """
)
# A noun phrase has none of these in it, and may end before any of those.
NO_NOUN = rf"(?:{_FUNCTION_WORD}|{_PAST}|{_PRESENT})"
BEHIND_IT = rf"(?:{_PAST}|{_PRESENT}|(?i:and|who|at|in|on|here|i|he|she|they|we|it))"
