"""How the desk says what things are: the words beside the values of mailflow.domain."""

from mailflow.domain import CaseState, Consent, FoldReason, Kind, MessageState, Mode, OutgoingState, Purpose, StoryState

KIND = {
    Kind.TRAINING: "training",
    Kind.QUERY: "query",
    Kind.STORY: "story",
    Kind.OTHER: "other",
    Kind.AUTOMATIC: "automatic",
}
STORY = {
    StoryState.RECEIVED: "received",
    StoryState.IN_REVIEW: "in review",
    StoryState.ASKED: "contributor asked",
    StoryState.CONSENTED: "contributor agreed",
    StoryState.APPROVED: "approved",
    StoryState.PUBLISHED: "published",
    StoryState.DECLINED: "declined",
    StoryState.WITHDRAWN: "withdrawn",
}
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
MESSAGE = {
    MessageState.RECEIVED: "not yet decided",
    MessageState.FILED: "filed",
    MessageState.HELD: "waits for a person",
    MessageState.IGNORED: "needs nobody",
    MessageState.FAILED: "could not be read",
}
CASE = {
    CaseState.OPEN: "open",
    CaseState.WAITING: "waits for their answer",
    CaseState.CLOSED: "closed",
}
OUTGOING = {
    OutgoingState.DRAFT: "draft, waits for approval",
    OutgoingState.QUEUED: "about to be sent",
    OutgoingState.SENDING: "being sent",
    OutgoingState.SENT: "sent",
    OutgoingState.BOUNCED: "came back undelivered",
    OutgoingState.DEFERRED: "refused for now, will be tried again",
    OutgoingState.FAILED: "refused for good",
    OutgoingState.IN_DOUBT: "in doubt: it may or may not have been sent",
    OutgoingState.REHEARSED: "rehearsal: would have been sent",
    OutgoingState.CANCELLED: "cancelled",
}
PURPOSE = {
    Purpose.ACKNOWLEDGEMENT: "Automatic reply",
    Purpose.ALERT: "Alert to the named people",
    Purpose.DIGEST: "Digest",
    Purpose.TROUBLE: "Server out of reach, or back",
    Purpose.ANSWER: "Answer",
}
MODE = {
    Mode.REHEARSAL: "Rehearsal: nothing is sent or moved.",
    Mode.DRAFTS: "Drafts: replies wait for you.",
    Mode.LIVE: "",
}
