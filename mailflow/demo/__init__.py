"""mailflow to try: the real daemon between an embedded IMAP server, an embedded SMTP server and a sample mailbox.

Everything happens on loopback and is forgotten at the end, but for what the demo's data folder keeps. The sample's
people, places and dates are invented.
"""
