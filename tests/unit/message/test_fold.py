import pytest

from mailflow.domain import FoldReason
from mailflow.message.fold import fold, new_text

HELEN = "Helen Prosser h.prosser@university.example"
WORDS = "Could we have a session in May?"


def new(text: str, subject: str = "Re: session", sender: str = HELEN) -> str:
    return new_text(text, fold(text, sender=sender, subject=subject))


def reasons(text: str, subject: str = "Re: session") -> list[FoldReason]:
    return [found.reason for found in fold(text, sender=HELEN, subject=subject)]


@pytest.mark.parametrize(
    "history",
    [
        "On Thu, 9 Oct 2025 at 11:00, EDI Centre <edi@x.example>\nwrote:\n\n> Dear Helen\n>\n> hello",
        "On 9 Oct 2025, Tom wrote:\nDear Helen, hello",
        "From: EDI Centre <edi@x.example>\nSent: 9 October 2025 10:05\nTo: Helen\nSubject: RE: x\n\nDear Helen",
        "*From:* EDI Centre\n*Sent:* Thursday\n*To:* Helen\n*Subject:* x\n\nDear Helen",
        "________________________________\nFrom: EDI Centre\nSent: Thursday\nTo: Helen\n\nDear Helen",
        "-----Original Message-----\nFrom: EDI Centre\n\nDear Helen",
        "Le lun. 4 mai 2026 à 16:44, EDI Centre <edi@x.example> a\nécrit :\n> Dear",
        "Am 31.07.2026 um 14:12 schrieb EDI Centre:\n> Dear",
        "El 4 may 2026, a las 16:44, EDI escribió:\n> Dear",
        "Von: EDI Centre\nGesendet: Montag, 4. Mai 2026\nAn: Helen\nBetreff: x\n\nDear",
        "> Dear Helen\n> hello",
    ],
)
def test_earlier_mail_is_folded(history: str) -> None:
    assert new(f"{WORDS}\n\n{history}") == WORDS
    assert reasons(f"{WORDS}\n\n{history}") == [FoldReason.QUOTE]


@pytest.mark.parametrize(
    "passed_on",
    [
        "---------- Forwarded message ---------\nFrom: Sam <s@x.example>\nSubject: x\n\nWho does this?",
        "Begin forwarded message:\n\n> From: Sam\n>\n> Who does this?",
        "From: Sam\nSent: Monday 4 May\nTo: Helen\nSubject: x\n\nWho does this?",
    ],
)
def test_mail_passed_on_is_a_forward(passed_on: str) -> None:
    text = f"Please take this up.\n\n{passed_on}"
    assert new(text, subject="FW: x") == "Please take this up."
    assert reasons(text, subject="FW: x") == [FoldReason.FORWARD]


def test_a_bare_forward_has_no_new_text() -> None:
    assert new("From: Sam\nSent: Monday 4 May\nTo: Helen\nSubject: x\n\nWho does this?", subject="Fwd: x") == ""


def test_answers_between_quotations_stay() -> None:
    text = "On 9 Oct, Tom <t@x.example> wrote:\n> When?\n\nOn Monday.\n\n> Where?\n\nOnline.\n>\n> Tom"
    assert new(text) == "On Monday.\n\nOnline."


def test_an_answer_below_the_quotation_stays() -> None:
    assert new(f"On 9 Oct 2025, Tom wrote:\n> When?\n> Where?\n\n{WORDS}\n\nBest,\nHelen") == WORDS


@pytest.mark.parametrize(
    "text",
    [
        "-----Original Message-----\nFrom: EDI\nSent: Monday 4 May\nTo: Helen\n\nWhen?\n\nOn Monday, please.",
        "My answers are in red below.\n\nFrom: EDI\nSent: Monday 4 May\nTo: Helen\n\nWhen? On Monday.",
        "On 9 October Tom wrote:\n\nWhen?\n\nOn Monday, please.",
    ],
)
def test_words_that_may_stand_inside_old_mail_are_not_lost(text: str) -> None:
    assert "On Monday" in new(text)


@pytest.mark.parametrize(
    "text", ["We expect\n> 20 people\nin all.", "The dates are:\n> Monday\n> Tuesday", "From: ten to four. To: all of us."]
)
def test_marks_of_the_writers_own_are_no_quotation(text: str) -> None:
    assert new(text, subject="session") == text


@pytest.mark.parametrize(
    "signature",
    [
        "-- \nHelen Prosser\nExecutive Assistant",
        "Kind regards\nHelen\n\nHelen Prosser\nExecutive Assistant\nT: 020 7946 0418",
        "Best wishes,\nHelen",
        "Thanks,\n\nHelen",
        "Many thanks in advance\nH. Prosser",
        "Thanks, Helen",
        "HP",
        "helen xx",
        "Helen Prosser | Executive Assistant",
        "Every blessing,\nHelen",
        "With apologies for the bother\nHelen",
        "I remain, yours faithfully,\n\nHelen Prosser",
        "Mit freundlichen Grüßen\nHelen",
        "Cordialement,\nHelen",
        "Cofion cynnes,\nHelen",
        "Cofion gorau / Best regards\nHelen",
        "Med vänlig hälsning\nHelen",
        "С уважением,\nHelen",
        "З повагою\nHelen",
        "Bw\nH.",
        "On behalf of the whole Physics team\n\nHelen Prosser",
        "[Logo of X]\nHelen Prosser\n020 7946 0418",
        "Helen\n07700 900638",
        "Kyle Brannigan\nDepartment Manager",
    ],
)
def test_a_signature_is_folded(signature: str) -> None:
    assert new(f"{WORDS}\n\n{signature}") == WORDS
    assert set(reasons(f"{WORDS}\n\n{signature}")) == {FoldReason.SIGNATURE}


