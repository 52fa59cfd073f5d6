"""The reply, the alert and the digest as mails: whom they go to, how they thread, what they say and what they do not."""

from dataclasses import replace
from datetime import date, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from zoneinfo import ZoneInfo

import pytest

from mailflow.domain import Address, Kind, Ourselves, OutgoingMail, Plan, Purpose, Thread, case_id_of
from mailflow.errors import PermanentError
from mailflow.render import Templates
from mailflow.reply.compose import compose_alert, compose_digest, compose_reply
from mailflow.reply.sample import sample_reports
from mailflow.rules import Rules

LONDON = ZoneInfo("Europe/London")
TEAM = ("r.okafor@university.example", "t.pellew@university.example")


def read(mail: OutgoingMail) -> EmailMessage:
    message = message_from_bytes(mail.raw, policy=default)
    assert isinstance(message, EmailMessage)
    assert not message.defects
    return message


class Reply:
    """Composes replies with the team's own templates."""

    def __init__(self, templates: Templates, rules: Rules, ourselves: Ourselves, now: datetime) -> None:
        self.rest = (templates, rules, ourselves, now, LONDON, 35)

    def __call__(self, plan: Plan, reference: str = "EDI-0042") -> OutgoingMail:
        return compose_reply(plan, case_id_of(reference), reference, *self.rest)


@pytest.fixture
def reply(templates: Templates, rules: Rules, ourselves: Ourselves, now: datetime) -> Reply:
    return Reply(templates, rules, ourselves, now)


def test_a_reply_goes_to_the_one_sender_alone(reply: Reply, query: Plan) -> None:
    others = (Address("Eve", "eve@elsewhere.example"),)
    mail = reply(replace(query, email=replace(query.email, reply_to=others, cc=others, to=others)))
    assert mail.recipients == ("jane.smith@university.example",)
    assert b"eve@" not in mail.raw
    assert read(mail)["To"] == "jane.smith@university.example"
    assert not {"Cc", "Bcc", "Reply-To"} & set(read(mail).keys())


def test_a_reply_joins_the_thread_of_what_it_answers(reply: Reply, query: Plan) -> None:
    thread = Thread("<two@a.example>", ("<one@a.example>", "<two@a.example>"))
    message = read(reply(replace(query, email=replace(query.email, thread=thread))))
    assert message["In-Reply-To"] == "<question@university.example>"
    assert message["References"].split() == ["<one@a.example>", "<two@a.example>", "<question@university.example>"]


def test_a_parent_without_references_lends_its_in_reply_to(reply: Reply, query: Plan) -> None:
    message = read(reply(replace(query, email=replace(query.email, thread=Thread("<one@a.example>")))))
    assert message["References"].split() == ["<one@a.example>", "<question@university.example>"]


def test_a_message_without_an_id_is_answered_outside_any_thread(reply: Reply, query: Plan) -> None:
    message = read(reply(replace(query, email=replace(query.email, message_id=None))))
    assert message["In-Reply-To"] is None
    assert message["References"] is None


def test_a_reply_says_that_a_machine_sent_it_and_wants_no_automatic_answer(reply: Reply, query: Plan) -> None:
    message = read(reply(query))
    assert message["Auto-Submitted"] == "auto-replied"
    assert message["X-Auto-Response-Suppress"] == "All"


def test_a_reply_takes_the_senders_subject_and_adds_the_reference(reply: Reply, query: Plan) -> None:
    assert reply(query).subject == "Re: When is the next session? [EDI-0042]"


@pytest.mark.parametrize("subject", ["Re: RE: A room [EDI-0042]", "[EDI-0042] A room", "AW: Fwd: A room [EDI-0007]"])
def test_neither_the_reference_nor_the_re_is_doubled(reply: Reply, query: Plan, subject: str) -> None:
    assert reply(replace(query, email=replace(query.email, subject=subject))).subject == "Re: A room [EDI-0042]"


def test_a_message_without_a_subject_gets_one(reply: Reply, training: Plan) -> None:
    assert reply(replace(training, email=replace(training.email, subject=" "))).subject == "Re: your message [EDI-0042]"


def test_a_link_in_the_subject_is_not_carried_on(reply: Reply, query: Plan) -> None:
    mail = reply(replace(query, email=replace(query.email, subject="Win now http://evil.example")))
    assert b"evil" not in mail.raw


def test_a_reply_is_sent_once_for_each_case(reply: Reply, query: Plan) -> None:
    first, again = reply(query), reply(query)
    assert first.once == again.once == "acknowledgement:case:EDI-0042"
    assert first.message_id != again.message_id
    assert first.purpose is Purpose.ACKNOWLEDGEMENT
    assert first.template == "query"


def test_a_message_id_is_long_random_and_at_our_domain(reply: Reply, query: Plan) -> None:
    mail = reply(query)
    assert read(mail)["Message-ID"] == mail.message_id
    random, _, domain = mail.message_id.strip("<>").removeprefix("mailflow.").partition("@")
    assert len(random) >= 24
    assert domain == "university.example"


