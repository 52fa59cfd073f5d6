"""From corrections to better judges, with few examples: what people say is learnt, measured, told as a reason, or refused."""

import gzip
import json
from collections.abc import Sequence
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path

import pytest
from sqlalchemy import Connection, insert

from filed import filed_case, filed_message
from mailflow import pipeline, settings
from mailflow.classify.judgement import Trust
from mailflow.classify.judges import Judges
from mailflow.classify.verdict import Classifier
from mailflow.correcting import Said, correct
from mailflow.deciding import House
from mailflow.domain import Kind
from mailflow.learning.examples import Example, read_examples
from mailflow.learning.weights import learn
from mailflow.relearning import STEPS, Figures, Relearnt, Step, Taught, count_moved, read_taught, relearn
from mailflow.store.database import Store
from mailflow.store.tables import corrections
from receiving_mail import CENTRE, NOW, put_to_rest

ROOT = Path(__file__).parents[2]
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
ROTA = "Hello,\n\nCould I swap my turn on the stewards' rota on {day}? The rota has me down for the late turn.\n\n{name}\n"


@pytest.fixture(scope="module")
def house() -> House:
    files = {"rules": ROOT / "rules.toml", "templates": ROOT / "templates"}
    return House.build(settings.load(_env_file=None, mode="drafts", **files))


def mail(number: int, text: str) -> bytes:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = f"Sam <sam{number}@university.example>", CENTRE, "Rota swap"
    message["Date"], message["Message-ID"] = "Tue, 24 Nov 2026 09:00:00 +0000", f"<{number}@university.example>"
    message.set_content(text)
    return message.as_bytes()


@pytest.fixture(scope="module")
def taught(house: House) -> list[Taught]:
    """Six mails of a sort that mailflow has never seen; people say that they are queries."""
    return [lesson(house, number, ROTA.format(day=day, name=f"Sam {number}")) for number, day in enumerate(DAYS)]


def lesson(
    house: House, number: int, text: str, was: Kind = Kind.OTHER, kind: Kind = Kind.QUERY, group: str | None = None
) -> Taught:
    email = house.read(mail(number, text))
    return Taught(number, was, Example(email.subject, email.new_text, kind, False, group or f"case {number}", 3.0), email)


@pytest.fixture(scope="module")
def learnt(taught: list[Taught], house: House) -> Relearnt:
    examples = read_examples()[::40]

    def watch(steps: Sequence[Step]) -> Sequence[Step]:
        assert len(steps) == STEPS
        for way, seen, judged in steps:
            assert set(seen).isdisjoint(judged)
            assert way or all(place < len(examples) for place in seen)
        return steps

    return relearn(examples, taught, (), house, NOW, watch)


def test_what_people_have_said_is_read_again_from_the_bytes_at_rest(store: Store, house: House) -> None:
    put_to_rest(store, mail(1, ROTA.format(day="Friday", name="Sam")), mail(2, "Who waters the fern?"))
    while pipeline.process(store, house, "here/1/1", NOW):
        pass
    with store.writing() as db:
        correct(db, house, 1, Said("tom", Kind.QUERY, sensitive=True), NOW)
    with store.reading() as db:
        (one,) = read_taught(db, house)
    assert one.said == (1, Kind.QUERY, True)
    assert one.example.text.startswith("Hello,\n\nCould I swap my turn")
    assert "swap" not in str(one)
    assert "sam" not in one.example.group


def test_what_one_person_writes_is_one_conversation_whatever_its_cases(store: Store, house: House) -> None:
    with store.writing() as db:
        for number in (1, 1, 2):
            case_id = filed_case(db, requester=f"sam{number}@university.example")
            say(db, filed_message(db, case_id, mail(number, "When is the course?")))
    with store.reading() as db:
        first, second, other = (one.example.group for one in read_taught(db, house))
    assert first == second != other


def test_what_others_write_in_a_case_belongs_to_its_conversation(store: Store, house: House) -> None:
    with store.writing() as db:
        case_id = filed_case(db, requester="sam1@university.example")
        for number in (1, 2):
            say(db, filed_message(db, case_id, mail(number, "When is the course?")))
        say(db, filed_message(db, None, mail(1, "Who waters the fern?")))
    with store.reading() as db:
        assert len({one.example.group for one in read_taught(db, house)}) == 1


