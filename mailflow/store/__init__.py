"""6 FILE: the database, which is also the queue between the steps.

In come domain values, out go domain values. The only SQL is here, and no function here opens a transaction: a step
does (`with store.writing() as db`), so that what belongs together is committed together. Nothing here decides anything.

What changes a case or anything on it (messages, mails, its story or session) locks the row of the case first, and of two
cases the lower number first: then no two people, and no person and the daemon, wait for each other for ever.
"""
