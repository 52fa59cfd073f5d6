"""Has each message judged by what has not learnt from it: cross-validation.

Learnt from are the examples that mailflow comes with and the labelled set itself, all but the part that is being judged; how
far the judges and the rules are trusted is found there, too. The rules are those of rules.toml.
"""

from collections.abc import Sequence
from dataclasses import replace

from mailflow.classify import Classifier
from mailflow.classify.match import Matcher
from mailflow.classify.wording import deciding_text
from mailflow.deciding import House
from mailflow.evaluation.judging import HouseFor
from mailflow.evaluation.known import KnownExamples
from mailflow.evaluation.labels import Labelled
from mailflow.learning.examples import Example, read_examples
from mailflow.learning.folds import split
from mailflow.learning.trusting import fit_trust
from mailflow.learning.unseen import Recalled, judge_unseen


def judge_as_new(messages: Sequence[Labelled], house: House, folds: int) -> HouseFor:
    """The house for each message, with judges that had not learnt from it. Takes some seconds a thousand examples."""
    examples = read_examples()
    known = KnownExamples(examples)
    places: dict[int, list[tuple[Labelled, str, str]]] = {}
    for message in messages:
        email = house.read(message.read_raw())
        subject, text = email.subject, deciding_text(email)
        place = known.find(subject, text)
        if place is None:
            place = len(examples)
            examples.append(Example(subject, text, message.label.kind, message.label.sensitive, f"new {message.group}"))
        places.setdefault(place, []).append((message, subject, text))
    judgements = judge_unseen(examples, folds)
    matcher = Matcher(house.rules)
    houses: dict[Labelled, House] = {}
    for seen, judged in split(examples, folds):
        trust = fit_trust([examples[place] for place in seen], [judgements[place] for place in seen], matcher)
        mine = [(place, *found) for place in judged for found in places.get(place, ())]
        said = {(subject, text): judgements[place] for place, _, subject, text in mine}
        of_fold = replace(house, classifier=Classifier(house.rules, Recalled(said, trust)))
        houses.update((message, of_fold) for _, message, _, _ in mine)
    return houses.__getitem__
