"""A worker goes on whatever happens in its step: soon where that may help, and slowly where it would do harm."""

import threading
from collections.abc import Callable, Iterator

import pytest

from mailflow import workers
from mailflow.errors import TemporaryError, UserError
from mailflow.workers import REFUSED_PAUSE, Worker, pause_after
from servers.starting import eventually


@pytest.fixture
def begin() -> Iterator[Callable[[Callable[[], bool]], Worker]]:
    stop = threading.Event()
    begun: list[Worker] = []

    def start(step: Callable[[], bool]) -> Worker:
        worker = Worker("mail", step, stop)
        begun.append(worker)
        worker.start()
        worker.wake()
        return worker

    yield start
    stop.set()
    for worker in begun:
        worker.wake()
        worker.join(5)
        assert not worker.is_alive()


def test_a_pause_ends_when_the_server_is_seen_to_be_back(
    begin: Callable[[Callable[[], bool]], Worker], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers, "pause_after", lambda error, failures: 600.0)
    looks: list[int] = []

    def look() -> bool:
        looks.append(1)
        if len(looks) == 1:
            raise TemporaryError("The server is away.")
        return False

    worker = begin(look)
    eventually(lambda: looks, "the first look")
    worker.wake()
    assert len(looks) == 1, "a timer ends no pause"
    eventually(lambda: worker.hurry() or len(looks) > 1, "the second look", pause=0.05)


def test_who_was_refused_asks_rarely() -> None:
    refused, away = UserError("The server refuses this password."), TemporaryError("The server is away.")
    assert all(pause_after(refused, failures) >= REFUSED_PAUSE / 2 for failures in (1, 2, 5) for _ in range(50))
    assert all(pause_after(away, 1) <= workers.FIRST_PAUSE for _ in range(50))
    assert all(pause_after(error, 100) <= workers.LONGEST_PAUSE for error in (refused, away) for _ in range(50))
