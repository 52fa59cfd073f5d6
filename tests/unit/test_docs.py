"""What users are told is true: every setting, command and key of rules.toml is documented, and nothing that is not there."""

import re
import types
import typing
from pathlib import Path
from typing import Any

import pytest
import typer.main
from pydantic import BaseModel

from mailflow.cli import app
from mailflow.rules import Rules
from mailflow.settings import SecretFiles, Settings
from mailflow.settings.desk import DeskSettings

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()
RULES = (ROOT / "rules.toml").read_text()


def settings_table() -> str:
    """The table of README's section Settings, made from the settings themselves."""
    rows = ["| setting | what it says | where nothing is set |", "|---|---|---|"]
    for name, field in sorted(Settings.model_fields.items(), key=lambda found: found[0] in DeskSettings.model_fields):
        default = "" if field.default_factory else field.default
        shown = ", ".join(default) if isinstance(default, tuple) else str(default or "")
        shown = "" if name in SecretFiles.secrets else shown
        rows.append(f"| `MAILFLOW_{name.upper()}` | {field.description} | {f'`{shown}`' if shown else ''} |")
    return "\n".join(rows)


def commands(command: Any, above: str = "") -> list[tuple[str, Any]]:
    below = getattr(command, "commands", None)
    if below:
        return [found for name, one in below.items() for found in commands(one, f"{above} {name}".strip())]
    return [(above, command)]


COMMANDS = commands(typer.main.get_command(app))


def test_the_readme_tells_every_setting_with_its_meaning_and_default() -> None:
    assert settings_table() in README


def test_the_readme_names_no_setting_that_does_not_exist() -> None:
    named = set(re.findall(r"MAILFLOW_([A-Z_]+[A-Z])", README))
    known = {name.upper() for name in Settings.model_fields} | {f"{name.upper()}_FILE" for name in SecretFiles.secrets}
    assert named <= known


@pytest.mark.parametrize("name", [name for name, _ in COMMANDS])
def test_the_readme_tells_every_command(name: str) -> None:
    assert f"`mailflow {name.split(maxsplit=1)[0]}" in README


@pytest.mark.parametrize(("name", "command"), COMMANDS)
def test_the_help_of_every_command_has_an_example(name: str, command: Any) -> None:
    assert f"mailflow {name}" in (command.help or "")


def test_the_readme_names_no_command_that_does_not_exist() -> None:
    named = set(re.findall(r"`mailflow ([a-z]+)", README))
    assert named <= {name.split()[0] for name, _ in COMMANDS}


FAULTS = re.findall(r"\| `([\w/]+\.py)::(\w+)` \|$", README, re.MULTILINE)


@pytest.mark.parametrize(("file", "test"), sorted(set(FAULTS)))
def test_what_the_readme_says_of_a_fault_is_shown_by_a_test(file: str, test: str) -> None:
    assert f"def {test}(" in (ROOT / "tests" / file).read_text()


def test_no_row_of_what_happens_when_is_without_a_test() -> None:
    page = README.partition("## What happens when…")[2].partition("\n## ")[0]
    rows = [line for line in page.splitlines() if line.startswith("| ") and not line.startswith("| when |")]
    assert len(rows) == len(FAULTS)


def keys(table: type[BaseModel]) -> set[str]:
    found = set()
    for name, field in table.model_fields.items():
        if not field.exclude:
            found.add(name)
        for below in _tables(field.annotation):
            found |= keys(below)
    return found


def _tables(annotation: object) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and not isinstance(annotation, types.GenericAlias) and issubclass(annotation, BaseModel):
        return [annotation]
    return [table for part in typing.get_args(annotation) for table in _tables(part)]


@pytest.mark.parametrize("key", sorted(keys(Rules)))
def test_the_comments_of_rules_toml_explain_every_key(key: str) -> None:
    comments = "\n".join(line for line in RULES.splitlines() if "#" in line)
    assert re.search(rf"\b{key}\b", comments)


if __name__ == "__main__":
    print(settings_table())
