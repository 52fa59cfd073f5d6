"""Room 7, SEND: what rests in the outbox leaves by SMTP, each mail once.

In come queued mails, out goes what came of each: sent, deferred, failed, or in doubt. Nothing here decides whether a mail
should be sent, or changes a byte of it; and a mail that the server may have taken is never sent again by itself.
"""
