"""Reports and calendar mail, known by their form in whatever wrapping they come."""

from collections.abc import Callable

import pytest

from mailflow.domain import AutomaticSort, Delivery, Email

Reading = Callable[..., Email]
MIXED = "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=o"
FAILED = "Final-Recipient: rfc822; a@b.example\nAction: failed\nStatus: 5.1.1\n"


def parts(*contents: tuple[str, str], boundary: str = "o") -> str:
    return "".join(f"--{boundary}\nContent-Type: {kind}\n\n{text}\n" for kind, text in contents) + f"--{boundary}--\n"


def sort_of(email: Email) -> AutomaticSort | None:
    return email.automatic.sort if email.automatic else None


@pytest.mark.parametrize(
    ("kind", "content", "sort"),
    [
        ("message/delivery-status", f"Reporting-MTA: dns; b.example\n\n{FAILED}", AutomaticSort.BOUNCE),
        ("message/disposition-notification", "Disposition: manual-action/MDN-sent-manually; displayed\n", AutomaticSort.RECEIPT),
        ("message/feedback-report", "Feedback-Type: abuse\nUser-Agent: x/1\nVersion: 1\n", AutomaticSort.FEEDBACK),
        ("application/tlsrpt+gzip", "x", AutomaticSort.NOTICE),
    ],
)
def test_a_report_that_a_list_or_scanner_has_wrapped_up_is_one(
    read_mail: Reading, kind: str, content: str, sort: AutomaticSort
) -> None:
    report = parts(("text/plain", "See below."), (kind, content), boundary="i")
    body = parts(("multipart/report; boundary=i", report), ("text/plain", "Scanned by a gateway."))
    assert sort_of(read_mail(body, subject="Nothing special", extra=MIXED)) is sort
    assert sort_of(read_mail(parts(("text/plain", "See below."), (kind, content)), extra=MIXED)) is sort
    assert sort_of(read_mail(body, subject="Fwd: Nothing special", extra=MIXED)) is None
    assert sort_of(read_mail(body, subject="Re: Nothing special", extra=MIXED)) is None


def test_a_report_without_its_type_is_known_by_its_part(read_mail: Reading) -> None:
    body = parts(("text/plain", "Read."), ("message/disposition-notification", "Disposition: x; displayed\n"))
    assert sort_of(read_mail(body, extra="Content-Type: multipart/report; boundary=o")) is AutomaticSort.RECEIPT
    assert sort_of(read_mail("gone", extra="Content-Type: multipart/report; boundary=o")) is AutomaticSort.BOUNCE


def test_a_report_that_all_was_delivered_is_a_receipt(read_mail: Reading) -> None:
    extra = "Content-Type: multipart/report; report-type=delivery-status; boundary=o"
    delivered = FAILED.replace("failed", "relayed").replace("5.1.1", "2.1.5")
    status = "Reporting-MTA: dns; b.example\n\n"
    email = read_mail(parts(("message/delivery-status", f"{status}{delivered}")), subject="Relayed: x", extra=extra)
    assert sort_of(email) is AutomaticSort.RECEIPT
    assert email.report is not None
    assert {each.delivery for each in email.report.recipients} == {Delivery.DELIVERED}
    some = read_mail(parts(("message/delivery-status", f"{status}{delivered}\n{FAILED}")), extra=extra)
    assert sort_of(some) is AutomaticSort.BOUNCE


def test_a_delay_is_a_bounce_that_is_not_final(read_mail: Reading) -> None:
    delayed = FAILED.replace("failed", "delayed").replace("5.1.1", "4.4.7")
    body = parts(("message/delivery-status", f"Reporting-MTA: dns; b.example\n\n{delayed}"))
    email = read_mail(body, extra="Content-Type: multipart/report; report-type=delivery-status; boundary=o")
    assert sort_of(email) is AutomaticSort.BOUNCE
    assert email.report is not None
    assert {each.delivery for each in email.report.recipients} == {Delivery.DELAYED}


