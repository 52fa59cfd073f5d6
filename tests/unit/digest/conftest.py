"""A database with mail in it, and the team's own files."""

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from mailflow import rules as rules_file
from mailflow.classify.judges import shipped_judges
from mailflow.classify.verdict import Classifier
from mailflow.deciding import House
from mailflow.domain import Mode, Ourselves
from mailflow.render import Templates
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
    return Ourselves(address="edi.centre@university.example")


@pytest.fixture
def house(rules: Rules, templates: Templates, ourselves: Ourselves) -> House:
    return House(rules, Classifier(rules, shipped_judges()), templates, ourselves, Mode.LIVE, None, ZoneInfo("Europe/London"), 35)
