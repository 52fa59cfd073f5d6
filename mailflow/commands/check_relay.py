"""What `mailflow check` finds at the token server, and at the server that takes our mail."""

from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from mailflow.commands.finding import Finding
from mailflow.settings import Settings

if TYPE_CHECKING:
    from mailflow.outbox.survey import RelaySurvey


def look_at_tokens(chosen: Settings) -> Iterator[Finding]:
    """Asks for a token, and reads in it what Microsoft 365 lets its bearer do. Raises UserError or TemporaryError."""
    from mailflow.tokens import microsoft, tokens_for

    token = tokens_for(chosen).current()
    yield Finding("token", True, f"{urlsplit(chosen.oauth_token_url or '').hostname} gives access tokens")
    if microsoft.is_from_microsoft(token):
        for protocol, permission in microsoft.PERMISSIONS.items():
            missing = microsoft.missing_permission(token, protocol)
            yield Finding(f"permission for {protocol}", not missing, missing or f"{permission} is granted")


def look_at_sign_in(chosen: Settings) -> Iterator[Finding]:
    """Asks the university's sign-in what it says of itself. Raises UserError or TemporaryError where it is none."""
    from mailflow.desk.people.discovery import discover

    found = discover(chosen)
    yield Finding("sign-in", True, f"{urlsplit(found.issuer).hostname} answers; people come back to {chosen.desk_url}")


def look_at_relay(chosen: Settings) -> Iterator[Finding]:
    """Signs in, and asks what would be taken. Sends nothing. Raises UserError or TemporaryError where there is no way in."""
    from mailflow.outbox.smtp import Relay
    from mailflow.outbox.survey import RelaySurvey

    relay = Relay(chosen)
    relay.open()
    try:
        survey = RelaySurvey(relay)
        who = f"signed in as {chosen.smtp_login}" if chosen.smtp_login else "without signing in"
        offered = f"it offers {', '.join(sorted(survey.ways))}" if survey.ways else "it asks for no sign-in"
        most = f"takes mails of up to {survey.largest / 2**20:.0f} MB" if survey.largest else "names no limit to a mail's size"
        yield Finding("SMTP", True, f"{chosen.smtp_host}: {who}, {survey.tls or 'in the clear'}; {offered}, and {most}")
        yield _sender(chosen, survey)
    finally:
        relay.close()


def _sender(chosen: Settings, survey: "RelaySurvey") -> Finding:
    answer = survey.ask_to_send(chosen.address)
    if answer.accepts:
        later = "; of SendAs, Microsoft 365 tells only when a whole mail is sent" if "office365" in chosen.smtp_host else ""
        return Finding("sender", True, f"mail from MAILFLOW_ADDRESS is accepted so far, and nothing was sent{later}")
    if not answer.is_final:
        return Finding("sender", None, f"the mail server could not say whether it takes mail from MAILFLOW_ADDRESS ({answer})")
    advice = "write its own user for MAILFLOW_SMTP_USER, or have this user given the right to send as it (SendAs)"
    return Finding("sender", False, f"MAILFLOW_ADDRESS: the mail server takes no mail from it ({answer}); {advice}.")
