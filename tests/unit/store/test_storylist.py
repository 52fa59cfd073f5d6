"""The list of stories: what each waits for, and in which order."""

from datetime import timedelta

from filed import NOW, SHOWN, filed_message, filed_story, raw_mail, ready_story
from mailflow.domain import Agreement, Kind, StoryState
from mailflow.store import askings, storylist
from mailflow.store.database import Store


def test_a_line_says_who_wrote_how_many_approved_and_whether_an_answer_waits(store: Store) -> None:
    with store.writing() as db:
        case_id = ready_story(db, StoryState.ASKED, approved_by=("ada",))
        askings.write_down(db, case_id, SHOWN, "ada", NOW)
        (line,) = storylist.in_state(db, StoryState.ASKED, most=5)
        assert (line.title, line.edited_by, line.approvals, line.identifiers) == (SHOWN.title, "ada", 1, 1)
        assert not line.answered
        later = NOW + timedelta(hours=1)
        filed_message(db, case_id, raw_mail("Out of office"), kind=Kind.AUTOMATIC, received_at=later)
        assert not storylist.in_state(db, StoryState.ASKED, most=5)[0].answered, "a machine answers nothing"
        message = filed_message(db, case_id, raw_mail("Yes"), kind=Kind.STORY, received_at=later)
        assert storylist.in_state(db, StoryState.ASKED, most=5)[0].answered
        asking = askings.latest(db, case_id)
        assert asking
        state = askings.confirm(db, case_id, asking.id, Agreement.YES, "bo", message, "", later)
        assert not storylist.in_state(db, state, most=5)[0].answered


def test_who_waits_longest_comes_first_and_what_was_decided_last(store: Store) -> None:
    with store.writing() as db:
        waiting = [filed_story(db) for _ in range(3)]
        declined = [filed_story(db, StoryState.DECLINED) for _ in range(3)]
        counted = storylist.count_by_state(db)
        first = [line.case_id for line in storylist.in_state(db, StoryState.RECEIVED, most=2)]
        rest = [line.case_id for line in storylist.in_state(db, StoryState.RECEIVED, first[-1], most=2)]
        last = [line.case_id for line in storylist.in_state(db, StoryState.DECLINED, most=2)]
        before = [line.case_id for line in storylist.in_state(db, StoryState.DECLINED, last[-1], most=2)]
    assert (first, rest) == (waiting[:2], waiting[2:])
    assert (last, before) == ([declined[2], declined[1]], [declined[0]])
    assert list(counted.items()) == [(StoryState.RECEIVED, 3), (StoryState.DECLINED, 3)]
