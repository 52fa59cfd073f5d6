"""People's names in a text: after a title or a greeting, by their capital where no sentence begins, or by a list of given names."""

import re
from collections.abc import Iterator
from functools import lru_cache
from importlib.resources import files

from mailflow.kinds.sighting import Sighting

_WORD = r"[^\W\d_a-zà-öø-ÿ][^\W\d_]{1,30}(?:['’-][^\W\d_]{2,30}){0,3}"
_PARTICLE = r"(?:van|von|de|der|den|da|di|del|della|bin|ibn|al|el|la|le|ap|ter|ten|dos|du)"
_RUN = re.compile(
    rf"(?<![\w@.'’-])(?P<first>{_WORD})(?P<rest>(?:\s(?:{_PARTICLE}\s){{0,2}}{_WORD}){{0,3}})(?P<initial>\s[A-Z]\b\.?(?!['’]))?"
)
_TITLE = (
    r"(?:Dr|Prof|Professor|Mr|Mrs|Ms|Miss|Mx|Sir|Dame|Lord|Lady|Sister|Sr|Brother|Father|Fr|Rev|Revd|Reverend|Canon|Rabbi|Imam|Captain|Capt|Major|"
    r"Colonel|Sergeant|Sgt|Officer|Second Officer|First Officer|PC|Cadet|Nurse|Matron|Coach|Frau|Herr|Madame|Mme|Señora?|Uncle|Auntie|Aunt)"
)
_TITLED = re.compile(
    rf"\b{_TITLE}\b\.?\s(?:(?:Dr|Canon|Sir)\.?\s)?(?:{_WORD}(?:\s(?:{_PARTICLE}\s){{0,2}}{_WORD}){{0,2}}(?:\s[A-Z]\b\.?)?|[A-Z]\b\.?)"
)
_GREETED = re.compile(
    r"(?im)^[ \t]*(?:dear|hi|hello|hey|hiya|hallo|good (?:morning|afternoon|evening|day)|morning|afternoon|evening)(?:,? (?:there|dear|both))?,? (?P<name>[^\W\d_]{2,20}(?:(?: and |, | & )[^\W\d_]{2,20}){0,3})(?=\s?[,!.:–—-]|\s*$)"
)
_INITIALS = re.compile(r"(?<![\w.])(?:[A-Z]\.\s?){1,3}[A-Z](?:\.(?!\w)|\b(?=\s[A-Z][a-z]))|(?m:^\s*[A-Z]\.\s*$)")
_LOWER = re.compile(r"(?<![\w@.'’/-])[^\W\d_A-Z]{3,20}(?![\w@'’/-]|\.\w)")
_SENTENCE_START = re.compile(r"(?:^|[.!?…:\n•*>(]|--?|–|—)[\s\"“”‘’'(\[*_]*$|(?<=\s)[\"“‘'(]+$|^[\"“‘'(]+$")

