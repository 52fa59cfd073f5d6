"""Secrets that stand in files of their own, as container hosts hand them over: MAILFLOW_…_FILE names the file."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic_settings import BaseSettings, PydanticBaseSettingsSource

from mailflow.errors import UserError


class SecretFiles(PydanticBaseSettingsSource):
    """Reads MAILFLOW_IMAP_PASSWORD_FILE and its like: a secret stands in the file that the variable names."""

    secrets = ("imap_password", "smtp_password", "oauth_client_secret", "database_url")

    def __init__(self, settings_cls: type[BaseSettings], variables: Mapping[str, str | None]) -> None:
        """`variables` are those of the environment, or of .env, with their names in small letters."""
        super().__init__(settings_cls)
        self._variables = variables

    def get_field_value(self, field: Any, field_name: str) -> tuple[Any, str, bool]:
        """Not asked: __call__ reads all at once."""
        return None, field_name, False

    def __call__(self) -> dict[str, Any]:
        """Every secret whose file is named. Raises UserError where one cannot be read."""
        named = {secret: self._variables.get(f"mailflow_{secret}_file") for secret in self.secrets}
        return {secret: _read(f"MAILFLOW_{secret.upper()}_FILE", path) for secret, path in named.items() if path}


def _read(variable: str, path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8-sig").strip()
    except UnicodeDecodeError:
        raise UserError(f"{variable}: {path} is not UTF-8; write the secret into it as plain text.") from None
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        why = getattr(error, "strerror", None) or "no file can have that name"
        raise UserError(f"{variable}: {path} cannot be read ({why}).") from None
