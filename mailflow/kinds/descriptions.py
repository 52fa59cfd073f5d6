"""People told by what they are to others, or always do: "the owner of the kiosk", "my tutor Ann", "the vet who sees the ewes"."""

import re
from collections.abc import Iterator

from mailflow.kinds.calendar_words import MONTH, WEEKDAY
from mailflow.kinds.noun_phrases import A_PLACE, A_UNIT, HABIT, OF_IT
from mailflow.kinds.phrases import one_of
from mailflow.kinds.posts import POST
from mailflow.kinds.sighting import Sighting

# By themselves many people, or things: who it is, is told by what follows.
_HEAD = one_of(
    r"""
    (?:chair|head|lead|deputy|captain|master|member|coach|host|owner|buyer|editor|founder|organi[sz]er|inspector|instructor|producer)
    (?:chair(?:wo)?man|chairperson|landlord|landlady|moderator|facilitator|demonstrator|invigilator|supervisor|teacher|tutor)
    (?:lecturer|professor|reader|manager|minister|pastor|priest|doctor|vet|dentist|engineer|programmer|analyst)
    (?:(?:person|one|man|woman|lady|guy) in charge|second in command|number two|wife|husband|widow)
    (?:(?:young|old|eld|new|long|quiet|tall|small)est|last|\w{3,30}(?:ologist|ician|arian|keeper|smith|wright))
    """
)
_ANYBODY = one_of(
    r"""
    (?:person|woman|man|lady|lad|lass|girl|boy|guy|bloke|chap|student|colleague|neighbour|volunteer|trainee|apprentice|carer)
    (?:temp|intern|locum|post-?doc|postgrad|undergrad|fresher|tenant|tenor|visitor|member|rep|phd|veteran|pensioner|mum|dad|couple|one)
    \w{3,30}(?:ist|ician|eon|eer)
    """
)
_NEWCOMER = one_of(
    r"""
    (?:trainee|starter|post-?doc|carer|locum|apprentice|intern|temp|understudy|stand-in|mentee|mentor|secondee|sub|reservist)
    (?:recruit|hire|joiner|arrival|au pair|nanny|childminder|key ?worker|social worker|support worker|interpreter|guide|scribe)
    (?:(?:placement|exchange|visiting|summer|project|masters?['’]?s?|phd|doctoral|erasmus|work experience) (?:student|fellow))
    (?:(?:head|sous|under) (?:chef|cook|gardener|porter|coach|technician|verger|nurse|boy|girl))
    (?:(?:safety|welfare|welcome|outreach|diversity|equality|finance|data|press|union|disability|admissions) (?:officer|rep|lead))
    """
)
_WHICH = r"(?i:the|our|my|their|his|her|its)"
_ADJECTIVES = r"(?:(?!(?i:of|in|on|at|to|and|or|that|who|which|was|is|had|said)\b)[\w’'-]{1,30}\s{1,3}){0,2}?"
# "My supervisor Maeve Corrigan", "my tutor, Dr Okoro,".
_A_NAME = (
    rf"\s(?!(?:I|{MONTH}|{WEEKDAY})\b)[A-Z][a-z’'-]|,\s(?:(?:Dr|Prof|Professor|Mrs?|Ms|Miss|Sister|Nurse)\b"
    r"|[A-Z][\w’'-]{1,30}(?:\s[A-Z][\w’'-]{1,30})?[,.;)])"
)
_NATIONAL = (
    r"(?:[A-Z][a-z]{2,20}(?:ese|ish|ian|ean|can|ino|ina|ani|aqi|eli|ali)|Pole|Turk|Dane|Swede|Finn|Greek|Thai|Welshman|Scot|Sikh|Muslim|Hindu|Jew"
    r"|Jewish|Quaker|Catholic|Buddhist)"
)
_FORMS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"\b{_WHICH}\s{{1,3}}{_ADJECTIVES}(?i:{_HEAD}|{POST})(?:{OF_IT}|(?<!chair)\s(?:in|on|at)\s(?:{A_UNIT}|{A_PLACE}))",
        rf"\b(?i:the|that|our)\s{{1,3}}{_ADJECTIVES}(?i:{_HEAD}|{_ANYBODY}|{POST}){HABIT}",
        rf"\b(?i:our)\s{{1,3}}{_ADJECTIVES}(?i:{_NEWCOMER}(?:\s(?:{_HEAD}|{POST}))?)(?![\w-])",
        rf"\b(?i:my|our|his|her|their|your)\s{{1,3}}{_ADJECTIVES}(?i:{_HEAD}|{POST})(?={_A_NAME})",
        rf"\b(?i:the|our|one)\s{_NATIONAL}\s(?i:in|on|at|of)\s{A_UNIT}",
        rf"\b(?i:the)\s(?i:secretary|assistant|deputy|adviser|advisor|aide|driver|PA)\sto\s{A_UNIT}",
    )
)
_REASON = "What is said of this person singles them out."


def find_descriptions(text: str) -> Iterator[Sighting]:
    """Everybody who is told by a group, a place or a habit."""
    for pattern in _FORMS:
        for found in pattern.finditer(text):
            yield Sighting(found.start(), found.start() + len(found[0].rstrip(" \n.,&")), "role", _REASON)
