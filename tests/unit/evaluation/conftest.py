"""Messages that were judged by hand: what people say of them, and what mailflow made of them, both as a test needs it."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from mailflow import settings
from mailflow.deciding import House, settle
from mailflow.domain import Address, Automatic, AutomaticSort, Email, History, Kind, Understanding, Verdict
from mailflow.evaluation.judging import Judged
from mailflow.evaluation.label import Label
from mailflow.evaluation.labels import Labelled

ROOT = Path(__file__).parents[3]
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)

JudgeByHand = Callable[..., Judged]


@pytest.fixture(scope="session")
def house() -> House:
    """The house as it is shipped, whatever the environment says."""
    return House.build(settings.only(rules=ROOT / "rules.toml", templates=ROOT / "templates"))


@pytest.fixture(scope="session")
def now() -> datetime:
    return NOW


@pytest.fixture(scope="session")
def judge_by_hand(house: House) -> JudgeByHand:
    """A message labelled `kind` (and as `labels` say) that was taken for `taken`, `sure` of it; `second` is what it also does."""

    def judge_by_hand(
        kind: str,
        taken: str | None = None,
        *,
        sure: float = 0.97,
        alarm: bool = False,
        name: str = "a.eml",
        text: str = "",
        new_text: str | None = None,
        ending: str | None = None,
        second: str | None = None,
        read: Understanding | None = None,
        **labels: Any,
    ) -> Judged:
        label = Label.model_validate({"file": name, "kind": kind, "sensitive": False, **labels})
        judged = Kind(taken or kind)
        machine = Automatic(AutomaticSort.NOTICE, "It says so.") if judged is Kind.AUTOMATIC else None
        sender = Address("Jo Marsh", "j.marsh@university.example")
        new = text if new_text is None else new_text
        email = Email(None, sender, (), (), (), "", NOW, (), None, text, new, automatic=machine)
        verdict = Verdict(judged, sure, sensitive=alarm, also=Kind(second) if second else None)
        return Judged(Labelled(name, label, name, ending), settle(email, verdict, read, house, History(), NOW, NOW))

    return judge_by_hand
