"""What the mailbox lets us do, asked of the server: nothing is created, moved or marked by asking."""

from imapclient.imapclient import SENT
from imapclient.response_parser import parse_response

from mailflow.domain.markings import list_name
from mailflow.errors import UserError
from mailflow.inbox.mailbox import Mailbox
from mailflow.inbox.parts import LIST_ID
from mailflow.inbox.trouble import RefusedError, trouble_is_temporary
from mailflow.message.headers import split


class MailboxSurvey:
    """Looks around in a mailbox. Its methods raise as the mailbox's own do."""

    def __init__(self, mailbox: Mailbox) -> None:
        """Asks nothing yet."""
        self.mailbox = mailbox
        self._session = mailbox.session

    @property
    def tls(self) -> str | None:
        """The version of TLS that protects the connection, or None."""
        version = getattr(self._session.socket(), "version", None)
        return version() if version else None

    def sent_folder(self) -> str | None:
        r"""The folder flagged \Sent (RFC 6154), as the server writes it."""
        with trouble_is_temporary():
            found = self._session.find_special_folder(SENT)
        return None if found is None else str(found)

    def newest_lists(self, most: int) -> list[str | None]:
        """The list (RFC 2919) that each of the newest messages of the open folder came over; None where it came over none."""
        newest = sorted(self.mailbox.all_uids())[-most:]
        headers = (split(found.raw).values("list-id") for found in self.mailbox.fetch(newest, LIST_ID))
        return [list_name(values[0].decode("utf-8", "replace")) or None if values else None for values in headers]

    def rights(self, folder: str) -> frozenset[str] | None:
        """Our rights in a folder that is there, as letters (RFC 4314, 2.1); None where the server does not tell."""
        if not self.mailbox.can("ACL"):
            return None
        name = self._session._normalise_folder(self.mailbox.on_server(folder))
        try:
            with trouble_is_temporary():
                answer = parse_response([self._session._command_and_check("myrights", name, unpack=True)])
        except RefusedError:
            return None
        letters = frozenset(answer[-1].decode())
        # RFC 4314, 2.1.1: older servers have one letter for what are three now; newer ones say it besides any of them.
        return letters | set("te") if "d" in letters and not letters & set("tex") else letters

    def may_move_from(self, folder: str) -> bool:
        r"""Whether messages may be taken out of the folder. Without ACL it is opened with SELECT, which resets \Recent."""
        rights = self.rights(folder)
        if rights is not None and not rights >= set("te"):
            return False
        try:
            self.mailbox.open(folder, readonly=False)
        except UserError:
            return False
        return True

    def may_put_into(self, folder: str) -> bool:
        """Whether a folder that is there takes messages, as far as the server tells."""
        rights = self.rights(folder)
        return rights is None or "i" in rights
