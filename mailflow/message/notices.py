"""What ticket systems, schedulers, gateways and list software write; each pattern is a form that no person keeps to."""

import re

from mailflow.domain import Email, markings
from mailflow.message.wording import FIRST_PERSON, SAYS_AUTOMATIC, asks

_OPENING = 600  # characters in which machines say what they are about
_LONGEST = 5000
_TICKET_SUBJECT = re.compile(
    r"(?i)\b(?:(?:ticket|job|case|incident|request|work order)\b[ #:]*[\w-]{0,12}|(?:inc|req|ritm|chg))\d{3,}\b.*"
    r"\b(?:closed|resolved|received|raised|logged|updated|opened|assigned|completed?|cancelled|declined|approved)\b"
)
_FIELD = re.compile(r"(?m)^[A-Z][\w' ()/-]{1,30}:[ \t]+\S")
# Cron, Nagios, Jenkins and its kind, DMARC (RFC 7489, 7.2.1.1), mail gateways.
_SUBJECT = re.compile(
    r"(?i)(?:\[[^\]\n]{1,40}\]\s*)?(?:"
    r"cron <[^<>\s]{1,100}@[^<>\s]{1,100}>\s|anacron job '|logwatch for \S"
    r"|\*\* ?(?:problem|recovery|acknowledgement|flapping\w*|downtime\w*)\b.{0,80}\balert\b"
    r"|(?:build|pipeline) (?:failed|succeeded|unstable|fixed|passed|still failing|is back to normal)\b(?:.{0,60}#\d"
    r"|.{0,10}\b(?:in|on) jenkins\b)"
    r"|(?:pr )?(?:run|workflow) (?:failed|cancelled|succeeded): .{1,200}\([0-9a-f]{7}\)"
    r"|(?:still failing|failing|fixed|failed|passed|broken): [\w.-]{1,60}/[\w.-]{1,60}#\d"
    r"|report domain:\s*[\w.-]{1,253}\s+.{0,300}report-id:"
    r"|(?:(?:spam|e?mail|end user) quarantine (?:notification|report)|(?:spam |e?mail )?quarantine (?:digest|summary))\b"
    r"|end user digest:"
    r")|\[(?:auto[- ]?generated|cron)\]"
)
_OURS = r"(?:ticket|case|request|enquiry|inquiry|query|message|e-?mail|submission|issue|order|registration)"
_DONE = r"(?:received|logged|created|opened|closed|resolved|updated|assigned|registered|set to)"
_ACKNOWLEDGED = re.compile(
    rf"(?i)\byour {_OURS}\b[^.!?]{{0,80}}\b(?:has been|was|is) (?:\w+ ){{0,2}}{_DONE}\b"
    rf"|\b(?:we have|we['’]ve) received your {_OURS}\b[^?]{{0,300}}\b(?:reference|given the number|ticket|case|working days"
    rf"|business days|within \d+)\b"
    rf"|\b(?:ihre|deine) (?:anfrage|nachricht|e-?mail) (?:ist|wurde)\b[^.!?]{{0,80}}\b(?:eingegangen|erfasst|geschlossen)\b"
    r"|\bresponse to the\s+creation of a (?:trouble )?ticket\b"
)
_ENDS_HERE = re.compile(
    rf"(?im)(?:^|[.!;]\s+|\band )(?:please )?(?:{SAYS_AUTOMATIC}"
    r"|do not (?:reply|respond) to this (?:e-?mail|message|address)\b"
    r"|(?:the|this) (?:address|mailbox|device) (?:can ?not|can['’]t|does not|is not able to) (?:receive|accept|take|read) "
    r"|(?:this|the) (?:mailbox|inbox|address) (?:is not|isn['’]t) (?:monitored|read|checked)\b"
    r"|you(?: are|['’]re)? (?:receiv(?:e|ed|ing)|getting) this (?:\w+ )?because (?:you|notif)"
    r"|(?:bitte )?antworten sie nicht auf diese|merci de ne pas répondre à ce|no responda a este)"
)
# Those who let nobody in before he has proved himself a person; they speak as "I", and under the subject that they answer.
_HELD = re.compile(
    r"(?i)\byour (?:e-?mail|mail|message)\b[^?]{0,200}?\b(?:held|waitlisted|quarantined|not (?:yet )?(?:been )?delivered"
    r"|awaits?"
    r"|be delivered (?:once|when|after|as soon))\b"
    r"|\b(?:this|recipient['’]s) (?:account|mailbox|address|inbox) is protected (?:by|from)\b"
    r"|\b(?:only )?allow (?:incoming )?(?:messages|mail|e-?mails?) (?:only )?from (?:senders|people|those)\b"
)
_PROVE = re.compile(
    r"(?i)\b(?:click|follow|visit|reply to this|add yourself|fill out)\b[^?]{0,160}?\b(?:deliver(?:y|ed)?|allowed|approved?"
    r"|guest list"
    r"|white ?list|link|form|confirm|verify)\b"
)
_LINK = re.compile(r"(?i)\bhttps?://\S|\breply to this\b")
_MODERATED = re.compile(
    r"(?i)\byour (?:e-?mail|mail|message|post(?:ing)?|submission)\b[^?]{0,300}?\b(?:being held until|is (?:being )?held for"
    r"|awaits|awaiting|waiting for)\b"
    r"[^?]{0,60}?\b(?:moderat|list (?:owner|administrator))"
)
# Who is first thanked for getting in touch, and then put off by "us", wrote to an office's robot.
_CONTACTED = re.compile(
    r"(?i)\b(?:thanks|thank you) for (?:contacting|getting in touch with|reaching out to|your (?:enquiry|inquiry|submission))\b"
)
_WILL_ANSWER = re.compile(
    r"(?i)\b(?:we|our team|(?:a|one) (?:member )?of (?:our|the) team|someone|somebody)\b[^.?!]{0,60}\b(?:respond|reply"
    r"|answer|get back"
    r"|be in touch|contact you)\b[^.?!]{0,60}\b(?:as soon as|within|shortly|in due course|(?:working|business) days?)\b"
)
_RECALL = re.compile(r"(?i)recall\s*:")
_RECALLED = re.compile(r"(?i)\bwould like to recall the message\b")
# On a line of its own: "Having trouble? View this email in your browser".
_NEWSLETTER = re.compile(
    r"(?im)^\W{0,5}(?:[^\n.?!]{0,60}[?.,:] )?(?:click here to )?(?:view|read|see|open) (?:this |the |our )?"
    r"(?:e-?mail |message |newsletter |mailing |it )?(?:online|in (?:your|a|the) (?:web )?browser)\b[^\n]{0,30}$"
)
_DIGEST = re.compile(
    r"(?i)\bthere (?:is|are) \d{1,5} messages? total+ing \d{1,7} lines\b|\bsend \S{1,80} mailing list submissions to\b"
)
_TOPICS = re.compile(r"(?i)\s*today['’]s topics:")


