"""The question to a contributor whether a text may appear: with the very words that would, and how to answer."""

from collections.abc import Mapping, Sequence
from datetime import datetime, tzinfo

from mailflow.domain import EditedText, Ourselves, OutgoingMail, Purpose, Thread
from mailflow.domain import reference as name_of
from mailflow.render import Templates
from mailflow.reply.assemble import assemble
from mailflow.reply.variables import ASK_TEMPLATE
from mailflow.reply.wording import greeting
from mailflow.rules import Rules


def compose_asking(
    text: EditedText,
    case_id: int,
    told: str,
    address: str,
    name: str,
    templates: Templates,
    rules: Rules,
    ourselves: Ourselves,
    now: datetime,
    zone: tzinfo,
    parent: str | None = None,
    thread: Thread | None = None,
) -> OutgoingMail:
    """The question, to the contributor's `address` alone, in the thread of their message; once for each text of a case.

    `told`: the case's reference as the contributor knows it; `name`: theirs, or "". `parent`, `thread`: of the message that they
    wrote. `now` is aware. A person sends it, so it bears no mark of a machine.
    Raises PermanentError where the address cannot be written to, TemporaryError where the template fails.
    """
    return assemble(
        purpose=Purpose.ASKING,
        template=ASK_TEMPLATE,
        rendered=templates.render(ASK_TEMPLATE, asking_values(text, told, name, rules, ourselves)),
        recipients=(address,),
        ourselves=ourselves,
        now=now.astimezone(zone),
        once=once_asked(case_id, text),
        auto_submitted=None,
        parent=parent,
        thread=thread,
    )


def once_asked(case_id: int, text: EditedText) -> str:
    """The occasion of a question: a contributor is asked about a text once."""
    return f"asking:case:{name_of(case_id)}:{text.fingerprint}"


def asking_values(text: EditedText, told: str, name: str, rules: Rules, ourselves: Ourselves) -> Mapping[str, object]:
    """For the question to a contributor."""
    return {
        "reference": told,
        "centre": ourselves.name,
        "address": ourselves.address,
        "programme": rules.programme,
        "greeting": greeting(name),
        "title": text.title,
        "paragraphs": _paragraphs(text.shown),
    }


def _paragraphs(text: str) -> Sequence[Sequence[str]]:
    found: list[list[str]] = [[]]
    for line in text.splitlines():
        if line.strip():
            found[-1].append(line)
        elif found[-1]:
            found.append([])
    return [lines for lines in found if lines]
