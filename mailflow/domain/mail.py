"""Mail as values: as the mailbox gave it, as we read it, and as it leaves."""

from dataclasses import dataclass, field
from datetime import datetime

from mailflow.domain.states import AutomaticSort, Delivery, FoldReason, Purpose


@dataclass(frozen=True, slots=True)
class Location:
    """One place in a mailbox: a UID is only unique with its UIDVALIDITY (RFC 9051, 2.3.1.1)."""

    mailbox: str
    folder: str
    uidvalidity: int
    uid: int


@dataclass(frozen=True, slots=True)
class Fetched:
    """A message as the mailbox gave it. `arrived` is the server's INTERNALDATE (aware, UTC).

    `size`: its bytes on the server; where it was too big to be fetched whole, `raw` is its header alone.
    """

    location: Location
    raw: bytes = field(repr=False)
    arrived: datetime
    fingerprint: str  # the same for every copy of the same message, whatever route it came by
    message_id: str | None = None
    size: int = 0
    whole: bool = True


@dataclass(frozen=True, slots=True)
class Address:
    """A display name and an addr-spec (RFC 5322, 3.4); `address` is lower-case."""

    name: str
    address: str

    @property
    def domain(self) -> str:
        """What follows the last @."""
        return self.address.rpartition("@")[2]

    @property
    def mailbox(self) -> str:
        """The address without a subaddress (RFC 5233): sam+a@x and sam+b@x are one person's."""
        local, _, domain = self.address.rpartition("@")
        return f"{local.partition('+')[0]}@{domain}"


@dataclass(frozen=True, slots=True)
class Attachment:
    """An attached file: `filename` is safe to show and to save, `size` is in bytes after decoding."""

    filename: str
    content_type: str
    size: int


@dataclass(frozen=True, slots=True)
class Fold:
    """A stretch `text[start:end]` of a message that is not new, and why. Nothing is ever removed."""

    start: int
    end: int
    reason: FoldReason


@dataclass(frozen=True, slots=True)
class Thread:
    """The conversation a message says it belongs to (RFC 5322, 3.6.4). Ids keep their angle brackets."""

    in_reply_to: str | None = None
    references: tuple[str, ...] = ()

    @property
    def parents(self) -> tuple[str, ...]:
        """Every earlier message named, nearest first, each once."""
        nearest = (self.in_reply_to,) if self.in_reply_to else ()
        return tuple(dict.fromkeys((*nearest, *reversed(self.references))))


@dataclass(frozen=True, slots=True)
class Automatic:
    """A machine wrote this message: its sort, and the sentence that says how we know."""

    sort: AutomaticSort
    reason: str
    remark: bool = False  # a person put words of their own into it
    by_wording: bool = False  # its words alone say so, no header and no form: a person may have used them

    @property
    def holds_words(self) -> bool:
        """Whether what it says may be a person's all the same; calendars carry what people type into them."""
        return self.by_wording or self.remark or self.sort is AutomaticSort.CALENDAR


@dataclass(frozen=True, slots=True)
class Undelivered:
    """What a delivery report says of one recipient (RFC 3464, 2.3); `status` is a code of RFC 3463, such as 5.1.1."""

    address: str = field(repr=False)  # lower-case
    delivery: Delivery
    status: str | None = None


@dataclass(frozen=True, slots=True)
class DeliveryReport:
    """A delivery status notification (RFC 3464): which mail it is about, and what became of it for whom."""

    message_ids: tuple[str, ...] = ()  # of the mail it returns or names, likeliest first
    recipients: tuple[Undelivered, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Email:
    """A message that has been read. `text` is the whole body as text; `new_text` is what the folds leave of it."""

    message_id: str | None  # with angle brackets; None where there is none
    sender: Address | None  # the one From address; None where there is none or more than one
    reply_to: tuple[Address, ...]
    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    subject: str
    date: datetime | None  # the Date header, aware, with the sender's own offset
    headers: tuple[tuple[str, str], ...] = field(repr=False)  # (lower-case name, unfolded value), in order
    return_path: str | None  # the envelope sender; "" is the null sender, None where no header says
    text: str = field(repr=False)
    new_text: str = field(repr=False)
    folds: tuple[Fold, ...] = ()
    html: str | None = field(default=None, repr=False)
    attachments: tuple[Attachment, ...] = ()
    thread: Thread = Thread()
    automatic: Automatic | None = None
    report: DeliveryReport | None = None
    defects: tuple[str, ...] = ()
    whole: bool = True  # False: it was too big, and only its header was fetched

    def header(self, name: str) -> str | None:
        """The topmost value of a header, or None."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key == wanted), None)


@dataclass(frozen=True, slots=True)
class Ourselves:
    """Who we are in the mail: the address we answer from, and every other address that is us (lower-case)."""

    address: str
    aliases: tuple[str, ...] = ()
    name: str = "EDI Centre"
    own_lists: tuple[str, ...] = ()  # List-Id values or addresses of lists that lead to this mailbox
    authserv_id: str | None = None  # whose Authentication-Results we believe (RFC 8601)

    @property
    def addresses(self) -> frozenset[str]:
        """Every address that is us."""
        return frozenset((self.address, *self.aliases))

    def includes(self, address: Address | None) -> bool:
        """Whether mail to this address comes to us, whatever its subaddress and its quotation marks."""
        if address is None:
            return False
        ways = (address.address, address.mailbox)
        return not self.addresses.isdisjoint((*ways, *(way.replace('"', "") for way in ways)))


@dataclass(frozen=True, slots=True)
class OutgoingMail:
    """A mail ready to leave: its bytes and Message-ID are fixed. `once` names the one occasion it may be sent for."""

    purpose: Purpose
    template: str | None
    message_id: str
    recipients: tuple[str, ...]
    subject: str
    text: str = field(repr=False)
    raw: bytes = field(repr=False)
    once: str
