"""A database with mail in it, and the team's own files."""

from pathlib import Path

import pytest

from mailflow import rules as rules_file
from mailflow.domain import Ourselves
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
