"""Domain values as plain JSON: the form of labels.jsonl, of `mailflow explain --json` and of the database's JSON columns."""

from datetime import date
from typing import Any

from mailflow.domain.decisions import DateOrRange, Identifier, Reason, TrainingDetails
from mailflow.domain.review import Ruled
from mailflow.domain.states import Action, Format, Kind, Ruling, Whose

Json = dict[str, Any]


def reason_to_json(reason: Reason) -> Json:
    """`name`, `text`, and where it counted for a kind, `weight` and `kind`."""
    plain: Json = {"name": reason.name, "text": reason.text}
    if reason.weight is not None:
        plain["weight"] = round(reason.weight, 3)
    if reason.kind is not None:
        plain["kind"] = reason.kind.value
    return plain


def reason_from_json(plain: Json) -> Reason:
    """The reverse of `reason_to_json`."""
    return Reason(plain["name"], plain["text"], plain.get("weight"), Kind(plain["kind"]) if "kind" in plain else None)


def identifier_to_json(identifier: Identifier) -> Json:
    """`text`, its span in the new text or in the name of the attachment that `file` gives, and what is known of it."""
    plain: Json = {
        "text": identifier.text,
        "start": identifier.start,
        "end": identifier.end,
        "sort": identifier.sort,
        "reason": identifier.reason,
        "whose": identifier.whose.value,
        "wording": identifier.wording,
    }
    return plain if identifier.file is None else {**plain, "file": identifier.file}


def identifier_from_json(plain: Json) -> Identifier:
    """The reverse of `identifier_to_json`; what an older version kept says less."""
    whose = Whose(plain.get("whose", Whose.OTHER))
    told = plain["text"], plain["start"], plain["end"], plain["sort"], plain["reason"]
    return Identifier(*told, whose, plain.get("wording", "[…]"), plain.get("file"))


def ruled_to_json(ruled: Ruled) -> Json:
    """The message's number, the span of its new text, and what a reviewer says of it."""
    return {
        "message": ruled.message,
        "start": ruled.start,
        "end": ruled.end,
        "text": ruled.text,
        "sort": ruled.sort,
        "whose": ruled.whose.value,
        "ruling": ruled.ruling.value,
        "wording": ruled.wording,
    }


def ruled_from_json(plain: Json) -> Ruled:
    """The reverse of `ruled_to_json`."""
    span = plain["message"], plain["start"], plain["end"]
    return Ruled(*span, plain["text"], plain["sort"], Whose(plain["whose"]), Ruling(plain["ruling"]), plain["wording"])


def details_to_json(details: TrainingDetails) -> Json:
    """What a training message says; what it does not say is left out. Dates are ISO, ranges lists of two."""
    plain: Json = {
        "department": details.department,
        "attendees": list(details.attendees) if isinstance(details.attendees, tuple) else details.attendees,
        "dates": [_date_to_json(when) for when in details.dates],
        "dates_in_words": list(details.dates_in_words),
        "format": details.format.value if details.format else None,
        "contact": details.contact,
        "action": details.action.value,
    }
    return {name: value for name, value in plain.items() if value not in (None, [])}


def details_from_json(plain: Json) -> TrainingDetails:
    """The reverse of `details_to_json`."""
    attendees = plain.get("attendees")
    return TrainingDetails(
        department=plain.get("department"),
        attendees=(attendees[0], attendees[1]) if isinstance(attendees, list) else attendees,
        dates=tuple(_date_from_json(when) for when in plain.get("dates", ())),
        dates_in_words=tuple(plain.get("dates_in_words", ())),
        format=Format(plain["format"]) if "format" in plain else None,
        contact=plain.get("contact"),
        action=Action(plain.get("action", Action.REQUEST)),
    )


def _date_to_json(when: DateOrRange) -> str | list[str]:
    return [day.isoformat() for day in when] if isinstance(when, tuple) else when.isoformat()


def _date_from_json(when: str | list[str]) -> DateOrRange:
    if isinstance(when, str):
        return date.fromisoformat(when)
    first, last = when
    return date.fromisoformat(first), date.fromisoformat(last)
