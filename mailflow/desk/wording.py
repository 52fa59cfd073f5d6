"""How the desk says what things are: the words beside the values of mailflow.domain."""

from mailflow.domain import Consent, FoldReason, Mode, Purpose, Role, Whose
from mailflow.domain.wording import CASE, HELD, KIND, MESSAGE, OUTGOING, STORY

__all__ = ["CASE", "CONSENT", "CONSENT_SENTENCE", "FOLD", "HELD", "KIND", "MESSAGE", "MODE", "OUTGOING", "PURPOSE", "ROLE"]
__all__ += ["SORT", "STORY", "WHEN_IN_DOUBT", "WHOSE"]

CONSENT = {
    Consent.NAMED: "with name",
    Consent.ANONYMOUS: "anonymous",
    Consent.NONE: "not to publish",
    Consent.UNSTATED: "not said",
}
CONSENT_SENTENCE = {
    Consent.NAMED: "The contributor agrees to publication with their own name. That says nothing about other people's names.",
    Consent.ANONYMOUS: "The contributor agrees to publication without names.",
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
}
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
WHEN_IN_DOUBT = (
    "It may have arrived, and is not sent again by itself. Ask them, or answer yourself; "
    "mark the case as dealt with when it is settled."
)
MODE = {
    Mode.REHEARSAL: "Rehearsal: nothing is sent or moved.",
    Mode.DRAFTS: "Drafts: replies wait for you.",
    Mode.LIVE: "",
}
