"""How the desk says what things are: the words beside the values of mailflow.domain."""

from mailflow.domain import Agreement, AutomaticSort, Consent, FoldReason, Kind, Mode, Purpose, Role, Ruling, TrainingState, Whose
from mailflow.domain.training import Reply
from mailflow.domain.wording import CASE, HELD, KIND, MESSAGE, OUTGOING, SORT_OF_MACHINE, STORY

__all__ = ["CASE", "HELD", "KIND", "MESSAGE", "OUTGOING", "SORT_OF_MACHINE", "STORY"]  # as the pages say them, too

A_KIND = {
    Kind.TRAINING: "a training request",
    Kind.QUERY: "a query",
    Kind.STORY: "a story",
    Kind.OTHER: "other business",
    Kind.AUTOMATIC: "a machine’s mail",
}
ONE_OF_MACHINE = {
    AutomaticSort.BOUNCE: "mail that came back",
    AutomaticSort.VACATION: "out of office",
    AutomaticSort.RECEIPT: "receipt",
    AutomaticSort.CALENDAR: "invitation",
    AutomaticSort.LIST: "list or newsletter",
    AutomaticSort.NOTICE: "notice",
    AutomaticSort.FEEDBACK: "complaint",
}

CONSENT = {
    Consent.NAMED: "with name",
    Consent.ANONYMOUS: "anonymous",
    Consent.NONE: "not to publish",
    Consent.UNSTATED: "not said",
}
CONSENT_SENTENCE = {
    Consent.NAMED: "The contributor is willing to be published with their own name. Show them the text first.",
    Consent.ANONYMOUS: "The contributor is willing to be published without names. Show them the text first.",
    Consent.NONE: "The contributor does not want this published.",
    Consent.UNSTATED: "The contributor has not said whether this may be published. Ask before anything appears.",
}
WHOSE = {
    Whose.WRITER: "the contributor’s own",
    Whose.HELPED: "the helped person’s",
    Whose.CHALLENGED: "the challenged person’s",
    Whose.WITNESS: "a witness’s",
    Whose.GROUP: "a small group’s",
    Whose.OTHER: "somebody else’s",
}
SORT = {
    "name": "Name",
    "email": "E-mail address",
    "phone": "Phone number",
    "room": "Room",
    "number": "Number",
    "role": "Role that one person holds",
    "group": "Small group",
    "date-place": "Date and place",
    "unit": "Department or unit",
    "link": "Link",
    "marked": "Other words",
}
WHO = {
    Whose.WRITER: "contributor",
    Whose.HELPED: "person helped",
    Whose.CHALLENGED: "person challenged",
    Whose.WITNESS: "witness",
    Whose.GROUP: "small group",
    Whose.OTHER: "somebody else",
}
# Beside the number of a mark in the text.
WHOSE_BRIEFLY = {
    Whose.WRITER: " contributor",
    Whose.HELPED: " helped",
    Whose.CHALLENGED: " challenged",
    Whose.WITNESS: " witness",
    Whose.GROUP: " group",
    Whose.OTHER: "",
}
RULING = {Ruling.ACCEPTED: "Accept", Ruling.CHANGED: "Change", Ruling.DISMISSED: "Dismiss"}
AGREEMENT = {
    Agreement.YES: "yes",
    Agreement.CHANGE: "yes, with a change",
    Agreement.NO: "no",
    Agreement.UNCLEAR: "not clear: read it yourself",
}
ANSWERS = (Agreement.YES, Agreement.CHANGE, Agreement.NO)
# What the audit log calls what somebody has just done about a story.
DECIDED = {
    "asked the contributor": "The question is on its way to the contributor. Their answer comes back here.",
    "answer confirmed": "Their answer is on record.",
    "approved": "Approved. That is on record; nothing is published by it.",
    "published": "Published: anybody can read it now.",
    "taken down": "Taken down: nobody can read it any more. The story is back in review.",
    "kept for its themes": "Kept for its themes. Its text will not be published.",
    "put back into review": "Back in review.",
    "declined": "Declined. It will not be published.",
}
KEYS = (
    ("j", "the next identifier"),
    ("k", "the one before"),
    ("a", "accept the words proposed, and go on"),
    ("c", "change them"),
    ("d", "dismiss: it stays, and go on"),
    ("m", "mark the words selected in the story"),
    ("s", "write into the text"),
    ("?", "show these keys"),
)
FOLD = {
    FoldReason.QUOTE: "Earlier mail, quoted",
    FoldReason.FORWARD: "Somebody else’s mail, passed on",
    FoldReason.SIGNATURE: "Signature",
    FoldReason.DISCLAIMER: "Disclaimer",
}
PURPOSE = {
    Purpose.ACKNOWLEDGEMENT: "Automatic reply",
    Purpose.ALERT: "Alert to the named people",
    Purpose.DIGEST: "Digest",
    Purpose.TROUBLE: "Server out of reach, or back",
    Purpose.ANSWER: "Answer",
    Purpose.ASKING: "Question to the contributor",
    Purpose.INVITATION: "Invitation for the calendar",
}
ROLE = {
    Role.READER: "Looks at cases and mail that are neither sensitive nor stories.",
    Role.ADVISER: "Also looks at sensitive mail; corrects, settles and answers.",
    Role.REVIEWER: "Also reads stories and decides about them.",
    Role.ADMINISTRATOR: "Also says who may sign in, changes the rules and reads the audit log.",
}
TRAINING = {
    TrainingState.NEW: "new",
    TrainingState.DETAILS_NEEDED: "details needed",
    TrainingState.SCHEDULED: "scheduled",
    TrainingState.DELIVERED: "delivered",
    TrainingState.CANCELLED: "called off",
}
CALENDAR_REPLY = {
    Reply.ACCEPTED: "accepted",
    Reply.DECLINED: "declined",
    Reply.TENTATIVE: "accepted provisionally",
}
WHEN_IN_DOUBT = (
    "It may have arrived, and is not sent again by itself. Ask them, or answer yourself; "
    "mark the case as dealt with when it is settled."
)
MODE = {
    Mode.REHEARSAL: "Rehearsal: nothing is sent or moved.",
    Mode.DRAFTS: "Drafts: replies wait for you.",
    Mode.LIVE: "",
}
