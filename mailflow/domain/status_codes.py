"""Status codes of mail systems (RFC 3463) in words, for people who do not know them by heart."""

# What the second number is about (RFC 3463, 3).
_SUBJECTS = {
    "1": "the address",
    "2": "the recipient's mailbox",
    "3": "the mail server",
    "4": "the network or the route",
    "5": "the protocol",
    "6": "the content",
    "7": "security or policy",
}


def status_in_words(status: str) -> str:
    """A code and what it is about, such as "5.1.1 (the address)"."""
    subject = _SUBJECTS.get(status.split(".")[1])
    return f"{status} ({subject})" if subject else status
