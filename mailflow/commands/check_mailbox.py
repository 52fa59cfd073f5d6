"""What `mailflow check` finds in the mailbox: may we read it, take messages out of it, and file them?"""

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from mailflow.commands.finding import Finding
from mailflow.domain import Mode
from mailflow.domain.markings import own_list_names
from mailflow.errors import UserError
from mailflow.settings import SentCopy, Settings

if TYPE_CHECKING:
    from mailflow.inbox.survey import MailboxSurvey

_NEWEST = 200  # messages whose List-Id is looked at
_FEWEST = 5  # of them that make it worth a word


def look_into_mailbox(chosen: Settings) -> Iterator[Finding]:
    """Signs in, and asks what may be done. Changes nothing. Raises UserError or TemporaryError where there is no way in."""
    from mailflow.inbox.mailbox import Mailbox
    from mailflow.inbox.survey import MailboxSurvey
    from mailflow.inbox.trouble import RefusedError

    try:
        with Mailbox.connect(chosen) as mailbox:
            mailbox.open(chosen.imap_folder, readonly=True)
            survey = MailboxSurvey(mailbox)
            yield _signed_in(chosen, survey)
            yield _moving(chosen, survey)
            yield _folders(chosen, survey)
            yield _news(chosen, survey)
            yield _sent(chosen, survey)
            yield _lists(chosen, survey)
    except RefusedError as error:
        raise _closed(chosen) or error from None


def _signed_in(chosen: Settings, survey: "MailboxSurvey") -> Finding:
    by = "a token" if chosen.oauth_token_url else "a password"
    found = f"{len(survey.mailbox.all_uids())} messages in {chosen.imap_folder}"
    return Finding("IMAP", True, f"signed in as {chosen.imap_login} by {by}, {survey.tls or 'in the clear'}; may read {found}")


def _moving(chosen: Settings, survey: "MailboxSurvey") -> Finding:
    what = "moving messages"
    if not survey.may_move_from(chosen.imap_folder):
        advice = f"this user may only read {chosen.imap_folder}: enough for a rehearsal; ask for the right to move its messages."
        return Finding(what, None if chosen.mode is Mode.REHEARSAL else False, advice)
    if survey.mailbox.can("MOVE"):
        return Finding(what, True, "by the server's MOVE")
    if survey.mailbox.can("UIDPLUS"):
        return Finding(what, True, "by COPY and UID EXPUNGE, as the server has no MOVE")
    return Finding(what, None, "the server has neither MOVE nor UIDPLUS: filed messages are copied, and only marked as deleted")


def _folders(chosen: Settings, survey: "MailboxSurvey") -> Finding:
    from mailflow.rules import load

    what = "folders"
    try:
        rules = load(chosen.rules)
    except UserError:  # told elsewhere
        return Finding(what, None, "not looked for, as the rules are not sound")
    named = [rules.sensitive.folder, *(kind.folder for kind in rules.kinds.values())]
    folders = sorted({folder for folder in named if folder})
    there = [folder for folder in folders if survey.mailbox.has(folder)]
    if closed := [folder for folder in there if not survey.may_put_into(folder)]:
        return Finding(what, False, f"{', '.join(closed)}: this user may put nothing there; ask for the right to (insert).")
    missing = [folder for folder in folders if folder not in there]
    says = f"{', '.join(there) or 'none'} there"
    return Finding(what, True, says + (f"; mailflow makes {', '.join(missing)} when first needed" if missing else ""))


def _news(chosen: Settings, survey: "MailboxSurvey") -> Finding:
    looks = f"a look every {chosen.poll_seconds:g} seconds"
    return Finding(
        "new mail", True, f"IDLE tells at once, besides {looks}" if survey.mailbox.can("IDLE") else f"{looks}; no IDLE"
    )


def _sent(chosen: Settings, survey: "MailboxSurvey") -> Finding:
    what, folder = "copies of what is sent", survey.sent_folder()
    match chosen.sent_copy:
        case SentCopy.APPEND:
            return Finding(what, True, f"mailflow puts them into {folder or 'Sent, which it makes'}")
        case SentCopy.BCC:
            return Finding(what, True, "they come back by a blind copy to MAILFLOW_ADDRESS")
    if folder:
        unseen = f"the mail server is to put them into {folder}, which cannot be seen from here"
        advice = "Postfix with Dovecot puts none there, and a mail in doubt then has no proof: choose bcc (MAILFLOW_SENT_COPY)"
        return Finding(what, None, f"{unseen}; {advice}")
    advice = "the mailbox has no folder flagged \\Sent, to look in for a mail in doubt; write append or bcc."
    return Finding(what, None, f"MAILFLOW_SENT_COPY: {advice}")


def _lists(chosen: Settings, survey: "MailboxSurvey") -> Finding:
    """A group or list before the mailbox marks what everybody writes: not named, all of it would pass for list mail."""
    found = survey.newest_lists(_NEWEST)
    own = own_list_names(chosen.own_lists)
    (name, count), *_ = Counter(name for name in found if name and name not in own).most_common(1) or [("", 0)]
    if count < _FEWEST or count * 2 <= len(found):
        return Finding(
            "lists", True, f"none carries most of the newest {len(found)} messages, but for those in MAILFLOW_OWN_LISTS"
        )
    carries = (
        f"{count} of the newest {len(found)} messages came over the list {name}, and are taken for list mail: nobody is answered"
    )
    return Finding("lists", None, f"{carries}; if that list leads to this mailbox, write MAILFLOW_OWN_LISTS={name}.")


def _closed(chosen: Settings) -> UserError | None:
    """Microsoft lets in every client that has the permission, and then refuses each command on a mailbox not given to it."""
    from mailflow.tokens import microsoft, tokens_for

    if chosen.oauth_token_url and microsoft.is_from_microsoft(tokens_for(chosen).current()):
        return UserError(microsoft.mailbox_closed("IMAP"))
    return None
