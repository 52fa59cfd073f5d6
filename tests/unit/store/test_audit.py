"""The audit log, read on either database: newest first, narrowed down, page by page."""

from datetime import UTC, date, timedelta

from filed import NOW, filed_case
from mailflow.store import audit
from mailflow.store.database import Store, migrate
from mailflow.store.filing import record


def test_the_log_is_narrowed_down_and_turned_over(store: Store) -> None:
    migrate(store)
    with store.writing() as db:
        case = filed_case(db)
        for number in range(audit.PAGE + 1):
            record(db, NOW - timedelta(days=1), "bo", "read", case_id=case, detail=str(number))
        record(db, NOW, "cy", "signed in")

        def seen(**wanted: object) -> tuple[list[str | None], bool]:
            found, more = audit.entries(db, audit.Wanted(**wanted), UTC)  # type: ignore[arg-type]
            return [entry.detail or entry.who for entry in found], more

        newest, more = seen()
        assert (newest[0], newest[1], len(newest), more) == ("cy", str(audit.PAGE), audit.PAGE, True)
        found, _ = audit.entries(db, audit.Wanted(who="bo"), UTC)
        assert seen(who="bo", before=found[-1].number) == (["0"], False)
        assert seen(what="signed in") == seen(day=NOW.date()) == (["cy"], False)
        assert seen(case_id=case)[1]
        assert found[0].case == "EDI-0001"
        assert seen(who="bo", day=date(2026, 1, 1)) == ([], False)
