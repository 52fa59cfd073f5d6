"""The reply gate: the reasons not to answer come first, one small check each, in the order of one table.

A reply goes to the one From address and never to Reply-To: RFC 3834, 4 has responders follow the return path, and a
Reply-To naming somebody else would let a stranger aim our answers at them. Whoever wants the answer elsewhere
gets it from a person.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from mailflow.domain import Email, History, Kind, Ourselves, Reason, Verdict
from mailflow.reply.headers import dmarc_failed, from_own_list, is_bulk, is_from_list, own_list, says_automatic, suppresses
from mailflow.rules import KindRules, ReplyPolicy, Rules

# Mailboxes that machines write from (RFC 2142; RFC 3834, 2): the floor under the team's own never_to.
_MACHINES = (
    "mailer-daemon@*", "postmaster@*", "*noreply*@*", "*no-reply*@*", "*no_reply*@*", "*donotreply*@*", "*do-not-reply*@*",
    "bounce*@*", "*-bounces@*", "owner-*@*", "*-request@*", "listserv@*", "majordomo@*",
)  # fmt: skip

# An addr-spec that any mail server takes: ASCII without quotes (RFC 5321, 4.1.2), at most 254 characters (RFC 3696 erratum 1690).
_LOCAL = r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_USABLE = re.compile(rf"(?=.{{3,254}}\Z){_LOCAL}@(?:{_LABEL}\.)+{_LABEL}", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True, slots=True)
class Occasion:
    """All that the gate looks at."""

    email: Email
    verdict: Verdict
    history: History
    rules: Rules
    ourselves: Ourselves
    arrived: datetime
    go_live: datetime | None

    @property
    def kind(self) -> KindRules:
        """What the team decided for this kind."""
        return self.rules.kinds.get(self.verdict.kind, KindRules())


def silence(
    email: Email,
    verdict: Verdict,
    history: History,
    rules: Rules,
    ourselves: Ourselves,
    arrived: datetime,
    go_live: datetime | None,
) -> Reason | None:
    """The first reason not to answer this message by itself, or None. `arrived` and `go_live` are aware."""
    occasion = Occasion(email, verdict, history, rules, ourselves, arrived, go_live)
    for name, check in CHECKS:
        if name in _OF_ITS_KIND and not email.whole:
            continue
        if because := check(occasion):
            return Reason(name, because)
    return None


def is_usable(address: str) -> bool:
    """Whether mail can be sent to this addr-spec: no quotes, no spaces, ASCII, a domain with a dot."""
    return bool(_USABLE.fullmatch(address))


def _null_sender(on: Occasion) -> str | None:
    return "It has a null return path, as bounces have." if on.email.return_path == "" else None


def _automatic(on: Occasion) -> str | None:
    if on.email.automatic:
        return f"A machine wrote it ({on.email.automatic.sort.value}): {on.email.automatic.reason}"
    return "A machine wrote it." if on.verdict.kind is Kind.AUTOMATIC else None


def _auto_submitted(on: Occasion) -> str | None:
    return "Its Auto-Submitted header says that a machine sent it." if says_automatic(on.email) else None


def _suppressed(on: Occasion) -> str | None:
    return "Its X-Auto-Response-Suppress header asks for no automatic reply." if suppresses(on.email) else None


def _list(on: Occasion) -> str | None:
    return "It came over a mailing list." if is_from_list(on.email) and not own_list(on.email, on.ourselves) else None


def _bulk(on: Occasion) -> str | None:
    return "Its Precedence header marks it as bulk mail." if is_bulk(on.email) and not own_list(on.email, on.ourselves) else None


def _no_sender(on: Occasion) -> str | None:
    return None if on.email.sender else "It does not have exactly one sender."


def _ourselves(on: Occasion) -> str | None:
    returns_to_us = (on.email.return_path or "").lower() in on.ourselves.addresses
    return "It comes from one of our own addresses." if on.ourselves.includes(on.email.sender) or returns_to_us else None


def _own_list(on: Occasion) -> str | None:
    return (
        "It comes from the address of a list: all its members would be answered."
        if from_own_list(on.email, on.ourselves)
        else None
    )


def _machine_mailbox(on: Occasion) -> str | None:
    return "Its sender's mailbox is one that machines write from." if _matches(_MACHINES, on.email) else None


def _never_to(on: Occasion) -> str | None:
    return "rules.toml names its sender under never_to." if _matches(on.rules.replies.never_to, on.email) else None


def _unusable(on: Occasion) -> str | None:
    usable = on.email.sender and is_usable(on.email.sender.address)
    return None if usable else "Its sender's address is not one that mail can be sent to."


def _bounced(on: Occasion) -> str | None:
    return "Mail to its sender's address came back, and nobody has said since that it is right." if on.history.bounced else None


def _forged(on: Occasion) -> str | None:
    return "Our mail server found that its sender is forged (dmarc=fail)." if dmarc_failed(on.email, on.ourselves) else None


def _before_go_live(on: Occasion) -> str | None:
    return "It came before the go-live date." if on.go_live and on.arrived < on.go_live else None


def _sensitive(on: Occasion) -> str | None:
    return "It may be sensitive: a person answers it." if on.verdict.sensitive else None


def _acknowledged(on: Occasion) -> str | None:
    if on.history.acknowledged or (on.history.case and on.history.case.acknowledged):
        return "Its thread has had its acknowledgement, or a person decided against one."
    return None


def _same_message_id(on: Occasion) -> str | None:
    return "Another message bears the same Message-ID." if on.history.same_message_id else None


def _policy_none(on: Occasion) -> str | None:
    return f"rules.toml sends no reply to {on.verdict.kind.value}." if on.kind.reply is ReplyPolicy.NONE else None


def _no_template(on: Occasion) -> str | None:
    return None if on.kind.template else f"rules.toml names no template for {on.verdict.kind.value}."


def _unsure(on: Occasion) -> str | None:
    if on.verdict.confidence >= on.kind.confidence:
        return None
    needed = f"{on.verdict.kind.value} needs {on.kind.confidence:.2f}"
    return f"We are not sure enough what it is ({on.verdict.confidence:.2f}; {needed})."


def _address_cap(on: Occasion) -> str | None:
    cap = on.rules.replies.per_address_a_day
    if on.history.replies_to_sender < cap:
        return None
    return f"Its sender has had {on.history.replies_to_sender} automatic replies in a day; no more than {cap} are sent."


CHECKS: tuple[tuple[str, Callable[[Occasion], str | None]], ...] = (
    ("null-sender", _null_sender),
    ("automatic", _automatic),
    ("auto-submitted", _auto_submitted),
    ("suppressed", _suppressed),
    ("list", _list),
    ("bulk", _bulk),
    ("no-sender", _no_sender),
    ("ourselves", _ourselves),
    ("own-list", _own_list),
    ("machine-mailbox", _machine_mailbox),
    ("never-to", _never_to),
    ("unusable-sender", _unusable),
    ("bounced-address", _bounced),
    ("forged-sender", _forged),
    ("before-go-live", _before_go_live),
    ("sensitive", _sensitive),
    ("acknowledged", _acknowledged),
    ("same-message-id", _same_message_id),
    ("kind-not-answered", _policy_none),
    ("no-template", _no_template),
    ("unsure", _unsure),
    ("address-cap", _address_cap),
)


# Of a header alone nobody can tell the kind: what is said then is the same for every kind.
_OF_ITS_KIND = frozenset({"kind-not-answered", "no-template", "unsure"})


def _matches(patterns: tuple[str, ...], email: Email) -> bool:
    return bool(email.sender and patterns and _pattern(patterns).fullmatch(email.sender.address))


@lru_cache(maxsize=8)
def _pattern(patterns: tuple[str, ...]) -> re.Pattern[str]:
    """Only * stands for anything; a pattern without @ may also be a local part or a domain."""
    globs = [way for glob in patterns for way in ((glob,) if "@" in glob else (glob, f"{glob}@*", f"*@{glob}"))]
    return re.compile("|".join(re.escape(glob.strip()).replace(r"\*", ".*") for glob in globs), re.IGNORECASE)
