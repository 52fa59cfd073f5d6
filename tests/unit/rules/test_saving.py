"""Saving rules.toml: a mistake changes nothing, nor does who has not seen the latest; what was before is kept."""

import threading
from pathlib import Path

import pytest

from mailflow import rules
from mailflow.errors import UserError
from mailflow.rules.saving import before, look, save, why_not


@pytest.fixture
def file(tmp_path, wrong):
    path = tmp_path / "rules.toml"
    path.write_text("# Ours.\n" + wrong.smallest, encoding="utf-8")
    return path


def test_what_is_saved_is_read_and_what_was_before_is_kept(file):
    seen = look(file)
    save(file, seen.text.replace('phone = "1"', 'phone = "2"'), seen.fingerprint)
    assert rules.load(file).programme.phone == "2"
    assert before(file).read_text(encoding="utf-8") == seen.text
    assert {one.name for one in file.parent.iterdir()} == {"rules.toml", "rules.toml.before"}


def test_a_mistake_changes_nothing_and_says_where_it_is(file):
    seen = look(file)
    with pytest.raises(UserError, match=r"line \d+: `diggest` is unknown"):
        save(file, seen.text + "[diggest]\n", seen.fingerprint)
    assert look(file) == seen
    assert not before(file).exists()


def test_who_has_not_seen_the_latest_change_overwrites_nothing(file):
    seen = look(file)
    file.write_text(seen.text + "# By hand.\n", encoding="utf-8")
    with pytest.raises(UserError, match="Somebody has changed"):
        save(file, seen.text, seen.fingerprint)
    assert "# By hand." in look(file).text


def test_of_many_at_once_one_is_saved(file):
    seen, refused = look(file), []

    def try_it(number: int) -> None:
        try:
            save(file, f"{seen.text}# {number}\n", seen.fingerprint)
        except UserError as error:
            refused.append(str(error))

    threads = [threading.Thread(target=try_it, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 7
    assert look(file).text.count("# ") == 2


def test_line_ends_and_permissions_stay_as_they_were(file):
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes().replace(b"\n", b"\r\n"))
    file.chmod(0o640)
    seen = look(file)
    assert "\r" not in seen.text
    save(file, seen.text + "# One more.\r\n", seen.fingerprint)
    assert file.read_bytes().endswith(b"\r\n# One more.\r\n")
    assert file.stat().st_mode & 0o777 == 0o640


def test_a_link_stays_a_link(file, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    link = tmp_path / "elsewhere" / "rules.toml"
    link.symlink_to(file)
    seen = look(link)
    save(link, seen.text + "# One more.\n", seen.fingerprint)
    assert link.is_symlink()
    assert "# One more." in look(file).text


def test_what_came_with_mailflow_is_not_changed():
    shipped = Path(rules.__file__).parents[1] / "shipped" / "rules.toml"
    assert "MAILFLOW_RULES" in (why_not(shipped) or "")


def test_a_file_that_cannot_be_replaced_is_said_in_a_sentence(file, monkeypatch):
    def busy(*_: object) -> None:
        raise OSError(16, "Device or resource busy")  # a file that a container mounts

    monkeypatch.setattr(Path, "replace", busy)
    seen = look(file)
    with pytest.raises(UserError, match="Device or resource busy"):
        save(file, seen.text, seen.fingerprint)
    assert look(file) == seen
    assert {one.name for one in file.parent.iterdir()} == {"rules.toml"}


def test_a_file_that_cannot_be_read_is_said_in_a_sentence(tmp_path):
    with pytest.raises(UserError, match="there is no such file"):
        look(tmp_path / "rules.toml")
