"""Learns: labelled messages come in, the weights that messages are judged by go out, and how well they do on mail new to them.

Needs scikit-learn, which takes a second to import: nothing that decides a message imports this room.
"""
