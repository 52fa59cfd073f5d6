"""mailflow answers the mail of a shared mailbox. The journey of a message:

 1 inbox/     RECEIVE     the mailbox is read; raw bytes come to rest in the database
 2 message/   READ        bytes become an Email: text, folds, thread, automatic or not
 3 classify/  DECIDE      an Email becomes a Verdict: kind, confidence, reasons
 4 kinds/     UNDERSTAND  training details, query answers, story identifiers and consent
 5 reply/     ANSWER      may we answer at all, and with which words
 6 store/     FILE        case, details, outgoing mail, review: one transaction
 7 outbox/    SEND        outgoing mail leaves, once
 8 desk/      PEOPLE      the team reviews, corrects and answers
 9 digest/    REPORT      the day in one mail

Begin with pipeline.py; domain.py holds the words.
"""

__version__ = "0.1.0"
