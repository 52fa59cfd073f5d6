"""What mailflow would do with a message, as other programs and people are told: for `mailflow explain` and for the desk."""

from datetime import datetime

from mailflow.deciding import House
from mailflow.domain import OutgoingMail, Plan, StoryReading, TrainingDetails, named_in, reference
from mailflow.domain.plain import Json, details_to_json, identifier_to_json, reason_to_json
from mailflow.reply.compose import compose_reply


def reply_to(plan: Plan, house: House, now: datetime) -> OutgoingMail | None:
    """The very reply that a message would get by itself, on a case without a number; None where there is none.

    Raises MailflowError where it cannot be composed.
    """
    if not plan.template:
        return None
    return compose_reply(
        plan, 0, reference(0), house.templates, house.rules, house.ourselves, now, house.zone, house.largest_megabytes
    )


def contract(plan: Plan, reply: OutgoingMail | None) -> Json:
    """The fields that other programs rely on, in their order."""
    email, verdict, understanding = plan.email, plan.verdict, plan.understanding
    story = understanding if isinstance(understanding, StoryReading) else None
    return {
        "message_id": email.message_id,
        "kind": verdict.kind.value,
        "confidence": round(verdict.confidence, 4),
        "sensitive": verdict.sensitive,
        "automatic": email.automatic.sort.value if email.automatic else None,
        "reasons": [reason_to_json(reason) for reason in verdict.reasons],
        "new_text": email.new_text,
        "also": verdict.also.value if verdict.also else None,
        "details": details_to_json(understanding) if isinstance(understanding, TrainingDetails) else {},
        "identifiers": [identifier_to_json(each) for each in story.identifiers] if story else [],
        "consent": story.consent.value if story else None,
        "thread": {
            "in_reply_to": email.thread.in_reply_to,
            "references": list(email.thread.references),
            "cases": _cases(f"{email.subject}\n{email.text}"),
        },
        "reply": {"template": reply.template, "subject": reply.subject, "text": reply.text} if reply else None,
        "no_reply_reason": plan.silence.text if plan.silence else None,
        "defects": list(email.defects),
    }


def _cases(text: str) -> list[str]:
    """The cases whose references stand in a message, as the desk calls them."""
    return list(dict.fromkeys(reference(name.case_id) for name in named_in(text)))