def has_notice_subject(subject: str) -> bool:
    """Whether a subject is one that only schedulers, monitors, build servers and mail gateways write."""
    return _SUBJECT.match(subject) is not None


def is_ticket_notice(email: Email) -> bool:
    """Whether the subject tells the state of a numbered ticket and the text is a list of labelled fields."""
    return _TICKET_SUBJECT.search(email.subject[:500]) is not None and len(_FIELD.findall(email.text[:_LONGEST])) >= 3


def is_notice(email: Email) -> bool:
    """Whether the text itself says that a machine sent it, or acknowledges what came, speaks of no "I" and asks nothing."""
    text = email.new_text[:_LONGEST]
    if markings.is_answer_or_forward(email) or FIRST_PERSON.search(text) or asks(text):
        return False
    opening = text[:_OPENING]
    put_off = _CONTACTED.search(opening) is not None and _WILL_ANSWER.search(opening) is not None
    return put_off or _ENDS_HERE.search(text) is not None or _ACKNOWLEDGED.search(opening) is not None


def holds_our_mail(email: Email) -> bool:
    """Whether it says that our mail waits: for a moderator, for our proof that we are people; or that theirs is recalled."""
    text = email.new_text[:_LONGEST]
    if "?" in text or markings.is_forward(email):
        return False
    if _MODERATED.search(text[:_OPENING]) or (_RECALL.match(email.subject) and _RECALLED.search(text[:_OPENING])):
        return True
    return all(said.search(text) for said in (_HELD, _PROVE, _LINK))


def is_newsletter(email: Email) -> bool:
    """Whether the first words offer to show it in a browser, or tell how many messages a digest holds."""
    if markings.is_answer_or_forward(email):
        return False
    opening = email.text[:_OPENING]
    if "digest" in email.subject.lower() and _TOPICS.match(opening):
        return True
    return _NEWSLETTER.search(opening) is not None or _DIGEST.search(opening) is not None
