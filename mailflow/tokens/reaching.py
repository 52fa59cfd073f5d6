"""A server that people's sign-ins or tokens are asked of, and why it cannot be reached, in plain words."""

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from mailflow.errors import MailflowError, TemporaryError, UserError

if TYPE_CHECKING:
    import httpx2

CONNECT_SECONDS, ANSWER_SECONDS = 10, 20


def patience() -> "httpx2.Timeout":
    """How long an answer is waited for."""
    import httpx2

    return httpx2.Timeout(ANSWER_SECONDS, connect=CONNECT_SECONDS)


@contextmanager
def explained(server: str, setting: str, url: str) -> Iterator[None]:
    """Requests to `url` within the block fail in our own words. `server` is what it is, `setting` the name that says where.

    Raises UserError for a wrong setting, TemporaryError where the server does not answer now.
    """
    # Imported here: a tenth of a second that hosts with passwords can do without.
    import httpx2

    host = urlsplit(url).hostname or url
    try:
        yield
    except httpx2.TimeoutException:
        raise TemporaryError(f"The {server} {host} does not answer in time.") from None
    except (httpx2.HTTPError, httpx2.InvalidURL, UnicodeError) as error:
        raise _unreached(server, setting, host, error) from None


def _unreached(server: str, setting: str, host: str, error: BaseException | None) -> MailflowError:
    """What httpx wraps says more than its own error."""
    while error is not None:
        match error:
            case ssl.SSLCertVerificationError():
                return UserError(
                    f"{setting}: the certificate of {host} is not trusted ({error.verify_message.rstrip('.')}); "
                    "write the name it is made out for, or name the certificates to trust in MAILFLOW_CA_FILE."
                )
            case ssl.SSLError():
                return UserError(f"{setting}: {host} does not speak TLS 1.2 or newer; write the right port.")
            case socket.gaierror() if error.errno != socket.EAI_AGAIN:
                return UserError(f"{setting}: there is no host {host}; write the address of your {server}.")
        error = error.__cause__ or error.__context__
    return TemporaryError(f"The {server} {host} cannot be reached; check {setting}.")
