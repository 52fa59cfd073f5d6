"""A case of its own: only where the subject and the ask are both new."""

from dataclasses import replace

import pytest

from mailflow.domain import Action, Automatic, AutomaticSort, Email, History, Kind, KnownCase, TrainingDetails, Verdict
from mailflow.reply.matter import begins_a_case, has_new_subject
from mailflow.rules import Rules

OLD = ("Certificates", "Re: Certificates [EDI-0001-7kq2mxwd]")
QUERY = KnownCase(1, "EDI-0001", Kind.QUERY, acknowledged=True, requester="jane.smith@university.example")
TRAINING = replace(QUERY, kind=Kind.TRAINING, department="Department of Chemistry")
REQUEST = TrainingDetails(department="Department of Physics")


@pytest.mark.parametrize("subject", ["A workshop for Physics", "AW: A workshop for Physics", "Certificate"])
def test_a_subject_that_was_not_there_before_is_new(subject: str) -> None:
    assert has_new_subject(subject, OLD)


@pytest.mark.parametrize(
    "subject",
    [
        "",
        "Re:",
        "RE: FW: certificates",
        "[EXTERNAL] Certificates!",
        "Certificates - urgent",
        "URGENT: Re: certificates",
        "A workshop for Physics [EDI-0001-7kq2mxwd]",
        "A workshop for Physics (EDI-0001)",
    ],
)
def test_a_subject_that_goes_on_with_the_old_one_or_names_a_case_is_not_new(subject: str) -> None:
    assert not has_new_subject(subject, OLD)


@pytest.mark.parametrize("subject", ["When is it?", "Training"])
def test_a_subject_cut_short_or_given_where_there_was_none_is_not_new(subject: str) -> None:
    assert not has_new_subject(subject, ("Training: when is it?",))
    assert not has_new_subject(subject, ("", "Re: "))


@pytest.fixture
def asks(email: Email, rules: Rules):
    """Whether a message under a new subject gets a case of its own."""

    def ask(
        kind: Kind = Kind.TRAINING,
        details: TrainingDetails | None = REQUEST,
        case: KnownCase | None = QUERY,
        confidence: float = 1.0,
        sensitive: bool = False,
        another: KnownCase | None = None,
        subjects: tuple[str, ...] = OLD,
        **values: object,
    ) -> bool:
        message = replace(email, subject="Something new", **values)
        history = History(case=case, subjects=subjects, another=another)
        return begins_a_case(message, Verdict(kind, confidence, sensitive), details, history, rules)

    return ask


def test_a_booking_or_a_story_where_a_question_was_asked_gets_its_own(asks) -> None:
    assert asks()
    assert asks(Kind.STORY, None)


def test_a_booking_for_another_department_gets_its_own_and_one_more_detail_does_not(asks) -> None:
    assert asks(case=TRAINING)
    assert not asks(case=replace(TRAINING, department=None))
    for department in (None, "Chemistry", "the Department of Chemistry at South Campus", "DEPARTMENT OF CHEMISTRY."):
        assert not asks(case=TRAINING, details=replace(REQUEST, department=department))


@pytest.mark.parametrize("action", [Action.CHANGE, Action.CANCEL, Action.CONFIRM])
def test_who_changes_or_confirms_means_what_was_there_before(asks, action: Action) -> None:
    assert not asks(details=replace(REQUEST, action=action))
    assert not asks(details=replace(REQUEST, action=action), case=TRAINING)


def test_a_question_joins_the_requesters_case_and_not_somebody_elses(asks) -> None:
    assert not asks(Kind.QUERY, None, TRAINING)
    assert asks(Kind.QUERY, None, replace(TRAINING, requester="kim@university.example"))


def test_without_a_conversation_a_new_ask_or_a_sure_kind_nothing_gets_its_own(asks) -> None:
    assert not asks(case=None)
    assert not asks(Kind.OTHER, None)
    assert not asks(confidence=0.5)
    assert not asks(subjects=("Something new",))


def test_what_a_person_must_see_in_its_place_gets_none_of_its_own(asks) -> None:
    assert not asks(sensitive=True)
    assert not asks(case=replace(QUERY, kind=Kind.STORY))
    assert not asks(another=replace(QUERY, case_id=2))
    assert not asks(whole=False)
    assert not asks(automatic=Automatic(AutomaticSort.VACATION, "It says so."))
