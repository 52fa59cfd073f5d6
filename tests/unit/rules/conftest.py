from pathlib import Path

import pytest

from mailflow import rules
from mailflow.errors import UserError

SMALLEST = """\
[programme]
name = "Active Bystander"
page = "https://www.university.example/edi"
manager = "A. Manager"
coordinator = "A. Coordinator"
phone = "1"
security_phone = "2"
report_page = "https://www.university.example/report"

[kinds.training]
[kinds.query]
[kinds.story]
[kinds.other]
[kinds.automatic]
"""
FIRST_LINE_AFTER = SMALLEST.count("\n") + 1


class Wrong:
    """What is said of a rules file that has `added` below the smallest one that is right."""

    first_line = FIRST_LINE_AFTER
    smallest = SMALLEST

    def __call__(self, added: str, *, instead_of: str = "") -> list[str]:
        text = SMALLEST.replace(instead_of, added) if instead_of else SMALLEST + added
        with pytest.raises(UserError) as caught:
            rules.parse(text, Path("rules.toml"))
        return list(caught.value.problems)


@pytest.fixture
def wrong() -> Wrong:
    return Wrong()
