"""Whatever comes in, what we say goes to the sender alone, in exactly the headers and the markup that we meant."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from letters import QUERY, STORY, TRAINING
from mailflow import settings
from mailflow.deciding import House
from mailflow.domain import Address, Email, History, Kind, KnownCase, MessageState, OutgoingMail, Plan, Purpose, Verdict
from mailflow.kinds.understand import understand
from mailflow.reply.compose import compose_alert, compose_reply
from mailflow.reply.policy import is_usable

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
ON_A_STORY = History(case=KnownCase(7, "EDI-0007", Kind.STORY, acknowledged=True))
OUR_HEADERS = """
From To Subject Date Message-ID In-Reply-To References Auto-Submitted X-Auto-Response-Suppress Content-Language MIME-Version
Content-Type
"""

# What could end a line, a header, an element, a template's expression or a link where it is put.
INJECTED = st.sampled_from(
    [
        "\r\nBcc: victim@elsewhere.example",
        "\nBcc: victim@elsewhere.example\n\nHello",
        "\r",
        "\0",
        "\u2028Bcc: victim@elsewhere.example",
        "\x85",
        "=?utf-8?q?=0D=0ABcc:_victim=40elsewhere.example?=",
        "=?utf-8?b?DQpCY2M6IHZpY3RpbUBlbHNld2hlcmUuZXhhbXBsZQ==?=",
        "=?utf-7?q?+AA0ACg-Bcc:_x=40elsewhere.example?=",
        "{{ 7 * 7 }}{% for x in ().__class__.__mro__ %}{{ x }}{% endfor %}",
        "{{ ourselves }}",
        "[click](https://elsewhere.example)",
        "![](https://elsewhere.example/pixel.png)",
        "<script>alert(1)</script>",
        "<img src=https://elsewhere.example/x>",
        "<https://elsewhere.example>",
        "https://elsewhere.example/",
        "elsewhere.example",
        "# Heading",
        "| a | b |\n|---|---|",
        "`code`",
        "**bold**",
        "\u202egnp.exe",
        "&amp;&lt;",
        "\ud800",
        "a" * 3000,
    ]
)
WORDS = st.lists(st.one_of(INJECTED, st.text(max_size=12), st.sampled_from(["Jane", "Smith", "training", " "])), max_size=5).map(
    "".join
)
TEXTS = st.sampled_from([TRAINING, QUERY, STORY, ""])


@pytest.fixture(scope="module")
def house() -> House:
    values = {"rules": ROOT / "rules.toml", "templates": ROOT / "templates", "authserv_id": "mx.university.example"}
    return House.build(settings.load(_env_file=None, mode="live", alert_to=("duty@university.example",), **values))


def written(name: str, address: str, subject: str, text: str, extra: str = "") -> bytes:
    """A mail as a broken or a hostile program writes it: nothing is escaped."""
    head = f"From: {name} <{address}>\r\nTo: edi.centre@university.example\r\nSubject: {subject}\r\nMessage-ID: <1@x.example>\r\n"
    return f"{head}{extra}\r\n{text}".encode("utf-8", "surrogatepass")


def mails_for(house: House, email: Email, plan: Plan) -> Iterator[OutgoingMail]:
    """What the plan sends, and what each kind's template would say of this message if it were to be sent."""
    if plan.template:
        yield compose_reply(
            plan, 1, "EDI-0001", house.templates, house.rules, house.ourselves, NOW, house.zone, house.largest_megabytes
        )
    if plan.alert:
        yield compose_alert(
            "EDI-0001",
            plan.verdict.danger,
            house.alert_to,
            house.templates,
            house.rules,
            house.ourselves,
            NOW,
            "https://desk.example",
            "alert:1",
        )
    if email.sender and is_usable(email.sender.address):
        for kind in (Kind.TRAINING, Kind.QUERY, Kind.STORY):
            understood = understand(email, Verdict(kind, 1.0), house.rules, NOW)
            forced = replace(
                plan, verdict=Verdict(kind, 1.0), template=house.rules.kinds[kind].template, understanding=understood
            )
            yield compose_reply(
                forced, 1, "EDI-0001", house.templates, house.rules, house.ourselves, NOW, house.zone, house.largest_megabytes
            )


def opened(mail: OutgoingMail) -> EmailMessage:
    parsed = message_from_bytes(mail.raw, policy=default)
    assert isinstance(parsed, EmailMessage)
    return parsed


def check_valid(mail: OutgoingMail, email: Email, house: House) -> None:
    """The bytes parse back to our headers, each once, with no defect, and to the one recipient: the sender, or who is alerted."""
    to_sender = email.sender is not None and mail.recipients == (email.sender.address,)
    assert mail.recipients == house.alert_to if mail.purpose is Purpose.ALERT else to_sender
    parsed = opened(mail)
    assert Counter(parsed.keys()) <= Counter(OUR_HEADERS.split())
    assert [defect for part in parsed.walk() for defect in part.defects] == []
    assert [to.addr_spec for to in parsed["To"].addresses] == list(mail.recipients)
    assert [by.addr_spec for by in parsed["From"].addresses] == ["edi.centre@university.example"]
    assert str(parsed["Subject"]) == mail.subject
    assert re.search(rb"(?<!\r)\n|\r(?!\n)|\0", mail.raw) is None
    assert max(map(len, mail.raw.split(b"\r\n"))) <= 998


