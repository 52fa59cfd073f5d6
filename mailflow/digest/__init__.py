"""Room 9, REPORT: the day in one mail; and word, at once, of a server that is not well.

In comes the database as it stands, out goes one outgoing mail to the team on each of its days. Never a word that anybody
wrote: counts, references, states and reasons. Nothing here sends: the mail goes into the outbox like every other.
"""
