"""What reviewers may decide, and what must be there for it."""

from dataclasses import replace
from itertools import product

import pytest
from sqlalchemy import select, update

from filed import NOW, SHOWN, filed_message, filed_story, raw_mail, ready_story
from mailflow.domain import CHECKLIST, CaseState, Consent, Decision, EditedText, Kind, MessageState, StoryState
from mailflow.errors import UserError
from mailflow.store import askings, reviewing, storyfiles
from mailflow.store.database import Store
from mailflow.store.tables import approvals, cases, events, stories
from mailflow.store.tables import askings as asked

S, D = StoryState, Decision
_UNDECIDED = {S.RECEIVED, S.IN_REVIEW, S.ASKED, S.CONSENTED}
_ALLOWED = {
    D.ASK: {S.RECEIVED, S.IN_REVIEW, S.ASKED},
    D.APPROVE: _UNDECIDED,
    D.PUBLISH: {S.APPROVED},
    D.TAKE_DOWN: {S.PUBLISHED},
    D.THEMES: _UNDECIDED | {S.APPROVED, S.DECLINED},
    D.HOLD: _UNDECIDED | {S.APPROVED, S.THEMES, S.DECLINED},
    D.DECLINE: _UNDECIDED | {S.APPROVED, S.THEMES},
}
_LEADS_TO = {
    D.APPROVE: S.APPROVED,
    D.PUBLISH: S.PUBLISHED,
    D.TAKE_DOWN: S.IN_REVIEW,
    D.THEMES: S.THEMES,
    D.HOLD: S.IN_REVIEW,
    D.DECLINE: S.DECLINED,
}


def decided(
    store: Store,
    case_id: int,
    decision: Decision,
    by: str = "ada",
    reason: str = "",
    seen: str | None = None,
    *,
    reviewers: int = 1,
    text: EditedText | None = None,
    agreed: str = "",
) -> StoryState:
    with store.writing() as db:
        return reviewing.decide(db, case_id, decision, by, reason, NOW, seen, reviewers=reviewers, text=text, agreed=agreed)


def told(store: Store) -> list[tuple[str, str, int | None, str | None]]:
    with store.reading() as db:
        rows = db.execute(select(events.c.who, events.c.what, events.c.case_id, events.c.detail).order_by(events.c.id))
        return [tuple(row) for row in rows]


def made(
    store: Store,
    state: StoryState = S.IN_REVIEW,
    consent: Consent = Consent.ANONYMOUS,
    approved_by: tuple[str, ...] = (),
    *,
    agreed: bool = True,
) -> int:
    with store.writing() as db:
        return ready_story(db, state, consent, approved_by=approved_by, agreed=agreed)


def test_only_these_decisions_may_be_taken(store: Store) -> None:
    with store.writing() as db:
        for state, (decision, leads_to) in product(S, _LEADS_TO.items()):
            case_id = ready_story(db, state, approved_by=("bo",) if state in (S.APPROVED, S.PUBLISHED) else (), agreed=True)
            assert storyfiles.unread_story(db, case_id).allows(decision) is (state in _ALLOWED[decision]), (state, decision)
            if state in _ALLOWED[decision]:
                assert reviewing.decide(db, case_id, decision, "ada", "Because.", NOW, reviewers=1) is leads_to
            else:
                with pytest.raises(UserError, match=f"EDI-{case_id:04d}"):
                    reviewing.decide(db, case_id, decision, "ada", "Because.", NOW, reviewers=1)
                assert storyfiles.unread_story(db, case_id).state is state


def test_asking_begins_where_nothing_is_agreed_and_is_no_decision_without_a_mail(store: Store) -> None:
    with store.writing() as db:
        for state in S:
            case_id = ready_story(db, state)
            assert storyfiles.unread_story(db, case_id).allows(D.ASK) is (state in _ALLOWED[D.ASK])
            with pytest.raises(UserError, match="Look at the question"):
                reviewing.decide(db, case_id, D.ASK, "ada", "", NOW, reviewers=1)


