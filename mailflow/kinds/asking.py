"""What a message asks, clause by clause, in the words that carry each question: not its grammar, its dates and its names."""

import re
from dataclasses import dataclass

from mailflow.kinds.calendar_words import MONTH, WEEKDAY

_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_PART = re.compile(r"[^\W_]+")
_APOSTROPHES = re.compile("['’]")
_SENTENCE_END = re.compile(r"(?<=[.?!;:])\s+|\n\s*\n|(?<!\w)\(?\d[.)]\s|\s[-–—]\s")
_NEXT_QUESTION = re.compile(
    r",?\s(?:and|or|but|also|so)\s+(?=(?:also\s)?(?:is|are|am|do|does|can|could|will|would|may|should|how|when|what|where|who|which|if|"
    r"whether)\b)",
    re.IGNORECASE,
)
_CALENDAR = re.compile(rf"(?:{MONTH}|{WEEKDAY})", re.IGNORECASE)
_AUXILIARIES = (
    "is|isnt|are|arent|am|do|does|dont|doesnt|did|can|cant|could|will|would|wont|may|might|should|must|has|have|was|were"
)
_SUBJECTS = "i|we|you|he|she|it|they|there|this|that|these|those|the|my|our|your|a|an|any|anyone|anybody|someone|students|staff"
# Without a question mark: "how do i", "whens the", "how long", "can anyone"; not "when i came", not "would like to".
_FILLERS = r" (?:(?:so|and|but|or|also|please|hi|hello|hey|just|quick|then|well|oh|ok|okay|btw) ){0,3}"
_DIRECTLY = re.compile(
    rf"{_FILLERS}(?:(?:when|what|where|who|which|why|how) (?:{_AUXILIARIES}|long|much|many|often|big|soon|early)|"
    rf"(?:when|what|where|who|how)s|(?:{_AUXILIARIES}) (?:{_SUBJECTS})|any|whether|if not) "
)
_INDIRECTLY = re.compile(
    r" (?:whether|tell me|let me know|wonder|wondering|wondered|like to know|want to know|wants to know|wanted to know|"
    r"wishes to know|need to know|like to ask|wanted to ask|want to ask|not sure (?:if|what|how|when|who)|find out|cant see|"
    r"asks (?:if|me if|what|how)|ask (?:if|what|how|you)|asking (?:if|what|how|about)|question (?:is|about)) "
)
_SOUGHT = re.compile(rf"{_FILLERS}(?:how (many|much)|(where|who)s?) ")
# Grammar, who asks, and what every mail to the Centre speaks of: none of it says what is asked.
_COMMON = frozenset(
    _PART.findall(
        """
        a about academic academics active actually afternoon all already also am an and another any anybody anyone
        anything anywhere are as ask asking at attend attended attending back be been before being bit bits btw but by
        bystander can cant cheers class colleague colleagues college come coming could couldnt course courses day days
        dear department departments did didnt do does doesnt doing done dont event ever every everybody everyone
        everything exactly find for from get gets getting give go going good got had has have havent having he hello her
        here hers hey hi him his how however i id if ill im in into is isnt it its ive join just kind know last lecturer
        lecturers let like ll look looking lot made make may me mean might mine more morning most must my myself need no
        not now of off offer offering ok okay on one ones only or other others our out over people per person phd phds
        please possible postdoc postdocs postgrad postgrads postgraduate postgraduates programme programmes provide put
        question questions quite rather re really regards researcher researchers right run said same say says see seem
        seems send session sessions she should show so some somebody someone something somewhere sort staff still
        student students such sure ta take taking team technician technicians tell than thank thanks that thats the
        their them then there theres these they thing things think this those though time to today told too training try
        trying undergrad undergrads undergraduate undergraduates understand uni university up us very want wanted wants
        was way we well were what whats when whether which while why will wish with without wonder wondering work
        workshop workshops would wouldnt write year years yes yet you your yours
        """
    )
)
_ENDINGS = ("ations", "ation", "ings", "ing", "ies", "ied", "ers", "ors", "ed", "es", "er", "or", "ly", "s", "y", "e")


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause of a message: its words in lower case with a space around each, and the roots of those that carry its question."""

    words: str
    telling: frozenset[str]
    asks: bool
    sought: str | None = None  # many, much, where or who: it asks for a number, a place or a person


def read_clauses(subject: str, text: str) -> list[Clause]:
    """The clauses of a message. A subject asks only where it has a question mark: most of them only name a thing."""
    title = Clause(bare(subject), telling(subject), subject.rstrip().endswith("?"))
    parts = (part for sentence in _SENTENCE_END.split(text) if sentence for part in _NEXT_QUESTION.split(sentence))
    return [title, *(_clause(part, words) for part in parts if (words := bare(part)).strip())]


def _clause(text: str, words: str) -> Clause:
    asks = "?" in text.rstrip()[-4:] or bool(_DIRECTLY.match(words) or _INDIRECTLY.search(words))
    sought = _SOUGHT.match(words)
    return Clause(words, telling(text), asks, sought and (sought[1] or sought[2]))


def bare(text: str) -> str:
    """Its words in lower case without punctuation, a space around each: "e-learning" is two, "don't" is one."""
    words = _PART.findall(_APOSTROPHES.sub("", text.lower()))
    return f" {' '.join(words)} "


def telling(text: str) -> frozenset[str]:
    """The roots of the words that carry its meaning: no grammar, no numbers, no calendar, and no names inside a sentence."""
    found: set[str] = set()
    for at, word in enumerate(_WORD.findall(text)):
        is_name = at > 0 and word[0].isupper() and not word.isupper()
        if is_name or word[0].isdigit() or _CALENDAR.fullmatch(word):
            continue
        found.update(root(part) for part in bare(word).split() if part not in _COMMON)
    return frozenset(found)


def root(word: str) -> str:
    """A word without its ending, so that "facilitators" and "facilitate" are one: at least four letters are left."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word.removesuffix(ending)
    return word