def test_a_complaint_without_a_report_is_known_by_subject_and_enclosed_mail(read_mail: Reading) -> None:
    enclosed = parts(("message/rfc822", "Subject: Hello\n\nwords"))
    subject = "complaint about message from 192.0.2.7"
    assert sort_of(read_mail(enclosed, subject=subject, extra=MIXED)) is AutomaticSort.FEEDBACK
    assert sort_of(read_mail("Your trainer was rude.", subject=subject)) is None
    assert sort_of(read_mail(enclosed, subject="Complaint about message from my supervisor", extra=MIXED)) is None


def test_an_aggregate_report_is_known_by_the_name_of_its_file(read_mail: Reading) -> None:
    name = "mail.example!university.example!1790000000!1790086400.xml.gz"
    body = parts(("text/plain", "See the file."), (f'application/gzip; name="{name}"', "x"))
    assert sort_of(read_mail(body, subject="Daily numbers", extra=MIXED)) is AutomaticSort.NOTICE
    assert sort_of(read_mail(body, subject="Fwd: Daily numbers", extra=MIXED)) is None


CALENDAR = "BEGIN:VCALENDAR\nMETHOD:{}\nBEGIN:VEVENT\nSUMMARY:Workshop\nEND:VEVENT\nEND:VCALENDAR\n"


@pytest.mark.parametrize(
    ("method", "text", "remark"),
    [
        ("REPLY", "", False),
        ("REPLY", "Jo Lind has accepted this invitation.\n\nWorkshop\nWed 5 May", False),
        ("REPLY", 'Jo Lind has replied "Maybe" to this invitation.', False),
        ("REPLY", 'Jo Lind has declined this invitation with this note:\n\n"On leave that week"', True),
        ("REPLY", "clashes with our exam board, any Thursday is fine", True),
        ("REPLY", "Sorry, our meeting was cancelled by our supervisor. He has threatened me. Please help me.", True),
        ("REPLY", "Jo Lind has declined this invitation because he shouts at us.", True),
        ("CANCEL", "This event has been cancelled. The trainer fell ill, any other week is fine.", True),
        ("CANCEL", "This event has been cancelled and removed from your calendar.", False),
        ("REPLY", "Your meeting request was declined.", False),
        ("REQUEST", "When: 5 May\nWhere: Hall\n", False),
        ("REQUEST", "______________________________\nMicrosoft Teams meeting\nJoin on your computer or mobile app", False),
        ("REQUEST", "Could you run this for twenty of us?\n\n_______\nMicrosoft Teams meeting\nJoin now", True),
        ("CANCEL", "This event has been removed from your calendar.", False),
        ("COUNTER", "The room is taken before noon, so how about two?", True),
    ],
)
def test_what_a_person_types_into_calendar_mail_is_noticed(read_mail: Reading, method: str, text: str, remark: bool) -> None:
    body = parts(("text/plain", text), (f"text/calendar; method={method}", CALENDAR.format(method)))
    automatic = read_mail(body, subject="Declined: Workshop", extra=MIXED.replace("mixed", "alternative")).automatic
    assert automatic is not None
    assert (automatic.sort, automatic.remark) == (AutomaticSort.CALENDAR, remark)
    assert ("words of their own" in automatic.reason) is remark


def test_the_title_of_the_event_is_no_remark(read_mail: Reading) -> None:
    body = parts(("text/plain", "Workshop on speaking up"), ("text/calendar; method=REPLY", CALENDAR.format("REPLY")))
    extra = MIXED.replace("mixed", "alternative")
    titled = read_mail(body, subject="Accepted: Workshop on speaking up", extra=extra).automatic
    other = read_mail(body, subject="Accepted: Hold", extra=extra).automatic
    assert titled is not None
    assert other is not None
    assert (titled.remark, other.remark) == (False, True)
