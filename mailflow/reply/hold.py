"""Unsure means a person: the reasons why a message is held until somebody has looked, the gravest first."""

from mailflow.domain import Email, History, Kind, Ourselves, Reason, Verdict
from mailflow.reply.headers import dmarc_failed
from mailflow.rules import Rules


def reason_to_hold(email: Email, verdict: Verdict, history: History, rules: Rules, ourselves: Ourselves) -> Reason | None:
    """Why a person must decide about this message; None where nobody needs to. What is surely automatic needs nobody.

    A message in a known conversation is not held for being unclear: it goes to its case, and is not answered again.
    """
    needed = rules.kinds[verdict.kind].confidence
    checks = (
        ("sensitive", verdict.sensitive, "It may be about somebody being harmed: a person answers."),
        ("forged-sender", dmarc_failed(email, ourselves), "Our mail server says that its sender may be forged (dmarc=fail)."),
        ("same-message-id", history.same_message_id, "Another message has the same Message-ID: one of them may be forged."),
        ("no-sender", email.sender is None, "It does not say who wrote it, or names more than one sender."),
        (
            "unsure",
            verdict.confidence < needed and history.case is None,
            f"It looks like {verdict.kind} ({verdict.confidence:.0%} sure), and {needed:.0%} is needed.",
        ),
    )
    if verdict.kind is Kind.AUTOMATIC and verdict.confidence >= needed:
        return None
    return next((Reason(name, text) for name, holds, text in checks if holds), None)
