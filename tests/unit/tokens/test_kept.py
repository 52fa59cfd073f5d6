"""A token is used until shortly before its end, renewed once for all, and replaced when a mail server refuses it."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from mailflow.errors import TemporaryError, UserError
from mailflow.settings import Settings
from mailflow.tokens import Tokens, tokens_for
from servers.starting import eventually
from servers.tokens import TokenServer

At = Callable[..., Settings]


class Clock:
    """Seconds that pass only when told to."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def tokens(at: At, clock: Clock) -> Tokens:
    return Tokens(at(), clock=clock)


@pytest.mark.parametrize(("life", "used", "renewed"), [(3600, 3539, 3541), (60, 44, 46), (1, 0.7, 0.8)])
def test_a_token_is_renewed_before_it_expires(
    token_server: TokenServer, tokens: Tokens, clock: Clock, life: float, used: float, renewed: float
) -> None:
    token_server.lifetime = life
    first = tokens.current()
    clock.now += used
    assert tokens.current() == first
    clock.now += renewed - used
    assert tokens.current() == token_server.issued[1] != first
    assert len(token_server.asked) == 2


def test_a_refused_token_is_replaced_once_for_all_who_had_it(token_server: TokenServer, tokens: Tokens) -> None:
    refused = tokens.current()
    fresh = tokens.current(refused=refused)
    assert fresh != refused
    assert tokens.current(refused=refused) == fresh
    assert len(token_server.asked) == 2


def test_many_connections_ask_for_one_token(token_server: TokenServer, tokens: Tokens) -> None:
    token_server.go_on.clear()
    with ThreadPoolExecutor(8) as threads:
        waiting = [threads.submit(tokens.current) for _ in range(8)]
        eventually(lambda: token_server.asked, "a question")
        token_server.go_on.set()
        assert {each.result() for each in waiting} == set(token_server.issued)
    assert len(token_server.asked) == 1


def test_who_waited_for_a_failure_does_not_ask_again(token_server: TokenServer, tokens: Tokens) -> None:
    token_server.answers += [(503, b"")] * 4
    token_server.go_on.clear()
    with ThreadPoolExecutor(4) as threads:
        waiting = [threads.submit(tokens.current) for _ in range(4)]
        eventually(lambda: token_server.asked, "a question")
        token_server.go_on.set()
        assert {type(each.exception()) for each in waiting} == {TemporaryError}
    assert len(token_server.asked) == 1


def test_after_a_failure_the_next_one_asks(token_server: TokenServer, tokens: Tokens, clock: Clock) -> None:
    token_server.answers += [(503, b""), (401, {"error": "invalid_client"})]
    for error in (TemporaryError, UserError):
        with pytest.raises(error):
            tokens.current()
        clock.now += 1
    assert tokens.current() == token_server.issued[0]


def test_a_failure_to_renew_leaves_no_expired_token_in_use(token_server: TokenServer, tokens: Tokens, clock: Clock) -> None:
    tokens.current()
    clock.now += 61
    token_server.answers.append((500, b""))
    with pytest.raises(TemporaryError):
        tokens.current()


def test_every_connection_of_a_host_has_the_same_tokens(token_server: TokenServer, at: At) -> None:
    assert tokens_for(at()) is tokens_for(at())
    assert tokens_for(at()) is not tokens_for(at(oauth_scope="mail"))
    tokens_for(at()).current()
    token_server.assert_unseen(repr(tokens_for(at())))
