"""How `mailflow correct` tells what it did, and what it did not: for people, or as JSON. No word of a message is repeated."""

from mailflow.corrected import Corrected, consequences, verdict
from mailflow.deciding import House
from mailflow.domain import reference
from mailflow.domain.plain import Json


def to_json(corrected: Corrected) -> Json:
    """What other programs may rely on."""
    plan = corrected.plan
    return {
        "message": corrected.message,
        "reference": None if corrected.case_id is None else reference(corrected.case_id),
        "changed": plan is not None,
        "was": corrected.was.value,
        "was_sensitive": corrected.was_sensitive,
        "kind": (plan.verdict.kind if plan else corrected.was).value,
        "sensitive": plan.verdict.sensitive if plan else corrected.was_sensitive,
        "state": plan.state.value if plan else None,
        "case_state": corrected.case_state.value if corrected.case_state else None,
        "hold": plan.hold.text if plan and plan.hold else None,
        "due": plan.due.isoformat() if plan and plan.due else None,
        "missing": list(corrected.missing),
        "reply": corrected.reply.value if corrected.reply else None,
        "template": plan.template if plan else None,
        "no_reply_reason": plan.silence.text if plan and plan.silence else None,
        "was_on": None if corrected.was_on is None else reference(corrected.was_on),
        "taken_back": list(corrected.taken_back),
        "in_flight": list(corrected.in_flight),
        "answered_again": list(corrected.answered_again),
        "alerted": corrected.alerted,
        "folder": plan.folder if plan else None,
        "moves": corrected.moves,
    }


def print_correction(corrected: Corrected, house: House) -> None:
    """A sentence a line."""
    print(verdict(corrected))
    if corrected.plan:
        for sentence in (*consequences(corrected, house), "`mailflow learn` learns from it."):
            print(f"  {sentence}")