_REASON = "A name tells who it is."
_PLACES_AFTER = re.compile(
    r"\s(?:[Bb]uilding|[Cc]ampus|[Cc]af[eé]|[Ss]treet|[Rr]oad|[Ss]quare|[Ll]ane|[Ss]tation|[Ll]ine|[Aa]irport|[Pp]ark|[Bb]ridge|[Uu]niversity|[Cc]ollege)\b"
)
_NEVER = frozenset(
    [
        "i'm",
        "i've",
        "i'd",
        "i'll",
        "i’m",
        "i’ve",
        "i’d",
        "i’ll",
        "january",
        "february",
        "march",
        "april",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
        "jan",
        "feb",
        "mar",
        "apr",
        "jun",
        "jul",
        "aug",
        "sep",
        "sept",
        "oct",
        "nov",
        "dec",
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
        "mondays",
        "tuesdays",
        "wednesdays",
        "thursdays",
        "fridays",
        "saturdays",
        "sundays",
        "mon",
        "tue",
        "tues",
        "wed",
        "weds",
        "thu",
        "thur",
        "thurs",
        "fri",
        "sat",
        "sun",
        "easter",
        "christmas",
        "xmas",
        "diwali",
        "eid",
        "ramadan",
        "hanukkah",
        "halloween",
        "michaelmas",
        "freshers",
        "pride",
        "active",
        "bystander",
        "bystanders",
        "centre",
        "university",
        "college",
        "union",
        "students",
        "student",
        "teams",
        "zoom",
        "slack",
        "whatsapp",
        "instagram",
        "facebook",
        "twitter",
        "google",
        "youtube",
        "email",
        "excel",
        "outlook",
        "powerpoint",
        "uk",
        "usa",
        "eu",
        "nhs",
        "hr",
        "edi",
        "ta",
        "tas",
        "pi",
        "pis",
        "phd",
        "phds",
        "msc",
        "ba",
        "bsc",
        "pgr",
        "pgrs",
        "gta",
        "gtas",
        "ok",
        "okay",
        "cv",
        "it",
        "ai",
        "icu",
        "pc",
        "er",
        "gp",
        "csv",
        "cto",
        "ceo",
        "su",
        "scr",
        "hod",
        "fyi",
        "ps",
        "btw",
        "lol",
        "dj",
        "tv",
        "bbc",
        "god",
        "lord",
        "english",
        "british",
        "scottish",
        "welsh",
        "irish",
        "european",
        "american",
        "african",
        "asian",
        "indian",
        "chinese",
        "japanese",
        "korean",
        "german",
        "french",
        "spanish",
        "italian",
        "portuguese",
        "polish",
        "russian",
        "ukrainian",
        "nigerian",
        "ghanaian",
        "kenyan",
        "pakistani",
        "bangladeshi",
        "turkish",
        "greek",
        "iranian",
        "iraqi",
        "syrian",
        "arab",
        "arabic",
        "muslim",
        "muslims",
        "christian",
        "christians",
        "jewish",
        "hindu",
        "sikh",
        "buddhist",
        "catholic",
        "black",
        "white",
        "brown",
        "asian",
        "dari",
        "urdu",
        "mandarin",
        "cantonese",
        "latin",
        "greek",
        "gaelic",
        "england",
        "scotland",
        "wales",
        "ireland",
        "britain",
        "europe",
        "africa",
        "asia",
        "america",
        "india",
        "china",
        "japan",
        "korea",
        "germany",
        "france",
        "spain",
        "italy",
        "portugal",
        "poland",
        "russia",
        "ukraine",
        "nigeria",
        "ghana",
        "kenya",
        "pakistan",
        "bangladesh",
        "turkey",
        "greece",
        "iran",
        "iraq",
        "syria",
        "senegal",
        "brazil",
        "mexico",
        "canada",
        "australia",
        "london",
        "manchester",
        "birmingham",
        "leeds",
        "bristol",
        "edinburgh",
        "glasgow",
        "cardiff",
        "belfast",
        "liverpool",
        "oxford",
        "cambridge",
        "paris",
        "berlin",
        "lisbon",
        "rome",
        "madrid",
        "vienna",
        "dublin",
        "singapore",
        "report",
        "support",
        "security",
        "estates",
        "library",
        "registry",
        "finance",
        "physics",
        "chemistry",
        "biology",
        "maths",
        "mathematics",
        "history",
        "law",
        "medicine",
        "engineering",
        "computing",
        "psychology",
        "sociology",
        "philosophy",
        "economics",
        "classics",
        "music",
        "geography",
        "materials",
        "nursing",
        "pharmacy",
        "geology",
        "faculty",
        "department",
        "school",
        "dean",
        "board",
        "senate",
        "council",
        "room",
        "building",
        "hall",
        "wing",
        "floor",
        "main",
        "west",
        "east",
        "north",
        "south",
        "campus",
        "street",
        "road",
        "hodgkin",
        "hartree",
        "lovelace",
        "equality",
        "diversity",
        "inclusion",
        "programme",
        "training",
        "workshop",
        "course",
        "bride's",
        "st",
        "mr",
        "mrs",
        "ms",
        "dr",
        "prof",
        "professor",
        "miss",
        "sir",
        "madam",
        "team",
        "sirs",
        "all",
        "both",
        "everyone",
        "folks",
        "colleagues",
        "best",
        "kind",
        "regards",
        "thanks",
        "thank",
        "cheers",
        "yours",
        "dear",
        "hi",
        "hello",
        "hey",
        "sehr",
        "geehrte",
    ]
)