def test_the_date_is_the_teams_own_time(reply: Reply, query: Plan) -> None:
    summer = datetime(2026, 7, 1, 9, 0, tzinfo=ZoneInfo("UTC"))
    templates, rules, ourselves, _, zone, largest = reply.rest
    assert read(compose_reply(query, 42, "EDI-0042", templates, rules, ourselves, summer, zone, largest))["Date"].endswith(
        "10:00:00 +0100"
    )


def test_a_plan_without_a_template_or_a_sender_is_not_composed(reply: Reply, query: Plan) -> None:
    for plan in (replace(query, template=None), replace(query, email=replace(query.email, sender=None))):
        with pytest.raises(PermanentError):
            reply(plan)


def test_the_reply_to_a_story_repeats_nothing_of_it(reply: Reply, story: Plan) -> None:
    told = replace(story.email, subject="Xanadu lecture hall", text="Xanadu", new_text="Xanadu")
    mail = reply(replace(story, email=told))
    assert mail.subject == "Your message to the EDI Centre [EDI-0042]"
    assert b"xanadu" not in mail.raw.lower()
    assert "story" not in mail.text.lower()
    assert read(mail)["In-Reply-To"] == story.email.message_id


def test_even_a_template_that_prints_the_subject_gets_no_subject_of_a_story(reply: Reply, story: Plan) -> None:
    mail = reply(replace(story, template="query", email=replace(story.email, subject="Xanadu")))
    assert b"Xanadu" not in mail.raw


def test_the_reply_to_a_story_says_who_reads_it_how_to_withdraw_and_where_support_is(reply: Reply, story: Plan) -> None:
    text = " ".join(reply(story).text.split())
    for words in (
        "Rosalind Okafor",
        "Tom Pellew",
        "Nobody else",
        "the word withdraw",
        "call 999",
        "020 7946 0999",
        "report-support",
    ):
        assert words in text


def test_a_day_that_has_passed_is_not_promised(reply: Reply, query: Plan) -> None:
    late = reply(replace(query, due=date(2026, 11, 23))).text
    assert "23 November" not in late
    assert "as soon as they can" in late


def test_the_alert_tells_the_reference_and_where_to_look(
    templates: Templates, rules: Rules, ourselves: Ourselves, now: datetime
) -> None:
    mail = compose_alert("EDI-0042", False, TEAM, templates, rules, ourselves, now, "https://desk.example/messages/7", "alert:7")
    assert "EDI-0042" in mail.subject
    assert "https://desk.example/messages/7" in mail.text
    assert mail.recipients == TEAM
    assert read(mail)["Auto-Submitted"] == "auto-generated"
    assert read(mail)["In-Reply-To"] is None


def test_only_the_alert_about_a_danger_to_life_asks_to_be_read_before_anything_else(
    templates: Templates, rules: Rules, ourselves: Ourselves, now: datetime
) -> None:
    texts = [
        compose_alert("EDI-0042", danger, TEAM, templates, rules, ourselves, now, None, "alert:7").text
        for danger in (True, False)
    ]
    assert ["before anything else" in text for text in texts] == [True, False]


def test_an_alert_is_sent_once_for_the_occasion_that_its_caller_names(
    templates: Templates, rules: Rules, ourselves: Ourselves, now: datetime
) -> None:
    assert compose_alert("EDI-0042", False, TEAM, templates, rules, ourselves, now, None, "alert:7").once == "alert:7"


def test_the_digests_subject_says_how_much_there_is_to_do(templates: Templates, ourselves: Ourselves) -> None:
    mails = [compose_digest(report, TEAM, templates, ourselves, LONDON, None, "digest:1") for report in sample_reports()]
    assert [mail.subject for mail in mails] == [
        "mailflow: 23 need you (24 November)",
        "mailflow: 1 needs you (24 November)",
        "mailflow: nothing needs you (24 November)",
    ]
    assert {mail.once for mail in mails} == {"digest:1"}
    assert read(mails[0])["Auto-Submitted"] == "auto-generated"


def test_a_quiet_day_reads_as_one(templates: Templates, ourselves: Ourselves) -> None:
    quiet = compose_digest(sample_reports()[-1], TEAM, templates, ourselves, LONDON, "https://desk.example", "digest:1").text
    assert quiet.startswith("A quiet time: nothing new has come in")
    assert len(quiet.splitlines()) < 12


def test_every_number_of_a_full_day_is_in_its_digest(templates: Templates, ourselves: Ourselves) -> None:
    text = compose_digest(sample_reports()[0], TEAM, templates, ourselves, LONDON, None, "digest:1").text
    for words in (
        "EDI-0042",
        "EDI-0043",
        "It may be sensitive.",
        "message 17",
        "training: 3",
        "Replies sent: 7",
        "held 120",
        "its sender has had enough automatic replies that day: 1",
        "out of office 2",
        "119",
    ):
        assert words in text
    for number in range(42, 48):
        assert f"EDI-{number:04}" in text


def test_a_kind_of_the_teams_own_can_be_answered_with_any_acknowledgement(reply: Reply, query: Plan) -> None:
    other = replace(query, verdict=replace(query.verdict, kind=Kind.OTHER), understanding=None)
    assert "Active Bystander" in reply(other).text
