"""Families of words that mean alike for us, by how they begin: so that a rare word counts for what its family has taught."""

import re
from functools import lru_cache

_FAMILIES = {
    "harm": "harass bully bulli assault grop touch stalk threat abus rape raping hit hits hitting punch slap slur racis "
    "racial sexis homophob transphob misogyn humiliat shout scream yell grab follow naked nude insult mock belittl "
    "intimidat violen attack spike leer stare staring comment remark joke banter kiss imitat film call",
    "fear": "scare afraid frighten terrif unsafe sleep cry cries crying panic anxi depress alone desperate asham sick shak "
    "worr hurt suicid die dying cope coping hopeless upset tears stress",
    "lasting": "still again keeps kept every daily constantly week month night ongoing continu worse times never",
    "help": "help advice report complain grievance complaint confidential tell trust support police hr union solicitor "
    "anonymous evidence witness",
    "over": "resolved dealt sorted apolog thank since afterwards fine later better glad grateful smile laugh publish website",
    "programme": "bystander workshop session course train facilitat",
    "group": "team department group staff students lab society committee everyone cohort colleagues people members postdocs "
    "phd us",
    "power": "supervis manager boss professor prof pi lecturer tutor head flatmate boyfriend girlfriend husband partner "
    "director dr",
    "acting": "said asked told went walked sat stood stepped spoke turned pretended interrupted noticed",
    "asking": "when where how who can could would does do is are may will what which",
    "arranging": "book arrange organise run deliver date dates room slot afternoon morning online term",
    "trade": "invoice order price offer product platform customer click account password payment quote website marketing "
    "funding survey",
    "machine": "leave office return away automatic unsubscribe reply monitored urgent delivered recipient undeliverable ticket "
    "notification",
    "me": "me my myself mine",
    "he": "he him his man men guy",
    "she": "she her hers woman girl",
}
_STEMS = {name: re.compile("|".join(stems.split())) for name, stems in _FAMILIES.items()}
FAMILY_NAMES = tuple(_FAMILIES)


@lru_cache(maxsize=20_000)
def families_of(word: str) -> tuple[str, ...]:
    """The families that a lower-case word belongs to."""
    return tuple(name for name, stem in _STEMS.items() if stem.match(word))
