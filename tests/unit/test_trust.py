"""Whom we believe: our own mail server about who wrote a mail, and nobody who only says that they are us."""

from collections.abc import Sequence
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import pytest

from letters import QUERY, STORY, TRAINING
from mailflow import settings
from mailflow.deciding import House
from mailflow.domain import History, Kind, KnownCase, MessageState, Ourselves, Plan
from mailflow.message.parse import read
from mailflow.reply.headers import NAMELESS, dmarc_failed

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
CENTRE = "edi.centre@university.example"
OURS = "mx.university.example"
# As Microsoft 365 writes it: no server's name, and no space behind most semicolons.
MICROSOFT = (
    "spf=softfail (sender IP is 192.0.2.16)\r\n smtp.mailfrom=x.example; dkim=none (message not signed)\r\n"
    " header.d=none;dmarc={0} action=oreject header.from=x.example;compauth=fail reason=000"
)


def failed(*results: str, server: str | None = OURS, name: str = "Authentication-Results") -> bool:
    head = "".join(f"{name}: {value}\r\n" for value in results)
    return dmarc_failed(
        read(f"{head}From: a@x.example\r\n\r\nwords".encode(), Ourselves(CENTRE, authserv_id=server)),
        Ourselves(CENTRE, authserv_id=server),
    )


@pytest.mark.parametrize(
    "results",
    [
        [f"{OURS}; dmarc=fail"],
        [f"{OURS} 1; dmarc=fail"],
        [f"{OURS.upper()};\r\n\tspf=pass smtp.mailfrom=x.example;\r\n\tdmarc=fail (p=reject dis=none) header.from=x.example"],
        [f"{OURS}; dmarc/1 = fail"],
        [f'"{OURS}"; dmarc=fail'],
        [f"(the (very) server) {OURS} (it is); spf=pass (a (nested; one) here); dmarc=fail"],
        [f'{OURS}; spf=pass reason="a (round; bracket"; dmarc=fail'],
        # Two programs of one server, each with a header of its own.
        [f"{OURS}; dkim=pass header.d=x.example", f"{OURS}; dmarc=fail"],
        ["mx.elsewhere.example; dmarc=pass", f"{OURS}; dmarc=fail"],
        # A stranger's, in our name, below what our server added.
        [f"{OURS}; dmarc=fail", f"{OURS}; dmarc=pass"],
    ],
)
def test_what_our_server_says_is_believed_however_it_is_written(results: Sequence[str]) -> None:
    assert failed(*results)


@pytest.mark.parametrize(
    "results",
    [
        [],
        [f"{OURS}; none"],
        [f"{OURS}; dmarc=pass"],
        [f"{OURS}; dmarc=pass", f"{OURS}; dmarc=fail"],
        ["mx.elsewhere.example; dmarc=fail"],
        [f"mx.elsewhere.example; spf=pass; {OURS}; dmarc=fail"],
        [f"mx.{OURS}; dmarc=fail"],
        [f"{OURS}; spf=pass (dmarc=fail)"],
        [f"{OURS}; spf=pass (one (two); dmarc=fail)"],
        [f'{OURS}; spf=pass reason="x; dmarc=fail"; dmarc=pass'],
        [f"{OURS}; spf=pass smtp.mailfrom=dmarc=fail@x.example"],
        ["dmarc=fail action=oreject header.from=x.example"],
        [MICROSOFT.format("fail")],
        [f"{OURS}" + "(" * 60_000 + "; dmarc=fail"],
    ],
)
def test_what_anybody_else_says_is_not(results: Sequence[str]) -> None:
    assert not failed(*results)


@pytest.mark.parametrize(
    "header", ["ARC-Authentication-Results", "X-MS-Exchange-Authentication-Results", "Authentication-Results-Original"]
)
def test_results_that_others_pass_on_are_ignored(header: str) -> None:
    assert not failed(f"i=1; {OURS}; dmarc=fail", f"{OURS}; dmarc=fail", name=header)
    assert not failed(MICROSOFT.format("fail"), name=header, server=NAMELESS)


def test_without_the_setting_nobody_is_believed() -> None:
    assert not failed(f"{OURS}; dmarc=fail", MICROSOFT.format("fail"), server=None)


def test_results_without_a_name_are_believed_where_the_setting_says_so() -> None:
    assert failed(MICROSOFT.format("fail"), server=NAMELESS)
    assert failed(f"{OURS}; dmarc=pass", "dmarc=fail action=none header.from=x.example", server=NAMELESS)
    assert not failed(MICROSOFT.format("pass"), MICROSOFT.format("fail"), server=NAMELESS)
    assert not failed(f"{OURS}; dmarc=fail", server=NAMELESS)


@pytest.fixture(scope="module")
def house() -> House:
    shipped = {"rules": ROOT / "rules.toml", "templates": ROOT / "templates"}
    return House.build(
        settings.load(
            _env_file=None,
            mode="live",
            address=CENTRE,
            aliases=("bystander@university.example",),
            own_lists=("edi-list@university.example",),
            authserv_id=OURS,
            **shipped,
        )
    )


def decided(house: House, sender: str, text: str, history: History = History(), **headers: str) -> Plan:  # noqa: B008
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, CENTRE, "Active Bystander"
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(text)
    return house.decide(house.read(mail.as_bytes()), history, NOW, NOW)


def test_a_forged_sender_is_held_and_not_answered(house: House) -> None:
    plan = decided(house, "dean@university.example", TRAINING, Authentication_Results=f"{OURS}; dmarc=fail")
    assert (plan.state, plan.template) == (MessageState.HELD, None)
    assert plan.hold is not None
    assert plan.hold.name == "forged-sender"


US = [
    f"EDI Centre <{CENTRE}>",
    f"EDI Centre <{CENTRE.upper()}>",
    "bystander@university.example",
    "edi.centre+training@university.example",
    '"edi.centre"@university.example',
]


@pytest.mark.parametrize("sender", US)
@pytest.mark.parametrize("text", [TRAINING, QUERY, STORY, "ok"])
def test_who_claims_to_be_us_is_held_and_not_answered(house: House, sender: str, text: str) -> None:
    plan = decided(house, sender, text)
    assert (plan.state, plan.template) == (MessageState.HELD, None)
    assert plan.hold is not None
    assert plan.hold.name == "claims-to-be-us"


def test_who_claims_to_be_us_is_not_hidden_by_a_machines_mark(house: House) -> None:
    plan = decided(house, CENTRE, "I am away.", Auto_Submitted="auto-replied")
    assert plan.state is MessageState.HELD


def test_who_claims_to_be_us_withdraws_no_story_and_cancels_no_session(house: House) -> None:
    for kind in (Kind.STORY, Kind.TRAINING):
        known = History(case=KnownCase(7, "EDI-0007", kind, acknowledged=True))
        plan = decided(house, CENTRE, "Please withdraw my story, it must not be published. Please cancel the session.", known)
        assert plan.state is MessageState.HELD
        assert not plan.withdraws
        assert decided(house, CENTRE, TRAINING, known).understanding is None
        assert decided(house, "jane@university.example", TRAINING, known).understanding


def test_a_name_like_ours_is_no_claim(house: House) -> None:
    assert decided(house, f"{CENTRE} via x <jane@x.example>".replace("@", " at ", 1), QUERY).template


def test_a_list_that_leads_to_us_is_not_answered_to_all_its_members(house: House) -> None:
    plan = decided(house, "Jane via EDI <edi-list@university.example>", QUERY, List_Id="<edi-list.university.example>")
    assert plan.template is None
    assert plan.silence is not None
    assert plan.silence.name == "own-list"
