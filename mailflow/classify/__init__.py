"""Room 3, DECIDE: an Email comes in, a Verdict goes out: its kind, how sure we are, whether it is sensitive, and why.

Never asks a network, a database or the clock, and never keeps a message.
"""

from mailflow.classify.verdict import Classifier

__all__ = ["Classifier"]
