"""Writes mailflow/kinds/words/ordinary-words.txt: every word that the labelled corpus has in lower case and that is no name.

Run as `PYTHONPATH=tests python -m bench.list_words`.
"""

import re
import textwrap
from pathlib import Path

from mailflow.kinds.wordlists import given_names
from mailflow.learning.examples import read_examples

LIST = Path(__file__).parents[2] / "mailflow/kinds/words/ordinary-words.txt"
HEAD = "# Everyday words, in lower case: one of these at the beginning of a sentence is no name."
_LOWER = re.compile(r"(?<![\w@./-])[a-zà-ÿ][a-zà-ÿ'’]{1,20}(?![\w@/-])")


def main() -> None:
    """Reads the corpus and replaces the list."""
    clear, _ = given_names()
    found = {word.replace("’", "'").strip("'") for example in read_examples() for word in _LOWER.findall(example.text)}
    words = sorted(word for word in found if len(word) > 1 and word not in clear and not word.endswith("'s"))
    body = textwrap.fill(" ".join(words), 150, break_long_words=False, break_on_hyphens=False)
    LIST.write_text(f"{HEAD}\n{body}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
