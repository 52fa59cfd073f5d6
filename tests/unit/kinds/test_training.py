"""What a training message says of the session, field by field."""

import pytest

from mailflow.domain import Action, Address, Format
from mailflow.kinds.training import find_format, read_details
from mailflow.rules import Rules


def details(write, rules: Rules, text: str, subject: str = "", **more):
    email = write(text, subject, **more)
    return read_details(email, rules, email.date.date())


@pytest.mark.parametrize(
    ("text", "action"),
    [
        ("Could we book Active Bystander for our team?", Action.REQUEST),
        ("What is your cancellation policy? We would like a session in March.", Action.REQUEST),
        ("We have to cancel the session on Friday.", Action.CANCEL),
        ("Please call it off, nobody has signed up.", Action.CANCEL),
        ("Could we move our workshop to w/c 9 March?", Action.CHANGE),
        ("I told you 30. It's now all 43 of us for our session.", Action.CHANGE),
        ("We have a booking for 24 February. Could we move to 3 March?", Action.CHANGE),
        ("The numbers have changed for our workshop: 18.", Action.CHANGE),
        ("We've decided not to proceed with the workshop on 17 Feb.", Action.CANCEL),
        ("Could we bring our booking forward to 3 Feb? We had 10 Feb in the diary.", Action.CHANGE),
    ],
)
def test_what_is_wanted_is_told_by_the_words(write, rules: Rules, text: str, action: Action) -> None:
    assert details(write, rules, text).action is action


@pytest.mark.parametrize(
    "text",
    [
        "Tuesday 18th it is then, 11 people.",
        "All confirmed at our end for the 24th.",
        "That works for us, see you then.",
        "The 15th fits for us.",
        "Tuesday 12 May please, and call it 28.",
        "thurs 26th pls",
        "Just to say 8 April is all good from our side.",
        "Please go ahead with 9 June.",
    ],
)
def test_a_yes_confirms_only_in_an_answer(write, rules: Rules, text: str) -> None:
    assert details(write, rules, text, answers=True).action is Action.CONFIRM
    assert details(write, rules, text).action is Action.REQUEST


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("Online please, on Teams.", Format.ONLINE),
        ("We would need it remotely.", Format.ONLINE),
        ("In person if you can.", Format.IN_PERSON),
        ("Definitely face to face.", Format.IN_PERSON),
        ("We have booked our own seminar room.", Format.IN_PERSON),
        ("You come to us please.", Format.IN_PERSON),
        ("Could it be hybrid, five on the screen and the rest in the room?", Format.HYBRID),
        ("In person rather than on Zoom.", Format.IN_PERSON),
        ("We don't need the hybrid form any more: in person, please.", Format.IN_PERSON),
        ("International Student Support, 9 colleagues, Zoom.", Format.ONLINE),
        ("It needn't be in person, online would do.", Format.ONLINE),
        ("Not online please, several of them are over eighty.", Format.IN_PERSON),
        ("We are happy to come over to you.", Format.IN_PERSON),
        ("We have it in room 12 on level 4.", Format.IN_PERSON),
        ("Joanna works in our office, and nobody is in on the 22nd in the Whitfield Building.", None),
        ("Online or in person, we don't mind.", None),
        ("None of the people in the room said anything.", None),
        ("How long does it take?", None),
    ],
)
def test_the_form_is_read_and_never_guessed(text: str, form: Format | None) -> None:
    assert find_format(text) is form


@pytest.mark.parametrize(
    ("text", "department"),
    [
        ("Could you do one for Mech Eng?", "Department of Mechanical Engineering"),
        ("Careers did it with you in 2019. It would be for 13 people.", "Careers Service"),
        ("There are 9 of us in Financial Operations.", "Financial Operations"),
        ("I represent the postdocs in the Department of Physics.", "postdocs in the Department of Physics"),
        ("We are 14 in the Glacier Dynamics lab.", "Glacier Dynamics lab"),
        ("i'm president of the Latin & Ballroom Society this year", "Latin & Ballroom Society"),
        ("can you do it for the women's rugby squad", "women's rugby squad"),
        ("There are 96 of them on the MSc Strategic Finance.", "MSc Strategic Finance"),
        ("Department: Institute of Criminology\nNumbers: 20", "Institute of Criminology"),
        ("I chair the committee of the Institute of Criminology. I have 20 people.", "Institute of Criminology"),
        ("We are the Wellbeing team at Northgate campus.", "Wellbeing team at Northgate campus"),
        ("Our lab in Life Sciences (the Okonkwo lab) would love it.", "Okonkwo lab, Department of Life Sciences"),
        ("We're a group of twelve in Continuing Education.", "Continuing Education"),
        ("We're the people you met: Bright Sparks CIC, 4 of us.", "Bright Sparks CIC"),
        ("It would be for the whole of Pharmacy's second year.", "Pharmacy's second year"),
        ("It's for 16 consultants and registrars at St Jude's.", "consultants and registrars at St Jude's"),
        ("We're all in Marketing. Could you come?", "Marketing"),
        ("Could it be done for korfball soc?", "korfball soc"),
    ],
)
def test_the_department_is_named_in_the_words_of_the_list_or_the_writer(write, rules: Rules, text: str, department: str) -> None:
    assert details(write, rules, text).department == department


