"""The mail that a person writes on a case: what it begins with, what is still wrong with it, and its bytes.

The gate of policy.py is for mail that goes by itself. A person decides for themselves whom they answer; all that is made
sure is that it goes to one address, in the conversation that it answers.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from mailflow.domain import Kind, Ourselves, OutgoingMail, Plan, Purpose, Thread, named_in
from mailflow.errors import UserError
from mailflow.render import Templates, render_words, words_of
from mailflow.reply.assemble import AutoSubmitted, assemble
from mailflow.reply.values import acknowledgement_values
from mailflow.reply.wording import greeting, topic
from mailflow.rules import KindRules, Rules

MOST_CHARACTERS = 10_000  # three bytes each, every one of them written as %xx, are still a form that the desk takes
ANSWER_TEMPLATES = "answer-"  # what the names of templates begin with that are for people to answer with
_TO_FILL_IN = re.compile(r"\[\[[^\[\]]*\]\]")
_ATTACHED = re.compile(r"\b(?:attach(?:ed|ing|ment|ments)?|enclosed?|enclosing)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Words:
    """What a person writes: a subject, and a text in which a line stays a line and Markdown counts."""

    subject: str = field(repr=False)
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Parent:
    """The message that is answered: its Message-ID and its own thread (RFC 5322, 3.6.4)."""

    message_id: str | None
    thread: Thread


def opening_words(sender_name: str, subject: str, kind: Kind, reference: str, rules: Rules, ourselves: Ourselves) -> Words:
    """What an answer begins with: a greeting, room to write, and who it is from. A story's subject is not repeated."""
    told = "" if kind is Kind.STORY else topic(subject)
    return Words(
        f"Re: {told or 'your message'} [{reference}]",
        f"{greeting(sender_name)},\n\n\n\nWith kind regards\n\n{signature(rules, ourselves)}",
    )


def signature(rules: Rules, ourselves: Ourselves) -> str:
    """The line that says which team an answer comes from."""
    return f"The {rules.programme.name} team, {ourselves.name}"


def fitting_templates(templates: Templates, kind: KindRules) -> tuple[str, ...]:
    """The templates that a person may answer with: those made for it, then the kind's own first reply."""
    own = [kind.template] if kind.template in templates.names else []
    return (*(name for name in templates.names if name.startswith(ANSWER_TEMPLATES)), *filter(None, own))


def template_words(
    name: str, plan: Plan, reference: str, templates: Templates, rules: Rules, ourselves: Ourselves, today: date, megabytes: float
) -> Words:
    """A template for this message, for a person to go on writing. Raises TemporaryError where the template fails."""
    values: Mapping[str, object] = acknowledgement_values(plan, reference, rules, ourselves, today, megabytes)
    rendered = templates.render(name, values)
    return Words(rendered.subject, words_of(rendered.html))


def taken_in(words: Words, more: str, rules: Rules, ourselves: Ourselves) -> Words:
    """The words with more of them: above the closing, where there is still the one that an answer begins with."""
    closing = f"With kind regards\n\n{signature(rules, ourselves)}"
    text = words.text.rstrip()
    before = text.removesuffix(closing).rstrip()
    parts = (before, more, closing) if before != text else (text, more)
    return Words(words.subject, "\n\n".join(filter(None, parts)))


def to_fill_in(text: str) -> tuple[str, ...]:
    """What a template leaves to whoever answers, and is still there: [[…]]."""
    return tuple(dict.fromkeys(_TO_FILL_IN.findall(text)))


def speaks_of_attachment(text: str) -> bool:
    """Whether it says that something is attached; no mail of ours has anything attached."""
    return bool(_ATTACHED.search(text))


def compose_answer(
    words: Words,
    to: str,
    reference: str,
    ourselves: Ourselves,
    now: datetime,
    once: str,
    parent: Parent,
    *,
    purpose: Purpose = Purpose.ANSWER,
    template: str | None = None,
    message_id: str | None = None,
) -> OutgoingMail:
    """What a person wrote, to the one address, in the thread of the message that it answers. `now` is aware, and local.

    The subject gets the reference where it is not there: by it their answer is known again. `purpose` is the automatic reply's
    where a person has only changed that, which then stays marked as automatic. `message_id`: its own, where it is a draft that
    is changed. Raises UserError where nothing is written, or too much, PermanentError where `to` cannot be written to.
    """
    if not words.text.strip():
        raise UserError("The answer is empty: write something first.")
    if len(words.text) > MOST_CHARACTERS:
        raise UserError(f"The answer is longer than {MOST_CHARACTERS} characters: write a shorter one.")
    named = words.subject if named_in(words.subject) == named_in(reference) else f"{words.subject.rstrip()} [{reference}]"
    return assemble(
        purpose=purpose,
        template=template,
        rendered=render_words(named.strip(), words.text.replace("\r\n", "\n")),
        recipients=(to,),
        ourselves=ourselves,
        now=now,
        once=once,
        auto_submitted=AutoSubmitted.REPLIED if purpose is Purpose.ACKNOWLEDGEMENT else None,
        parent=parent.message_id,
        thread=parent.thread,
        message_id=message_id,
    )
