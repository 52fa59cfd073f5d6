"""`mailflow review ask` and `confirm`: the contributor is asked about the very text, and what they answer goes on record."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from mailflow import settings
from mailflow.commands.opening import built_house, opened_store, who_asks
from mailflow.commands.stories_printed import AsJson, Reference, print_standing, print_unwritten
from mailflow.desk.shown import harmless
from mailflow.domain import Agreement, case_id_of, reference
from mailflow.errors import UserError

Preview = Annotated[bool, typer.Option("--preview", help="Only print the question as it would be sent.")]
Answer = Annotated[Agreement, typer.Argument(metavar="ANSWER", help="yes, change or no.", show_default=False)]
InMessage = Annotated[int | None, typer.Option("--message", help="The message that answers; the newest where not given.")]
Note = Annotated[str, typer.Option(help="How else they answered, such as by telephone.")]


def ask(ref: Reference, preview: Preview = False, as_json: AsJson = False) -> None:
    """Ask the contributor whether the text may appear that `mailflow review write` has saved.

    Example: mailflow review ask EDI-0042 --preview
    """
    from mailflow import asking

    case_id, house, now = case_id_of(ref), built_house(settings.load()), datetime.now(UTC)
    with opened_store() as store, store.writing() as db:
        if preview:
            mail = asking.preview(db, house, case_id, now)
            print(harmless(f"Subject: {mail.subject}\n\n{mail.text}"), end="")
            return
        asked = asking.ask(db, house, case_id, who_asks(), now)
    print_standing(case_id, asked.state, asked.sentence, as_json)


def confirm(ref: Reference, answer: Answer, message: InMessage = None, note: Note = "", as_json: AsJson = False) -> None:
    """Put on record what the contributor answered. A yes is for the text that they were asked about, and for no other.

    Example: mailflow review confirm EDI-0042 yes
    """
    from mailflow.publishing import why_not_written
    from mailflow.store import askings

    case_id = case_id_of(ref)
    with opened_store() as store:
        with store.writing() as db:
            asking = askings.latest(db, case_id)
            if asking is None:
                raise UserError(f"The contributor of {reference(case_id)} was not asked yet: ask them first.")
            chosen = message or (None if note else asking.candidate)
            state = askings.confirm(db, case_id, asking.id, answer, who_asks(), chosen, note, datetime.now(UTC))
        unwritten = why_not_written(store, settings.load())
    print_standing(case_id, state, "Their answer is on record.", as_json)
    print_unwritten(unwritten)
