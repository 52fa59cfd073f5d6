"""`mailflow digest --preview`: shows, sends nothing, notes nothing."""

import json
from collections.abc import Callable

from click.testing import Result
from sqlalchemy import func, select

from filed import filed_story, held_query
from mailflow.commands.digest import digest
from mailflow.errors import UserError
from mailflow.store import reporting
from mailflow.store.database import Store
from mailflow.store.tables import outgoings

Run = Callable[..., Result]


def test_the_preview_prints_subject_and_text_and_sends_nothing(store: Store, run: Run) -> None:
    with store.writing() as db:
        held_query(db)
    shown = run(digest, "--preview")
    assert shown.exit_code == 0
    assert shown.output.startswith("Subject: mailflow: 1 needs you")
    assert "EDI-0001" in shown.output
    with store.reading() as db:
        assert db.execute(select(func.count()).select_from(outgoings)).scalar_one() == 0
        assert reporting.last_digest(db) is None


def test_the_preview_as_json_names_references_and_reasons(store: Store, run: Run) -> None:
    with store.writing() as db:
        held_query(db)
        filed_story(db)
    told = json.loads(run(digest, "--preview", "--json").output)
    assert (told["needs"], told["mode"], told["agrees"]) == (2, "rehearsal", None)
    assert [line["reference"] for line in told["stories"]] == ["EDI-0002"]
    assert told["held"][0]["reason"].startswith("It looks like a query")


def test_without_preview_the_command_says_who_sends_the_digest(run: Run) -> None:
    failed = run(digest)
    assert isinstance(failed.exception, UserError)
    assert "--preview" in str(failed.exception)
