"""Room 8, PEOPLE: the web pages where the team reads, reviews and settles.

In come a person's clicks; out go pages, and decisions that the store writes down with who took them. Nothing is shown to anybody
who has not signed in, a GET changes nothing but the audit log, and what people wrote is shown as text, never as HTML.
"""
