"""What ticket systems, schedulers and gateways write, and people who write of the same things."""

import time
from collections.abc import Callable

import pytest

from mailflow.domain import AutomaticSort, Email

Reading = Callable[..., Email]
UTF8 = "Content-Type: text/plain; charset=utf-8"


def sort_of(email: Email) -> AutomaticSort | None:
    return email.automatic.sort if email.automatic else None


@pytest.mark.parametrize(
    "subject",
    [
        "Cron <backup@web3> /usr/local/bin/rotate --all",
        "** PROBLEM Service Alert: web3/HTTP is CRITICAL **",
        "Build failed in Jenkins: site-deploy #118",
        "[edi/site] Run failed: CI - main (1a2b3c4)",
        "Report Domain: university.example Submitter: mail.example Report-ID: <2026.1>",
        "Quarantine summary: 4 new messages",
        "[AUTO-GENERATED] Weekly numbers",
    ],
)
def test_subjects_that_only_machines_write(read_mail: Reading, subject: str) -> None:
    assert sort_of(read_mail("See below.", subject=subject)) is AutomaticSort.NOTICE
    assert sort_of(read_mail("See below.", subject=f"Fwd: {subject}")) is None


@pytest.mark.parametrize(
    "subject",
    [
        "Cron job for your calendar",
        "Problem with the service",
        "Our team build failed",
        "Report on the domain",
        "Quarantine report",
    ],
)
def test_subjects_that_people_write_of_the_same_things(read_mail: Reading, subject: str) -> None:
    assert sort_of(read_mail("Please see what we found.", subject=subject)) is None


@pytest.mark.parametrize(
    ("subject", "body"),
    [
        ("INC0041207 has been assigned to you", "Number: INC0041207\nCaller: Night Desk\nPriority: 4\n"),
        ("Support ticket #PL-3071 was updated", "Status changed: NEW\nQueue: Placements\nLast comment (agent): signed?\n"),
        ("Printing", "Colour pages used: 90 %. This mailbox isn't monitored; ask the print desk."),
        ("Summary", "4 visits, Mon 9 to Fri 13.\nYou're receiving this report because you own the page."),
        ("Hello", "Thank you for contacting us. A member of our team will get back to you within three working days."),
        ("Your card", "This is a system-generated email. The card is ready."),
        ("Your card", "The card is ready. This is an automatic out of hours desk reply."),
        ("Ihre Karte", "Die Karte liegt bereit. Diese Nachricht ist automatisch erstellt."),
    ],
)
def test_notices_are_known_by_their_text(read_mail: Reading, subject: str, body: str) -> None:
    assert sort_of(read_mail(body, subject=subject)) is AutomaticSort.NOTICE


@pytest.mark.parametrize(
    ("subject", "body"),
    [
        (
            "Re: Dates",
            "Your message has not yet been delivered. This address is protected by a filter. Click the link so that it is "
            "delivered:\nhttps://filter.example/c/1",
        ),
        (
            "Re: Dates",
            "I only allow messages from senders I have approved. Fill out this form once:\nhttps://filter.example/f",
        ),
        (
            "Your message to Heads awaits moderator approval",
            "Your mail to 'Heads' with the subject\n\n    Dates\n\nIs being held until the list moderator can review it.",
        ),
        ("Recall: Dates", 'Jo Lind would like to recall the message, "Dates".'),
    ],
)
def test_what_holds_or_recalls_a_mail_is_a_machine(read_mail: Reading, subject: str, body: str) -> None:
    assert sort_of(read_mail(body, subject=subject)) is AutomaticSort.NOTICE
    assert sort_of(read_mail(f"{body}\nWhat am I to do?", subject=subject)) is None
    assert sort_of(read_mail(body, subject=f"Fwd: {subject}")) is None


