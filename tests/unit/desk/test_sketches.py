"""A trial of changed rules goes on in another thread while its page is made."""

from mailflow.desk.rules.sketches import Trial
from mailflow.trying.outcome import Comparison


def test_what_a_page_tells_of_a_trial_does_not_change_while_it_is_made() -> None:
    trial = Trial("ada")
    before = trial.glance()
    found = Comparison(wanted=2, tried=2)
    trial.found = found
    trial.ended.set()
    assert (before.runs, before.found) == (True, Comparison())
    after = trial.glance()
    assert (after.runs, after.found) == (False, found)
