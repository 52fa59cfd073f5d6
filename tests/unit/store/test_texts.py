"""The text that may be shown: no save is lost, none overwrites another unseen, and what was agreed or approved was that text."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from filed import NOW, SHOWN, filed_message, filed_story, raw_mail, ready_story
from mailflow.domain import CHECKLIST, CaseState, EditedText, Ruled, Ruling, StoryState, Whose
from mailflow.errors import UserError
from mailflow.store import storyfiles, texts
from mailflow.store.database import Store
from mailflow.store.tables import cases, events

S = StoryState
RULED = Ruled(7, 10, 20, "Priya Nair", "name", Whose.HELPED, Ruling.CHANGED, "a friend")
MINE = EditedText("A word", "I said something.", (RULED,), CHECKLIST[:2])


def what_was_done(store: Store) -> list[tuple[str, str, str | None]]:
    with store.reading() as db:
        return [tuple(row) for row in db.execute(select(events.c.who, events.c.what, events.c.detail).order_by(events.c.id))]


def test_the_first_save_takes_a_story_into_review_and_nothing_of_it_is_lost(store: Store) -> None:
    with store.writing() as db:
        case_id = filed_story(db)
        saved = texts.save(db, case_id, "ada", 0, MINE, NOW)
        read = storyfiles.unread_story(db, case_id)
    assert (read.state, read.text, read.version, read.edited_by, read.edited_at) == (S.IN_REVIEW, MINE, 1, "ada", NOW)
    assert (saved.version, saved.seen, saved.reopened) == (1, read.seen, False)
    assert "Priya" not in repr(read.text) and "something" not in repr(read.text)
    assert what_was_done(store) == [("ada", "text saved", None)]


def test_who_saves_over_somebody_elses_text_is_told_whose_and_nothing_changes(store: Store) -> None:
    with store.writing() as db:
        case_id = filed_story(db)
        texts.save(db, case_id, "bo", 0, MINE, NOW)
        with pytest.raises(UserError, match=f"^bo has saved another version of EDI-{case_id:04d}"):
            texts.save(db, case_id, "ada", 0, replace(MINE, shown="Mine."), NOW)
        assert texts.kept_text(db, case_id) == MINE


def test_saving_the_same_again_is_no_save(store: Store) -> None:
    with store.writing() as db:
        case_id = filed_story(db)
        texts.save(db, case_id, "bo", 0, MINE, NOW)
        again = texts.save(db, case_id, "ada", 0, replace(MINE, shown=" I said something.\r\n"), NOW)
        assert (again.version, storyfiles.unread_story(db, case_id).edited_by) == (1, "bo")


def test_a_text_is_kept_as_forms_and_databases_can_both_have_it() -> None:
    sent = EditedText(" A\tword\nmore \0", "One\r\ntwo\rthree\0\n\n", (), ("no line of ours", CHECKLIST[1], CHECKLIST[0]))
    kept = EditedText("A word more", "One\ntwo\nthree", (), CHECKLIST[:2])
    assert sent.tidied() == kept
    assert sent.tidied().tidied() == kept


def test_title_and_text_make_the_fingerprint_and_nothing_else_does() -> None:
    assert replace(MINE, rulings=(), checked=()).fingerprint == MINE.fingerprint
    assert len({MINE.fingerprint, replace(MINE, title="Other").fingerprint, replace(MINE, shown="Other").fingerprint}) == 3
    assert EditedText("a", "bc").fingerprint != EditedText("ab", "c").fingerprint


@pytest.mark.parametrize("state", list(S))
def test_a_changed_text_goes_back_into_review_or_may_not_be_changed(store: Store, state: StoryState) -> None:
    with store.writing() as db:
        case_id = ready_story(db, state, approved_by=("bo",) if state is S.APPROVED else ())
        if state in (S.PUBLISHED, S.THEMES, S.DECLINED, S.WITHDRAWN):
            with pytest.raises(UserError, match=r"take it down|put it back into review|taken back"):
                texts.save(db, case_id, "ada", 1, replace(SHOWN, shown="Other."), NOW)
            assert texts.kept_text(db, case_id) == SHOWN
            return
        saved = texts.save(db, case_id, "ada", 1, replace(SHOWN, shown="Other."), NOW)
        read = storyfiles.unread_story(db, case_id)
        assert saved.reopened is (state in (S.ASKED, S.CONSENTED, S.APPROVED))
        assert (read.state, read.approvals) == (S.IN_REVIEW, ())
        assert db.execute(select(cases.c.state)).scalar_one() is CaseState.OPEN
    if saved.reopened:
        assert ("ada", "put back into review", "its text was changed") in what_was_done(store)


def test_ticks_and_rulings_alone_change_nothing_of_what_was_approved(store: Store) -> None:
    with store.writing() as db:
        case_id = ready_story(db, S.APPROVED, approved_by=("bo",))
        saved = texts.save(db, case_id, "ada", 1, replace(SHOWN, checked=(), rulings=(RULED,)), NOW)
        read = storyfiles.unread_story(db, case_id)
    assert not saved.reopened
    assert (read.state, [one.who for one in read.approvals]) == (S.APPROVED, ["bo"])


@pytest.mark.parametrize("text", [replace(MINE, title="x" * 121), replace(MINE, shown="x" * 50_001)])
def test_a_text_has_a_length_that_a_page_can_show(store: Store, text: EditedText) -> None:
    with store.writing() as db, pytest.raises(UserError, match="longer than"):
        texts.save(db, filed_story(db), "ada", 0, text, NOW)


def test_what_one_person_saves_within_ten_minutes_is_one_entry_of_the_audit_log(store: Store) -> None:
    minutes = [("ada", 0), ("ada", 4), ("bo", 5), ("ada", 9), ("ada", 11)]
    with store.writing() as db:
        case_id = filed_story(db)
        for version, (who, minute) in enumerate(minutes):
            texts.save(db, case_id, who, version, replace(MINE, shown=f"{version}"), NOW + timedelta(minutes=minute))
    assert [who for who, what, _ in what_was_done(store) if what == "text saved"] == ["ada", "bo", "ada"]


def test_what_a_reviewer_has_before_them_changes_with_the_text_the_state_and_the_newest_message(store: Store) -> None:
    with store.writing() as db:
        case_id = filed_story(db)
        seen = [texts.seen_now(db, case_id)]
        for version in (0, 1):
            seen.append(texts.save(db, case_id, "ada", version, replace(MINE, shown=f"{version}"), NOW).seen)
        filed_message(db, case_id, raw_mail("One more thing."))
        seen.append(texts.seen_now(db, case_id))
    assert len(set(seen)) == 4


def test_a_save_tells_what_there_was_before_it_so_that_nobody_has_seen_by_it_what_came_meanwhile(store: Store) -> None:
    with store.writing() as db:
        case_id = filed_story(db)
        seen = texts.seen_now(db, case_id)
        saved = texts.save(db, case_id, "ada", 0, MINE, NOW)
        assert (saved.before, saved.seen) == (seen, texts.seen_now(db, case_id))
        filed_message(db, case_id, raw_mail("One more thing."))
        for text in (MINE, replace(MINE, shown="Another.")):
            assert texts.save(db, case_id, "ada", 1, text, NOW).before != saved.seen


def test_an_approval_ends_with_the_text_even_where_that_comes_back(store: Store) -> None:
    with store.writing() as db:
        case_id = ready_story(db, approved_by=("bo",))
        assert texts.save(db, case_id, "ada", 1, replace(SHOWN, shown="Other."), NOW).reopened
        texts.save(db, case_id, "ada", 2, SHOWN, NOW)
        assert storyfiles.unread_story(db, case_id).approvals == ()