@pytest.mark.parametrize("decision", [D.ASK, D.APPROVE, D.PUBLISH])
def test_nothing_is_decided_against_the_contributors_no(store: Store, decision: Decision) -> None:
    case_id = made(store, S.APPROVED if decision is D.PUBLISH else S.IN_REVIEW, Consent.NONE, approved_by=("bo",))
    with store.writing() as db:
        assert not storyfiles.unread_story(db, case_id).allows(decision)
        with pytest.raises(UserError, match="does not want it published"):
            reviewing.begin(db, case_id, decision, "ada", "", NOW, None, None)


@pytest.mark.parametrize("consent", list(Consent))
@pytest.mark.parametrize("agreed", ["", "By telephone."])
def test_whoever_wished_it_published_has_not_agreed_to_a_text_until_they_or_a_person_for_them_say_so(
    store: Store, consent: Consent, agreed: str
) -> None:
    case_id = made(store, consent=consent, agreed=False)
    if agreed and consent is not Consent.NONE:
        assert decided(store, case_id, D.APPROVE, agreed=agreed) is S.APPROVED
    else:
        with pytest.raises(UserError, match=r"has not seen this text yet|has not said that|does not want it published"):
            decided(store, case_id, D.APPROVE, agreed=agreed)


@pytest.mark.parametrize("consent", [Consent.NAMED, Consent.ANONYMOUS, Consent.UNSTATED])
def test_their_yes_to_this_text_is_enough_to_approve_it(store: Store, consent: Consent) -> None:
    assert decided(store, made(store, consent=consent), D.APPROVE) is S.APPROVED


def test_how_the_contributor_agreed_is_on_record_and_not_in_the_audit_log(store: Store) -> None:
    case_id = made(store, consent=Consent.UNSTATED, agreed=False)
    decided(store, case_id, D.APPROVE, agreed="By telephone, Priya was there.")
    assert told(store) == [("ada", "approved", case_id, "says that the contributor agreed")]
    with store.reading() as db:
        asking = askings.latest(db, case_id)
    assert asking and (asking.note, asking.confirmed_by, asking.fingerprint) == (
        "By telephone, Priya was there.",
        "ada",
        SHOWN.fingerprint,
    )
    assert "Priya" not in repr(asking)
    assert decided(store, case_id, D.PUBLISH) is S.PUBLISHED


def test_what_they_agreed_to_by_telephone_was_that_text_and_no_other(store: Store) -> None:
    case_id = made(store, consent=Consent.UNSTATED, agreed=False)
    decided(store, case_id, D.APPROVE, agreed="By telephone.")
    with pytest.raises(UserError, match="agreed to another text"):
        decided(store, case_id, D.APPROVE, text=replace(SHOWN, shown="Another text."))


def test_every_line_of_the_checklist_is_ticked_before_approval(store: Store) -> None:
    with store.writing() as db:
        for left in CHECKLIST:
            checked = tuple(one for one in CHECKLIST if one != left)
            case_id = ready_story(db, text=replace(SHOWN, checked=checked), agreed=True)
            with pytest.raises(UserError, match="Tick every line"):
                reviewing.decide(db, case_id, D.APPROVE, "ada", "", NOW, reviewers=1)
        assert reviewing.decide(db, case_id, D.APPROVE, "ada", "", NOW, reviewers=1, text=SHOWN) is S.APPROVED


@pytest.mark.parametrize("text", [replace(SHOWN, shown=" \n"), replace(SHOWN, title="")])
def test_there_is_a_title_and_a_text_before_approval(store: Store, text: EditedText) -> None:
    with pytest.raises(UserError, match=r"Nothing is written|no title"):
        decided(store, made(store), D.APPROVE, text=text)