@pytest.mark.parametrize(
    "text",
    [
        "can we book bystander training",
        "We play music and study english law.",
        "Dear EDI Centre, hello.",
        "HR are dealing with it.",
        "There are 12 of us in March, and 9 in Room 4.",
    ],
)
def test_no_department_is_made_up(write, rules: Rules, text: str) -> None:
    assert details(write, rules, text).department is None


def test_the_signature_names_the_department_only_where_the_text_does_not(write, rules: Rules) -> None:
    signature = "Helen Prosser\nDepartment of Chemical Engineering\n12 people"
    assert (
        details(write, rules, "Could you run it for us?", signature=signature).department == "Department of Chemical Engineering"
    )
    assert details(write, rules, "Could you run it for Careers?", signature=signature).department == "Careers Service"
    assert details(write, rules, "Could you run it for us?", signature=signature).attendees is None


def test_a_forwarded_request_is_read_below_a_short_note(write, rules: Rules) -> None:
    forwarded = (
        "---------- Forwarded message ---------\nFrom: Sam Oduro-Hughes <s@su.university.example>\n"
        "Date: Mon, 12 Jan 2026 at 11:20\nSubject: who does it\n\n"
        "I want all the club captains through it, about 60 of them, Weds 25 February."
    )
    found = details(write, rules, "One for you. Could you sort it out with Sam directly please?", forwarded=forwarded)
    assert (found.contact, found.attendees, found.department) == ("Sam Oduro-Hughes", 60, "club captains")
    assert [str(day) for day in found.dates] == ["2026-02-25"]


@pytest.mark.parametrize(
    ("text", "contact"),
    [
        ("From here on please deal with Dimitra Papanikolaou, who has my diary.", "Dimitra Papanikolaou"),
        ("Booking contact: Imran Chaudhry-Wells (not me)", "Imran Chaudhry-Wells"),
        ("Please address all practical matters to my programme manager, Yewande Akinola.", "Yewande Akinola"),
        ("The contact will be my colleague Izzy Farquhar-Singh, who's copied.", "Izzy Farquhar-Singh"),
        ("When: 17/03. Where: on Teams. Contact: Oyinkan Fadipe.", "Oyinkan Fadipe"),
        ("Joanna in our office (j.teal@university.example) will sort out the practicalities.", "Joanna"),
        ("Please arrange it with Jo Marsh.", None),
        ("Please deal with it soon. Ring me on Tuesday.", None),
        ("I spoke to Rosalind about it.", None),
    ],
)
def test_the_contact_is_a_person_other_than_the_sender(write, rules: Rules, text: str, contact: str | None) -> None:
    assert details(write, rules, text).contact == contact


def test_a_first_name_is_completed_from_the_copies(write, rules: Rules) -> None:
    copied = (Address("Helen Prosser", "h.prosser@university.example"),)
    assert details(write, rules, "Helen (cc'd) looks after the diary.", cc=copied).contact == "Helen Prosser"


def test_a_cancellation_may_stand_in_the_subject_alone(write, rules: Rules) -> None:
    found = details(write, rules, "as above, sorry", "cancel Fri 27th workshop")
    assert found.action is Action.CANCEL
    assert [str(day) for day in found.dates] == ["2026-02-27"]
    assert details(write, rules, "Yes, all fine.", "Re: cancel Fri 27th workshop", answers=True).action is not Action.CANCEL


def test_a_cancelled_session_has_no_attendees(write, rules: Rules) -> None:
    assert details(write, rules, "We must cancel the 11th. Only three persons signed up.").attendees is None


@pytest.mark.parametrize("prefix", ["", "Re: ", "Fwd: AW: ", "Antwort: ", "Re[2]: "])
def test_what_clients_put_before_a_subject_is_no_part_of_the_department(write, rules: Rules, prefix: str) -> None:
    found = details(write, rules, "Could you run it for Estates in January?", f"{prefix}Estates project managers")
    assert found.department == "Estates project managers"
