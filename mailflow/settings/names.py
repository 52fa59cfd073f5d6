"""The names of variables as this host has set them: those that are no setting of ours, and those left empty."""

import difflib
from collections.abc import Mapping

from pydantic_settings import DotEnvSettingsSource, EnvSettingsSource

from mailflow.domain import failpoints
from mailflow.settings.secret_files import SecretFiles
from mailflow.settings.values import PREFIX, Settings


def unknown_names() -> list[str]:
    """A phrase for each MAILFLOW_ variable that is no setting: its name, and the one that was perhaps meant.

    Other versions may know it: it is no mistake for certain.
    """
    fields = [*Settings.model_fields, *(f"{secret}_file" for secret in SecretFiles.secrets)]
    known = [f"{PREFIX}{name.upper()}" for name in fields]
    named = sorted({name.upper() for name in _variables() if name.upper().startswith(PREFIX)} - {*known, failpoints.VARIABLE})
    return [f"{name} is no setting{_suggestion(name, known)}" for name in named]


def is_left_empty(setting: str) -> bool:
    """Whether the variable of a setting is there, with nothing in it."""
    return _variables().get(f"{PREFIX}{setting}".lower()) == ""


def _suggestion(name: str, known: list[str]) -> str:
    bare = {one.removeprefix(PREFIX): one for one in known}
    near = difflib.get_close_matches(name.removeprefix(PREFIX), bare, n=1, cutoff=0.6)
    return f"; did you mean {bare[near[0]]}?" if near else " of this version."


def _variables() -> Mapping[str, str | None]:
    """Those of .env and of the environment, with their names in small letters; the environment wins."""
    of_file = DotEnvSettingsSource(Settings, env_ignore_empty=False).env_vars
    return {**of_file, **EnvSettingsSource(Settings, env_ignore_empty=False).env_vars}