def test_where_two_must_approve_the_first_alone_does_not_and_the_second_is_another(store: Store) -> None:
    case_id = made(store)
    assert decided(store, case_id, D.APPROVE, reviewers=2) is S.IN_REVIEW
    with store.reading() as db:
        found = storyfiles.unread_story(db, case_id)
    assert [one.who for one in found.approvals] == ["ada"]
    assert found.text.checked == ()  # the second goes through the checklist, too
    with pytest.raises(UserError, match="Tick every line"):
        decided(store, case_id, D.APPROVE, "bo", reviewers=2)
    with pytest.raises(UserError, match="You have approved"):
        decided(store, case_id, D.APPROVE, "ada", text=SHOWN, reviewers=2)
    assert decided(store, case_id, D.APPROVE, "bo", text=SHOWN, reviewers=2) is S.APPROVED
    assert [(who, what, detail) for who, what, _, detail in told(store) if what == "approved"] == [
        ("ada", "approved", "1 of 2"),
        ("bo", "approved", "2 of 2"),
    ]
    assert decided(store, case_id, D.PUBLISH, reviewers=2) is S.PUBLISHED


def test_an_approval_is_of_one_text_and_ends_with_it(store: Store) -> None:
    case_id = made(store, approved_by=("bo",))
    another = replace(SHOWN, title="Another")
    assert decided(store, case_id, D.APPROVE, text=another, agreed="By telephone.", reviewers=2) is S.IN_REVIEW
    with store.reading() as db:
        assert [one.who for one in storyfiles.unread_story(db, case_id).approvals] == ["ada"]


def test_an_approval_of_another_text_publishes_nothing(store: Store) -> None:
    case_id = made(store, S.APPROVED, approved_by=("bo",))
    with store.writing() as db:
        db.execute(update(stories).values(shown="Slipped in."))
        db.execute(update(asked).values(fingerprint=replace(SHOWN, shown="Slipped in.").fingerprint))
    with pytest.raises(UserError, match="0 of 1 approvals"):
        decided(store, case_id, D.PUBLISH)


def test_publishing_needs_as_many_approvals_as_the_rules_say_now(store: Store) -> None:
    case_id = made(store, S.APPROVED, approved_by=("bo",))
    with pytest.raises(UserError, match="1 of 2 approvals"):
        decided(store, case_id, D.PUBLISH, reviewers=2)


@pytest.mark.parametrize("consent", [Consent.NAMED, Consent.ANONYMOUS, Consent.UNSTATED])
def test_publishing_needs_the_consent_that_there_is_now(store: Store, consent: Consent) -> None:
    case_id = made(store, S.APPROVED, consent, approved_by=("bo",), agreed=False)
    with pytest.raises(UserError, match="ask them, or say how they have agreed to it"):
        decided(store, case_id, D.PUBLISH)


def test_what_is_published_says_since_when_until_it_is_taken_down_and_must_be_approved_anew(store: Store) -> None:
    case_id = made(store, S.APPROVED, approved_by=("bo",))
    decided(store, case_id, D.PUBLISH)
    with store.reading() as db:
        assert storyfiles.unread_story(db, case_id).published_at == NOW
    decided(store, case_id, D.TAKE_DOWN)
    with store.reading() as db:
        found = storyfiles.unread_story(db, case_id)
    assert (found.state, found.published_at, found.approvals) == (S.IN_REVIEW, None, ())


@pytest.mark.parametrize("decision", [D.HOLD, D.THEMES, D.DECLINE])
def test_whoever_decides_otherwise_ends_the_approvals(store: Store, decision: Decision) -> None:
    case_id = made(store, approved_by=("bo",))
    decided(store, case_id, decision, reason="Because.")
    with store.reading() as db:
        assert db.execute(select(approvals.c.who)).all() == []


@pytest.mark.parametrize("reason", ["", "  \n", "x" * 2001])
def test_declining_needs_a_reason_of_reasonable_length(store: Store, reason: str) -> None:
    with pytest.raises(UserError, match="reason"):
        decided(store, made(store), D.DECLINE, reason=reason)


