"""What in a story could tell who somebody is, and what its writer allowed."""

from itertools import pairwise

import pytest

from mailflow.domain import Address, Attachment, Consent, Whose
from mailflow.kinds.consent import read_consent
from mailflow.kinds.file_names import find_in_file_names
from mailflow.kinds.identifiers import find_identifiers


@pytest.mark.parametrize(
    ("text", "marked", "sort"),
    [
        ("It was Dr Lindqvist who fetched the warden.", "Dr Lindqvist", "name"),
        ("Then Professor Mary Ó Briain said stop.", "Professor Mary Ó Briain", "name"),
        ("I told Parisa Golzari about it.", "Parisa Golzari", "name"),
        ("Agnieszka said no.", "Agnieszka", "name"),
        ("so then femi went and sat next to him", "femi", "name"),
        ("Dear Tom,\n\nit worked.", "Tom", "name"),
        ("One of them, R.K., said no.", "R.K.", "name"),
        ("Mrs. O'Connor stopped it.", "Mrs. O'Connor", "name"),
        ("It was Prof. dos Santos.", "Prof. dos Santos", "name"),
        ("Sachin R. got up first.", "Sachin R.", "name"),
        ("Write to b.ajayi@university.example please.", "b.ajayi@university.example", "email"),
        ("Ring me on 07700 900262.", "07700 900262", "phone"),
        ("I am on +44 20 7946 0310.", "+44 20 7946 0310", "phone"),
        ("I am on ext 41877.", "ext 41877", "phone"),
        ("It was in room G.14 of the Perkin Building.", "room G.14 of the Perkin Building", "room"),
        ("We met in Hodgkin 2.11.", "Hodgkin 2.11", "room"),
        ("My CID is 02214583.", "02214583", "number"),
        ("She is mh2223 on the system.", "mh2223", "number"),
        ("I am @mossy on there.", "@mossy", "link"),
        ("The Vice-Dean asked her.", "The Vice-Dean", "role"),
        ("I asked the ward clerk.", "the ward clerk", "role"),
        ("She is Head of Conservation here.", "Head of Conservation", "role"),
        ("She is the only woman on the panel.", "the only woman on the panel", "group"),
        ("I work in a team of five in computing support.", "a team of five in computing support", "group"),
        ("It was on 18 June at the Teide observatory station.", "18 June at the Teide observatory station", "date-place"),
        ("Moyo left. Then Priyal Moyo rang.", "Moyo", "name"),
        ("We told our gardener Lachlan.", "our gardener Lachlan", "name"),
        ("It was wee Magda off the cleaning team.", "wee Magda off the cleaning team", "name"),
        ("Ask Len, the porter.", "Len, the porter", "name"),
        ("Ring 0044 (0)7700 900262.", "0044 (0)7700 900262", "phone"),
        ("Ring +49 30 901820.", "+49 30 901820", "phone"),
        ("We live in Ashgrove flat 9.", "Ashgrove flat 9", "room"),
        ("He lives in Larch Court 6.", "Larch Court 6", "room"),
        ("I'm the University's falconer.", "the University's falconer", "role"),
        ("Ask the ward manager.", "the ward manager", "role"),
        ("My field assistant asked.", "My field assistant", "role"),
        ("It was the lad who waters the cacti.", "the lad who waters the cacti", "role"),
        ("He laughed at a demonstrator with a limp.", "a demonstrator with a limp", "role"),
        ("I am the domestic here.", "the domestic", "role"),
        ("I asked the lab tech, ms okonkwo.", "ms okonkwo", "name"),
        ("My mate zubin sat down.", "zubin", "name"),
        ("One of them, Christian, said no.", "Christian", "name"),
        ("Joy (alto) walked over.", "Joy", "name"),
        ("We live in Maple 4B.", "Maple 4B", "room"),
        ("She's our table's only Belgian.", "our table's only Belgian", "group"),
        ("Ask the Chemistry stores.", "Chemistry stores", "unit"),
        ("She's the first woman on the boiler team.", "the first woman on the boiler team", "group"),
        ("I work in the Achterberg group.", "the Achterberg group", "unit"),
    ],
)
def test_what_could_tell_who_somebody_is_is_marked(text: str, marked: str, sort: str) -> None:
    found = {identifier.sort: identifier for identifier in find_identifiers(text)}
    assert marked in found[sort].text
    assert found[sort].reason.endswith(".")


@pytest.mark.parametrize(
    "text",
    [
        "She’ll be fine. They've told us. Didn't we know it?",
        "On Monday we had the Active Bystander course at the University.",
        "In the lift somebody laughed. Nobody said a word.",
        "Yes. I use a powered chair, and the bus was late.",
        "I'm from Gdynia, and she's back in Walsall by the train to Leeds.",
        "A Filipino nurse outside the Crown. The tall Englishman laughed.",
        "Ridiculous! Melted it. Reply-all again, thirty-nine times. Interpreting helps.",
        "I'd give it 10/10. How many Ls is that?",
        "In the Brown Bag we heard of the Black Box.",
    ],
)
def test_ordinary_words_are_left_alone(text: str) -> None:
    assert find_identifiers(text) == ()


