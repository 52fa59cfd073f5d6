"""Room 5, ANSWER: may we answer at all, and in which words?

In: what was read, decided and understood. Out: the reason for silence, or an outgoing mail whose bytes are fixed.
Never: sends anything, writes to anybody but the one sender, or says what the sender of a story wrote.
"""