@lru_cache(maxsize=1)
def _words() -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """Names that are nothing else, names that are also everyday words, and everyday words."""
    here = files("mailflow.kinds")
    clear, _, double = here.joinpath("given-names.txt").read_text(encoding="utf-8").partition("\n# everyday")
    ordinary = here.joinpath("ordinary-words.txt").read_text(encoding="utf-8").partition("\n")[2]
    both = frozenset(double.partition("\n")[2].split())
    return frozenset(clear.partition("\n")[2].split()) - both, both, frozenset(ordinary.split())


def find_names(text: str) -> Iterator[Sighting]:
    """Every stretch that may be a name."""
    for titled in _TITLED.finditer(text):
        yield Sighting(titled.start(), titled.end(), "name", "A name with a title tells who it is.")
    for initials in _INITIALS.finditer(text):
        start = initials.end() - len(initials[0].lstrip())
        yield Sighting(start, start + len(initials[0].strip()), "name", "Initials tell colleagues who it is.")
    yield from _greeted(text)
    yield from _capitalised(text)
    yield from _uncapitalised(text)


def _greeted(text: str) -> Iterator[Sighting]:
    clear, both, ordinary = _words()
    for greeting in _GREETED.finditer(text):
        for word in re.finditer(r"[^\W\d_]{2,20}", greeting["name"]):
            plain = word[0].lower()
            if plain not in _NEVER and (plain in clear or plain in both or (word[0][0].isupper() and plain not in ordinary)):
                start = greeting.start("name") + word.start()
                yield Sighting(start, start + len(word[0]), "name", "The greeting names somebody.")


def _capitalised(text: str) -> Iterator[Sighting]:
    for run in _RUN.finditer(text):
        start, end = run.span()
        if _opens_sentence(text, start) and not _opens_with_name(run):
            if not run["rest"].strip():
                continue
            start += len(run["first"]) + 1
        start, end = _trimmed(text, start, end)
        if end > start and not _PLACES_AFTER.match(text, end):
            yield Sighting(start, end, "name", _REASON)


def _opens_sentence(text: str, position: int) -> bool:
    return bool(_SENTENCE_START.search(text[max(0, position - 12) : position])) or position == 0


def _opens_with_name(run: re.Match[str]) -> bool:
    """Whether a word that has its capital from the beginning of the sentence is a name all the same."""
    clear, both, ordinary = _words()
    plain = _bare(run["first"])
    if plain in _NEVER:
        return False
    return plain in clear or plain not in ordinary or (plain in both and bool(run["rest"]))


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """The run without words at its ends that name nobody: days, places, subjects, abbreviations."""
    words = [(start + word.start(), start + word.end(), word[0]) for word in re.finditer(r"\S+", text[start:end])]
    while words and _names_nobody(words[0][2]):
        words.pop(0)
    while words and _names_nobody(words[-1][2]):
        words.pop()
    return (words[0][0], words[-1][1]) if words else (start, start)


def _names_nobody(word: str) -> bool:
    bare = _bare(word)
    return bare in _NEVER or (len(word) > 1 and word.isupper() and bare not in _words()[0]) or (word[:1].islower())


def _uncapitalised(text: str) -> Iterator[Sighting]:
    """Given names as people write them who use no capitals."""
    clear, _, ordinary = _words()
    for word in _LOWER.finditer(text):
        if word[0] in clear and word[0] not in ordinary:
            yield Sighting(word.start(), word.end(), "name", "A given name, in lower case.")


def _bare(word: str) -> str:
    plain = word.lower().replace("’", "'").strip(".")
    return plain.removesuffix("'s")
