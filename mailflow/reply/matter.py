"""Whether a message in a known conversation asks for something else, and so gets a case of its own, linked to the old one.

Both must be new, the subject and the ask. Whoever keeps the subject, or our reference in it, says that they go on with the
matter: another kind there is held, and a person sees. Whoever only changes the subject may be answering what we asked: that
joins. A new ask is what the old case cannot hold: a session or a story where it is something else, a session for another
department, or anything clear that is asked by somebody who is not its requester, for a case is the concern of one. A question by
the requester joins whatever their case is: it is read there, with what it may be about, and nothing is overwritten by it.
A linked case has no first reply of its own where its conversation had one. Nothing begins in a story's conversation: whatever is
written there a person reads, for it may take the story back. A story told elsewhere gets its case, and is held as well.
"""

import re

from mailflow.domain import Action, Email, History, Kind, KnownCase, TrainingDetails, Understanding, Verdict, named_in
from mailflow.reply.wording import bare_subject
from mailflow.rules import Rules

# What people work through from a list of its own; on the case of something else it would not be on that list.
_QUEUED = frozenset({Kind.TRAINING, Kind.STORY})
_WORD = re.compile(r"\w+")


def is_of_another_kind(verdict: Verdict, case: KnownCase, rules: Rules) -> bool:
    """Whether it is surely a booking or a story, and its case is something else."""
    return verdict.kind in _QUEUED - {case.kind} and verdict.confidence >= rules.kinds[verdict.kind].confidence


def begins_a_case(email: Email, verdict: Verdict, understanding: Understanding | None, history: History, rules: Rules) -> bool:
    """Whether a message in a known conversation gets a case of its own."""
    case = history.case
    if case is None or history.another or case.kind is Kind.STORY or verdict.sensitive or not email.whole:
        return False
    if email.automatic or verdict.confidence < rules.kinds[verdict.kind].confidence:
        return False
    # Whoever keeps the subject may go on with the matter: a person says that it is something else.
    told_apart = verdict.by_person and is_of_another_kind(verdict, case, rules)
    return _asks_anew(email, verdict, understanding, case) and (told_apart or has_new_subject(email.subject, history.subjects))


def _asks_anew(email: Email, verdict: Verdict, understanding: Understanding | None, case: KnownCase) -> bool:
    if verdict.kind is Kind.STORY:
        return True
    if verdict.kind is Kind.QUERY:
        return email.sender is not None and email.sender.address != case.requester
    if not isinstance(understanding, TrainingDetails) or understanding.action is not Action.REQUEST:
        return False
    return case.kind is not Kind.TRAINING or _differ(understanding.department, case.department)


def _differ(one: str | None, other: str | None) -> bool:
    """Whether both are known, and neither is part of the other: "Chemistry" is the "Department of Chemistry"."""
    first, second = _words(one or ""), _words(other or "")
    return bool(first and second) and first not in second and second not in first


def has_new_subject(subject: str, earlier: tuple[str, ...]) -> bool:
    """Whether a subject is neither one of the earlier ones, nor part of one, nor one with something added."""
    bare, known = _words(bare_subject(subject)), [words for old in earlier if (words := _words(bare_subject(old)))]
    if not bare or not known or named_in(subject):
        return False
    return all(bare not in words and words not in bare for words in known)


def _words(text: str) -> str:
    """Its words in lower case with a space around each, so that whole words are found in it; "" where there are none."""
    words = _WORD.findall(text.casefold())
    return f" {' '.join(words)} " if words else ""
