"""What phones, servers and lists add below and above the words of a mail, and what only sounds like it."""

import pytest

from mailflow.domain import FoldReason
from mailflow.message.fold import fold, new_text

HELEN = "Helen Prosser h.prosser@university.example"
WORDS = "Could we have a session in May?"


def new(text: str, subject: str = "A session") -> str:
    return new_text(text, fold(text, sender=HELEN, subject=subject))


@pytest.mark.parametrize(
    "line",
    [
        "Sent from my Fairphone",
        "Sent from my cell, please excuse any typos.",
        "Sent from Mail<https://go.x.example/fwlink/?LinkId=550986> for Windows 10",
        "<<sent by galaxy>>",
        "Sent on the move",
        "Obtenir Outlook pour iOS",
        "Diese Nachricht wurde von meinem Android-Gerät mit K-9 Mail gesendet.",
        "Gesendet mit der GMX Mail App",
        "Sendt fra min iPhone",
        "Skickat från min iPhone",
        "Verzonden vanaf mijn iPhone",
        "Wysłane z iPhone'a",
        "Lähetetty iPhonesta",
        "Отправлено с iPhone",
        "Anfonwyd o fy iPhone",
        "从我的 iPhone 发送",
        "iPhoneから送信",
    ],
)
def test_what_a_phone_adds_is_folded(line: str) -> None:
    assert new(f"{WORDS}\n\n{line}") == WORDS
    assert new(f"{WORDS}\n\nHelen\n\n{line}\n\nOn Mon, 4 May 2026 at 16:44, Tom <t@x.example> wrote:\n> x", "Re: x") == WORDS


@pytest.mark.parametrize(
    "footer",
    [
        "Este mensaje y sus adjuntos pueden contener información confidencial.",
        "Ce message et toutes ses pièces jointes sont confidentiels.",
        "Le informazioni contenute in questa e-mail sono riservate.",
        "Dit bericht kan vertrouwelijke informatie bevatten.",
        "The University of Somewhere is a charitable body, registered in Scotland, with registration number SC000000.",
        "Registered in England and Wales no 0000000. Registered office: 1 High Street, Sometown.",
        "###################################\nTo unsubscribe from the STAFF list, click the following link:\nhttps://x.example/l",
        "_______________________________________________\nstaff mailing list\nstaff@lists.x.example\nhttps://lists.x.example/staff",
        "I work flexibly. Please do not feel you have to reply outside your own hours.",
        "I respect your work-life balance, so please don't feel you need to respond outside your working hours.",
        "Acme Trust Ltd is registered in England and Wales (company number 01234567).",
        "The views expressed in this email are those of the author. Emails are monitored.",
        "Secured with Tuta Mail:\nhttps://tuta.example/free",
        "Sent via Superhuman",
        "________________________\nMicrosoft Teams meeting\nJoin on your computer\nMeeting ID: 312 445 667 8",
        "Sent with [Proton Mail](https://proton.example/mail/home) secure email.",
        "Get Outlook for iOS <https://aka.example/o0ukef>",
    ],
)
def test_what_a_server_or_a_list_adds_is_folded(footer: str) -> None:
    text = f"{WORDS}\n\n{footer}"
    assert new(text) == WORDS
    assert {found.reason for found in fold(text, sender=HELEN)} == {FoldReason.DISCLAIMER}


@pytest.mark.parametrize(
    "banner",
    [
        "CAUTION: This email originated from outside the university. Do not click links unless you know the sender.",
        "This email was sent to you by someone outside the University.\n"
        "You should only click on links or attachments if you are certain that the email is genuine.",
        "External sender: this message comes from outside. Be careful before you open an attachment.",
        "You don't often get email from h.prosser@university.example. Learn why this is important <https://x.example/why>",
        "*******\nThis email originates from outside the College. Do not click on links unless you know the sender.\n*******",
        "[EXTERNAL EMAIL]",
        "ACHTUNG: Diese E-Mail stammt von außerhalb. Klicken Sie nicht auf Links und öffnen Sie keine Anhänge.",
    ],
)
@pytest.mark.parametrize("gap", ["\n\n", "\n"])
def test_a_warning_above_the_words_is_folded_and_nothing_else(banner: str, gap: str) -> None:
    assert new(f"{banner}{gap}Dear all,\n\n{WORDS}\n\nHelen") == f"Dear all,\n\n{WORDS}"


@pytest.mark.parametrize(
    "own",
    [
        "The contents of this email are confidential between us, and I mean that: I was the person in the story.",
        "This message is confidential, please tell nobody that it came from me.",
        "Sent from my desk, as the phone is broken and the office is shut.",
        "I work part time and he knew it.",
        "I registered in England, but nobody looked after me.",
        "This message is from outside the university because I do not dare to open my own account.",
        "An email from outside came in. Do not open the attachment, it says things about a colleague.",
        "Reply to this email or ring us, please, as it cannot wait.",
    ],
)
def test_words_that_sound_like_a_footer_stay(own: str) -> None:
    assert new(f"{WORDS}\n\n{own}") == f"{WORDS}\n\n{own}"
    assert new(f"{own}\n\n{WORDS}") == f"{own}\n\n{WORDS}"
