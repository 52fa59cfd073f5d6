"""How people hear what things are, in mails and at the desk: the words beside the values of the named choices."""

from collections.abc import Mapping

from mailflow.domain.states import AutomaticSort, CaseState, Format, Kind, MessageState, OutgoingState, StoryState

KIND: Mapping[str, str] = {
    Kind.TRAINING: "training",
    Kind.QUERY: "query",
    Kind.STORY: "story",
    Kind.OTHER: "other",
    Kind.AUTOMATIC: "automatic",
}
STORY: Mapping[str, str] = {
    StoryState.RECEIVED: "received",
    StoryState.IN_REVIEW: "in review",
    StoryState.ASKED: "contributor asked",
    StoryState.CONSENTED: "contributor agreed",
    StoryState.APPROVED: "approved",
    StoryState.PUBLISHED: "published",
    StoryState.THEMES: "themes only",
    StoryState.DECLINED: "declined",
    StoryState.WITHDRAWN: "withdrawn",
}
MESSAGE: Mapping[str, str] = {
    MessageState.RECEIVED: "not yet decided",
    MessageState.FILED: "filed",
    MessageState.HELD: "waits for a person",
    MessageState.IGNORED: "needs nobody",
    MessageState.FAILED: "could not be read",
}
CASE: Mapping[str, str] = {
    CaseState.OPEN: "open",
    CaseState.WAITING: "waits for their answer",
    CaseState.CLOSED: "closed",
}
OUTGOING: Mapping[str, str] = {
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
FORMAT: Mapping[str, str] = {
    Format.IN_PERSON: "in person",
    Format.ONLINE: "online",
    Format.HYBRID: "hybrid",
}
SORT_OF_MACHINE: Mapping[str, str] = {
    AutomaticSort.BOUNCE: "mail of ours that came back",
    AutomaticSort.VACATION: "out of office",
    AutomaticSort.RECEIPT: "receipts",
    AutomaticSort.CALENDAR: "invitations and answers to them",
    AutomaticSort.LIST: "mailing lists and newsletters",
    AutomaticSort.NOTICE: "notices of other systems",
    AutomaticSort.FEEDBACK: "complaints about our mail",
}
# By the name of a Reason, whose own text tells of one message.
HELD: Mapping[str, str] = {
    "danger": "it may be about a danger to somebody's life",
    "sensitive": "it may be about somebody being harmed",
    "forged-sender": "its sender may be forged",
    "claims-to-be-us": "it says that it comes from our own address",
    "same-message-id": "it may be a changed copy of another message",
    "too-big": "it is too big to be fetched",
    "remark": "somebody wrote into an invitation or its answer",
    "about-a-story": "its contributor wrote again",
    "two-cases": "it names two cases",
    "new-matter": "it begins a new matter in an old conversation",
    "no-machines-mark": "it reads like a machine's",
    "bounced-address": "mail to its sender came back",
    "no-sender": "it does not say who wrote it",
    "unsure": "not clear enough what it is",
    "cannot-be-answered": "the reply could not be written",
}
SILENCE: Mapping[str, str] = {
    "null-sender": "no address that an answer could go to",
    "automatic": "written by a machine",
    "auto-submitted": "sent by a machine",
    "suppressed": "asks for no automatic reply",
    "list": "came over a mailing list",
    "bulk": "marked as bulk mail",
    "no-sender": "no sender, or more than one",
    "ourselves": "comes from one of our own addresses",
    "claims-to-be-us": "says that it comes from our own address",
    "own-list": "comes from a list: all its members would be answered",
    "machine-mailbox": "comes from a mailbox that machines write from",
    "never-to": "its sender is never answered (never_to in rules.toml)",
    "unusable-sender": "no mail can be sent to its sender's address",
    "bounced-address": "mail to its sender came back",
    "forged-sender": "its sender may be forged",
    "before-go-live": "came before the go-live date",
    "sensitive": "may be sensitive: a person answers",
    "acknowledged": "goes on with a conversation that had its first reply",
    "same-message-id": "may be a changed copy of another message",
    "kind-not-answered": "of a kind that gets no automatic reply (rules.toml)",
    "no-template": "of a kind that has no template (rules.toml)",
    "unsure": "not clear what it is: a person looks",
    "address-cap": "its sender has had enough automatic replies that day",
    "about-a-story": "about a story sent before: a person answers",
    "two-cases": "names two cases: a person says which it is about",
    "new-matter": "a new matter in an old conversation: a person answers",
    "no-machines-mark": "reads like a machine's: a person looks",
    "too-big": "too big to be fetched",
    "cannot-be-answered": "the reply could not be written",
    "told-not-to": "was corrected by somebody who wanted no reply to be sent",
    "case-closed": "was corrected when its case was closed already",
}


def age_in_words(days: int) -> str:
    """How old something is, by its working days: "today", "1 working day", "3 working days"."""
    return "today" if days <= 0 else f"{days} working day{'' if days == 1 else 's'}"
