"""What can go wrong, by what is to be done about it: try again, give up, look for evidence, or tell the user."""

from collections.abc import Sequence


class MailflowError(Exception):
    """The base of every error that mailflow raises on purpose."""


class TemporaryError(MailflowError):
    """It may work later: the step is repeated, with growing pauses, and nothing is written down as the mail's fault."""


class PermanentError(MailflowError):
    """Trying again cannot help: the one row concerned is marked failed, with this reason."""


class InDoubtError(MailflowError):
    """It may have been done or not, and nobody can tell: it is never repeated without evidence, or a person's word."""


class UserError(MailflowError):
    """A mistake in what a person gave us: told in plain sentences, exit code 2, no traceback."""

    def __init__(self, *problems: str) -> None:
        """`problems`: one sentence each, saying what is wrong and what to write instead."""
        super().__init__("\n".join(problems))
        self.problems: Sequence[str] = problems


class ConflictError(UserError):
    """What a person wants has met what somebody else has done since, or is doing: it may be right once they have looked again."""
