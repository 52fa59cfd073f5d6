"""What a writer tells us, sentence by sentence: no speech of others, no questions, the answers in a form written out."""

import re
from collections.abc import Iterator

_MOST_READ = 8_000  # characters at the beginning, and as many at the end
_LONGEST = 400
_SPELT = str.maketrans({"’": "'", "‘": "'", "`": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "–": ";", "—": ";"})
_SHORT = {
    "w/o": "without",
    "w/": "with ",
    "pls": "please",
    "plz": "please",
    "u": "you",
    "ur": "your",
    "okay": "ok",
    "im": "i'm",
} | {
    "dont": "don't",
    "doesnt": "doesn't",
    "didnt": "didn't",
    "wouldnt": "wouldn't",
    "cant": "can't",
    "cannot": "can't",
    "do not": "don't",
    "no-one": "nobody",
    "no one": "nobody",
    "not to": "not",
}
_SHORTENED = re.compile(rf"(?<![\w/])(?:w/o|w/|(?:{'|'.join(word for word in _SHORT if '/' not in word)})(?!\w))")
_SPOKEN = re.compile(r'"[^"\n]{1,400}"')
_FEW_WORDS = 4
_NOT_TICKED = re.compile(r"(?:\[[ \t]?\]|☐)[^\[\n☐☑☒]{0,80}")
_TICKED = re.compile(r"\[x\]|[☑☒]")
_TITLE = re.compile(r"\b(dr|prof|mrs?|ms|st|[a-z])\.(?=\s?\w)")
_WRAPPED = re.compile(r"(?<=[\w,;:'’\"-])[ \t]{0,8}\n(?=[a-z])")
_ENDED = re.compile(r"(?<=[.!?])(?<!\.\.)[)'\"]?\s+|\n+|;? - ")

_ABOUT_NAMES = re.compile(r"\b(?:your|my|real|the) (?:\w+ )?names?\b|\bnamed\b|\bcredit")
_ABOUT_HIDING = re.compile(r"\banonym")
_ABOUT_SHOWING = re.compile(r"\b(?:publi\w+|print|share|use (?:it|this|your)|consent|website|permission)\b")
_LABEL = re.compile(r"^[^:?]{3,80}[:?]")
_OWN_NAME = re.compile(r"^(?:your |full |first |last |contact )?(?:name|surname)s?\s?:")
_NO = re.compile(r"^\W*(?:\[x\] )?(?:no|nope|n|never|no thanks?|no thank you|rather not|not really)(?=\W*$|[,.;] |[,;] )")
_YES = re.compile(r"^\W*(?:\[x\] )?(?:yes|y|yep|yeah|sure|ok|fine|please do|of course|certainly)\b")
_A_REQUEST = re.compile(
    r"\bplease\b|^(?:\w+ ){0,3}(?:can|could) you\b|\b(?:can|could|may) (?:i|we) (?:stay|remain|keep)\b"
    r"|, (?:ok|will you|would you|can you|could you|yeah|right|eh|yes|thanks)\s*\?$"
)


def statements(text: str) -> Iterator[str]:
    """Each sentence in small letters and written out in full. What was asked in a form goes with its answer."""
    question = ""
    for sentence in _sentences(_plain(text)):
        if question:
            yield from _answers(question, sentence)
        question = ""
        label = _LABEL.match(sentence)
        if label and (_ABOUT_SHOWING.search(label[0]) or _ABOUT_HIDING.search(label[0])) and sentence[label.end() :].strip():
            yield from _answers(label[0], sentence[label.end() :])
        if _OWN_NAME.search(sentence):
            continue
        if not sentence.endswith("?") or _A_REQUEST.search(sentence):
            yield sentence
        elif len(sentence) < 100:
            question = sentence


def _answers(question: str, answer: str) -> Iterator[str]:
    """The wish that a yes or no to a question means, said in full."""
    no, yes = _NO.search(answer), _YES.search(answer)
    if _ABOUT_HIDING.search(question):
        yield from ["be anonymous please"] if yes else ["my name may be used"] if no else []
    elif _ABOUT_NAMES.search(question):
        yield from ["my name may be used"] if yes else ["don't use my name"] if no else []
    elif _ABOUT_SHOWING.search(question) and no:
        yield "don't publish it"


def _plain(text: str) -> str:
    """Small letters, one spelling, and neither boxes left empty nor what somebody said aloud; a word or two in quotes stay."""
    text = _WRAPPED.sub(" ", _ends(text).replace("\r", "")).translate(_SPELT).lower()
    text = _TICKED.sub("\n[x]", _NOT_TICKED.sub(" ", text))
    text = _SHORTENED.sub(lambda short: _SHORT[short[0]], text)
    text = _SPOKEN.sub(lambda spoken: spoken[0] if spoken[0].count(" ") < _FEW_WORDS else '"', text)
    return _TITLE.sub(r"\1", text)


def _ends(text: str) -> str:
    """Where people say what may be done with a story. What lies deep inside a very long one is left to its reader."""
    return text if len(text) <= 2 * _MOST_READ else f"{text[:_MOST_READ]}\n{text[-_MOST_READ:]}"


def _sentences(text: str) -> Iterator[str]:
    for sentence in _ENDED.split(text):
        words = re.sub(r"[ \t]+", " ", sentence).strip()
        for start in range(0, len(words), _LONGEST):
            yield words[start : start + _LONGEST]