def say(db: Connection, message: int) -> None:
    row = {"was": Kind.OTHER, "was_sensitive": False, "kind": Kind.QUERY, "sensitive": False, "who": "tom", "at": NOW}
    db.execute(insert(corrections).values(message=message, **row))


def test_it_is_measured_that_what_was_corrected_is_understood(learnt: Relearnt, taught: list[Taught]) -> None:
    assert learnt.before.corrected_right == 0 < learnt.after.corrected_right <= len(taught)
    assert (learnt.before.corrected_known, learnt.after.corrected_known) == (0, len(taught))
    assert learnt.after.macro_f1 is not None
    assert 0 < learnt.after.macro_f1 <= 1


def test_what_people_say_is_learnt_and_told_as_a_reason(learnt: Relearnt, house: House) -> None:
    new = house.read(mail(9, ROTA.format(day="Sunday", name="Kim")))
    verdict = Classifier(house.rules, Judges(learnt.weights)).classify(new)
    assert verdict.kind is Kind.QUERY
    (told,) = [reason.text for reason in verdict.reasons if "since you moved" in reason.text]
    assert told.endswith(" speaks for query, since you moved 6 such mails there.")


def test_the_shipped_judges_speak_of_no_moved_mail(house: House) -> None:
    verdict = house.classifier.classify(house.read(mail(9, ROTA.format(day="Sunday", name="Kim"))))
    assert not any("moved" in reason.text for reason in verdict.reasons)


def test_of_words_that_stood_in_fewer_than_three_moved_conversations_nothing_is_kept(house: House, taught: list[Taught]) -> None:
    others = [lesson(house, 20 + n, f"Who waters the {plant} fern?") for n, plant in enumerate(("tall", "tall", "small"))]
    told = count_moved([*others, lesson(house, 30, "A plain fern.", was=Kind.QUERY)])
    assert told.keys() == {Kind.QUERY}
    assert told[Kind.QUERY]["fern"] == 3
    assert not {"tall", "small", "plain", "tall fern"} & told[Kind.QUERY].keys()
    assert count_moved(others[:2]) == {}
    of_one_case = [lesson(house, n, f"Fern {n} again. Agnieszka", group="case 40") for n in (40, 41, 42)]
    assert count_moved(of_one_case) == {}
    assert count_moved([*of_one_case, *others[:2]])[Kind.QUERY]["fern"] == 5


def test_a_name_below_each_mail_of_one_conversation_is_not_in_the_weights(house: House) -> None:
    def words(groups: Sequence[str]) -> list[str]:
        mails = [lesson(house, n, f"May I come on day {n}?\nAgnieszka", group=group).example for n, group in enumerate(groups)]
        learnt = json.loads(gzip.decompress(learn([*read_examples()[::40], *mails], Trust())))
        return [term for block in learnt["blocks"].values() for term in block["terms"].split("\n")]

    assert any("gnies" in term for term in words(("case 1", "case 2", "case 3")))
    assert not any("gnies" in term for term in words(("case 1", "case 1", "case 1")))


GOOD = Figures(0.85, 0.5, 0.97, 0.9, 0, 4)


@pytest.mark.parametrize(
    ("changes", "worse"),
    [
        ({}, ()),
        ({"macro_f1": 0.846, "sensitive_recall": 0.895, "answered": 0.2}, ()),
        ({"macro_f1": 0.84}, ("macro_f1",)),
        ({"reply_precision": 0.96}, ("reply_precision",)),
        ({"sensitive_recall": 0.88}, ("sensitive_recall",)),
        ({"sensitive_answered": 1}, ("sensitive_answered",)),
        ({"corrected_right": 3}, ("corrected_right",)),
        ({"macro_f1": None, "reply_precision": None}, ()),
    ],
)
def test_what_does_worse_is_named(changes: dict[str, object], worse: tuple[str, ...]) -> None:
    assert Relearnt(b"", GOOD, replace(GOOD, **changes)).worse == worse  # type: ignore[arg-type]