@given(st.one_of(st.binary(max_size=300), st.builds(written, WORDS, WORDS, WORDS, st.builds(str.__add__, TEXTS, WORDS))))
@example(b"")
@example(b"\0")
@examples(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
def test_any_bytes_go_all_the_way_and_what_is_composed_goes_to_nobody_but_the_sender(house: House, raw: bytes) -> None:
    email = house.read(raw)
    for history in (History(), ON_A_STORY):
        plan = house.decide(email, history, NOW, NOW)
        for mail in mails_for(house, email, plan):
            check_valid(mail, email, house)
        if email.sender is None:
            assert plan.template is None
            assert plan.state in {MessageState.HELD, MessageState.IGNORED}


@given(
    st.builds(
        written, WORDS, st.just("sam@x.example"), WORDS, TEXTS, st.just("In-Reply-To: <a\rb@x>\r\nReferences: <c\0@x> <d@x>\r\n")
    )
)
@examples(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
def test_no_name_and_no_subject_adds_a_header_or_a_recipient(house: House, raw: bytes) -> None:
    email = house.read(raw)
    for mail in mails_for(house, email, house.decide(email, History(), NOW, NOW)):
        check_valid(mail, email, house)
        assert b"victim" not in mail.raw.partition(b"\r\n\r\n")[0].split(b"\r\nSubject:")[0]


class Markup(HTMLParser):
    """The elements of a page with their links, in order."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str | None]] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        links = [value for name, value in attributes if name in {"href", "src", "action", "background", "srcset"}]
        assert not [name for name, _ in attributes if name.startswith("on")]
        self.found.append((tag, links[0] if links else None))

    @classmethod
    def of(cls, mail: OutgoingMail) -> list[tuple[str, str | None]]:
        part = opened(mail).get_body(("html",))
        assert part is not None
        page = cls()
        page.feed(str(part.get_content()))
        return page.found


@given(WORDS, WORDS, st.sampled_from([(TRAINING, Kind.TRAINING), (QUERY, Kind.QUERY), (STORY, Kind.STORY)]))
@examples(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
def test_a_strangers_words_add_no_element_and_no_link_to_our_mail(
    house: House, name: str, subject: str, told: tuple[str, Kind]
) -> None:
    text, kind = told

    def composed(name: str, subject: str) -> OutgoingMail:
        email = replace(
            house.read(written("Jane", "jane@x.example", "Hello", text)), subject=subject, sender=Address(name, "jane@x.example")
        )
        understood = understand(email, Verdict(kind, 1.0), house.rules, NOW)
        plan = replace(
            house.decide(email, History(), NOW, NOW),
            verdict=Verdict(kind, 1.0),
            template=house.rules.kinds[kind].template,
            understanding=understood,
        )
        return compose_reply(
            plan, 1, "EDI-0001", house.templates, house.rules, house.ourselves, NOW, house.zone, house.largest_megabytes
        )

    plain, hostile = composed("Jane", "Hello"), composed(name, subject)
    assert Markup.of(hostile) == Markup.of(plain)
    assert "elsewhere.example" not in hostile.text + hostile.subject


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\r\n\r\n",
        b"From: a@x.example, b@x.example\r\nSubject: When is the next session?\r\n\r\n" + QUERY.encode(),
        b"From: " + b", ".join(b"p%d@x.example" % n for n in range(10)) + b"\r\nSubject: Next session?\r\n\r\n" + QUERY.encode(),
        b"From: nobody\r\nSubject: Next session?\r\n\r\n" + QUERY.encode(),
        b"From:\r\nSubject: Next session?\r\n\r\n" + QUERY.encode(),
        b"Subject: Next session?\r\n\r\n" + TRAINING.encode(),
        b"From: a@x.example\r\nFrom: b@x.example\r\nSubject: Next session?\r\n\r\n" + QUERY.encode(),
    ],
    ids=["nothing", "blank lines", "two senders", "ten senders", "no address", "empty From", "no From", "two From headers"],
)
def test_a_mail_without_one_sender_is_held_and_never_answered(house: House, raw: bytes) -> None:
    plan = house.decide(house.read(raw), History(), NOW, NOW)
    assert plan.state is MessageState.HELD
    assert plan.template is None
    assert plan.silence is not None
    assert plan.silence.name == "no-sender"


def test_ten_thousand_recipients_are_read_and_none_of_them_is_answered(house: House) -> None:
    people = ", ".join(f"Person {n} <p{n}@x.example>" for n in range(10_000))
    email = house.read(written("Jane", "jane@x.example", "Next session?", QUERY, f"Cc: {people}\r\n"))
    plan = house.decide(email, History(), NOW, NOW)
    assert plan.template
    assert len(email.cc) > 1000
    (first, *_) = mails_for(house, email, plan)
    assert first.recipients == ("jane@x.example",)
    assert b"p1@x" not in first.raw


def test_a_template_in_a_subject_is_repeated_and_not_carried_out(house: House) -> None:
    email = house.read(written("Jane", "jane@x.example", "{{ 7 * 7 }} {% raw %} **bold**", TRAINING))
    (mail, *_) = mails_for(house, email, house.decide(email, History(), NOW, NOW))
    assert "{{ 7 * 7 }} {% raw %} **bold**" in mail.subject
    assert "49" not in mail.text
    assert "<strong>bold" not in str(opened(mail).get_body(("html",)))
