"""A wrong rules file is refused in plain sentences: file, line, key, and what to write instead."""

from datetime import date
from pathlib import Path

import pytest

from mailflow import rules
from mailflow.domain import Kind
from mailflow.errors import UserError
from mailflow.rules import ReplyPolicy

SHIPPED = Path(__file__).parents[3] / "rules.toml"
RULE = '[[rules]]\nname = "one"\nkind = "training"\nweight = 1\nwords = ["workshop"]\n'


def test_the_smallest_file_is_read(wrong):
    assert set(rules.parse(wrong.smallest, Path("rules.toml")).kinds) == set(Kind)


def test_windows_line_ends_and_a_byte_order_mark_are_read(wrong, tmp_path):
    path = tmp_path / "rules.toml"
    path.write_bytes(b"\xef\xbb\xbf" + wrong.smallest.replace("\n", "\r\n").encode())
    assert rules.load(path).source == path


# (what is added, which line of it is wrong, what is said)
WRONG = {
    "unknown key": (RULE + "wieght = 3", 6, "`wieght` is unknown; did you mean `weight`?"),
    "unknown key like no other": ("[digest]\nzzz = 3", 2, "`zzz` is unknown; write one of time, days, readers."),
    "unknown table": ("[diggest]", 1, "`diggest` is unknown; did you mean `digest`?"),
    "unknown kind": ("[kinds.qeury]", 1, "`qeury` is no kind of mail; did you mean `query`?"),
    "unknown kind of a rule": (
        RULE.replace('"training"', '"trainig"'),
        3,
        '`kind` cannot be "trainig"; did you mean `training`?',
    ),
    "unknown place": (RULE + 'where = ["boddy"]', 6, 'entry 1 of `where` cannot be "boddy"; did you mean `body`?'),
    "unknown day": ('[digest]\ndays = ["mon",\n  "tues"]', 3, 'entry 2 of `days` cannot be "tues"; did you mean `tue`?'),
    "no address": (
        '[digest]\nreaders = ["a@x",\n "team"]',
        3,
        "entry 2 of `readers` is no address; write one such as name@university.example.",
    ),
    "address with a name": (
        '[digest]\nreaders = ["Rosalind <r@x.example>"]',
        2,
        'entry 1 of `readers` must be only "r@x.example", without the name and the brackets.',
    ),
    "no name": (RULE.replace('name = "one"\n', ""), 1, "number 1 of [[rules]] has no `name`; add it."),
    "text for a number": (RULE.replace("= 1", '= "much"'), 4, "`weight` must be a number, as in 1.5."),
    "no number at all": (RULE.replace("= 1", "= nan"), 4, "`weight` must be an ordinary number, as in 1.5."),
    "too heavy": (RULE.replace("= 1", "= 100"), 4, "`weight` is 100; write at most 10."),
    "text for a list": (
        RULE.replace('["workshop"]', '"workshop"'),
        5,
        '`words` must be a list between [ and ], as in ["one", "two"].',
    ),
    "number for a text": (RULE.replace('"one"', "1"), 2, '`name` must be a text between quotes, as in "Training".'),
    "fraction for a whole number": ("[replies]\ntotal_an_hour = 1.5", 2, "`total_an_hour` must be a whole number, as in 3."),
    "too small": ("[replies]\nper_address_a_day = 0", 2, "`per_address_a_day` is 0; write at least 1."),
    "table for a list": ("[rules]\nx = 1", 1, '`rules` must be a list between [ and ], as in ["one", "two"].'),
    "no date": (
        '[[open_sessions]]\ndate = "14 Jan"\ntime = "a"\nformat = "b"\nplace = "c"',
        2,
        "`date` is no date; write it as 2027-01-14.",
    ),
    "no time": ('[digest]\ntime = "8 o\'clock"', 2, '`time` is no time of day; write it as "08:00".'),
    "neither words nor patterns": (
        RULE.replace('["workshop"]', "[]"),
        1,
        '"one" has neither `words` nor `patterns` and can never count; write for example words = ["workshop"].',
    ),
    "header rule without header": (
        RULE + 'where = ["header"]',
        1,
        '"one" reads a header but does not say which; add for example header = "List-Id".',
    ),
    "header that is not read": (
        RULE + 'header = "List-Id"',
        1,
        '"one" names a `header` but does not read it; write where = ["header"], or take `header` out.',
    ),
    "empty word in a list of lines": (
        RULE.replace('["workshop"]', '[\n  "workshop",  # a note, with a comma\n  " ",\n]'),
        7,
        "entry 2 of `words` is empty; write at least one word, or take the line out.",
    ),
    "pattern that does not compile": (
        RULE + "patterns = ['fine', '(']",
        6,
        "entry 2 of `patterns` is no regular expression that can be read "
        "(missing ), unterminated subpattern at position 0); put \\ before signs such as ( [ + ? or use `words`.",
    ),
    "pattern of the sensitive words": (
        "[sensitive]\npatterns = [\n  '*',\n]",
        3,
        "entry 1 of `patterns` is no regular expression that can be read "
        "(nothing to repeat at position 0); put \\ before signs such as ( [ + ? or use `words`.",
    ),
    "same name twice": (f"{RULE}\n{RULE}", 8, '`name` "one" is taken by line 16; write another.'),
    "same department twice": (
        '[[departments]]\nname = "Law"\n[[departments]]\nname = "law"',
        4,
        '`name` "law" is taken by line 16; write another.',
    ),
    "key twice": (RULE + "weight = 2", 6, "this key is written twice in one table; keep one of the two."),
    "table twice": ("[kinds.other]", 1, "this table is written twice; keep its keys together under one heading."),
    "open quote": ('[digest]\nreaders = ["a]\n', 2, "a text is not closed on its line; add the missing quote."),
    "missing comma": (
        '[digest]\nreaders = ["a" "b"]',
        2,
        "a list is not closed, or a comma is missing between two of its texts; check the [ ] and the commas.",
    ),
    "no quotes": (
        "[digest]\ntime = morning",
        2,
        'this value cannot be read; put texts between quotes, as in folder = "Training".',
    ),
    "no key": ("[digest]\njust words", 2, "a line must read key = value, as in weight = 2."),
    "two on a line": (
        "[digest]\nreaders = [] days = []",
        2,
        "there is more on this line than one key = value; begin a new line, or check the quotes.",
    ),
    "open list": (
        '[digest]\nreaders = ["a",',
        2,
        "the file ends in the middle of a list, a text or a line; complete or close it.",
    ),
    "lone backslash": (
        RULE.replace('["workshop"]', '["\\d"]'),
        5,
        "a \\ must be doubled in \"…\"; put patterns between '…', where it needs not be.",
    ),
}