def test_spans_are_in_order_apart_and_exact() -> None:
    text = (
        "Dear Tom,\nDr Jane Doe-Smith of the Smith lab (j@x.example) and Priya, the only woman in Room 2.10, met Len the porter."
    )
    identifiers = find_identifiers(text)
    assert len(identifiers) >= 5
    for before, after in pairwise(identifiers):
        assert before.end <= after.start
    for identifier in identifiers:
        assert text[identifier.start : identifier.end] == identifier.text


@pytest.mark.parametrize(
    ("text", "consent"),
    [
        ("You may print it with my name.", Consent.NAMED),
        ("Quote me, by all means.", Consent.NAMED),
        ("I'm happy to be named.", Consent.NAMED),
        ("I'm glad to have my name on it, use my name. Leila says please leave hers out.", Consent.NAMED),
        ("May we publish? [x] Yes, with my name [ ] Yes, without my name [ ] No", Consent.NAMED),
        ("Use it by all means, but no names please.", Consent.ANONYMOUS),
        ("You may use it, but I don't want to be identified.", Consent.ANONYMOUS),
        ("Please anonymise it well.", Consent.ANONYMOUS),
        ("You can use it, but don't use my name.", Consent.ANONYMOUS),
        ("It may go up as long as nobody can work out who it was.", Consent.ANONYMOUS),
        ("May we publish? [x] Yes, without my name [ ] Yes, with my name [ ] No", Consent.ANONYMOUS),
        ("Please don't publish this.", Consent.NONE),
        ("This isn't for the website.", Consent.NONE),
        ("I'd rather it weren't published. My name is no secret.", Consent.NONE),
        ("I do not want my story published, with my name or without.", Consent.NONE),
        ("Use it if it's any good.", Consent.UNSTATED),
        ("I never learned his name.", Consent.UNSTATED),
        ("", Consent.UNSTATED),
    ],
)
def test_consent_is_what_the_writer_said(text: str, consent: Consent) -> None:
    assert read_consent(text) is consent


def test_a_name_of_the_writers_own_is_told_from_somebody_elses() -> None:
    text = 'I\'m Ivy, and Temperance said: "Call me Tem." Later Ivy wrote to Temperance.'
    found = {identifier.text: identifier.whose for identifier in find_identifiers(text)}
    assert found == {"Ivy": Whose.WRITER, "Temperance": Whose.OTHER, "Tem": Whose.OTHER}


@pytest.mark.parametrize(
    ("text", "whose"),
    [
        ("Ring me on 07700 900262.", Whose.WRITER),
        ("My CID is 02214583.", Whose.WRITER),
        ("She is on 07700 900262 if you want her.", Whose.OTHER),
        ("I work with a man whose CID is 02214583.", Whose.OTHER),
        ("I'm the ward clerk.", Whose.WRITER),
        ("I asked the ward clerk.", Whose.OTHER),
        ("We are only five here.", Whose.WRITER),
        ("Then Jo Marsh laughed.", Whose.WRITER),
        ("Write to j.marsh@university.example.", Whose.WRITER),
    ],
)
def test_it_is_said_whose_each_is(text: str, whose: Whose) -> None:
    (found,) = find_identifiers(text, Address("Jo Marsh", "j.marsh@university.example"))
    assert found.whose is whose


@pytest.mark.parametrize(
    ("name", "told", "whose"),
    [
        ("Statement_Priya-Nair.docx", {"Priya-Nair": "name"}, Whose.OTHER),
        ("CV JoMarsh final.pdf", {"JoMarsh": "name"}, Whose.WRITER),
        ("scan 02214583.pdf", {"02214583": "number"}, Whose.OTHER),
        ("femi.jpg", {"femi": "name"}, Whose.OTHER),
        ("IMG_20261124_093015.jpg", {}, None),
        ("Screenshot of the group chat v2.png", {}, None),
        ("WhatsApp Image.jpeg", {}, None),
        ("", {}, None),
    ],
)
def test_the_names_of_attachments_are_read(name: str, told: dict[str, str], whose: Whose | None) -> None:
    found = find_in_file_names([Attachment(name, "application/pdf", 1)], Address("Jo Marsh", "j.marsh@university.example"))
    assert {identifier.text: identifier.sort for identifier in found} == told
    for identifier in found:
        assert (identifier.file, name[identifier.start : identifier.end]) == (name, identifier.text)
        assert (identifier.whose, identifier.wording) == (whose, "attachment-1")


def test_consent_is_found_across_wrapped_lines() -> None:
    assert read_consent("You may print\nit with my\nname.") is Consent.NAMED
