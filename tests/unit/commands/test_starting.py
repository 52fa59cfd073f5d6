"""What a command imports: two thirds of a second go by before SQLModel is there, and most commands can do without."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
MESSAGE = ROOT / "tests/corpus/messages/001.eml"
DATABASE = {"sqlmodel", "sqlalchemy", "alembic", "mailflow.store"}
READING = {"mailflow.deciding", "mailflow.message", "jinja2"}


def imported_by(*words: str) -> set[str]:
    run = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "mailflow", *words], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return {line.rpartition("|")[2].strip() for line in run.stderr.splitlines() if line.startswith("import time:")}


@pytest.mark.parametrize("words", [["--help"], ["--version"], ["review", "--help"], ["user", "--help"]])
def test_help_imports_neither_the_database_nor_the_reading_of_mail(words: list[str]) -> None:
    assert not imported_by(*words) & (DATABASE | READING)


def test_explaining_a_message_imports_no_database() -> None:
    assert not imported_by("explain", str(MESSAGE)) & DATABASE
