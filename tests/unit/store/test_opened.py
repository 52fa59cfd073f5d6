from datetime import timedelta

from filed import NOW, filed_case, filed_story, held_query
from mailflow.store import casefiles, filing
from mailflow.store.database import Store
from mailflow.store.opened import OPEN_FOR, OpenedBy, openers, others

MINUTE = timedelta(minutes=1)


def test_who_has_read_a_case_lately_has_it_open_and_nobody_is_told_of_themselves(store: Store) -> None:
    with store.writing() as db:
        case_id, story = held_query(db), filed_story(db)
        casefiles.case_file(db, case_id, "bo", NOW - MINUTE)
        casefiles.case_file(db, case_id, "ada", NOW - 2 * MINUTE)
        casefiles.case_file(db, case_id, "bo", NOW - 5 * MINUTE)
        casefiles.case_file(db, case_id, "cy", NOW - OPEN_FOR)
        casefiles.case_file(db, story, "rosa", NOW)
        filing.record(db, NOW, "dee", "dealt with", case_id=case_id)
        assert others(db, case_id, "ada", NOW) == (OpenedBy("bo", NOW - MINUTE),)
        assert [opened.who for opened in others(db, case_id, "eve", NOW)] == ["bo", "ada"]
        assert others(db, story, "eve", NOW) == (OpenedBy("rosa", NOW),)
        unread = filed_case(db)
        assert openers(db, [case_id, story, unread], NOW) == {case_id: OpenedBy("bo", NOW - MINUTE), story: OpenedBy("rosa", NOW)}
        assert openers(db, [case_id, story], NOW, but="rosa") == {case_id: OpenedBy("bo", NOW - MINUTE)}
        assert openers(db, [], NOW) == {}
