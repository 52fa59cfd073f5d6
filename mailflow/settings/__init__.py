"""What the host decides: addresses, servers, secrets, database. From the environment, .env, and *_FILE for secrets.

In: variables whose names begin with MAILFLOW_. Out: one frozen `Settings`, or one sentence for each mistake. Never
a secret in a sentence.
"""

from pydantic import ValidationError

from mailflow.errors import UserError
from mailflow.settings.names import is_left_empty, unknown_names
from mailflow.settings.secret_files import SecretFiles
from mailflow.settings.sentences import sentences
from mailflow.settings.values import Explicit, Security, SentCopy, Settings

__all__ = ["SecretFiles", "Security", "SentCopy", "Settings", "load", "only", "unknown_names"]


def load(**overrides: object) -> Settings:
    """The settings of this host. Raises UserError with one sentence for each that is wrong; values of secrets are not shown."""
    try:
        chosen = Settings(**overrides)  # type: ignore[arg-type]
    except ValidationError as error:
        raise UserError(*sentences(error)) from None
    except UnicodeDecodeError:
        raise UserError(".env: is not UTF-8; save the file again with the encoding UTF-8.") from None
    except OSError as error:
        raise UserError(f".env: cannot be read ({error.strerror}).") from None
    if "address" not in chosen.model_fields_set and is_left_empty("address"):
        raise UserError("MAILFLOW_ADDRESS: is empty; write the address of the mailbox, such as edi.centre@university.example.")
    return chosen


def only(**values: object) -> Settings:
    """Settings of these values and nothing else, whatever the environment and .env say. Raises UserError as `load` does."""
    try:
        return Explicit(_env_file=None, **values)  # type: ignore[arg-type]
    except ValidationError as error:
        raise UserError(*sentences(error)) from None
