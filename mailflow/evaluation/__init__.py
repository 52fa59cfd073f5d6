"""How well mailflow understands: messages that people have labelled come in, figures go out, and where it goes wrong worst.

labels.py reads a labelled set, judging.py has each message judged as `mailflow explain` judges it; one module each scores the
kinds, their confidence, the answering, the alarms, the new text, the details and the stories; worst.py lists what went most
wrong, report.py puts all of it together. Nothing is decided here, nothing is learnt, and nothing is sent or stored.
"""
