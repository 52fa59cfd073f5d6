"""The named choices: kinds, states, sorts. One comment each says what it means."""

from enum import StrEnum


class Kind(StrEnum):
    """What a message is: exactly one (tests/corpus/LABELS.md defines each)."""

    TRAINING = "training"  # a group wants a session, or to change, confirm or cancel one
    QUERY = "query"  # a question about the programme
    STORY = "story"  # an incident of stepping in, offered to the programme
    OTHER = "other"  # written by a person, and none of the above
    AUTOMATIC = "automatic"  # written by a machine


class AutomaticSort(StrEnum):
    """What sort of machine wrote it."""

    BOUNCE = "bounce"  # a mail of ours could not be delivered
    VACATION = "vacation"  # out of office, and other answers a machine gives for a person
    RECEIPT = "receipt"  # read or delivery receipt
    CALENDAR = "calendar"  # invitation, or the answer to one
    LIST = "list"  # mailing list, newsletter, bulk
    NOTICE = "notice"  # a system tells something: tickets, backups, alerts
    FEEDBACK = "feedback"  # abuse and complaint reports (RFC 5965)


class Delivery(StrEnum):
    """What a delivery report says became of a mail (RFC 3464, 2.3.3, Action)."""

    FAILED = "failed"  # it will not arrive
    DELAYED = "delayed"  # it has not arrived yet; the server goes on trying
    DELIVERED = "delivered"  # it arrived, or was passed on: delivered, relayed, expanded


class MessageState(StrEnum):
    """Where an inbound message stands."""

    RECEIVED = "received"  # its bytes are ours; nothing decided yet
    FILED = "filed"  # decided, and on a case
    HELD = "held"  # a person must decide
    IGNORED = "ignored"  # needs nobody: automatic mail
    FAILED = "failed"  # could not be read; listed, and retried on demand


class OutgoingState(StrEnum):
    """Where an outgoing mail stands."""

    DRAFT = "draft"  # waits for a person's approval
    QUEUED = "queued"  # to be sent now
    SENDING = "sending"  # leased by a sender
    SENT = "sent"  # the server took it
    BOUNCED = "bounced"  # the server took it, and it came back
    DEFERRED = "deferred"  # a temporary refusal; tried again at its time
    FAILED = "failed"  # a permanent refusal
    IN_DOUBT = "in_doubt"  # we do not know whether the server took it
    REHEARSED = "rehearsed"  # composed in rehearsal; never sent
    CANCELLED = "cancelled"  # taken back before it was sent


class StoryState(StrEnum):
    """Where a story stands on its way to the web page."""

    RECEIVED = "received"  # nobody has opened it
    IN_REVIEW = "in_review"  # a reviewer holds it
    ASKED = "asked"  # the contributor was asked to agree to the text
    CONSENTED = "consented"  # the contributor agreed
    APPROVED = "approved"  # a reviewer approved the text
    PUBLISHED = "published"  # to be read on the web page
    THEMES = "themes"  # kept for what it teaches; its text will not be published
    DECLINED = "declined"  # will not be published, with the reason
    WITHDRAWN = "withdrawn"  # the contributor took it back


class Decision(StrEnum):
    """What a reviewer decides about a story."""

    ASK = "ask"  # the contributor, whether this very text may appear
    APPROVE = "approve"  # the text may be published
    PUBLISH = "publish"  # the approved text appears
    TAKE_DOWN = "take-down"  # what was published appears no more
    THEMES = "themes"  # only what it teaches may be used
    HOLD = "hold"  # back into review
    DECLINE = "decline"  # it will not be published


class Agreement(StrEnum):
    """What a contributor answers when asked whether a text may appear."""

    YES = "yes"  # this very text may appear
    CHANGE = "change"  # something in it is to be changed first
    NO = "no"  # it may not appear
    UNCLEAR = "unclear"  # a person must read it


