"""Two who decide on a story at the same moment wait for each other, and never in a ring: each takes the case first."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import Connection, select, text

from filed import NOW, SHOWN, ready_story
from mailflow.domain import Agreement, Decision, StoryState
from mailflow.store import askings, contributors, merging, reviewing, texts
from mailflow.store.database import Store
from mailflow.store.tables import stories

_WAITING = text("SELECT count(*) FROM pg_locks WHERE NOT granted")


@pytest.fixture
def postgres_store(postgres_url: str) -> Iterator[Store]:
    """SQLite lets only one write at a time."""
    opened = Store(postgres_url)
    yield opened
    opened.close()


def publish(db: Connection, case_id: int, until: Callable[[], None]) -> None:
    reviewing.begin(db, case_id, Decision.PUBLISH, "ada", "", NOW, None, None)
    until()
    reviewing.decide(db, case_id, Decision.PUBLISH, "ada", "", NOW, reviewers=1)


def ask(db: Connection, case_id: int, until: Callable[[], None]) -> None:
    reviewing.begin(db, case_id, Decision.HOLD, "ada", "", NOW, None, None)
    until()
    reviewing.enter(db, case_id, Decision.ASK, StoryState.ASKED, "ada", "", NOW)


def save(db: Connection, case_id: int, until: Callable[[], None]) -> None:
    texts.story_row(db, case_id, for_update=True)
    until()
    texts.save(db, case_id, "ada", 1, replace(SHOWN, shown="Another text."), NOW)


def confirm(db: Connection, case_id: int, until: Callable[[], None]) -> None:
    found = askings.latest(db, case_id)
    assert found
    texts.take_up(db, case_id, "ada", None, None, NOW)
    until()
    askings.confirm(db, case_id, found.id, Agreement.CHANGE, "ada", None, "They rang.", NOW)


def withdraw(store: Store, case_id: int) -> None:
    """As the daemon does it where a contributor takes a story back."""
    with store.writing() as db:
        merging.lead_on(db, [case_id])
        contributors.withdraw_story(db, case_id, NOW)


def waits(store: Store, other: Future[None]) -> None:
    """Returns when the other waits for a lock; fails where they never do."""
    with store.reading() as db:
        while not db.execute(_WAITING).scalar_one():
            assert not other.done(), "they did not wait"


@pytest.mark.real
@pytest.mark.parametrize("decided", [publish, ask, save, confirm])
def test_a_story_taken_back_at_the_very_moment_of_a_decision_is_taken_back(
    postgres_store: Store, decided: Callable[[Connection, int, Callable[[], None]], None]
) -> None:
    store = postgres_store
    with store.writing() as db:
        case_id = ready_story(db, StoryState.APPROVED, approved_by=("rosa",))
        askings.write_down(db, case_id, SHOWN, "rosa", NOW, agreed="By telephone.")
    with ThreadPoolExecutor(1) as contributor:
        with store.writing() as db:
            taken_back: list[Future[None]] = []

            def until_the_other_waits() -> None:
                taken_back.append(contributor.submit(withdraw, store, case_id))
                waits(store, taken_back[0])

            decided(db, case_id, until_the_other_waits)
        taken_back[0].result(20)
    with store.reading() as db:
        state = db.execute(select(stories.c.state)).scalar_one()
    assert state is StoryState.WITHDRAWN
