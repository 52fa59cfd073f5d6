"""The vocabulary: what flows through the house is one of these frozen values.

A message     received ─> filed | held | ignored | failed        (failed ─> received by `mailflow retry`)
Outgoing mail draft | queued ─> sending ─> sent | deferred | failed | in_doubt
              deferred ─> sending;  in_doubt ─> sent, where there is proof;  sent, in_doubt ─> bounced
              draft, queued ─> cancelled;  rehearsed is never sent
A story       received ─> in_review ─> asked ─> consented ─> approved ─> published;  declined, withdrawn
A training    new ─> details_needed ─> scheduled ─> delivered;  cancelled
A case        open (waits for us) ─> waiting (waits for them) ─> closed
"""

from mailflow.domain.calendar import add_working_days, is_working_day, working_days_between
from mailflow.domain.decisions import (
    OUR_OWN_COPY,
    SENT_FOLDER,
    Answer,
    DateOrRange,
    History,
    Identifier,
    KnownCase,
    Plan,
    QueryAnswers,
    Reason,
    StoryReading,
    TrainingDetails,
    Understanding,
    Verdict,
)
from mailflow.domain.mail import (
    Address,
    Attachment,
    Automatic,
    DeliveryReport,
    Email,
    Fetched,
    Fold,
    Location,
    Ourselves,
    OutgoingMail,
    Thread,
    Undelivered,
)
from mailflow.domain.references import case_id_of, reference
from mailflow.domain.report import SMTP, DayReport, DigestPeriod, FolderStanding, ReportLine, Standing, Trouble, imap
from mailflow.domain.states import (
    Action,
    AutomaticSort,
    CaseState,
    Consent,
    Decision,
    Delivery,
    FoldReason,
    Format,
    Kind,
    MessageState,
    Mode,
    OutgoingState,
    Purpose,
    StoryState,
    TrainingState,
)

__all__ = [
    "OUR_OWN_COPY",
    "SENT_FOLDER",
    "SMTP",
    "Action",
    "Address",
    "Answer",
    "Attachment",
    "Automatic",
    "AutomaticSort",
    "CaseState",
    "Consent",
    "DateOrRange",
    "DayReport",
    "Decision",
    "Delivery",
    "DeliveryReport",
    "DigestPeriod",
    "Email",
    "Fetched",
    "Fold",
    "FoldReason",
    "FolderStanding",
    "Format",
    "History",
    "Identifier",
    "Kind",
    "KnownCase",
    "Location",
    "MessageState",
    "Mode",
    "Ourselves",
    "OutgoingMail",
    "OutgoingState",
    "Plan",
    "Purpose",
    "QueryAnswers",
    "Reason",
    "ReportLine",
    "Standing",
    "StoryReading",
    "StoryState",
    "Thread",
    "TrainingDetails",
    "TrainingState",
    "Trouble",
    "Undelivered",
    "Understanding",
    "Verdict",
    "add_working_days",
    "case_id_of",
    "imap",
    "is_working_day",
    "reference",
    "working_days_between",
]