def test_a_sign_off_on_the_last_line_is_folded() -> None:
    assert new(f"{WORDS} Regards Helen") == WORDS


@pytest.mark.parametrize(
    "text",
    [
        "Thanks\n\nCould you also send me the slides?",
        "Thank you for your kind help",
        "Thanks again for a great session!",
        "Tell Helen that the room is free.",
        "Which room?\n\nLecture Theatre One",
        "These are our days:\n\nMonday\nTuesday",
        "Tan has replied.\n\nActive Bystander Singapore\nWednesday 18 November, 08:00",
        "He said it.\n\nOn 4 May my manager wrote:\n\nGo home.\n\nI was shocked.",
        "Two trips.\n\nFrom: London\nDate: Friday\nTo: Leeds\n\nCan you come?",
        "The form says.\n\nFrom: Jo <j@x.example>\nDate: 4 May 2026\nSubject: Booking\nMessage: May we come?",
        "Hello\n\nMy details:\n\nName: Helen Prosser\nNumber of people: 20",
        "Please book us in.\n\nHelen\n20 people, 3 May, Physics",
        "My name is\nHelen and I would like to come.",
        "Sent from the clinic tablet so short. 18 nurses and 4 hygienists, please.",
        "Please treat this as confidential.",
    ],
)
def test_words_that_only_look_like_a_signature_stay(text: str) -> None:
    assert new(text) == text


def test_an_afterthought_below_the_signature_stays() -> None:
    assert new(f"{WORDS}\n\nThanks\nHelen\n\nPS We are twelve people.") == f"{WORDS}\n\nPS We are twelve people."


@pytest.mark.parametrize(
    "footer",
    [
        "Sent from my iPhone",
        "Get Outlook for iOS",
        "Sent from Outlook for Android",
        "This e-mail is confidential and intended solely for the addressee.",
        "The information in this e-mail is confidential and may be legally privileged.",
        "________________________\nThis message is intended for the addressee only.",
    ],
)
def test_a_footer_is_folded(footer: str) -> None:
    assert new(f"{WORDS}\n\nHelen\n\n{footer}") == WORDS
    assert FoldReason.DISCLAIMER in reasons(f"{WORDS}\n\n{footer}")


def test_folds_are_in_order_and_do_not_overlap() -> None:
    text = f"{WORDS}\n\nHelen\n\nSent from my iPhone\n\nOn 9 Oct, Tom wrote:\n> hello\n\nafter\n\nHelen"
    folds = fold(text, sender=HELEN, subject="Re: x")
    edges = [edge for found in folds for edge in (found.start, found.end)]
    assert edges == sorted(edges)
    assert all(found.start < found.end <= len(text) for found in folds)


@pytest.mark.parametrize(
    "own",
    [
        "please help me",
        "Please help me",
        "he does it to me too",
        "He does it to me too.",
        "Nobody has told them yet, and I cannot.",
        "My working days are long, is that allowed?",
    ],
)
@pytest.mark.parametrize(
    "above", ["Many thanks,\nHelen", "-- \nHelen Prosser\nPhysics", "Helen Prosser | Physics | 020 7946 0418"]
)
def test_what_somebody_adds_below_the_own_name_stays(own: str, above: str) -> None:
    assert own in new(f"{WORDS}\n\n{above}\n\n{own}")


@pytest.mark.parametrize(
    "line",
    [
        "Helen Prosser (she/her) | Executive Assistant | Department of Physics | Blackett Laboratory, South Road | 020 7946 0418",
        "Helen\n\nHelen Prosser\nPlease note my working pattern is Monday, Tuesday and Thursday.",
        "Helen\nPronouns: she/her\nFollow us on X",
        '-- \nHelen\n\n"I have nothing to declare but my genius."',
        "ty!!\nhelen",
    ],
)
def test_what_stands_in_many_a_contact_block_is_folded(line: str) -> None:
    assert new(f"{WORDS}\n\n{line}") == WORDS


@pytest.mark.parametrize("said", ["Thanks!", "Many thanks", "Merci", "Thanks,"])
def test_thanks_alone_are_what_a_mail_says(said: str) -> None:
    old = "On Mon, 9 Oct 2025 at 11:00, Tom <t@x.example> wrote:\n> Done.\n> Thanks"
    assert new(f"{said}\n\nHelen\n\nSent from my iPhone\n\n{old}") == said
    assert new(f"{WORDS}\n\n{said}\nHelen\n\n{old}") == WORDS


def test_a_mail_of_nothing_but_a_sign_off_says_nothing() -> None:
    assert new("Kind regards\nHelen\n\nOn Mon, 9 Oct 2025 at 11:00, Tom <t@x.example> wrote:\n> Done.") == ""
