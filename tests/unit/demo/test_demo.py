"""`mailflow demo --once`: the whole sample, whatever this host's own settings are."""

import json
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from sqlalchemy import select
from typer.testing import CliRunner

from mailflow.cli import app
from mailflow.demo.servers import HOST, choose_port
from mailflow.demo.start import moved_ports, sample_mailbox
from mailflow.domain import MessageState
from mailflow.errors import UserError
from mailflow.store.database import Store
from mailflow.store.tables import messages


@pytest.fixture
def live_host(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The working folder of a host that runs the real mailbox."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text("MAILFLOW_SMTP_USER=centre\nMAILFLOW_GO_LIVE=2030-01-01\nMAILFLOW_TEAM=team@live.example\n")
    monkeypatch.setenv("MAILFLOW_DATABASE_URL", f"sqlite:///{tmp_path / 'live.db'}")
    monkeypatch.setenv("MAILFLOW_SMTP_PASSWORD", "secret")
    monkeypatch.setenv("MAILFLOW_ADDRESS", "centre@live.example")
    yield tmp_path
    structlog.reset_defaults()


def test_the_demo_takes_nothing_from_the_settings_of_a_live_host(live_host: Path) -> None:
    done = CliRunner().invoke(app, ["demo", "--once", "--json"], catch_exceptions=False)
    told = json.loads(done.stdout)
    assert told["messages"] == len(sample_mailbox())
    assert told["replies_sent"] > 0
    assert not (live_host / "live.db").exists()
    own = Store(f"sqlite:///{live_host / 'data/demo/mailflow.db'}")
    with own.reading() as db:
        assert MessageState.RECEIVED not in db.execute(select(messages.c.state)).scalars().all()
    own.close()
    sent = [mail.read_text() for mail in (live_host / "data/demo/sent").glob("*.eml")]
    assert len(sent) == told["mails_received"]
    assert not any("live.example" in mail for mail in sent)
    # What is changed of the rules at its desk is its own copy.
    assert (live_host / "data/demo/rules.toml").read_text() == (Path(__file__).parents[3] / "rules.toml").read_text()
    # Nobody can open a desk that is not there.
    assert not any("http://127.0.0.1" in mail for mail in sent)


def test_json_without_once_is_refused() -> None:
    error = CliRunner().invoke(app, ["demo", "--json"]).exception
    assert isinstance(error, UserError)
    assert "--once" in str(error)


def test_a_port_that_is_taken_is_left_to_whoever_has_it_and_the_welcome_says_so() -> None:
    with socket.socket() as other:
        other.bind((HOST, 0))
        other.listen()
        taken = other.getsockname()[1]
        assert choose_port(taken) != taken
    assert moved_ports(1143, 2525, 8080) == []
    assert moved_ports(1143, 2600, 8080) == ["Port 2525 is taken: the SMTP server listens at 2600 instead."]
