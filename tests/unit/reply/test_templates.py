"""The shipped templates: whole, documented, and within what they may say."""

import re
from pathlib import Path

import pytest

from mailflow.domain import Ourselves
from mailflow.errors import UserError
from mailflow.render import Templates
from mailflow.reply.sample import check_templates, sample_values
from mailflow.reply.variables import ACKNOWLEDGEMENT, ALERT, ASK, DIGEST, SESSION, TROUBLE, known_variables
from mailflow.rules import Rules

TEMPLATES = Path(__file__).parents[3] / "templates"
NAMES = sorted(path.stem for path in TEMPLATES.glob("*.md") if path.name != "README.md")


def test_every_shipped_template_renders_with_every_sample(templates: Templates, rules: Rules, ourselves: Ourselves) -> None:
    check_templates(templates, rules, ourselves)


@pytest.mark.parametrize("name", NAMES)
def test_a_template_reads_documented_variables_only(name: str, templates: Templates, rules: Rules) -> None:
    assert templates.variables(name) <= set(known_variables(name, rules))


@pytest.mark.parametrize("name", NAMES)
def test_each_sample_has_exactly_the_documented_variables(name: str, rules: Rules, ourselves: Ourselves) -> None:
    for values in sample_values(name, rules, ourselves):
        assert set(values) == set(known_variables(name, rules))


def test_the_readme_tells_the_team_every_variable_and_its_meaning() -> None:
    told = re.findall(r"^\| `(\w+)` \| (.+) \|$", (TEMPLATES / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert told == [*ACKNOWLEDGEMENT.items(), *ALERT.items(), *ASK.items(), *SESSION.items(), *DIGEST.items(), *TROUBLE.items()]


@pytest.mark.parametrize("name", NAMES)
def test_the_samples_print_no_markup_and_no_empty_sentence(
    name: str, templates: Templates, rules: Rules, ourselves: Ourselves
) -> None:
    for values in sample_values(name, rules, ourselves):
        mail = templates.render(name, values)
        assert not re.search(r"\*\*|\{\{|\{%|\]\(|\\| ,| \.( |$)|None|\n\n\n", mail.text)
        assert max(map(len, mail.text.split("\n"))) < 100
        assert "\n" not in mail.subject


@pytest.mark.parametrize("name", ["training", "query", "story"])
def test_a_first_reply_names_the_reference_and_the_day_of_the_answer(
    name: str, templates: Templates, rules: Rules, ourselves: Ourselves
) -> None:
    mail = templates.render(name, sample_values(name, rules, ourselves)[0])
    assert "[EDI-0042-7kq2mxwd]" in mail.subject
    assert "EDI-0042-7kq2mxwd" in mail.text
    assert "by Thursday 26 November" in mail.text
    assert "automatic" in mail.text


def test_a_training_reply_says_that_nothing_is_fixed(templates: Templates, rules: Rules, ourselves: Ourselves) -> None:
    values = sample_values("training", rules, ourselves)[0]
    assert "Nothing is fixed yet" in templates.render("training", values).text


@pytest.mark.parametrize(
    ("action", "words"), [("change", "Nothing is changed"), ("cancel", "like to cancel"), ("confirm", "confirming")]
)
def test_a_training_reply_fits_what_is_wanted(
    action: str, words: str, templates: Templates, rules: Rules, ourselves: Ourselves
) -> None:
    values = next(values for values in sample_values("training", rules, ourselves) if values["action"] == action)
    text = " ".join(templates.render("training", values).text.split())
    assert words in text
    assert "still need to know" not in text


def test_a_template_that_the_rules_name_but_nobody_wrote_is_told(
    tmp_path: Path, templates: Templates, rules: Rules, ourselves: Ourselves
) -> None:
    (tmp_path / "query.md").write_text("Subject: x\n\n{{ greting }}\n", encoding="utf-8")
    with pytest.raises(UserError) as refused:
        check_templates(Templates.load(tmp_path), rules, ourselves)
    told = "\n".join(refused.value.problems)
    assert "There is no template digest.md, but the digest needs it; add it to the templates folder." in told
    assert "rules.toml, kinds.training.template names it" in told
    assert f"{tmp_path}/query.md, line 3: there is no variable greting; use one of" in told


def test_no_answer_of_the_teams_points_at_something_that_stands_elsewhere_in_the_mail(rules: Rules) -> None:
    assert not [entry.question for entry in rules.questions if re.search(r"\b(above|below)\b", entry.answer)]
