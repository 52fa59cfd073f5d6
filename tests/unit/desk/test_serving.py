import socket
import threading

import httpx2
import pytest
from fastapi import FastAPI

from mailflow import settings
from mailflow.desk.serving import serve
from mailflow.errors import UserError


def test_a_free_port_is_taken_told_and_given_back(app: FastAPI) -> None:
    desk = serve(app, "127.0.0.1", 0)
    try:
        assert desk.port > 0
        answer = httpx2.get(f"{desk.url}/healthz")
        assert answer.json() == {"mailflow": "well"}
        assert "server" not in answer.headers
    finally:
        desk.stop()
    assert not desk.thread.is_alive()
    socket.create_server(("127.0.0.1", desk.port)).close()


def test_a_port_in_use_is_said_in_one_sentence(app: FastAPI) -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as taken,
        pytest.raises(UserError, match=r"MAILFLOW_DESK_PORT: .*write another port"),
    ):
        serve(app, "127.0.0.1", taken.getsockname()[1])


@pytest.mark.parametrize("host", ["no-such-host.invalid", "203.0.113.7"])
def test_an_address_that_is_not_ours_is_said_in_one_sentence(app: FastAPI, host: str) -> None:
    with pytest.raises(UserError, match=r"MAILFLOW_DESK_(HOST|PORT): "):
        serve(app, host, 0)


@pytest.mark.parametrize(
    ("proxies", "forwarded", "counted"),
    [
        ((), "198.51.100.{number}", {401, 429}),  # from nobody that settings name: it is always the same guesser
        (("198.51.100.0/24",), "198.51.100.{number}", {401, 429}),
        (("127.0.0.1",), "203.0.113.9, 198.51.100.{number}", {401}),  # the proxy's own word: seven guessers
        (("127.0.0.1",), "198.51.100.{number}, 203.0.113.9", {401, 429}),  # what a guesser wrote before it
        (("127.0.0.0/8",), "{number}", {401}),
    ],
)
def test_a_forwarded_address_is_believed_from_a_named_proxy_alone(
    app: FastAPI, proxies: tuple[str, ...], forwarded: str, counted: set[int]
) -> None:
    desk = serve(app, "127.0.0.1", 0, proxies)
    try:
        with httpx2.Client(base_url=desk.url) as browser:
            seen = set()
            for number in range(7):
                csrf = browser.get("/sign-in").text.partition('name="csrf" value="')[2].partition('"')[0]
                form = {"csrf": csrf, "name": "ada", "password": "wrong"}
                headers = {"X-Forwarded-For": forwarded.format(number=number)}
                seen.add(browser.post("/sign-in", data=form, headers=headers).status_code)
        assert seen == counted
    finally:
        desk.stop()


@pytest.mark.parametrize("proxies", ["*", "proxy.university.example", "10.0.0.5/8", "10.0.0.1, 10.0.0.300"])
def test_a_proxy_that_is_no_address_is_refused(proxies: str) -> None:
    with pytest.raises(UserError, match=r"MAILFLOW_DESK_PROXIES: .* is no address"):
        settings.load(desk_proxies=proxies)
    assert settings.load(desk_proxies="10.0.0.1, fd00::/8").desk_proxies == ("10.0.0.1", "fd00::/8")


def test_a_request_in_hand_does_not_keep_the_desk_from_stopping(app: FastAPI) -> None:
    begun, let_go = threading.Event(), threading.Event()

    def slow() -> None:
        begun.set()
        let_go.wait(10)

    app.add_api_route("/slow", slow)
    desk = serve(app, "127.0.0.1", 0)
    caller = threading.Thread(target=_call, args=(f"{desk.url}/slow",))
    caller.start()
    begun.wait(5)
    desk.stop()
    let_go.set()
    caller.join(5)
    desk.thread.join(5)
    assert not desk.thread.is_alive()


def _call(url: str) -> None:
    try:
        httpx2.get(url, timeout=5)
    except httpx2.HTTPError:
        return
