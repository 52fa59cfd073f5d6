"""What is to be done about a message: an Email and what we know of the past become a Plan, and nothing has happened yet.

Pure: no database and no network, so that it can be asked about any message at any time (`mailflow explain`).
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Protocol, Self
from zoneinfo import ZoneInfo

from mailflow.classify.judges import Judges, shipped_judges
from mailflow.classify.verdict import Classifier
from mailflow.domain import (
    OUR_OWN_COPY,
    SENT_FOLDER,
    Email,
    History,
    Kind,
    KnownCase,
    MessageState,
    Mode,
    Ourselves,
    Plan,
    Reason,
    Understanding,
    Verdict,
)
from mailflow.domain.calendar import add_working_days
from mailflow.errors import PermanentError, TemporaryError
from mailflow.kinds.understand import understand
from mailflow.kinds.withdrawal import asks_to_withdraw
from mailflow.learnt import BY_WHAT_IT_CAME_WITH, InUse, in_use
from mailflow.message.parse import read
from mailflow.render import Templates
from mailflow.reply.headers import dmarc_failed
from mailflow.reply.hold import TOO_BIG, reason_to_hold
from mailflow.reply.matter import begins_a_case
from mailflow.reply.policy import silence
from mailflow.reply.sample import check_templates
from mailflow.reply.variables import TOO_BIG_TEMPLATE
from mailflow.rules import KindRules, Rules
from mailflow.rules import load as load_rules
from mailflow.settings import Settings

ANSWERED_WITHOUT_A_DATE = timedelta(days=7)  # of going live: an old mailbox must not be answered from its beginning


class Rooms(Protocol):
    """The pure rooms, wherever they are: in this process (House), or in one apart (apart.py)."""

    def read(self, raw: bytes) -> Email:
        """Bytes to Email. Whatever it raises, `whose_fault` tells whose it is."""

    def decide(self, email: Email, history: History, arrived: datetime, now: datetime) -> Plan:
        """What is to be done about it. Whatever it raises, `whose_fault` tells whose it is."""


@dataclass(frozen=True, slots=True)
class House:
    """Everything that deciding needs and that does not change from message to message."""

    rules: Rules
    classifier: Classifier
    templates: Templates
    ourselves: Ourselves
    mode: Mode
    go_live: datetime | None
    zone: ZoneInfo
    largest_megabytes: float  # of a bigger message we only read the header
    alert_to: tuple[str, ...] = ()
    desk_url: str | None = None
    inbox: str = "INBOX"  # the folder where mail arrives
    learnt: InUse = BY_WHAT_IT_CAME_WITH  # what the classifier judges by, and why not by what was learnt last

    @classmethod
    def build(cls, settings: Settings) -> Self:
        """Reads rules.toml, the templates, and what was learnt. Raises UserError, a sentence for each mistake in the former."""
        rules = load_rules(settings.rules)
        templates = Templates.load(settings.templates)
        check_templates(templates, rules, settings.ourselves)
        learnt = in_use(settings.learnt)
        return cls(
            rules=rules,
            classifier=Classifier(rules, Judges(learnt.learnt.weights) if learnt.learnt else shipped_judges()),
            templates=templates,
            ourselves=settings.ourselves,
            mode=settings.mode,
            go_live=settings.go_live,
            zone=settings.zone,
            largest_megabytes=settings.largest_megabytes,
            alert_to=settings.alert_recipients,
            desk_url=settings.desk_url,
            inbox=settings.imap_folder,
            learnt=learnt,
        )

    def read(self, raw: bytes) -> Email:
        """Bytes to Email, in this process."""
        return read(raw, self.ourselves)

    def decide(self, email: Email, history: History, arrived: datetime, now: datetime) -> Plan:
        """What is to be done about a message, in this process."""
        return decide(email, self, history, arrived, now)

    def under(self, rules: Rules) -> Self:
        """The same house under other rules. Raises UserError where its templates do not go with them."""
        check_templates(self.templates, rules, self.ourselves)
        return replace(self, rules=rules, classifier=Classifier(rules, self.classifier.judge))

    def without_templates(self) -> Self:
        """As it is sent to another process: composing is not done there, nor is it told what was learnt."""
        return replace(self, templates=Templates({}), learnt=BY_WHAT_IT_CAME_WITH)


def whose_fault(error: Exception) -> PermanentError | TemporaryError:
    """What went wrong in a pure room, as the mail's fault (permanent) or as ours: its words are not repeated.

    Pure rooms ask the system for nothing but memory, and files at their first use: what the system refuses is never the mail's.
    """
    if isinstance(error, PermanentError | TemporaryError):
        return error
    if isinstance(error, OSError | ImportError):
        return TemporaryError(f"The system refused something ({type(error).__name__}).")
    if isinstance(error, MemoryError):
        return PermanentError("Reading it needs more memory than a message may use.")
    return PermanentError(f"Reading it failed with {type(error).__name__}.")


def consider(raw: bytes, house: Rooms, now: datetime) -> Plan | PermanentError | TemporaryError:
    """What would be done about a message that arrives now and of which nothing is known; or why it cannot be decided."""
    try:
        return house.decide(house.read(raw), History(), now, now)
    except Exception as error:  # as the daemon would write it down
        return whose_fault(error)


def decide(email: Email, house: House, history: History, arrived: datetime, now: datetime) -> Plan:
    """Classify, understand, and plan what is to be done about a message. Pure: the same values give the same plan."""
    if history.our_copy and _is_from_us(email, house.ourselves):
        return _leave_own_copy(email, house.ourselves)
    return conclude(email, house.classifier.classify(email), house, history, arrived, now)


def conclude(email: Email, verdict: Verdict, house: House, history: History, arrived: datetime, now: datetime) -> Plan:
    """What a verdict comes to, whoever gave it: the message is understood as what it is, and the rest follows."""
    # What claims to be ours is no word of the contributor's.
    forged = house.ourselves.includes(email.sender)
    read_as = replace(verdict, kind=Kind.STORY) if _on_story(email, house, history) else verdict
    understanding = None if forged and history.case else understand(email, read_as, house.rules, now)
    return settle(email, verdict, understanding, house, history, arrived, now)


def settle(
    email: Email,
    verdict: Verdict,
    understanding: Understanding | None,
    house: House,
    history: History,
    arrived: datetime,
    now: datetime,
) -> Plan:
    """What follows from a verdict: whether a person decides, what is answered, where the message goes, by when it is due."""
    kind_rules = house.rules.kinds[verdict.kind]
    old = _conversation_left(email, verdict, understanding, house, history)
    # A story of its own is still held: its contributor was told nothing of what becomes of stories.
    of_its_own = old is not None and verdict.kind is not Kind.STORY
    hold = None if of_its_own else reason_to_hold(email, verdict, history, house.rules, house.ourselves)
    done = MessageState.IGNORED if verdict.kind is Kind.AUTOMATIC else MessageState.FILED
    state = MessageState.HELD if hold else done
    go_live = house.go_live or now - ANSWERED_WITHOUT_A_DATE
    quiet = silence(email, verdict, history, house.rules, house.ourselves, arrived, go_live)
    template = None if quiet else _template(hold, kind_rules)
    return Plan(
        email=email,
        verdict=verdict,
        understanding=understanding,
        state=state,
        hold=hold,
        template=template,
        silence=quiet or (None if template else hold),
        alert=verdict.sensitive and state is not MessageState.IGNORED,
        folder=_folder(verdict, state, house.rules),
        due=_due(kind_rules.deadline, arrived, house.zone),
        case=None if old else history.case,
        began_in=old.conversation if old else None,
        withdraws=_on_story(email, house, history) and asks_to_withdraw(email),
        about=history.about,
    )


def _conversation_left(
    email: Email, verdict: Verdict, understanding: Understanding | None, house: House, history: History
) -> KnownCase | None:
    """The case in whose conversation it asks for something else, where nothing but that speaks for a person."""
    if not begins_a_case(email, verdict, understanding, history, house.rules):
        return None
    alone = replace(history, case=None)
    return None if reason_to_hold(email, verdict, alone, house.rules, house.ourselves) else history.case


def _on_story(email: Email, house: House, history: History) -> bool:
    """Whether it goes on with a story. What a bounce says are no words of the contributor's, nor is what claims to be ours."""
    told = history.case is not None and history.case.kind is Kind.STORY and history.about is None
    return told and not house.ourselves.includes(email.sender)


