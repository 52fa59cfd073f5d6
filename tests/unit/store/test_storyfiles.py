"""The stories as reviewers find them, and one of them as they read it."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from filed import NOW, filed_case, filed_story, ready_story
from mailflow.domain import Consent, StoryState
from mailflow.errors import UserError
from mailflow.store import storyfiles
from mailflow.store.database import Store
from mailflow.store.tables import events, messages

S = StoryState


def test_the_queue_names_what_waits_and_no_words_of_it(store: Store) -> None:
    with store.writing() as db:
        first, second = filed_story(db), filed_story(db, S.IN_REVIEW, Consent.NONE, identifiers=())
        filed_story(db, S.WITHDRAWN)
        approved = ready_story(db, S.APPROVED)
        earlier = update(messages).where(messages.c.case_id == second)
        db.execute(earlier.values(arrived=NOW - timedelta(days=9)))
    with store.reading() as db:
        found = storyfiles.stories(db)
        assert [(line.case_id, line.state, line.consent, line.identifiers) for line in found] == [
            (first, S.RECEIVED, Consent.ANONYMOUS, 1),
            (second, S.IN_REVIEW, Consent.NONE, 0),
            (approved, S.APPROVED, Consent.ANONYMOUS, 1),
        ]
        assert [line.came for line in found[:2]] == [NOW - timedelta(days=2), NOW - timedelta(days=9)]
        assert "Priya" not in repr(found)
        assert [line.state for line in storyfiles.stories(db, [S.WITHDRAWN])] == [S.WITHDRAWN]


def test_the_list_goes_on_behind_the_last_story_of_the_page_before(store: Store) -> None:
    with store.writing() as db:
        ids = [filed_story(db) for _ in range(3)]
    with store.reading() as db:
        assert [line.case_id for line in storyfiles.stories(db, most=2)] == ids[:2]
        assert [line.case_id for line in storyfiles.stories(db, after=ids[1], most=2)] == ids[2:]
        assert [line.case_id for line in storyfiles.stories(db, (), most=2)] == ids[:0:-1]
        assert [line.case_id for line in storyfiles.stories(db, (), after=ids[1])] == ids[:1]


def test_a_story_comes_with_its_bytes_and_its_identifiers_and_the_reading_is_on_record(store: Store) -> None:
    with store.writing() as db:
        case_id = filed_story(db)
        read = storyfiles.story(db, case_id, "ada", NOW)
        row = db.execute(select(events.c.who, events.c.what, events.c.case_id, events.c.detail)).one()
    assert read.reference == f"EDI-{case_id:04d}"
    assert b"Priya Nair" in read.messages[0].raw
    assert [identifier.text for identifier in read.identifiers] == ["Priya Nair"]
    assert "Priya" not in repr(read)
    assert tuple(row) == ("ada", "read story", case_id, None)


@pytest.mark.parametrize("consent", [Consent.NAMED, Consent.ANONYMOUS, Consent.UNSTATED])
@pytest.mark.parametrize("missing", [True, False])
def test_a_story_says_what_is_missing_of_its_consent(store: Store, consent: Consent, missing: bool) -> None:
    with store.writing() as db:
        read = storyfiles.unread_story(db, ready_story(db, consent=consent, agreed=not missing))
        refused = storyfiles.unread_story(db, ready_story(db, consent=Consent.NONE))
    assert (read.missing_consent is not None, read.needs_agreement) == (missing, missing)
    assert refused.missing_consent and not refused.needs_agreement  # nobody may say that they have agreed


def test_what_is_no_story_cannot_be_opened_as_one(store: Store) -> None:
    with store.writing() as db:
        for number in (filed_case(db), 4711):
            with pytest.raises(UserError, match="There is no story"):
                storyfiles.story(db, number, "ada", NOW)
