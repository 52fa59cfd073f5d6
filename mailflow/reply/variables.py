"""What a template may say: every variable with its meaning. templates/README.md shows the same to the team."""

from collections.abc import Mapping

from mailflow.rules import Rules

DIGEST_TEMPLATE = "digest"
TOO_BIG_TEMPLATE = "too-big"
ASK_TEMPLATE = "ask"
TROUBLE_TEMPLATE, RECOVERED_TEMPLATE = "trouble", "recovered"
SESSION_TEMPLATE, CHANGED_SESSION_TEMPLATE, CANCELLED_SESSION_TEMPLATE = "session", "session-changed", "session-cancelled"
SESSION_TEMPLATES = (SESSION_TEMPLATE, CHANGED_SESSION_TEMPLATE, CANCELLED_SESSION_TEMPLATE)

_EVERYWHERE = {
    "reference": "the case's reference: EDI-0042-7kq2mxwd in replies, by which an answer is known again; EDI-0042 in the alert",
    "centre": "the name that mail comes from (MAILFLOW_NAME)",
    "address": "the mailbox's address (MAILFLOW_ADDRESS)",
    "programme": "the facts of rules.toml: programme.name, .page, .manager, .coordinator, .phone, .security_phone, .report_page",
}

ACKNOWLEDGEMENT: Mapping[str, str] = {
    **_EVERYWHERE,
    "subject": 'their subject without "Re:" and reference; "your message" where there is none, and always for a story',
    "greeting": '"Dear Jane Smith", or "Hello" where we do not know the name',
    "answer_by": 'the day by which a person answers, "Thursday 26 November"; empty where there is no deadline, or it has passed',
    "action": "training: request, change, cancel or confirm; otherwise empty",
    "details": "training: what we have understood, a list of detail.label and detail.value",
    "missing": "training: what we still need to know, a list of phrases",
    "answers": "query: the questions of rules.toml that fit, a list of entry.question and entry.answer",
    "sessions": "the next open sessions, at most six: session.date, .time, .format, .place",
    "limit": 'the biggest message that is read, "35 MB" (MAILFLOW_LARGEST_MEGABYTES)',
}

ALERT: Mapping[str, str] = {
    **_EVERYWHERE,
    "danger": "true where it may be about a danger to somebody's life",
    "desk_url": "where the desk shows the message; empty where MAILFLOW_DESK_URL is not set",
}

DIGEST: Mapping[str, str] = {
    "centre": _EVERYWHERE["centre"],
    "address": _EVERYWHERE["address"],
    "day": 'the day of the digest, "24 November"',
    "since": 'where the last digest ended, "Monday 23 November, 08:00"',
    "until": "where this one ends",
    "mode": "rehearsal, drafts or live",
    "needs": "how many things need somebody",
    "quiet": "true where nothing came in, went out or waits",
    "new": "new messages: a list of entry.kind and entry.count",
    "automatic": "those of them that machines wrote: a list of entry.sort and entry.count",
    "undecided": "how many messages came in and are not decided yet",
    "replies_sent": "how many replies were sent",
    "silences": "why people's messages got no automatic reply: a list of entry.reason and entry.count",
    "unsent": "how many replies wait for the mail server, or for the cap on replies an hour",
    "capped": "how many of them wait because the cap on replies an hour is reached",
    "drafts": "how many replies wait for approval",
    "waiting": "cases that wait for the team: line.reference, .kind, .state, .age, .reason (as in all lists below)",
    "overdue": "cases past their day",
    "stories": "stories to review",
    "held": "messages that a person must decide",
    "failed": "messages that could not be read",
    "undelivered": "our mail that was refused for good, or came back",
    "in_doubt": "our mail that may or may not have been sent",
    "delayed": "our mail that is refused for now, for hours already, and is tried again",
    "left_out": "how many lines each of these lists is short of, for it is a long one: left_out.held and so on",
    "trouble": "servers that are not well: a list of entry.server, .since and .reason",
    "mailbox": "agrees, differs, or unknown where nobody looked",
    "in_mailbox": "how many messages the mailbox held when it was last counted",
    "known": "how many of them mailflow knew",
    "counted": "when they were counted; empty where nobody looked",
    "desk_url": "the desk's address; empty where MAILFLOW_DESK_URL is not set",
}


TROUBLE: Mapping[str, str] = {
    "centre": _EVERYWHERE["centre"],
    "address": _EVERYWHERE["address"],
    "server": '"the mailbox edi.centre@university.example" or "the outgoing mail server"',
    "sending": "true where it is the outgoing mail server",
    "since": 'when it began, "Monday 23 November, 08:00"',
    "until": "when it was over; empty in trouble.md",
    "lasted": 'how long it lasted, "2 hours and 5 minutes"; empty in trouble.md',
    "reason": "what went wrong last, in a sentence",
    "waiting": "how many of our mails wait to be sent",
    "desk_url": "the desk's address; empty where MAILFLOW_DESK_URL is not set",
}

ASK: Mapping[str, str] = {
    **_EVERYWHERE,
    "greeting": '"Dear Jane Smith", or "Hello" where we do not know the name',
    "title": "the title that would appear",
    "paragraphs": "the text that would appear: a list of paragraphs, each a list of lines",
}

SESSION: Mapping[str, str] = {
    **_EVERYWHERE,
    "greeting": '"Dear Jane Smith"; "Hello" where we do not know the name, or where others are invited and they are not',
    "department": "the department or group that the session is for; empty where we do not know it",
    "day": 'the day of the session, "Thursday 14 January 2027"',
    "time": '"10:00 to 12:30"',
    "place": "the room, or the link to the online meeting",
    "link": "the place, where it is a link; otherwise empty",
    "facilitator": "who leads the session; empty where nobody is named yet",
}

_OWN = {
    DIGEST_TEMPLATE: DIGEST,
    ASK_TEMPLATE: ASK,
    TROUBLE_TEMPLATE: TROUBLE,
    RECOVERED_TEMPLATE: TROUBLE,
    **dict.fromkeys(SESSION_TEMPLATES, SESSION),
}


def known_variables(template: str, rules: Rules) -> Mapping[str, str]:
    """The variables that this template may use; every template that has no use of its own acknowledges."""
    if template == rules.sensitive.template:
        return ALERT
    return _OWN.get(template, ACKNOWLEDGEMENT)
