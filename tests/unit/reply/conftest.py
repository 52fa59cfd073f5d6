"""A message that deserves an answer, and the team's own files."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mailflow import rules as rules_file
from mailflow.domain import Address, Email, Ourselves, Plan
from mailflow.render import Templates
from mailflow.reply.sample import sample_plans
from mailflow.rules import Rules

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="session")
def rules() -> Rules:
    return rules_file.load(ROOT / "rules.toml")


@pytest.fixture(scope="session")
def templates() -> Templates:
    return Templates.load(ROOT / "templates")


@pytest.fixture
def ourselves() -> Ourselves:
    return Ourselves(
        address="edi.centre@university.example",
        aliases=("bystander@university.example",),
        own_lists=("edi-enquiries.lists.university.example", "edi-enquiries@university.example"),
        authserv_id="mx.university.example",
    )


@pytest.fixture
def now() -> datetime:
    return datetime(2026, 11, 24, 9, 30, tzinfo=UTC)


@pytest.fixture
def email() -> Email:
    return Email(
        message_id="<question@university.example>",
        sender=Address("Jane Smith", "jane.smith@university.example"),
        reply_to=(),
        to=(Address("", "edi.centre@university.example"),),
        cc=(),
        subject="When is the next session?",
        date=None,
        headers=(("subject", "When is the next session?"),),
        return_path="jane.smith@university.example",
        text="When is the next session?",
        new_text="When is the next session?",
    )


@pytest.fixture
def training(rules: Rules, email: Email) -> Plan:
    return replace(sample_plans(rules)[0], email=email)


@pytest.fixture
def query(rules: Rules, email: Email) -> Plan:
    return replace(sample_plans(rules)[5], email=email)


@pytest.fixture
def story(rules: Rules, email: Email) -> Plan:
    return replace(sample_plans(rules)[7], email=email)
