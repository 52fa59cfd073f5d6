"""UNDERSTAND: a read message and its verdict come in; what its kind needs to know of it goes out.

training: who wants a session, for how many, when and how. query: the team's answers that fit. story: what could tell
who somebody is, and what the writer allows. Other kinds need nothing. Whatever is not said, or not sure, stays empty.
Pure: no network, no database, no clock; nothing here decides what is answered, and no text is ever changed.
"""
