"""6 FILE: the database, which is also the queue between the steps.

In come domain values, out go domain values. The only SQL is here, and no function here opens a transaction: a step
does (`with store.writing() as db`), so that what belongs together is committed together. Nothing here decides anything.
"""
