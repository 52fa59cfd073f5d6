"""Whoever changes a case and what is on it takes the case first: two who do so at once wait in turn, not in a ring."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Connection, select, text

from filed import NOW, filed_case, filed_message, raw_mail
from mailflow import answering, settings
from mailflow.answering import Sending, Written
from mailflow.correcting import Said, correct
from mailflow.deciding import House
from mailflow.domain import Kind
from mailflow.errors import UserError
from mailflow.reply.answer import Words
from mailflow.splitting import split
from mailflow.store import casework, drafting
from mailflow.store.database import Store
from mailflow.store.tables import cases, messages, outgoings
from servers.starting import eventually

ROOT = Path(__file__).parents[2]
KIM = "kim@university.example"
pytestmark = pytest.mark.real


@pytest.fixture(scope="module")
def house() -> House:
    return House.build(settings.load(_env_file=None, mode="live", rules=ROOT / "rules.toml", templates=ROOT / "templates"))


@pytest.fixture
def store(postgres_url: str, house: House) -> Iterator[Store]:
    """Case 1 with messages 1 and 2, and an answer to the first that rests before it leaves."""
    opened = Store(postgres_url)
    with opened.writing() as db:
        case_id = filed_case(db)
        first = filed_message(db, case_id, raw_mail("May I bring a friend?", "A friend"))
        filed_message(db, case_id, raw_mail("And what does it cost?", "A friend", f"Kim <{KIM}>"), sender=KIM)
        form = Written(first, Words("Re: A friend", "Yes, you may."), 2, "form-one")
        number = answering.write(db, house, case_id, form, "ada", NOW)
        version = drafting.version_of(db.execute(select(outgoings.c.raw)).scalar_one())
        answering.send(db, house, number, Sending(drafting.Seen(2, version)), "ada", NOW)
    yield opened
    opened.close()


def _await_waiting(store: Store) -> None:
    """Until somebody waits for what another has taken."""

    def waits() -> bool:
        with store.reading() as db:
            return bool(db.execute(text("SELECT count(*) FROM pg_locks WHERE NOT granted")).scalar_one())

    eventually(waits, "somebody to wait")


def _meanwhile(store: Store, theirs: Callable[[Connection], object], ours: Callable[[Connection], object]) -> Future[object]:
    """What we do on a case that we have taken, while somebody else has begun with theirs and waits for us."""

    def they() -> object:
        with store.writing() as db:
            return theirs(db)

    with ThreadPoolExecutor(1) as other:
        with store.writing() as db:
            casework.lock_case(db, 1)
            done = other.submit(they)
            _await_waiting(store)
            ours(db)
        done.exception(timeout=30)
    return done


def _take_all(db: Connection) -> None:
    for table in (messages, outgoings, cases):
        db.execute(select(table.c.id).with_for_update()).all()


@pytest.mark.parametrize("what", ["correct", "split", "have back", "change"])
def test_nobody_who_waits_for_a_case_has_taken_what_is_on_it(store: Store, house: House, what: str) -> None:
    does: dict[str, Callable[[Connection], object]] = {
        "correct": lambda db: correct(db, house, 1, Said("bo", Kind.TRAINING), NOW),
        "split": lambda db: split(db, house, 2, "bo", 2, NOW),
        "have back": lambda db: answering.have_back(db, 1, "bo", NOW),
        "change": lambda db: answering.rewrite(db, house, 1, Words("Re: A friend", "No."), "", "bo", NOW),
    }
    error = _meanwhile(store, does[what], _take_all).exception()
    assert isinstance(error, UserError) if what == "change" else error is None, "it has been approved"


def test_who_waited_for_a_case_that_the_message_has_left_is_told_so(store: Store, house: House) -> None:
    done = _meanwhile(
        store,
        lambda db: correct(db, house, 2, Said("bo", Kind.TRAINING), NOW),
        lambda db: split(db, house, 2, "ada", 2, NOW),
    )
    with pytest.raises(UserError, match="Message 2 has gone to EDI-0002 meanwhile: look at it there"):
        done.result()
