"""The way into the SMTP server: connecting, trusting the certificate, signing in; and what each failure means in plain words."""

import smtplib
import socket
import ssl
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager

from mailflow.errors import TemporaryError, UserError
from mailflow.outbox.answers import Answer
from mailflow.settings import Security, Settings
from mailflow.tokens import tokens_for, why_refused, xoauth2

CONNECT_SECONDS = 10
ANSWER_SECONDS = 60
_WAYS = frozenset({"CRAM-MD5", "PLAIN", "LOGIN"})


def sign_in(settings: Settings) -> smtplib.SMTP:
    """A session that is ready for mail. Raises UserError for a wrong setting, TemporaryError where there is no way in now."""
    session = _connected(settings)
    try:
        with _explained(settings):
            session.ehlo_or_helo_if_needed()
            if settings.smtp_security is Security.STARTTLS:
                _upgrade(session, settings)
            if settings.oauth_token_url:
                _identify_by_token(session, settings)
            elif settings.smtp_user:
                _identify_by_password(session, settings)
    except BaseException:
        session.close()
        raise
    if session.sock:
        session.sock.settimeout(ANSWER_SECONDS)
    return session


def _connected(settings: Settings) -> smtplib.SMTP:
    host, security = settings.smtp_host, settings.smtp_security
    port = settings.smtp_port or {Security.TLS: 465, Security.STARTTLS: 587, Security.NONE: 25}[security]
    # smtplib would ask the DNS for our name, which may take long where there is none.
    name = socket.gethostname()
    with _explained(settings):
        if security is Security.TLS:
            session: smtplib.SMTP = smtplib.SMTP_SSL(host, port, name, timeout=CONNECT_SECONDS, context=settings.trust())
        else:
            session = smtplib.SMTP(host, port, name, timeout=CONNECT_SECONDS)
    if "." not in name and session.sock:
        session.local_hostname = _literal(session.sock)
    return session


def _literal(sock: socket.socket) -> str:
    """Our address as EHLO has it where the machine has no full name (RFC 5321, 4.1.4)."""
    address = sock.getsockname()[0]
    return f"[IPv6:{address}]" if ":" in address else f"[{address}]"


def _upgrade(session: smtplib.SMTP, settings: Settings) -> None:
    if not session.has_extn("starttls"):
        raise UserError(
            f"MAILFLOW_SMTP_SECURITY: {settings.smtp_host} offers no STARTTLS; write tls, or none for this machine's own server."
        )
    session.starttls(context=settings.trust())
    session.ehlo_or_helo_if_needed()


def _identify_by_password(session: smtplib.SMTP, settings: Settings) -> None:
    user, password = settings.smtp_user, settings.smtp_password.get_secret_value()
    if not _WAYS & ways(session):
        raise UserError(
            f"MAILFLOW_SMTP_USER: {settings.smtp_host} takes no password over this connection; "
            "leave the user empty, or write tls or starttls for MAILFLOW_SMTP_SECURITY."
        )
    if (user + password).isascii():
        session.login(user, password)
        return
    # smtplib signs in with ASCII only; PLAIN takes UTF-8 (RFC 4616).
    code, text = session.docmd("AUTH", "PLAIN " + b64encode(f"\0{user}\0{password}".encode()).decode())
    if code != 235:
        raise smtplib.SMTPAuthenticationError(code, text)


def _identify_by_token(session: smtplib.SMTP, settings: Settings) -> None:
    if "XOAUTH2" not in ways(session):
        raise UserError(
            f"MAILFLOW_OAUTH_TOKEN_URL: {settings.smtp_host} takes no tokens over this connection (XOAUTH2); leave it empty to "
            "sign in with a password, or write tls or starttls for MAILFLOW_SMTP_SECURITY."
        )
    tokens, user = tokens_for(settings), settings.smtp_login
    kept = tokens.current()
    if not _lets_in(session, user, kept) and not _lets_in(session, user, fresh := tokens.current(refused=kept)):
        raise UserError(why_refused("SMTP", fresh))


def _lets_in(session: smtplib.SMTP, user: str, token: str) -> bool:
    """Whether the server takes a token. Raises TemporaryError where it cannot tell now."""
    answer = Answer.read(*session.docmd("AUTH", "XOAUTH2 " + b64encode(xoauth2(user, token).encode()).decode()))
    if answer.code == 334:
        # The reason of a refusal, which is to be answered with nothing.
        answer = Answer.read(*session.docmd(""))
    if not answer.accepts and not answer.is_final:
        raise TemporaryError(f"The SMTP server takes no sign-in now: {answer}.")
    return answer.accepts


def ways(session: smtplib.SMTP) -> frozenset[str]:
    """The ways to sign in that the server offers (RFC 4954), in capitals."""
    return frozenset(session.esmtp_features.get("auth", "").upper().split())


@contextmanager
def _explained(settings: Settings) -> Iterator[None]:
    """Says what each failure means. What the server says, and what we sent, is left out: it may hold names or secrets."""
    host = settings.smtp_host
    try:
        yield
    except ssl.SSLCertVerificationError as error:
        raise UserError(
            f"MAILFLOW_SMTP_HOST: the certificate of {host} is not trusted ({error.verify_message.rstrip('.')}); write the name "
            "it is made out for, or name the certificates to trust in MAILFLOW_CA_FILE."
        ) from None
    except ssl.SSLError:
        raise UserError(
            f"MAILFLOW_SMTP_SECURITY: {host} does not speak TLS 1.2 or newer here; write starttls, or another MAILFLOW_SMTP_PORT."
        ) from None
    except (socket.gaierror, UnicodeError) as error:
        if isinstance(error, OSError) and error.errno == socket.EAI_AGAIN:
            raise TemporaryError(f"The name of the SMTP server, {host}, cannot be looked up now.") from None
        raise UserError(f"MAILFLOW_SMTP_HOST: there is no host {host}; write the name of your SMTP server.") from None
    except smtplib.SMTPAuthenticationError as error:
        raise _refused(Answer.read(error.smtp_code, _text(error))) from None
    except smtplib.SMTPResponseException as error:
        answer = Answer.read(error.smtp_code, _text(error))
        raise TemporaryError(f"The SMTP server {host} takes no mail now: {answer}.") from None
    except OSError as error:
        if isinstance(error, smtplib.SMTPException):
            why = "no answer in time, or none that is SMTP"
        else:
            why = error.strerror or "no answer in time"
        raise TemporaryError(
            f"The SMTP server {host} cannot be reached ({why}); check MAILFLOW_SMTP_HOST, MAILFLOW_SMTP_PORT "
            "and MAILFLOW_SMTP_SECURITY."
        ) from None


def _refused(answer: Answer) -> UserError | TemporaryError:
    if not answer.is_final:
        return TemporaryError(f"The SMTP server takes no sign-in now: {answer}.")
    return UserError(
        f"MAILFLOW_SMTP_USER and MAILFLOW_SMTP_PASSWORD: the SMTP server refuses this name and password ({answer}); check both."
    )


def _text(error: smtplib.SMTPResponseException) -> bytes:
    return error.smtp_error if isinstance(error.smtp_error, bytes) else str(error.smtp_error).encode()
