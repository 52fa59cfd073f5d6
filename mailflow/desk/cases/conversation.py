"""All that was said and done on a case, in the order of time: their messages, our mails, the team's notes and decisions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from mailflow.desk.cases.deeds import sentence
from mailflow.desk.mail.letters import Letter
from mailflow.store.casefiles import CaseFile, OurMail
from mailflow.store.casework import Note
from mailflow.store.deeds import Deed

# What stands in the conversation by itself: a note, or a mail with who approved it or took it back.
_SHOWN_ELSEWHERE = ("note written", "mail approved", "mail cancelled")


@dataclass(frozen=True, slots=True)
class Said:
    """One thing of the conversation: exactly one of these."""

    at: datetime
    letter: Letter | None = None
    mail: OurMail | None = None
    note: Note | None = None
    deed: str | None = None


def converse(case: CaseFile, letters: Sequence[Letter]) -> list[Said]:
    """The conversation, the earliest first; what happened at once stands as message, mail, deed, note."""
    said = [Said(letter.kept.arrived, letter=letter) for letter in letters]
    said += [Said(mail.sent_at or mail.created_at, mail=mail) for mail in case.mails]
    said += [Said(deed.at, deed=sentence(deed)) for deed in case.deeds if _is_told(deed)]
    said += [Said(note.at, note=note) for note in case.notes]
    return sorted(said, key=lambda one: one.at)


def _is_told(deed: Deed) -> bool:
    return deed.by_person and not deed.is_reading and deed.what not in _SHOWN_ELSEWHERE
