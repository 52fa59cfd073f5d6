"""A message or a mail, kept from changing with its case: whoever changes both takes the case first."""

from sqlalchemy import Connection, Table, select

from mailflow.domain import reference
from mailflow.errors import UserError
from mailflow.store.tables import cases, messages, outgoings


def hold_message(db: Connection, number: int) -> int | None:
    """The case of a message; neither changes until the transaction ends. Raises UserError where it has left that meanwhile."""
    return _hold(db, messages, number, f"Message {number}")


def hold_mail(db: Connection, number: int) -> int | None:
    """The case of a mail of ours; neither changes until the transaction ends. Raises UserError as `hold_message`."""
    return _hold(db, outgoings, number, f"Mail {number}")


def _hold(db: Connection, table: Table, number: int, name: str) -> int | None:
    its_case = select(table.c.case_id).where(table.c.id == number)
    case_id: int | None = db.execute(its_case).scalar_one_or_none()
    db.execute(select(cases.c.id).where(cases.c.id == case_id).with_for_update())
    now_on: int | None = db.execute(its_case.with_for_update()).scalar_one_or_none()
    if now_on != case_id:
        where = "another case" if now_on is None else reference(now_on)
        raise UserError(f"{name} has gone to {where} meanwhile: look at it there, then decide.")
    return case_id
