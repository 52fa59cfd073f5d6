"""How well mailflow understands: messages that people have labelled come in, figures go out, and where it goes wrong worst.

labels.py reads a labelled set, judging.py has each message judged as `mailflow explain` judges it; unseen.py has it judged by
what has not learnt from it, and known.py tells where that was not so. One module each scores the kinds, their confidence, the
answering, the alarms, the new text, the details and the stories; worst.py lists what went most wrong, report.py puts all of it
together, and figures.py names the figures. Nothing is decided here, and nothing is kept, sent or stored.
"""
