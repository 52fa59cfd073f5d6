"""The way into a mailbox: connecting, trusting the certificate, signing in; and what each failure means in plain words."""

import imaplib
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from imapclient import IMAPClient, SocketTimeout
from imapclient.exceptions import CapabilityError, IMAPClientAbortError, LoginError

from mailflow.errors import TemporaryError, UserError
from mailflow.inbox.trouble import trouble_is_temporary
from mailflow.settings import Security, Settings
from mailflow.tokens import tokens_for, why_refused, xoauth2

TIMEOUT = SocketTimeout(connect=10, read=30)

# A server that is gone without a word is noticed in two minutes, while we wait in IDLE for nine.
_KEEPALIVE = {"TCP_KEEPIDLE": 60, "TCP_KEEPINTVL": 15, "TCP_KEEPCNT": 4}

# RFC 5530: the server is at fault, or busy, and the same sign-in may work later.
_LATER = ("[UNAVAILABLE]", "[INUSE]", "[LIMIT]", "[SERVERBUG]", "[CONTACTADMIN]")


def sign_in(settings: Settings) -> IMAPClient:
    """A signed-in session. Raises UserError for a wrong setting, TemporaryError where the server cannot be reached now."""
    session = _connected(settings)
    try:
        with trouble_is_temporary():
            _tune(session.socket())
        if settings.imap_security is Security.STARTTLS:
            _upgrade(session, settings)
        _identify(session, settings)
    except BaseException:
        with_no_goodbye(session)
        raise
    return session


def with_no_goodbye(session: IMAPClient) -> None:
    """Drops a connection that is of no more use."""
    with suppress(OSError):
        session.shutdown()


def _connected(settings: Settings) -> IMAPClient:
    host, with_tls = settings.imap_host, settings.imap_security is Security.TLS
    port = settings.imap_port or (993 if with_tls else 143)
    with _explained(settings, f"{host}, port {port}"):
        session = IMAPClient(host, port, ssl=with_tls, ssl_context=settings.trust() if with_tls else None, timeout=TIMEOUT)
    session.normalise_times = False
    # At its own level IMAPClient formats every body it fetches, and throws the text away.
    session._imap.debug = 0
    return session


def _tune(connection: socket.socket) -> None:
    # IMAPClient sends some commands in two pieces: held back until the first is acknowledged, they take 40 ms longer.
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in _KEEPALIVE.items():
        # Not every system can be told.
        if option := getattr(socket, name, None):
            connection.setsockopt(socket.IPPROTO_TCP, option, value)


@contextmanager
def _explained(settings: Settings, server: str) -> Iterator[None]:
    host = settings.imap_host
    try:
        yield
    except ssl.SSLCertVerificationError as error:
        raise UserError(
            f"MAILFLOW_IMAP_HOST: the certificate of {host} is not trusted ({error.verify_message.rstrip('.')}); write the name "
            "it is made out for, or name the certificates to trust in MAILFLOW_CA_FILE."
        ) from None
    except ssl.SSLError:
        raise UserError(
            f"MAILFLOW_IMAP_SECURITY: {server} does not speak TLS 1.2 or newer; write starttls, or another MAILFLOW_IMAP_PORT."
        ) from None
    # UnicodeError: an empty label, or one of more than 63 bytes.
    except (socket.gaierror, UnicodeError) as error:
        if isinstance(error, socket.gaierror) and error.errno == socket.EAI_AGAIN:
            raise TemporaryError(f"The name of the IMAP server, {host}, cannot be looked up now.") from None
        raise UserError(f"MAILFLOW_IMAP_HOST: there is no host {host}; write the name of your IMAP server.") from None
    except (imaplib.IMAP4.error, OSError) as error:
        why = getattr(error, "strerror", None) or "no greeting in time, or none that is IMAP"
        raise TemporaryError(
            f"The IMAP server {server} cannot be reached ({why}); check MAILFLOW_IMAP_HOST and MAILFLOW_IMAP_PORT."
        ) from None


def _upgrade(session: IMAPClient, settings: Settings) -> None:
    with _explained(settings, settings.imap_host):
        try:
            session.starttls(settings.trust())
        except CapabilityError:
            raise UserError(
                f"MAILFLOW_IMAP_SECURITY: {settings.imap_host} offers no STARTTLS; write tls, or none on one machine."
            ) from None


def _identify(session: IMAPClient, settings: Settings) -> None:
    with trouble_is_temporary():
        if settings.oauth_token_url:
            _identify_by_token(session, settings)
        else:
            _identify_by_password(session, settings)


def _identify_by_password(session: IMAPClient, settings: Settings) -> None:
    user, password = settings.imap_login, settings.imap_password.get_secret_value()
    if not password:
        raise UserError("MAILFLOW_IMAP_PASSWORD: is empty; write the mailbox's password, or a file's name in …_PASSWORD_FILE.")
    if session.has_capability("LOGINDISABLED"):
        raise UserError("MAILFLOW_IMAP_SECURITY: the IMAP server takes no password in the clear; write tls or starttls.")
    # LOGIN is for ASCII only (RFC 9051, 6.2.3); PLAIN takes UTF-8 (RFC 4616).
    log_in = session.login if (user + password).isascii() else session.plain_login
    if not _lets_in(lambda: log_in(user, password)):
        raise UserError(
            "MAILFLOW_IMAP_USER and MAILFLOW_IMAP_PASSWORD: the IMAP server refuses this name and password; check both."
        )


def _identify_by_token(session: IMAPClient, settings: Settings) -> None:
    if not session.has_capability("AUTH=XOAUTH2"):
        raise UserError(
            "MAILFLOW_OAUTH_TOKEN_URL: the IMAP server takes no tokens over this connection (XOAUTH2); leave it empty to sign in "
            "with a password, or write tls or starttls for MAILFLOW_IMAP_SECURITY."
        )
    tokens, user = tokens_for(settings), settings.imap_login

    def is_let_in_with(token: str) -> bool:
        # The second challenge is the reason of a refusal, which is to be answered with nothing.
        return _lets_in(lambda: session.sasl_login("XOAUTH2", lambda challenge: "" if challenge else xoauth2(user, token)))

    kept = tokens.current()
    if not is_let_in_with(kept) and not is_let_in_with(fresh := tokens.current(refused=kept)):
        raise UserError(why_refused("IMAP", fresh))


def _lets_in(attempt: Callable[[], object]) -> bool:
    """Whether the server took who we say we are. Raises TemporaryError where it could not tell."""
    try:
        attempt()
    except LoginError as error:
        # IMAPClient takes the end of a connection for a refusal.
        if isinstance(error.__context__, IMAPClientAbortError) or any(code in str(error).upper() for code in _LATER):
            raise TemporaryError("The IMAP server takes no sign-in now.") from None
        return False
    return True
