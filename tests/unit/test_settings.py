"""What the host says: where it may say it, what goes before what, and one plain sentence for each mistake."""

from pathlib import Path

import pytest

from mailflow import settings
from mailflow.errors import UserError


@pytest.fixture(autouse=True)
def bare_host(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder without .env."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def env_file(bare_host: Path) -> Path:
    return bare_host / ".env"


def problem(**values: object) -> str:
    with pytest.raises(UserError) as raised:
        settings.load(**values)
    assert len(raised.value.problems) == 1
    return raised.value.problems[0]


def test_a_secret_is_read_from_the_file_that_the_environment_names(bare_host: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (bare_host / "secret").write_text("hunter2\n")
    monkeypatch.setenv("MAILFLOW_IMAP_PASSWORD_FILE", "secret")
    assert settings.load().imap_password.get_secret_value() == "hunter2"


def test_a_secret_is_read_from_the_file_that_env_file_names(bare_host: Path, env_file: Path) -> None:
    (bare_host / "secret").write_text("hunter2\n")
    env_file.write_text("MAILFLOW_IMAP_PASSWORD_FILE=secret\n")
    assert settings.load().imap_password.get_secret_value() == "hunter2"


def test_the_environment_goes_before_env_file(bare_host: Path, env_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (bare_host / "old").write_text("old")
    (bare_host / "new").write_text("new")
    env_file.write_text("MAILFLOW_IMAP_PASSWORD_FILE=old\nMAILFLOW_SMTP_PASSWORD=old\n")
    monkeypatch.setenv("MAILFLOW_IMAP_PASSWORD_FILE", "new")
    monkeypatch.setenv("MAILFLOW_SMTP_PASSWORD_FILE", "new")
    chosen = settings.load()
    assert (chosen.imap_password.get_secret_value(), chosen.smtp_password.get_secret_value()) == ("new", "new")


@pytest.mark.parametrize(("content", "words"), [(None, "cannot be read"), (b"\xff\xfe", "not UTF-8")])
def test_a_secret_that_cannot_be_read_is_told_by_its_variable(
    bare_host: Path, monkeypatch: pytest.MonkeyPatch, content: bytes | None, words: str
) -> None:
    if content is not None:
        (bare_host / "secret").write_bytes(content)
    monkeypatch.setenv("MAILFLOW_SMTP_PASSWORD_FILE", "secret")
    said = problem()
    assert said.startswith("MAILFLOW_SMTP_PASSWORD_FILE: secret ")
    assert words in said


def test_an_env_file_that_is_not_utf_8_is_told(env_file: Path) -> None:
    env_file.write_bytes(b"MAILFLOW_NAME=\xff\n")
    assert problem() == ".env: is not UTF-8; save the file again with the encoding UTF-8."


def test_only_takes_nothing_from_the_host(env_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    env_file.write_text("MAILFLOW_DATABASE_URL=postgresql://live/live\nMAILFLOW_NO_SUCH_THING=1\n")
    monkeypatch.setenv("MAILFLOW_SMTP_USER", "live")
    monkeypatch.setenv("MAILFLOW_IMAP_PASSWORD_FILE", "/nowhere")
    chosen = settings.only(data=Path("here"))
    assert (chosen.database, chosen.smtp_user) == ("sqlite:///here/mailflow.db", "")
    with pytest.raises(UserError, match="MAILFLOW_MODE: write rehearsal, drafts or live"):
        settings.only(mode="alive")


@pytest.mark.parametrize(
    ("values", "said"),
    [
        (
            {"address": "Rosalind <r@x.example>"},
            "MAILFLOW_ADDRESS: write only r@x.example, without the name and the brackets.",
        ),
        ({"address": ""}, 'MAILFLOW_ADDRESS: "" is no address; write one such as name@university.example.'),
        ({"aliases": "a@x, b@"}, 'MAILFLOW_ALIASES: "b@" is no address; write one such as name@university.example.'),
        ({"team": "a@x@y"}, 'MAILFLOW_TEAM: "a@x@y" is no address; write one such as name@university.example.'),
        ({"alert_to": "a b@x"}, 'MAILFLOW_ALERT_TO: "a b@x" is no address; write one such as name@university.example.'),
        ({"imap_port": "0"}, "MAILFLOW_IMAP_PORT: write 1 or more."),
        ({"smtp_port": "65536"}, "MAILFLOW_SMTP_PORT: write 65535 or less."),
        ({"smtp_port": "smtp"}, "MAILFLOW_SMTP_PORT: write a whole number."),
        ({"poll_seconds": "often"}, "MAILFLOW_POLL_SECONDS: write a number."),
        ({"poll_seconds": "0"}, "MAILFLOW_POLL_SECONDS: write a number above 0."),
        ({"log_format": "xml"}, "MAILFLOW_LOG_FORMAT: write text or json."),
        ({"mode": "alive"}, "MAILFLOW_MODE: write rehearsal, drafts or live."),
        ({"go_live": "soon"}, "MAILFLOW_GO_LIVE: write a date such as 2026-12-01."),
        ({"go_live": "2026-13-01"}, "MAILFLOW_GO_LIVE: write a date such as 2026-12-01."),
        ({"go_live": "2026"}, "MAILFLOW_GO_LIVE: write a date such as 2026-12-01."),
        ({"timezone": "London"}, "MAILFLOW_TIMEZONE: is no time zone; write one such as Europe/London."),
        ({"ca_file": "none.pem"}, "MAILFLOW_CA_FILE: there is no file none.pem that can be read; write the path of one."),
        (
            {"oauth_token_url": "tokens.university.example"},
            "MAILFLOW_OAUTH_TOKEN_URL: write an address such as https://login.microsoftonline.com/<tenant>/oauth2/v2.0/token.",
        ),
        (
            {"oauth_token_url": "http://tokens.university.example/token"},
            "MAILFLOW_OAUTH_TOKEN_URL: write an address that begins with https://; the secret must not go over a network in"
            " the clear.",
        ),
        (
            {"desk_url": "desk.university.example"},
            "MAILFLOW_DESK_URL: write an address that begins with http:// or https://,"
            " such as https://mailflow.university.example.",
        ),
    ],
)
def test_a_wrong_value_is_told_in_one_plain_sentence(values: dict[str, str], said: str) -> None:
    assert problem(**values) == said


def test_addresses_without_a_dot_in_their_host_are_taken() -> None:
    chosen = settings.load(address=" edi@mail ", team="o'neil+edi@a-b.example,  bo@x")
    assert (chosen.address, chosen.team) == ("edi@mail", ("o'neil+edi@a-b.example", "bo@x"))


def test_an_address_left_empty_is_not_the_one_of_the_example(env_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAILFLOW_ADDRESS", "")
    assert problem().startswith("MAILFLOW_ADDRESS: is empty; write ")
    env_file.write_text("MAILFLOW_ADDRESS=edi@university.example\n")
    assert settings.load().address == "edi@university.example"


def test_a_go_live_date_is_of_the_teams_time_zone() -> None:
    chosen = settings.load(go_live="2026-07-01", timezone="Europe/Paris")
    assert chosen.go_live is not None
    assert chosen.go_live.isoformat() == "2026-07-01T00:00:00+02:00"


def test_a_name_that_is_no_setting_is_told_and_stops_nothing(env_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAILFLOW_MOED", "live")
    monkeypatch.setenv("MAILFLOW_IMAP_PASSWORD_FILE", "")
    env_file.write_text("MAILFLOW_XYZZY=1\nMAILFLOW_MODE=drafts\n")
    assert settings.unknown_names() == [
        "MAILFLOW_MOED is no setting; did you mean MAILFLOW_MODE?",
        "MAILFLOW_XYZZY is no setting of this version.",
    ]
    assert settings.load().mode == "drafts"


OAUTH = {
    "oauth_token_url": "https://tokens.university.example/token",
    "oauth_client_id": "mailflow",
    "oauth_client_secret": "hunter2",
    "oauth_scope": "mail",
}


@pytest.mark.parametrize("missing", OAUTH)
def test_each_part_of_oauth_that_is_missing_is_one_sentence(missing: str) -> None:
    others = {name: value for name, value in OAUTH.items() if name != missing}
    assert problem(**others).startswith(f"MAILFLOW_{missing.upper()}: is empty; write ")
    with pytest.raises(UserError) as raised:
        settings.load(**{missing: OAUTH[missing]})
    assert [told.partition(":")[0] for told in raised.value.problems] == [f"MAILFLOW_{name.upper()}" for name in others]
    assert "hunter2" not in str(raised.value)


def test_with_oauth_the_user_is_the_address_where_none_is_named() -> None:
    assert settings.load().smtp_login == ""
    chosen = settings.load(**OAUTH, address="edi@university.example")
    assert (chosen.imap_login, chosen.smtp_login) == ("edi@university.example", "edi@university.example")
    chosen = settings.load(**OAUTH, imap_user="shared", smtp_user="sender")
    assert (chosen.imap_login, chosen.smtp_login) == ("shared", "sender")


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.8.8.8", "[::1]"])
def test_a_token_server_on_this_machine_may_speak_in_the_clear(host: str) -> None:
    assert settings.load(**OAUTH | {"oauth_token_url": f"http://{host}:8080/token"}).oauth_token_url


def test_no_way_to_print_settings_shows_a_secret() -> None:
    secrets = {"imap_password": "s3cret-1", "smtp_password": "s3cret-2", "oauth_client_secret": "s3cret-3"}
    chosen = settings.load(**OAUTH | secrets, database_url="postgresql://u:s3cret-4@db/x")
    printed = (repr(chosen), str(chosen), str(chosen.model_dump()), chosen.model_dump_json(), repr(chosen.__rich_repr__()))
    assert not [text for text in printed if "s3cret" in text]
