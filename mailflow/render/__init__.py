"""Templates: one Markdown file a mail, from which both the text part and the HTML part come.

In: a template's name and the values it may use, or what a person wrote. Out: `Rendered(subject, text, html)`.
Never: lets a value change the markup around it, prints a variable that does not exist, or fetches anything.
"""

from mailflow.render.escape import one_line
from mailflow.render.template import Rendered, Templates
from mailflow.render.words import render_words, words_of

__all__ = ["Rendered", "Templates", "one_line", "render_words", "words_of"]
