"""However long or odd a text is, understanding it takes a moment; a pattern that tries everything twice would take minutes."""

import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mailflow.classify import Classifier
from mailflow.domain import Email, Kind, Ourselves, Verdict
from mailflow.kinds.understand import understand
from mailflow.message.parse import read
from mailflow.rules import Rules
from mailflow.rules import load as load_rules

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
# The first two took six seconds and three once.
REPEATED = """the 1st of |next Tuesday |3 March |between 1 and |Department of Physics and |of the |20 people or |contact: |
deal with |Jane Smith, |Mc|O'A|a@b.cc |http://|on the |not want to |A. B. |0|aaaa|[(|"|?|-a|w/c 9th Feb or |Professor |
my colleague |you may not """


@pytest.fixture(scope="module")
def rules() -> Rules:
    return load_rules(Path(__file__).parents[3] / "rules.toml")


@pytest.fixture(scope="module")
def short() -> Email:
    return read(
        b"From: Jane Smith <jane@x.example>\r\nSubject: Training\r\n\r\nwords", Ourselves("edi.centre@university.example")
    )


def repeated(short: Email, piece: str, size: int) -> Email:
    text = (piece * (size // len(piece) + 1))[:size]
    return replace(short, subject=text[:2000], text=text, new_text=text)


@pytest.mark.parametrize("piece", REPEATED.replace("\n", "").split("|"))
def test_a_megabyte_of_one_phrase_is_understood_in_a_moment(rules: Rules, short: Email, piece: str) -> None:
    """CPU time, with ample slack for a slow machine and for coverage."""
    email, classifier = repeated(short, piece, 1_000_000), Classifier(rules)
    classifier.classify(short)
    started = time.process_time()
    classifier.classify(email)
    for kind in (Kind.TRAINING, Kind.QUERY, Kind.STORY):
        understand(email, Verdict(kind, 1.0), rules, NOW)
    assert time.process_time() - started < 8


@pytest.mark.parametrize("piece", ["the 1st of ", "next Tuesday ", "3 March ", "a@b.cc "])
def test_four_times_the_dates_take_about_four_times_as_long(rules: Rules, short: Email, piece: str) -> None:
    """As for reading: a ratio, not seconds. Quadratic work would take sixteen times."""

    def cost(size: int) -> float:
        email = repeated(short, piece, size)
        started = time.process_time()
        understand(email, Verdict(Kind.TRAINING, 1.0), rules, NOW)
        return time.process_time() - started

    cost(100)
    assert cost(16_000) < 9 * max(cost(4_000), 0.03)
