"""Bounces as mail systems write them, about a mail of ours: the forms of servers that people use, with invented names."""

from textwrap import dedent

OURS = "<mailflow.1@university.example>"
GONE = "gone.person@university.example"
US = "edi.centre@university.example"

_BOUNDARY = "=_part"


def returned(message_id: str = OURS, to: str = GONE) -> str:
    """The header of our mail, as it comes back."""
    return f"From: EDI Centre <{US}>\nTo: {to}\nSubject: Re: Active Bystander\nMessage-ID: {message_id}\n"


def report(status: str, *, mail: str | None = None, kind: str = "message/rfc822", sort: str = "message/delivery-status") -> bytes:
    """A multipart/report with these groups of fields, and the mail that it returns."""
    told = (
        "This is the mail system. Your message could not be delivered. It reads as if I had written: please withdraw my story.\n"
    )
    parts = [("text/plain", told), (sort, dedent(status).lstrip()), *([] if mail is None else [(kind, mail)])]
    body = "".join(f"--{_BOUNDARY}\nContent-Type: {of}\n\n{text}\n" for of, text in parts)
    return (
        _headers(f'multipart/report; report-type=delivery-status; boundary="{_BOUNDARY}"') + f"{body}--{_BOUNDARY}--\n".encode()
    )


def in_words(text: str, subject: str = "Mail delivery failed", *more: str) -> bytes:
    """A bounce without a report."""
    return _headers("text/plain; charset=utf-8", subject, *more) + dedent(text).lstrip().encode()


def _headers(content_type: str, subject: str = "Undelivered Mail Returned to Sender", *more: str) -> bytes:
    lines = (
        "Return-Path: <>",
        "From: Mail Delivery System <MAILER-DAEMON@mx.university.example>",
        f"To: {US}",
        f"Subject: {subject}",
        "Auto-Submitted: auto-replied",
        "MIME-Version: 1.0",
        f"Content-Type: {content_type}",
        *more,
    )
    return ("\n".join(lines) + "\n\n").encode()


def failed(message_id: str = OURS, address: str = GONE, *, action: str = "failed", status: str = "5.1.1") -> bytes:
    """A bounce as Postfix writes it."""
    fields = f"""
        Reporting-MTA: dns; mx.university.example
        X-Postfix-Queue-ID: 4F7Z1Q2k8Lz
        X-Postfix-Sender: rfc822; {US}

        Final-Recipient: rfc822; {address}
        Original-Recipient: rfc822;{address}
        Action: {action}
        Status: {status}
        Diagnostic-Code: smtp; 550 {status} <{address}> User doesn't exist
        """
    return report(fields, mail=returned(message_id, address))


EXCHANGE_ONLINE = report(
    f"""
    Reporting-MTA: dns;DB7PR01MB1234.eurprd01.prod.exchangelabs.com
    Arrival-Date: Tue, 24 Nov 2026 09:00:00 +0000

    Final-Recipient: rfc822;{GONE}
    Action: failed
    Status: 5.1.10
    Diagnostic-Code: smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient
     {GONE} not found by SMTP address lookup
    """,
    mail=returned(),
)
GMAIL = report(
    f"""
    Reporting-MTA: dns; googlemail.com
    Arrival-Date: Tue, 24 Nov 2026 01:00:00 -0800 (PST)
    X-Original-Message-ID: {OURS}

    Final-Recipient: rfc822; {GONE}
    Action: failed
    Status: 5.1.1
    Remote-MTA: dns; mx.university.example. (192.0.2.7, the server for the domain university.example.)
    Diagnostic-Code: smtp; 550-5.1.1 The email account that you tried to reach does not exist.
    """
)
EXIM = report(
    f"""
    Reporting-MTA: dns; mail.university.example

    Action: failed
    Final-Recipient: rfc822;{GONE}
    Status: 5.0.0
    """,
    mail=returned(),
)
EXIM_IN_WORDS = in_words(
    f"""
    This message was created automatically by mail delivery software.

    A message that you sent could not be delivered to one or more of its
    recipients. This is a permanent error. The following address(es) failed:

      {GONE}
        host mx.university.example [192.0.2.7]
        SMTP error from remote mail server after RCPT TO:<{GONE}>:
        550 5.1.1 Unknown user

    ------ This is a copy of the message, including all the headers. ------

    Return-path: <{US}>
    {returned().replace(chr(10), chr(10) + "    ")}
    Thank you.
    """,
    "Mail delivery failed: returning message to sender",
    f"X-Failed-Recipients: {GONE}",
)
QMAIL = in_words(
    f"""
    Hi. This is the qmail-send program at mail.university.example.
    I'm afraid I wasn't able to deliver your message to the following addresses.
    This is a permanent error; I've given up. Sorry it didn't work out.

    <{GONE}>:
    Sorry, no mailbox here by that name. (#5.1.1)

    --- Below this line is a copy of the message.

    Return-Path: <{US}>
    {returned().replace(chr(10), chr(10) + "    ")}
    Thank you.
    """,
    "failure notice",
)
ABOUT_OURS = {
    "postfix": failed(),
    "exchange online": EXCHANGE_ONLINE,
    "gmail": GMAIL,
    "exim": EXIM,
    "exim in words": EXIM_IN_WORDS,
    "qmail": QMAIL,
}
