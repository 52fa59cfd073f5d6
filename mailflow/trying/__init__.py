"""Rules tried before they are used: a mail under the rules in use, and the mail of late under a changed file.

In come words, a kept message or changed rules; out goes what would become of them. Nothing is stored and nothing is sent.
Messages are read and decided in a process apart, with little time for each: a pattern that never ends costs that process.
"""
