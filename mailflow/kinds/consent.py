"""What the writer of a story says about publishing it: no before yes, and a wish to be hidden before a leave to be named."""

from mailflow.domain import Consent
from mailflow.kinds.hiding import hides, hides_the_writer
from mailflow.kinds.naming import names_the_writer
from mailflow.kinds.refusing import keeps_back
from mailflow.kinds.statements import statements


def read_consent(text: str) -> Consent:
    """What was said; `unstated` also for a yes that does not say how. Hiding only others leaves a writer named who gave leave."""
    said = list(statements(text))
    if any(keeps_back(one) for one in said):
        return Consent.NONE
    hidden = [one for one in said if hides(one)]
    if any(names_the_writer(one) for one in said) and not any(hides_the_writer(one) for one in hidden):
        return Consent.NAMED
    return Consent.ANONYMOUS if hidden else Consent.UNSTATED
