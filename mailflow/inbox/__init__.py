"""Room 1, RECEIVE: mail comes in by IMAP, and its raw bytes come to rest in the database.

In comes a mailbox (settings), out go committed bytes and a moved cursor; afterwards each decided message is tidied into its
folder. Nothing here reads a message, decides about it, or answers it, and no flag is ever touched: \\Seen belongs to people.
"""
