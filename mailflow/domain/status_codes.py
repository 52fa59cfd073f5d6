"""Status codes of mail systems (RFC 3463) in words, for people who do not know them by heart."""

# What the last two numbers say, where mail is often refused for it (RFC 3463, 3; RFC 7505, 4.2 for the null MX).
_COMMON = {
    "1.1": "there is no such address",
    "1.2": "there is no such domain",
    "1.3": "the address is not a valid one",
    "1.6": "they have moved to another address",
    "1.10": "their domain takes no mail",
    "2.1": "their mailbox takes no mail",
    "2.2": "their mailbox is full",
    "2.3": "the mail is too big for their mailbox",
    "3.4": "the mail is too big for their mail server",
    "4.1": "their mail server does not answer",
    "4.4": "there is no way to their mail server",
    "4.6": "the mail went in circles",
    "4.7": "it could not be delivered in time",
}
# What the second number is about, for all the others.
_SUBJECTS = {
    "0": "no reason was given",
    "1": "trouble with the address",
    "2": "trouble with the recipient's mailbox",
    "3": "trouble in the mail server",
    "4": "trouble with the network or the route",
    "5": "trouble with the protocol",
    "6": "trouble with the content",
    "7": "refused by security or policy",
}


def meaning_of(status: str) -> str | None:
    """What a code such as 5.1.1 says: "there is no such address". None where that is nothing in particular."""
    _, subject, detail = status.split(".")
    return _COMMON.get(f"{subject}.{detail}") or _SUBJECTS.get(subject)
