"""Room 8, PEOPLE: the web pages where the team reads, reviews and settles.

Begin with `app`, which puts the desk together, and `today`, its first page. Behind them is a room for each thing people do here:
`people` signs in, and looks after who may; `mail` shows what came, and why it became what it did; `cases` answers, settles and
regroups; `training` and `stories` do what only those kinds of case need; `rules` reads, tries and changes the rules.
What all rooms share stands beside them: `access` (who may), `room` (what a page has at hand), `fields`, `show` and `wording`.

In come a person's clicks; out go pages, and decisions that the store writes down with who took them. Nothing is shown to anybody
who has not signed in, a GET changes nothing but the audit log, and what people wrote is shown as text, never as HTML.
"""