def test_the_reason_stays_with_the_story_and_out_of_the_audit_log(store: Store) -> None:
    case_id = made(store)
    decided(store, case_id, D.DECLINE, reason="Priya can be told by her accent.\0")
    assert told(store) == [("ada", "declined", case_id, None)]
    with store.reading() as db:
        found = storyfiles.unread_story(db, case_id)
    assert (found.reason, found.decided_by, found.decided_at) == ("Priya can be told by her accent.", "ada", NOW)
    assert "Priya" not in repr(found)


def test_nobody_decides_on_what_they_have_not_read(store: Store) -> None:
    case_id = made(store)

    def seen() -> str:
        with store.reading() as db:
            return storyfiles.unread_story(db, case_id).seen

    before_message = seen()
    with store.writing() as db:
        filed_message(db, case_id, raw_mail("One more thing: please leave the place out."), kind=Kind.STORY)
    before_hold = seen()
    decided(store, case_id, D.HOLD, "bo", "Later.", before_hold)
    decided(store, case_id, D.THEMES, "bo")
    before_saving = seen()
    for stale in (before_message, before_hold):
        with pytest.raises(UserError, match="changed since you opened it"):
            decided(store, case_id, D.DECLINE, "ada", "Because.", stale)
    assert decided(store, case_id, D.HOLD, "ada", seen=before_saving) is S.IN_REVIEW


def test_who_decides_on_a_text_that_was_saved_anew_meanwhile_reads_it_first(store: Store) -> None:
    case_id = made(store)
    with store.reading() as db:
        seen = storyfiles.unread_story(db, case_id).seen
    decided(store, case_id, D.HOLD, "bo", text=replace(SHOWN, shown="Bo's text."))
    with pytest.raises(UserError, match="changed since you opened it"):
        decided(store, case_id, D.APPROVE, "ada", seen=seen, text=SHOWN)
    with store.reading() as db:
        assert storyfiles.unread_story(db, case_id).text.shown == "Bo's text."


def test_the_case_is_open_while_somebody_must_act_and_closed_once_nobody_must(store: Store) -> None:
    case_id, found = made(store), []
    for decision in (D.APPROVE, D.PUBLISH, D.TAKE_DOWN, D.THEMES, D.HOLD, D.DECLINE):
        decided(store, case_id, decision, reason="Because.")
        with store.reading() as db:
            found.append(db.execute(select(cases.c.state)).scalar_one())
    assert found == [CaseState.OPEN, CaseState.CLOSED, CaseState.OPEN, CaseState.CLOSED, CaseState.OPEN, CaseState.CLOSED]


def test_a_story_with_a_message_that_waits_for_a_person_stays_open(store: Store) -> None:
    case_id = made(store)
    with store.writing() as db:
        filed_message(db, case_id, raw_mail("It is happening again."), MessageState.HELD, sensitive=True)
    decided(store, case_id, D.DECLINE, reason="Because.")
    with store.reading() as db:
        assert db.execute(select(cases.c.state)).scalar_one() is CaseState.OPEN


def test_each_decision_has_a_name_of_its_own_in_the_audit_log(store: Store) -> None:
    case_id = made(store)
    for decision in (D.APPROVE, D.PUBLISH, D.TAKE_DOWN, D.THEMES, D.HOLD, D.DECLINE):
        decided(store, case_id, decision, reason="Because.")
    assert [what for _, what, _, _ in told(store)] == [
        "approved",
        "published",
        "taken down",
        "kept for its themes",
        "put back into review",
        "declined",
    ]


def test_what_is_no_story_is_not_decided(store: Store) -> None:
    with pytest.raises(UserError, match="There is no story EDI-4711"):
        decided(store, 4711, D.HOLD)


def test_a_story_that_nobody_has_opened_has_no_text_to_approve(store: Store) -> None:
    with store.writing() as db:
        case_id = filed_story(db)
    with pytest.raises(UserError, match="Nothing is written yet"):
        decided(store, case_id, D.APPROVE)
