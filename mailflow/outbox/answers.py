"""What an SMTP server answers: its code, and the status code that says more. Never its words, which may name people."""

import re
from dataclasses import dataclass
from typing import Self

from mailflow.domain.status_codes import meaning_of
from mailflow.errors import PermanentError, TemporaryError

_STATUS = re.compile(rb"([245]\.\d{1,3}\.\d{1,3})(?:\s|$)")


@dataclass(frozen=True, slots=True)
class Answer:
    """A reply of the server (RFC 5321, 4.2). `status` is its enhanced status code (RFC 3463), where it gave one."""

    code: int
    status: str | None = None

    @classmethod
    def read(cls, code: int, text: bytes) -> Self:
        """The answer in a reply as smtplib gives it; `code` is -1 where none could be read."""
        found = _STATUS.match(text)
        return cls(code, found[1].decode() if found else None)

    @property
    def accepts(self) -> bool:
        """Whether the server said yes."""
        return 200 <= self.code <= 299

    @property
    def is_final(self) -> bool:
        """Whether it is a no that trying again cannot change. A reply that is none of the known ones is not final."""
        return 500 <= self.code <= 599

    @property
    def is_refusal(self) -> bool:
        """Whether the server clearly said no, for now or for good."""
        return 400 <= self.code <= 599

    @property
    def refuses_recipient(self) -> bool:
        """Whether, as the answer to RCPT, it is a no for good to that one recipient.

        X.7 is policy: mostly that we may not send by this server to the world (RFC 3463, 3.8, "relay access denied"). That is
        put right by a person, and no mail is to be given up for it at once.
        """
        return self.is_final and not (self.status and self.status.split(".")[1] == "7")

    @property
    def denies_sender(self) -> bool:
        """Whether it is a no to whoever we send as, which Microsoft 365 says only after the whole mail."""
        return self.status in {"5.7.60", "5.2.252"}

    def refusal(self, what: str) -> TemporaryError | PermanentError:
        """The error that this refusal of `what` means."""
        if self.is_final:
            return PermanentError(f"The mail server refuses {what}: {self}.")
        return TemporaryError(f"The mail server does not take {what} now: {self}.")

    def __str__(self) -> str:
        """The codes and what they say, such as "550 5.1.1 (there is no such address)"."""
        if self.status is None:
            return str(self.code)
        meaning = meaning_of(self.status)
        return f"{self.code} {self.status} ({meaning})" if meaning else f"{self.code} {self.status}"
