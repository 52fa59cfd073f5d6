"""Unsure means a person: the reasons why a message is held until somebody has looked, the gravest first."""

from mailflow.domain import DANGER, Email, History, Kind, KnownCase, Ourselves, Reason, Verdict
from mailflow.reply.headers import dmarc_failed
from mailflow.reply.matter import is_of_another_kind
from mailflow.rules import Rules

TOO_BIG = "too-big"


def reason_to_hold(email: Email, verdict: Verdict, history: History, rules: Rules, ourselves: Ourselves) -> Reason | None:
    """Why a person must decide about this message; None where nobody needs to. What is surely automatic needs nobody, where
    no words of a person's may stand in it that are sensitive.

    A message in a known conversation is not held for being unclear: it goes to its case, and is not answered again. Where a
    person has said what it is, it may still be held for something else.
    """
    needed = rules.kinds[verdict.kind].confidence
    case = history.case
    on_story = case is not None and case.kind is Kind.STORY
    new_matter = case is not None and is_of_another_kind(verdict, case, rules)
    claims = ourselves.includes(email.sender)
    remark = email.automatic is not None and email.automatic.remark and not verdict.by_person
    machines = not verdict.sensitive and (verdict.by_person or email.automatic is not None)
    unmarked = verdict.kind is Kind.AUTOMATIC and email.automatic is None
    checks = (
        (DANGER, verdict.danger, "It may be about a danger to somebody's life: a person reads it before anything else."),
        ("sensitive", verdict.sensitive, "It may be about somebody being harmed: a person answers."),
        ("forged-sender", dmarc_failed(email, ourselves), "Our mail server says that its sender may be forged (dmarc=fail)."),
        ("claims-to-be-us", claims, "It says that it comes from our own address, and is no mail that mailflow sent."),
        (
            "same-message-id",
            history.same_message_id,
            "Another message has the same Message-ID and other content: a list has changed a copy, or one of them is forged.",
        ),
        (TOO_BIG, not email.whole, "It is too big to be fetched: only its header was read, and a person looks into the mailbox."),
        ("remark", remark, "Somebody wrote words of their own into an invitation or the answer to one: a person reads them."),
        ("about-a-story", on_story, "It is about a story that was sent before: a person reads what its contributor writes."),
        (
            "two-cases",
            history.another is not None,
            f"It names {_reference(history.another)} besides {_reference(case)}: a person says which of them it is about.",
        ),
        ("new-matter", new_matter, f"It looks like a {verdict.kind} of its own, told in another conversation."),
        ("no-machines-mark", unmarked, "It reads like a machine's, but bears no mark of one: a person looks."),
        (
            "bounced-address",
            history.bounced,
            "Mail to its sender's address came back: a person says whether that address may be written to again.",
        ),
        ("no-sender", email.sender is None, "It does not say who wrote it, or names more than one sender."),
        (
            "unsure",
            verdict.confidence < needed and case is None,
            f"It looks like {verdict.kind} ({verdict.confidence:.0%} sure), and {needed:.0%} is needed.",
        ),
    )
    if verdict.kind is Kind.AUTOMATIC and machines and verdict.confidence >= needed and not claims and not remark:
        return None
    return next((Reason(name, text) for name, holds, text in checks if holds), None)


def _reference(case: KnownCase | None) -> str:
    return case.reference if case else ""
