"""Invented messages, so that every template is tried, in all its branches, before a real mail needs it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from mailflow.domain import (
    SMTP,
    Action,
    Address,
    Answer,
    AutomaticSort,
    DayReport,
    EditedText,
    Email,
    Format,
    Kind,
    MessageState,
    Mode,
    Ourselves,
    Plan,
    QueryAnswers,
    ReportLine,
    StoryReading,
    TrainingDetails,
    Trouble,
    Understanding,
    Verdict,
    imap,
)
from mailflow.domain.training import Invitation, Method, PlannedSession
from mailflow.errors import UserError
from mailflow.render import Templates
from mailflow.reply.asking import asking_values
from mailflow.reply.invitation import invitation_values
from mailflow.reply.values import acknowledgement_values, alert_values, digest_values, trouble_values
from mailflow.reply.variables import (
    ASK_TEMPLATE,
    DIGEST_TEMPLATE,
    RECOVERED_TEMPLATE,
    SESSION_TEMPLATES,
    TOO_BIG_TEMPLATE,
    TROUBLE_TEMPLATE,
    known_variables,
)
from mailflow.rules import Rules

REFERENCE, TOLD_REFERENCE = "EDI-0042", "EDI-0042-7kq2mxwd"
TODAY = date(2026, 11, 24)
LARGEST_MEGABYTES = 35
DESK = "https://mailflow.university.example"

_DETAILS = TrainingDetails(
    department="Department of Chemistry",
    attendees=(15, 20),
    dates=(date(2027, 1, 14), (date(2027, 1, 18), date(2027, 1, 22))),
    dates_in_words=("after the exams",),
    format=Format.IN_PERSON,
    contact="Sam Reed",
)

_TEXT = EditedText(
    "A word on the stairs", "I was on the stairs when somebody was pushed.\nI asked whether she was well.\n\nShe was."
)
_TROUBLES = (
    Trouble(imap("INBOX"), datetime(2026, 11, 24, 6, 5, tzinfo=UTC), "The IMAP server does not answer."),
    Trouble(SMTP, datetime(2026, 11, 24, 6, 7, tzinfo=UTC), "The SMTP server takes no sign-in now: 454 4.7.0."),
)


def sample_plans(rules: Rules) -> Sequence[Plan]:
    """One plan for each way in which a first reply can turn out."""
    answers = tuple(Answer(entry.question, entry.answer, 0.9) for entry in rules.questions[:2])
    return (
        _plan(Kind.TRAINING, "A session for our group?", TrainingDetails(department="Department of Chemistry"), rules),
        _plan(Kind.TRAINING, "A session for our group?", _DETAILS, rules),
        *(
            _plan(Kind.TRAINING, "Our session", replace(_DETAILS, action=action), rules)
            for action in (Action.CHANGE, Action.CANCEL, Action.CONFIRM)
        ),
        _plan(Kind.QUERY, "When is the next one?", QueryAnswers(answers), rules),
        replace(_plan(Kind.QUERY, "", QueryAnswers(), rules), due=None),
        _plan(Kind.STORY, "Something that happened", StoryReading(), rules),
        _plan(Kind.OTHER, "Something else", None, rules),
    )


def sample_reports() -> Sequence[DayReport]:
    """A full day, a day with one thing to do, and a quiet one."""
    quiet = DayReport(datetime(2026, 11, 23, 8, tzinfo=UTC), datetime(2026, 11, 24, 8, tzinfo=UTC), Mode.LIVE)
    line = ReportLine("EDI-0042", Kind.TRAINING, "open", 4)
    held = replace(line, reference="EDI-0043", kind=Kind.OTHER, state="held", age=1, reason="It may be sensitive.")
    lost = replace(line, reference="message 17", kind=None, state="failed", age=0, reason="Its parts could not be told apart.")
    full = replace(
        quiet,
        mode=Mode.DRAFTS,
        new=((Kind.TRAINING, 3), (Kind.QUERY, 5), (Kind.STORY, 1), (Kind.AUTOMATIC, 3)),
        automatic=((AutomaticSort.BOUNCE, 1), (AutomaticSort.VACATION, 2)),
        undecided=4,
        replies_sent=7,
        silences=(("acknowledged", 2), ("address-cap", 1)),
        unsent=3,
        capped=2,
        drafts=2,
        waiting=(replace(line, reference="EDI-0044", age=1),),
        overdue=(line,),
        stories=(replace(line, reference="EDI-0045", kind=Kind.STORY, state="in_review", age=2),),
        held=(held,),
        failed=(lost,),
        undelivered=(replace(line, reference="EDI-0046", state="failed", reason="The recipient's server refused it."),),
        in_doubt=(replace(line, reference="EDI-0047", state="in_doubt"),),
        delayed=(replace(line, reference="EDI-0048", state="deferred", age=1, reason="The mail server does not take it now."),),
        in_mailbox=120,
        known=119,
        counted_at=quiet.until,
        trouble=_TROUBLES,
        left_out=(("held", 12),),
        beyond=12,
    )
    return full, replace(quiet, mode=Mode.REHEARSAL, overdue=(line,), in_mailbox=120, known=120, counted_at=quiet.until), quiet


def sample_values(name: str, rules: Rules, ourselves: Ourselves) -> Sequence[Mapping[str, object]]:
    """Values for every branch of this template, the most telling first."""
    if name == rules.sensitive.template:
        return [alert_values(REFERENCE, danger, rules, ourselves, url) for danger in (True, False) for url in (DESK, None)]
    if name == DIGEST_TEMPLATE:
        zone = ZoneInfo("Europe/London")
        return [digest_values(report, ourselves, zone, url) for report in sample_reports() for url in (DESK, None)]
    if name in {TROUBLE_TEMPLATE, RECOVERED_TEMPLATE}:
        return list(_sample_troubles(name, ourselves))
    if name == ASK_TEMPLATE:
        return [asking_values(_TEXT, TOLD_REFERENCE, who, rules, ourselves) for who in ("Jane Smith", "")]
    if name in SESSION_TEMPLATES:
        return list(_sample_invitations(rules, ourselves))
    plans = sorted(sample_plans(rules), key=lambda plan: plan.template != name)
    # On the last day of 2999 no open session is ahead, and the sentence that says so is tried.
    days = (TODAY, date(2999, 12, 31))
    return [
        acknowledgement_values(plan, TOLD_REFERENCE, rules, ourselves, day, LARGEST_MEGABYTES) for day in days for plan in plans
    ]


def _sample_troubles(name: str, ourselves: Ourselves) -> Iterator[Mapping[str, object]]:
    zone, ended = ZoneInfo("Europe/London"), datetime(2026, 11, 24, 8, 10, tzinfo=UTC)
    for trouble in _TROUBLES:
        told = replace(trouble, over_at=ended if name == RECOVERED_TEMPLATE else None)
        yield from (trouble_values(told, waiting, ourselves, zone, url) for waiting in (0, 1, 5) for url in (DESK, None))


def _sample_invitations(rules: Rules, ourselves: Ourselves) -> Iterator[Mapping[str, object]]:
    starts, ends = datetime(2027, 1, 14, 10, tzinfo=UTC), datetime(2027, 1, 14, 12, 30, tzinfo=UTC)
    for place, facilitator, department, name in (
        ("Hartree 301, Main Campus", "Alex Morgan", "Department of Chemistry", "Jane Smith"),
        ("https://meeting.university.example/join", None, None, ""),
    ):
        session = PlannedSession(starts, ends, place, facilitator)
        invitation = Invitation(Method.REQUEST, session, "sample@university.example", 0, (), department)
        yield invitation_values(invitation, TOLD_REFERENCE, name, rules, ourselves, ZoneInfo("Europe/London"))


def check_templates(templates: Templates, rules: Rules, ourselves: Ourselves) -> None:
    """Tries every template, and that every template the rules name is there. Raises UserError with all that is wrong."""
    problems = [
        f"There is no template {name}.md, but {who} it; add it to the templates folder."
        for name, who in _needed(rules).items()
        if name not in templates.names
    ]
    for name in templates.names:
        problems += templates.problems(name, known_variables(name, rules), sample_values(name, rules, ourselves))
    if problems:
        raise UserError(*problems)


def _needed(rules: Rules) -> Mapping[str, str]:
    kinds = {
        kind.template: f"rules.toml, kinds.{name.value}.template names" for name, kind in rules.kinds.items() if kind.template
    }
    ours = {
        DIGEST_TEMPLATE: "the digest needs",
        TOO_BIG_TEMPLATE: "the answer to a message that is too big needs",
        TROUBLE_TEMPLATE: "the alert about a server that is not well needs",
        RECOVERED_TEMPLATE: "the word that a server is well again needs",
        ASK_TEMPLATE: "the question to the contributor of a story needs",
        **dict.fromkeys(SESSION_TEMPLATES, "the invitation to a session needs"),
    }
    return {**ours, rules.sensitive.template: "rules.toml, sensitive.template names", **kinds}


def _plan(kind: Kind, subject: str, understanding: Understanding | None, rules: Rules) -> Plan:
    email = Email(
        message_id="<sample@university.example>",
        sender=Address("Jane Smith", "jane.smith@university.example"),
        reply_to=(),
        to=(),
        cc=(),
        subject=subject,
        date=None,
        headers=(),
        return_path=None,
        text="",
        new_text="",
    )
    return Plan(
        email=email,
        verdict=Verdict(kind, 0.95),
        understanding=understanding,
        state=MessageState.FILED,
        hold=None,
        template=rules.kinds[kind].template if kind in rules.kinds else None,
        silence=None,
        alert=False,
        folder=None,
        due=date(2026, 11, 26),
    )