@pytest.mark.parametrize(
    "body",
    [
        "Thank you, your message was received. Could we book a session for 20 staff in Physics on 5 May, please?",
        "You are receiving this because you run the Active Bystander course. Could we book it for our department in June?",
        "Please do not reply to this address, write to the office. What would a session for twenty\nstaff\ncost?",
    ],
)
def test_who_asks_something_is_a_person_whatever_phrase_of_a_machine_they_use(read_mail: Reading, body: str) -> None:
    assert sort_of(read_mail(body, subject="Active Bystander")) is None


@pytest.mark.parametrize(
    "asked", ["How did we do? Rate us.", "Questions? Call 4411.", "https://x.example/rate?id=41&by=desk+at+six"]
)
def test_a_machines_stock_question_asks_nothing(read_mail: Reading, asked: str) -> None:
    body = f"Your ticket has been closed.\n\n{asked}\n"
    assert sort_of(read_mail(body, subject="Rota")) is AutomaticSort.NOTICE


def test_an_answer_that_only_sounds_like_an_acknowledgement_is_a_persons(read_mail: Reading) -> None:
    said = "Your request has been received by our committee: Tuesday is free."
    assert sort_of(read_mail(said, subject="Your request")) is AutomaticSort.NOTICE
    assert sort_of(read_mail(said, subject="Re: A room for us")) is None


@pytest.mark.parametrize(
    ("subject", "body"),
    [
        ("Staff round-up", "View this email in your browser\n\nNews of the week."),
        ("ED-LIST Digest", "There are 3 messages totaling 240 lines in this issue."),
        ("Leads Digest, Vol 6, Issue 9", "Today's Topics:\n\n   1. Training (Jo)\n"),
    ],
)
def test_newsletters_and_digests_without_a_lists_header_are_known(read_mail: Reading, subject: str, body: str) -> None:
    assert sort_of(read_mail(body, subject=subject)) is AutomaticSort.LIST
    assert sort_of(read_mail(f"Shall we answer them?\n\n{body}", subject=f"FW: {subject}")) is None


@pytest.mark.parametrize(
    "body",
    [
        "My message to you last week was held by your filter. I will call instead.",
        "Please click the link in my calendar and confirm the room, then your message can go to all staff.",
        "Your submission form is waiting for approval by our head, so the session is held for us until Monday.",
        "The slides can be viewed online, or in your browser at the library.",
        "The parcel with your message was held by the porters; please collect it from the lodge.",
        "I would like to recall the message, it had the wrong date.",
        "Our story is on the blog of the library. You can read it online, and you may print it.",
        "Today's topics: rooms, dates, trainers. We meet at ten.",
        "The mailing list account is protected by a code; follow the link https://x.example/1 to confirm the room.",
        "Our newsletter has 3 messages from students about you.",
        "We are moving: this mailbox will be closed in May and from then on please write to the new one.",
        "Thank you for getting in touch with our department. We will reply within a week; could you send the outline first?",
        "Thank you for contacting us. The room is free on Tuesday and we look forward to it.",
        "I'm the moderator of our list; your mail went out this morning.",
    ],
)
def test_people_who_write_of_filters_lists_and_links_are_people(read_mail: Reading, body: str) -> None:
    assert sort_of(read_mail(body, subject="Session in May", extra=UTF8)) is None


@pytest.mark.parametrize(
    "words",
    [
        "your message ",
        "your mail is not delivered click ",
        "i am out of the office ",
        "your request was ",
        "click follow visit ",
        "has has has ",
        "when: x\n",
        "Aa: x\n",
        "mail to mail from ",
        "nachricht nicht ",
        "письмо не ",
        "送信 ",
        "urgent contact ",
        "this email is ",
        "send a mailing list ",
    ],
)
def test_wording_is_looked_for_in_linear_time(read_mail: Reading, words: str) -> None:
    long = words * (200_000 // len(words))
    started = time.process_time()
    read_mail(long, subject=f"Undeliverable: {words * 100}", extra=UTF8)
    read_mail(long[:1400], subject="Re: x", extra=f"{UTF8}\nReturn-Path: <>")
    assert time.process_time() - started < 2