class Ruling(StrEnum):
    """What a reviewer says of an identifier that was found, or that they marked."""

    OPEN = "open"  # nothing yet
    ACCEPTED = "accepted"  # the neutral words proposed stand in its place
    CHANGED = "changed"  # the reviewer's own words stand in its place
    DISMISSED = "dismissed"  # it gives nobody away and stays


class TrainingState(StrEnum):
    """Where a training request stands."""

    NEW = "new"  # all details there, not yet scheduled
    DETAILS_NEEDED = "details_needed"  # we asked for what is missing
    SCHEDULED = "scheduled"  # date and facilitator are fixed
    DELIVERED = "delivered"  # it has taken place
    CANCELLED = "cancelled"  # called off


class CaseState(StrEnum):
    """Whose turn it is on a case."""

    OPEN = "open"  # ours
    WAITING = "waiting"  # theirs
    CLOSED = "closed"  # nobody's


class Mode(StrEnum):
    """How far mailflow may go."""

    REHEARSAL = "rehearsal"  # reads only; sends and moves nothing
    DRAFTS = "drafts"  # files; replies wait for a person
    LIVE = "live"  # files and replies


class Purpose(StrEnum):
    """What an outgoing mail is for."""

    ACKNOWLEDGEMENT = "acknowledgement"  # the automatic reply
    ALERT = "alert"  # to the named people: something sensitive came
    DIGEST = "digest"  # to the team: the day
    TROUBLE = "trouble"  # to the team: a server cannot be reached, or can be again
    ANSWER = "answer"  # written or chosen by a person at the desk
    ASKING = "asking"  # to a contributor: may this text appear?
    INVITATION = "invitation"  # a session for the calendar, its change or its end (RFC 5546)


class Consent(StrEnum):
    """What the writer of a story said about publishing it."""

    NAMED = "named"  # may be published with the writer's name
    ANONYMOUS = "anonymous"  # may be published without names
    NONE = "none"  # not to be published
    UNSTATED = "unstated"  # nothing clear was said


class Action(StrEnum):
    """What a training message wants."""

    REQUEST = "request"  # a new session
    CHANGE = "change"  # another date, number or form
    CANCEL = "cancel"  # no session
    CONFIRM = "confirm"  # a yes to what we offered


class Format(StrEnum):
    """The form of a session."""

    ONLINE = "online"
    IN_PERSON = "in-person"
    HYBRID = "hybrid"


class FoldReason(StrEnum):
    """Why a stretch of a message's text is not the sender's new words."""

    QUOTE = "quote"  # earlier mail, quoted
    FORWARD = "forward"  # somebody else's mail, passed on
    SIGNATURE = "signature"  # sign-off and contact block
    DISCLAIMER = "disclaimer"  # legal footer, virus scanner, "sent from my phone"


class Whose(StrEnum):
    """Whom an identifier in a story could give away."""

    WRITER = "writer"  # the contributor
    HELPED = "person helped"  # whom they stepped in for
    CHALLENGED = "person challenged"  # whose behaviour it was
    WITNESS = "witness"  # somebody who was there
    GROUP = "small group"  # so few that each could be meant
    OTHER = "somebody else"  # a person who has agreed to nothing


class Role(StrEnum):
    """What somebody may do at the desk: each also what those before it may."""

    READER = "reader"  # look at cases and mail that are neither sensitive nor stories
    ADVISER = "adviser"  # look at sensitive mail, too; correct, settle and answer
    REVIEWER = "reviewer"  # read stories and decide about them
    ADMINISTRATOR = "administrator"  # say who may sign in, change the rules, read the audit log

    def includes(self, other: "Role") -> bool:
        """Whether who has this role may do what the other may."""
        roles = list(Role)
        return roles.index(self) >= roles.index(other)


def highest(*roles: Role) -> Role:
    """The role among these that may do most."""
    return max(roles, key=list(Role).index)


def needed_to_read(kind: Kind | None, sensitive: bool) -> Role:
    """The role that a message or a case of this kind asks of its readers."""
    if kind is Kind.STORY:
        return Role.REVIEWER
    return Role.ADVISER if sensitive else Role.READER