def _is_from_us(email: Email, ourselves: Ourselves) -> bool:
    return email.sender is not None and email.sender.address in ourselves.addresses and not dmarc_failed(email, ourselves)


def _leave_own_copy(email: Email, ourselves: Ourselves) -> Plan:
    """The copy of a mail of ours is proof that it was sent, and nothing else: it joins what was sent.

    One that was sent to ourselves in the first place stays where it came, for whoever reads there.
    """
    why = Reason(OUR_OWN_COPY, "It is a mail of ours that came back by its blind copy.")
    sent_to_us = ourselves.addresses.intersection(to.address for to in (*email.to, *email.cc))
    return Plan(
        email=email,
        verdict=Verdict(Kind.AUTOMATIC, 1.0, reasons=(why,)),
        understanding=None,
        state=MessageState.IGNORED,
        hold=None,
        template=None,
        silence=why,
        alert=False,
        folder=None if sent_to_us else SENT_FOLDER,
        due=None,
    )


def _template(hold: Reason | None, kind: KindRules) -> str | None:
    """Who waits for a person hears nothing yet, but for whoever has to know that we could not read their message."""
    if hold:
        return TOO_BIG_TEMPLATE if hold.name == TOO_BIG else None
    return kind.template


def _folder(verdict: Verdict, state: MessageState, rules: Rules) -> str | None:
    if verdict.sensitive and state is not MessageState.IGNORED:
        return rules.sensitive.folder
    return None if state is MessageState.HELD else rules.kinds[verdict.kind].folder


def _due(deadline: int | None, arrived: datetime, zone: ZoneInfo) -> date | None:
    return None if deadline is None else add_working_days(arrived.astimezone(zone).date(), deadline)
