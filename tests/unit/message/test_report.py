"""What a bounce reports, whichever mail system wrote it: the mail of ours that it is about, the address, and why."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bounces import ABOUT_OURS, GONE, OURS, US, failed, in_words, report, returned
from mailflow.domain import Delivery, DeliveryReport, Ourselves, Undelivered
from mailflow.message.parse import read


def reported(raw: bytes) -> DeliveryReport:
    found = read(raw, Ourselves(US)).report
    assert found is not None
    return found


def of(raw: bytes, address: str = GONE) -> Undelivered:
    (found,) = (one for one in reported(raw).recipients if one.address == address)
    return found


@pytest.mark.parametrize("raw", ABOUT_OURS.values(), ids=ABOUT_OURS)
def test_each_form_names_our_mail_and_the_address_that_failed(raw: bytes) -> None:
    assert reported(raw).message_ids == (OURS,)
    assert of(raw).delivery is Delivery.FAILED
    assert (of(raw).status or "").startswith("5.")


def test_a_delay_is_no_failure() -> None:
    assert of(failed(action="delayed", status="4.4.1")) == Undelivered(GONE, Delivery.DELAYED, "4.4.1")


def test_what_was_passed_on_is_delivered() -> None:
    assert of(failed(action="relayed (to a system that sends no reports)", status="2.1.9")).delivery is Delivery.DELIVERED


def test_where_no_action_is_told_the_status_says_it() -> None:
    fields = f"Final-Recipient: rfc822; {GONE}\nStatus: 4.2.2 (mailbox full)\n"
    assert of(report("Reporting-MTA: dns; a\n\n" + fields)) == Undelivered(GONE, Delivery.DELAYED, "4.2.2")
    assert reported(report("Reporting-MTA: dns; a\n\n" + f"Final-Recipient: rfc822; {GONE}\n")).recipients == ()


def test_the_address_that_we_wrote_to_counts_as_well_as_that_where_it_ended() -> None:
    fields = f"""
        Reporting-MTA: dns; a

        Original-Recipient: rfc822;{GONE}
        Final-Recipient: RFC822; Forwarded.To@elsewhere.example
        Action: failed
        Status: 5.2.1
        """
    raw = report(fields, mail=returned())
    assert [one.address for one in reported(raw).recipients] == [GONE, "forwarded.to@elsewhere.example"]


def test_a_report_on_several_recipients_tells_them_apart() -> None:
    fields = """
        Reporting-MTA: dns; a

        Final-Recipient: rfc822; one@x.example
        Action: failed
        Status: 5.1.1

        Final-Recipient: rfc822; two@x.example
        Action: delayed
        Status: 4.4.1
        """
    assert [(one.address, one.delivery) for one in reported(report(fields)).recipients] == [
        ("one@x.example", Delivery.FAILED),
        ("two@x.example", Delivery.DELAYED),
    ]


def test_only_the_header_of_our_mail_is_enough() -> None:
    assert reported(report("Reporting-MTA: dns; a\n", mail=returned(), kind="text/rfc822-headers")).message_ids == (OURS,)


def test_a_report_in_utf_8_is_read_as_the_others_are() -> None:
    fields = f"""
        Reporting-MTA: dns; a

        Final-Recipient: utf-8; {GONE}
        Action: failed
        Status: 5.1.1
        """
    raw = report(fields, mail=returned(), kind="message/global-headers", sort="message/global-delivery-status")
    assert reported(raw).message_ids == (OURS,)
    assert of(raw) == Undelivered(GONE, Delivery.FAILED, "5.1.1")


def test_a_server_that_gave_our_mail_another_message_id_names_the_first() -> None:
    mail = returned("<made.up@outlook.example>") + f"X-Microsoft-Original-Message-ID: {OURS}\n"
    assert reported(report("Reporting-MTA: dns; a\n", mail=mail)).message_ids == ("<made.up@outlook.example>", OURS)


def test_where_nothing_is_returned_its_thread_names_our_mail() -> None:
    raw = in_words(f"<{GONE}>:\nno such user\n", "failure notice", f"In-Reply-To: {OURS}")
    assert reported(raw).message_ids == (OURS,)


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("Warning: message 1abcDE-0001 delayed 24 hours", f"The following address has not been reached: {GONE}\n"),
        ("Delivery Status Notification", f"A message that you sent has not yet been delivered to {GONE}.\n"),
        ("Returned mail: see transcript", f"**  THIS IS A WARNING MESSAGE ONLY  **\n<{GONE}>\n"),
    ],
)
def test_a_warning_in_words_is_no_failure(subject: str, text: str) -> None:
    assert of(in_words(text, subject)).delivery is Delivery.DELAYED


@pytest.mark.parametrize("address", ["o'brien@university.example", "sam+edi@university.example", "a@b.example"])
def test_addresses_are_read_whole(address: str) -> None:
    assert of(failed(address=address), address).delivery is Delivery.FAILED
    assert of(in_words(f"'{address}' could not be reached.\n"), address).delivery is Delivery.FAILED


def test_a_person_who_writes_about_a_bounce_reports_nothing() -> None:
    text = f"Your answer to me ({OURS}) came back: <{GONE}> is wrong. Could you send it again?\n"
    raw = f"From: Jo <jo@x.example>\nTo: {US}\nSubject: Undelivered Mail\n\n{text}".encode()
    assert read(raw, Ourselves(US)).report is None


FIELDS = st.sampled_from(
    ["Final-Recipient", "Original-Recipient", "Action", "Status", "Diagnostic-Code", "X-Original-Message-ID"]
)
VALUES = st.one_of(
    st.sampled_from([f"rfc822; {GONE}", "failed", "delayed (x)", "5.1.1", OURS, "", ";", "<", "rfc822;\udcff@x.example"]),
    st.text(max_size=30),
)


@given(
    st.lists(st.one_of(st.just("\n"), st.tuples(FIELDS, VALUES).map(": ".join)), max_size=12), st.text(max_size=80), st.booleans()
)
def test_whatever_a_report_says_it_is_read_and_fit_for_a_database(lines: list[str], mail: str, is_global: bool) -> None:
    sort = "message/global-delivery-status" if is_global else "message/delivery-status"
    text = (
        report("", mail="%mail", sort=sort)
        .decode()
        .replace(sort + "\n\n", f"{sort}\n\n" + "\n".join(lines))
        .replace("%mail", mail)
    )
    email = read(text.encode("utf-8", "surrogatepass"), Ourselves(US))
    if email.report is None:
        return
    for kept in (*email.report.message_ids, *(found.address for found in email.report.recipients)):
        assert "\0" not in kept
        kept.encode()


def test_half_characters_and_too_many_names_do_no_harm() -> None:
    fields = "Reporting-MTA: dns; a\n\n" + "".join(
        f"Final-Recipient: rfc822; u{number}@x.example\nAction: failed\n\n" for number in range(500)
    )
    raw = report(fields, mail=returned("<\udcff@x.example>".encode("utf-8", "surrogateescape").decode("latin-1")))
    found = reported(raw)
    assert found.message_ids == ()
    assert len(found.recipients) < 100
