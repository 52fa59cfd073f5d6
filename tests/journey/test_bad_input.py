"""Mistakes are told in one clear sentence before anything starts, and no message is too strange to be kept."""

import random
import socket
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import select

import letters
from letters import CENTRE
from mailflow.domain import MessageState
from mailflow.store.tables import messages, raws
from running import Daemon, Installation
from servers.dovecot import Dovecot
from servers.starting import HOST, PASSWORD, eventually

pytestmark = pytest.mark.real


@pytest.fixture
def taken_port() -> Iterator[str]:
    with socket.socket() as other:
        other.bind((HOST, 0))
        other.listen()
        yield str(other.getsockname()[1])


@pytest.fixture
def refused(install: Callable[..., Installation]) -> Callable[..., None]:
    """Starts the daemon with a mistake and looks at what it says of it."""
    made = install()

    def check(*words: str, edit: Callable[[Installation], object] = lambda _: None, **changes: str) -> None:
        edit(made)
        code, said = made.fails("run", **changes)
        assert code == 2, said
        (sentence,) = said.splitlines()
        assert sentence.startswith("mailflow: ")
        assert sentence.endswith(".")
        for word in words:
            assert word in sentence
        for secret in (PASSWORD, changes.get("imap_password"), "Traceback"):
            assert not secret or secret not in said

    return check


def test_a_wrong_password_is_told(refused: Callable[..., None]) -> None:
    refused("MAILFLOW_IMAP_PASSWORD", "check both", imap_password="not-the-pass-word")


def test_an_unknown_host_is_told(refused: Callable[..., None]) -> None:
    refused("MAILFLOW_IMAP_HOST", "there is no host", imap_host="no-such-host.invalid")


def test_an_unknown_mail_server_is_told(refused: Callable[..., None]) -> None:
    refused("MAILFLOW_SMTP_HOST", "there is no host", smtp_host="no-such-host.invalid")


def test_a_missing_folder_is_told(refused: Callable[..., None]) -> None:
    refused("MAILFLOW_IMAP_FOLDER", '"Nowhere"', imap_folder="Nowhere")


def test_a_data_folder_that_cannot_be_written_to_is_told(refused: Callable[..., None]) -> None:
    refused("MAILFLOW_DATA", "cannot be written to", data="/dev/null/data")


def test_a_desk_port_in_use_is_told(refused: Callable[..., None], taken_port: str) -> None:
    refused("MAILFLOW_DESK_PORT", taken_port, desk_port=taken_port)


def test_a_setting_that_is_none_is_told(refused: Callable[..., None]) -> None:
    refused("MAILFLOW_MODE", "rehearsal", mode="alive")


def test_a_broken_template_is_told(refused: Callable[..., None]) -> None:
    def break_it(made: Installation) -> None:
        (made.templates / "query.md").write_text("Subject: Re: {{ subject }}\n\nDear {{ nobody_knows_this }}\n")

    refused("query.md", "nobody_knows_this", edit=break_it)


def test_a_rule_that_does_not_compile_is_told_with_its_line(refused: Callable[..., None]) -> None:
    def break_it(made: Installation) -> None:
        made.rules.write_text(
            f"{made.rules.read_text()}\n[[rules]]\nname = 'torn'\nkind = 'query'\nweight = 1\npatterns = ['(open']\n"
        )

    refused("rules.toml, line ", "`patterns`", edit=break_it)


def test_any_bytes_are_kept_and_hold_nobody_up(
    dovecot: Dovecot, install: Callable[..., Installation], start: Callable[[Installation], Daemon]
) -> None:
    noise = random.Random(7)
    strange = [
        b"\r\n",
        b"no header at all",
        b"From: \xff\xfe\xfd\r\nSubject: =?utf-8?b?/////w==?=\r\nContent-Type: text/plain; charset=none\r\n\r\n\x80\x81\xff\r\n",
        b"Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x",
        # NUL cannot be sent in IMAP (RFC 9051, 9, CHAR8).
        bytes(noise.choices(range(1, 256), k=4000)),
    ]
    member = dovecot.user()
    for raw in (*strange, letters.query(member).raw):
        dovecot.append(raw, CENTRE)
    lying = dovecot.messages(CENTRE)
    installation = install()
    start(installation)
    dovecot.await_mail(member, seconds=15)
    kept = eventually(lambda: _decided(installation, len(strange) + 1), "all to be decided", seconds=15)
    # Dovecot ends lines as mail does, with CR LF: kept is what it hands out.
    assert {raw for raw, _, _ in kept} == set(lying)
    assert all(failure for _, state, failure in kept if state is MessageState.FAILED)


def _decided(installation: Installation, count: int) -> list[tuple[bytes, MessageState, str | None]]:
    columns = raws.c.content, messages.c.state, messages.c.failure
    decided = messages.c.state != MessageState.RECEIVED
    with installation.database() as db:
        rows = db.execute(select(*columns).join(messages, messages.c.id == raws.c.message_id).where(decided)).all()
    return [(row.content, row.state, row.failure) for row in rows] if len(rows) >= count else []
