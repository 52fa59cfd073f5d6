"""Open sessions are changed in the team's file as by hand: nothing else moves, and no comment is lost."""

from datetime import date
from difflib import unified_diff
from pathlib import Path

import pytest

from mailflow import rules
from mailflow.errors import UserError
from mailflow.rules import OpenSession
from mailflow.rules.open_dates import add, change, remove

TEXT = (Path(__file__).parents[3] / "rules.toml").read_text(encoding="utf-8")
COUNT = TEXT.count("\n[[open_sessions]]")
NEW = OpenSession(date=date(2027, 1, 16), time="10:00 to 12:00", format="online", place='Teams "A"')
BLOCK = ["[[open_sessions]]", "date = 2027-01-16", 'time = "10:00 to 12:00"', 'format = "online"', 'place = "Teams \\"A\\""']


def difference(text: str, before: str = TEXT) -> tuple[list[str], list[str]]:
    """The lines that went and those that came; what is left must still be rules, and all its comments."""
    rules.parse(text, Path("rules.toml"))
    lines = [line for line in unified_diff(before.splitlines(), text.splitlines(), n=0) if line[:3] not in ("---", "+++")]
    gone, come = ([line[1:] for line in lines if line[0] == sign] for sign in "-+")
    assert not any("#" in line for line in gone)
    return [line for line in gone if line], [line for line in come if line]


def days(text: str) -> list[date]:
    return [session.date for session in rules.parse(text, Path("rules.toml")).open_sessions]


def test_a_new_date_stands_where_it_belongs():
    text = add(TEXT, NEW)
    gone, come = difference(text)
    assert (gone, sorted(come)) == ([], sorted(BLOCK))
    assert "\n\n" + "\n".join(BLOCK) + "\n\n" in text
    assert days(text) == sorted([*days(TEXT), NEW.date])
    assert rules.parse(text, Path("rules.toml")).open_sessions[days(text).index(NEW.date)] == NEW


@pytest.mark.parametrize("day", [date(2020, 1, 1), date(2030, 1, 1)])
def test_the_first_and_the_last_stand_right_too(day):
    text = add(TEXT, NEW.model_copy(update={"date": day}))
    assert difference(text)[0] == []
    assert days(text) == sorted([*days(TEXT), day])
    assert text.index("# ── Open sessions") < text.index("\n[[open_sessions]]")
    assert text.rindex("[[open_sessions]]") < text.index("# ── Questions and their agreed answers")
    assert "\n\n\n\n" not in text


def test_a_change_touches_only_what_changes():
    old = rules.parse(TEXT, Path("rules.toml")).open_sessions[5]
    text = change(TEXT, 5, old.model_copy(update={"place": "Hodgkin 1.05"}))
    assert difference(text) == ([f'place = "{old.place}"'], ['place = "Hodgkin 1.05"'])


def test_what_is_removed_can_be_added_again_as_if_nothing_had_happened():
    for number in (0, 5, COUNT - 1):
        session = rules.parse(TEXT, Path("rules.toml")).open_sessions[number]
        without = remove(TEXT, number)
        assert len(difference(without)[0]) == 5
        assert add(without, session) == TEXT


def test_all_can_go_and_one_can_come_again(wrong):
    text = wrong.smallest + "# Dates.\n"
    two = add(add(text, NEW), NEW)
    assert remove(remove(two, 1), 0).strip() == text.strip()
    assert days(add(text, NEW)) == [NEW.date]


def test_comments_stay_with_what_they_are_about(wrong):
    text = (
        f"{wrong.smallest}\n# Ours.\n\n# For shifts.\n[[open_sessions]]\ndate = 2027-02-08 # early\ntime = '''7\n15'''\n"
        'format = "online"\nplace = "Teams"   # link follows\n# The end.\n'
    )
    changed = change(text, 0, OpenSession(date=date(2027, 2, 9), time="8", format="online", place="Zoom"))
    assert 'date = 2027-02-09 # early\ntime = "8"\nformat = "online"\nplace = "Zoom"   # link follows\n# The end.\n' in changed
    added = add(text, NEW)
    assert "# Ours.\n\n[[open_sessions]]\ndate = 2027-01-16\n" in added
    assert "\n\n# For shifts.\n[[open_sessions]]\ndate = 2027-02-08 # early\n" in added
    assert remove(text, 0).endswith("# For shifts.\n# The end.\n")


@pytest.mark.parametrize("step", [remove, lambda text, number: change(text, number, NEW)])
def test_a_date_that_is_not_there_is_said(step):
    with pytest.raises(UserError, match="no such date"):
        step(TEXT, COUNT)
