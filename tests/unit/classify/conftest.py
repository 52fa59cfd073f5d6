from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from mailflow import rules
from mailflow.classify import Classifier
from mailflow.classify.judges import shipped_judges
from mailflow.domain import Address, Email, Fold, FoldReason
from mailflow.rules import Rules

SHIPPED = Path(__file__).parents[3] / "rules.toml"


class Write:
    """Writes an Email by hand: all its text is new, but for what is forwarded or quoted."""

    def __call__(self, text: str, subject: str = "", *, forwarded: str = "", quoted: str = "", **changes: Any) -> Email:
        sender = Address("Ada Byron", "ada@university.example")
        email = Email(None, sender, (), (), (), subject, None, (), None, text, text)
        for more, reason in ((forwarded, FoldReason.FORWARD), (quoted, FoldReason.QUOTE)):
            if more:
                start = len(email.text) + 1
                folds = (*email.folds, Fold(start, start + len(more), reason))
                email = replace(email, text=f"{email.text}\n{more}", folds=folds)
        return replace(email, **changes)


@pytest.fixture(scope="session")
def write() -> Write:
    return Write()


@pytest.fixture(scope="session")
def shipped() -> Rules:
    return rules.load(SHIPPED)


@pytest.fixture(scope="session")
def classifier(shipped: Rules) -> Classifier:
    return Classifier(shipped, shipped_judges())
