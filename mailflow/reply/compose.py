"""The mails that mailflow writes by itself: the first reply, the alert, the digest, and word of a server that is not well."""

from collections.abc import Sequence
from datetime import UTC, datetime, tzinfo

from mailflow.domain import DayReport, Ourselves, OutgoingMail, Plan, Purpose, Trouble
from mailflow.domain import reference as name_of
from mailflow.errors import PermanentError
from mailflow.render import Templates
from mailflow.reply.assemble import AutoSubmitted, assemble
from mailflow.reply.values import acknowledgement_values, alert_values, digest_values, trouble_values
from mailflow.reply.variables import DIGEST_TEMPLATE, RECOVERED_TEMPLATE, TROUBLE_TEMPLATE
from mailflow.rules import Rules


def compose_reply(
    plan: Plan,
    case_id: int,
    reference: str,
    templates: Templates,
    rules: Rules,
    ourselves: Ourselves,
    now: datetime,
    zone: tzinfo,
    largest_megabytes: float,
) -> OutgoingMail:
    """The first reply to the one sender, in the message's thread; once for each case, whatever token `reference` bears.

    `now` is aware.
    `largest_megabytes`: of a bigger message only the header is read, and its sender told so.

    Raises PermanentError where the plan has no template or no sender, TemporaryError where the template fails.
    """
    if not plan.template or not plan.email.sender:
        raise PermanentError("This message is not to be answered by itself.")
    local = now.astimezone(zone)
    values = acknowledgement_values(plan, reference, rules, ourselves, local.date(), largest_megabytes)
    return assemble(
        purpose=Purpose.ACKNOWLEDGEMENT,
        template=plan.template,
        rendered=templates.render(plan.template, values),
        recipients=(plan.email.sender.address,),
        ourselves=ourselves,
        now=local,
        once=f"acknowledgement:case:{name_of(case_id)}",
        auto_submitted=AutoSubmitted.REPLIED,
        parent=plan.email.message_id,
        thread=plan.email.thread,
    )


def compose_alert(
    reference: str,
    danger: bool,
    recipients: Sequence[str],
    templates: Templates,
    rules: Rules,
    ourselves: Ourselves,
    now: datetime,
    desk_url: str | None,
    once: str,
) -> OutgoingMail:
    """Tells the named people that something sensitive came, and not a word of it; outside the message's thread.

    It is not even given the message. `danger`: it may be about somebody's life. `now` is aware. `once` is the caller's: it
    knows which message this alert is for.
    """
    return assemble(
        purpose=Purpose.ALERT,
        template=rules.sensitive.template,
        rendered=templates.render(rules.sensitive.template, alert_values(reference, danger, rules, ourselves, desk_url)),
        recipients=recipients,
        ourselves=ourselves,
        now=now,
        once=once,
        auto_submitted=AutoSubmitted.GENERATED,
    )


def compose_digest(
    report: DayReport,
    recipients: Sequence[str],
    templates: Templates,
    ourselves: Ourselves,
    zone: tzinfo,
    desk_url: str | None,
    once: str,
) -> OutgoingMail:
    """The day in one mail, dated at the report's end. `once` is the caller's: it knows which day this digest is for."""
    return assemble(
        purpose=Purpose.DIGEST,
        template=DIGEST_TEMPLATE,
        rendered=templates.render(DIGEST_TEMPLATE, digest_values(report, ourselves, zone, desk_url)),
        recipients=recipients,
        ourselves=ourselves,
        now=report.until.astimezone(zone),
        once=once,
        auto_submitted=AutoSubmitted.GENERATED,
    )


def compose_trouble(
    trouble: Trouble,
    waiting: int,
    recipients: Sequence[str],
    templates: Templates,
    ourselves: Ourselves,
    now: datetime,
    zone: tzinfo,
    desk_url: str | None,
) -> OutgoingMail:
    """Tells the team that a server is not well, or that it is again: each once for one trouble. `now` is aware.

    Raises PermanentError where a recipient cannot be written to, TemporaryError where the template fails.
    """
    template = RECOVERED_TEMPLATE if trouble.over_at else TROUBLE_TEMPLATE
    return assemble(
        purpose=Purpose.TROUBLE,
        template=template,
        rendered=templates.render(template, trouble_values(trouble, waiting, ourselves, zone, desk_url)),
        recipients=recipients,
        ourselves=ourselves,
        now=now.astimezone(zone),
        once=f"recovered:{trouble.server}:{_utc(trouble.since)}" if trouble.over_at else once_told(trouble.server, now),
        auto_submitted=AutoSubmitted.GENERATED,
    )


def once_told(server: str, told_at: datetime) -> str:
    """The occasion of the mail that told of a trouble at that time (aware)."""
    return f"trouble:{server}:{_utc(told_at)}"


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()
