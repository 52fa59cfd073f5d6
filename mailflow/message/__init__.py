"""Room 2, READ: bytes come in, an `Email` goes out.

In comes a message as the mailbox gave it, any bytes at all; out goes what it says: who wrote it, when, the whole text, which
stretches of it are new, what is attached, which conversation it belongs to, and whether a machine wrote it. What is wrong with a
message is listed as its defects. This room never touches the network, the database or the clock, never changes or removes what
was sent, and never decides what a message is about.
"""
