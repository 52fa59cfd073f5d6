"""What goes wrong with a server once we are in: a broken connection, a refused command, a folder that takes nothing."""

import imaplib
from collections.abc import Iterator
from contextlib import contextmanager

from imapclient.exceptions import IMAPClientAbortError, IMAPClientError

from mailflow.errors import TemporaryError


class RefusedError(TemporaryError):
    """The server says no to one command; the connection itself is well."""


class FolderRefusedError(RefusedError):
    """The server will not put messages into this folder."""


@contextmanager
def trouble_is_temporary() -> Iterator[None]:
    """Turns whatever breaks a connection, or is refused without a reason we know, into a TemporaryError."""
    try:
        yield
    except imaplib.IMAP4.abort:
        raise TemporaryError("The IMAP server has closed the connection.") from None
    except imaplib.IMAP4.error:
        # What the server says may name people.
        raise RefusedError("The IMAP server has refused a command.") from None
    except TimeoutError:
        raise TemporaryError("The IMAP server does not answer.") from None
    except OSError as error:
        raise TemporaryError(f"The connection to the IMAP server is broken ({error.strerror or type(error).__name__}).") from None


@contextmanager
def folder_may_refuse(folder: str) -> Iterator[None]:
    """What the server says may name people: only the folder is passed on."""
    try:
        yield
    except IMAPClientAbortError:
        raise
    except IMAPClientError as error:
        # The response codes of RFC 5530, 3. Dovecot moves none of several messages where one has just gone.
        said = str(error).upper()
        if "[EXPUNGEISSUED]" in said:
            raise RefusedError("Messages have gone from the folder while we were moving them.") from None
        why = ": the mailbox is over its quota" if "[OVERQUOTA]" in said else ""
        raise FolderRefusedError(f'The IMAP server will not put messages into the folder "{folder}"{why}.') from None
