"""Around every answer: headers that keep browsers safe, and one sentence in the house's style for whatever goes wrong."""

import anyio
import pytest
from fastapi import FastAPI
from starlette.types import Message, Receive

from filed import filed_story
from mailflow.store.database import Store
from visiting import Visitor


@pytest.mark.parametrize("path", ["/", "/sign-in", "/review/EDI-0001", "/nowhere", "/healthz", "/assets/desk.css"])
def test_every_answer_bears_the_headers_that_keep_browsers_safe(store: Store, ada: Visitor, path: str) -> None:
    with store.writing() as db:
        filed_story(db)
    headers = ada.open(path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert (headers["x-frame-options"], headers["x-content-type-options"]) == ("DENY", "nosniff")
    assert headers["referrer-policy"] == "same-origin"
    assert ("no-store" in headers["cache-control"]) is not path.startswith("/assets")


def test_what_no_page_answers_is_answered_in_the_same_style(ada: Visitor) -> None:
    answers = {
        404: ada.open("/nowhere"),
        405: ada.browser.delete("/review/EDI-0001", headers={"content-length": "0"}),
        411: ada.browser.post("/sign-in", content=iter([b"x"])),
        413: ada.browser.post("/sign-in", data={"name": "x" * 70_000}),
        422: ada.open("/messages/many"),
    }
    for status, answer in answers.items():
        assert (answer.status_code, "<main" in answer.text) == (status, True)
    assert answers[405].headers["allow"]


@pytest.mark.parametrize("sort", ["multipart/form-data; boundary=x", "application/x-www-form-urlencoded"])
def test_a_body_longer_than_it_says_is_not_taken_in(app: FastAPI, sort: str) -> None:
    taken = 0

    async def receive() -> Message:
        nonlocal taken
        taken += 1
        begins = b"--x\r\nContent-Disposition: form-data; name=a\r\n\r\n" if taken == 1 and "multipart" in sort else b"a="
        return {"type": "http.request", "body": begins + b"x" * 60_000, "more_body": taken < 50}

    assert answered(app, receive, {"content-length": "10", "content-type": sort}) == 413
    assert taken == 2


@pytest.mark.parametrize("method", ["POST", "GET"])
def test_a_body_in_pieces_is_refused_whatever_length_it_names(app: FastAPI, method: str) -> None:
    async def receive() -> Message:
        raise AssertionError("nothing is read")

    assert answered(app, receive, {"content-length": "10", "transfer-encoding": "chunked"}, method) == 411


def answered(app: FastAPI, receive: Receive, headers: dict[str, str], method: str = "POST") -> int:
    """The status of the answer to a request to sign in, as the server below gives it to the desk."""
    statuses = []

    async def send(message: Message) -> None:
        statuses.append(message.get("status"))

    pairs = [(name.encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": "http", "http_version": "1.1", "method": method, "path": "/sign-in", "query_string": b"", "headers": pairs}
    anyio.run(app, scope, receive, send)
    return int(statuses[0])


def test_a_database_that_is_away_is_said_without_a_traceback(store: Store, ada: Visitor) -> None:
    with store.writing() as db:
        db.exec_driver_sql("DROP TABLE desk_session")
    answer = ada.open("/")
    assert answer.status_code == 503
    assert "desk_session" not in answer.text


def test_an_error_of_ours_is_one_sentence_for_people_and_no_words_for_the_log(
    app: FastAPI, store: Store, ada: Visitor, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken() -> None:
        raise RuntimeError("Priya Nair")

    app.add_api_route("/broken", broken)
    answer = ada.open("/broken")
    assert (answer.status_code, "our fault" in answer.text) == (500, True)
    said = capsys.readouterr()
    assert "RuntimeError" in said.out + said.err
    assert "Priya" not in answer.text + said.out + said.err
