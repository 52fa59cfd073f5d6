"""The neutral word for each sort of thing: what people with a title, a post or none are called, and places, units and days."""

import re

Table = tuple[tuple[re.Pattern[str], str], ...]


def _table(*rows: tuple[str, str]) -> Table:
    return tuple((re.compile(rf"\b(?:{words})\b", re.IGNORECASE), neutral) for words, neutral in rows)


TITLES = _table(
    ("prof|professor|dr|dean|provost", "senior colleague"),
    ("sister|sr|nurse|matron", "nurse"),
    ("father|fr|rev|revd|reverend|canon|rabbi|imam|brother", "chaplain"),
    ("pc|sergeant|sgt|constable", "police officer"),
    ("captain|capt|major|colonel|officer|cadet", "officer"),
)
CALLINGS = _table(
    (
        "dean|provost|chancellor|principal|rector|director|head|bursar|registrar|professor|chair|pis?|ceo|cto|coo|hod|boss|manager"
        "|supervisors?|leader|lead|consultant|master|orator|reader|lecturer|surgeon|foreman|curator|founder|trustee",
        "senior member of staff",
    ),
    (
        "captain|treasurer|secretary|sec|rep|skipper|cox|goalie|tenor|soprano|drummer|convenor|convener|hooker|president",
        "member of the club",
    ),
    ("apprentice|intern|new starter|trainee|temp|lodger|tenant", "newer colleague"),
    ("student|phd|first years?|second years?|third years?", "student"),
    ("speaker|assessor|examiner|visiting", "visitor"),
    (
        "-in-law|mum|dad|mother|father|brother|sister|partner|wife|husband|boyfriend|girlfriend|gf|bf|cousin|aunt|uncle",
        "relative",
    ),
    ("lad|lass|girl|boy|guy|woman|man|bloke|chap|lady|one|family|couple", "person"),
)
PLACES = _table(
    ("lab|bench|hut|workshop", "a lab on campus"),
    ("ward|bay|theatre", "a ward"),
    ("flat|block|staircase|kitchen|studio|court|hall|lodge|house", "a hall of residence"),
    ("office|desk", "an office on campus"),
    ("gate|stand|stall|booth|poster|table|locker|carriage", "a spot nearby"),
)
UNITS = _table(
    ("conference|symposium", "a conference"),
    (r"field\scourse|summer\sschool|away\sday|retreat|exchange", "a course away from campus"),
    ("hall|court|lodge", "a hall of residence"),
    ("regatta|match", "a match"),
    ("society|choir|orchestra", "a student society"),
    ("committee|board|panel", "a committee"),
    (r"(?:group|team|cohort|syndicate|tutorial|squad|crew|panel|stream)\s(?:no\.?\s|#)?\d+\w?", "one of the groups"),
    ("group|lab|laboratory", "a research group"),
)
NOT_SHOWN = {
    "email": "an address that is not shown",
    "phone": "a number that is not shown",
    "number": "a number that is not shown",
    "link": "a page that is not shown",
}
_NIGHT = re.compile(r"\b(?:night|evening)\b", re.IGNORECASE)
_US = re.compile(r"\b(?:us|we)\b", re.IGNORECASE)
_THERE = re.compile(r"there\b", re.IGNORECASE)
_I_WORK = re.compile(r"I\s")
_IS_ONE = re.compile(r"(?:he|she|they|I)(?:['’]\w{1,2}|\s\w{2,4})\s", re.IGNORECASE)
_WE_ARE = re.compile(r"we\b", re.IGNORECASE)
_THE_ONE = re.compile(r"(?:(?:the|their|our)\s)?(?:only|sole|first)\b", re.IGNORECASE)
_ONE_OF = re.compile(r"one\sof\b", re.IGNORECASE)
_A_GROUP = re.compile(r"(?:an?|it)\b", re.IGNORECASE)


def first_of(table: Table, text: str, otherwise: str) -> str:
    """The neutral word of the first row that any word of the text is in."""
    return next((neutral for words, neutral in table if words.search(text)), otherwise)


def some_day(text: str) -> str:
    """A day, or a night."""
    return "one night" if _NIGHT.search(text) else "one day"


def some_team(text: str) -> str:
    """A team, a society or an event; where the writers say what they do there, that they work in one."""
    unit = first_of(UNITS, text, "a team")
    return f"I work in {unit}" if _I_WORK.match(text) else unit


def some_group(text: str) -> str:
    """A small group, or the one of it, in the form that the sentence has it."""
    if _THERE.match(text):
        return "there are a few of us" if _US.search(text) else "there are few of them"
    if is_one := _IS_ONE.match(text):
        return f"{is_one[0]}one of the people there"
    if _US.search(text):
        return "we are a small group" if _WE_ARE.match(text) else "a few of us"
    if _THE_ONE.match(text):
        return "one of the people there"
    if _ONE_OF.match(text):
        return "one of the group"
    return "a small group" if _A_GROUP.match(text) else "some people"