@pytest.mark.parametrize(("added", "line", "sentence"), WRONG.values(), ids=WRONG)
def test_a_mistake_is_told_with_its_line_and_what_to_write(wrong, added, line, sentence):
    assert wrong(added) == [f"rules.toml, line {wrong.first_line + line - 1}: {sentence}"]


def test_mistakes_within_a_kind_are_told_with_their_line(wrong):
    assert wrong('[kinds.query]\nfolder = ""\nconfidence = 70', instead_of="[kinds.query]") == [
        "rules.toml, line 12: `folder` is empty; write at least one word, or take the line out.",
        "rules.toml, line 13: `confidence` is 70; write at most 1.",
    ]


def test_an_answer_needs_a_template(wrong):
    assert wrong('[kinds.query]\nreply = "acknowledge"', instead_of="[kinds.query]") == [
        'rules.toml, line 11: `query` answers with reply = "acknowledge" but has no `template`; '
        'name one, or write reply = "none".'
    ]


def test_machines_are_never_answered(wrong):
    added = '[kinds.automatic]\nreply = "acknowledge"\ntemplate = "query"'
    assert wrong(added, instead_of="[kinds.automatic]") == [
        'rules.toml, line 10: `kinds` must not answer machines; write reply = "none" under [kinds.automatic].'
    ]


def test_every_kind_has_its_table(wrong):
    assert wrong("", instead_of="[kinds.story]\n") == [
        "rules.toml, line 10: `kinds` has no table [kinds.story]; add one (it may be empty)."
    ]


def test_all_mistakes_are_told_at_once_in_the_order_of_the_file(wrong):
    found = wrong(RULE.replace("weight", "wait").replace("kind", "kin"))
    assert [problem.split(": ")[0] for problem in found] == [f"rules.toml, line {line}" for line in (15, 15, 17, 18)]


def test_a_mistake_in_an_inline_table_is_told_at_its_line(wrong):
    text = 'departments = [\n  { name = "Law" },\n  { name = "Maths", alias = ["Mathematics"] },\n]\n' + wrong.smallest
    with pytest.raises(UserError, match="line 3: `alias` is unknown; did you mean `aliases`"):
        rules.parse(text, Path("rules.toml"))


def test_a_missing_file_is_told(tmp_path):
    with pytest.raises(UserError, match="there is no such file"):
        rules.load(tmp_path / "rules.toml")


def test_a_file_that_is_no_text_is_told(tmp_path):
    path = tmp_path / "rules.toml"
    path.write_bytes(b"# caf\xe9")
    with pytest.raises(UserError, match="byte 5 is not UTF-8"):
        rules.load(path)


def test_a_folder_in_place_of_the_file_is_told(tmp_path):
    with pytest.raises(UserError, match="cannot be read"):
        rules.load(tmp_path)


def test_the_shipped_file_is_right_and_answers_only_what_is_ours():
    shipped = rules.load(SHIPPED)
    answered = {kind for kind, table in shipped.kinds.items() if table.reply is ReplyPolicy.ACKNOWLEDGE}
    assert answered == {Kind.TRAINING, Kind.QUERY, Kind.STORY}


def test_the_shipped_facts_are_those_of_the_programme_page():
    page = (SHIPPED.parent / "tests/corpus/programme.md").read_text(encoding="utf-8")
    shipped = rules.load(SHIPPED)
    # A reply has no table above it.
    lines = page.replace("in the table above and on the web page", "on the web page").splitlines()
    written = [f"{number}. **{each.question}** {each.answer}" for number, each in enumerate(shipped.questions, 1)]
    assert [line for line in written if line not in lines] == []
    assert len(shipped.questions) == 18
    for session in shipped.open_sessions:
        day: date = session.date
        assert f"| {day:%A} {day.day} {day:%B %Y} | {session.time} | {session.format} | {session.place} |" in page
    assert len(shipped.open_sessions) == 12
    programme = shipped.programme
    assert all(fact in page for fact in programme.model_dump().values())
