"""Where in the mailbox a message belongs once a person has decided about it, and whether it is to be moved there."""

from sqlalchemy import Connection, select, update

from mailflow.store.tables import places


def folder_for(db: Connection, message: int, folder: str | None, inbox: str) -> str | None:
    """The folder that a message belongs into now: the inbox, where it has left that and belongs nowhere else."""
    elsewhere = select(places.c.id).where(places.c.message == message, places.c.departed.is_(False), places.c.folder != inbox)
    return folder or (inbox if db.execute(elsewhere.limit(1)).first() else None)


def move(db: Connection, message: int, folder: str | None) -> bool:
    """Where a message lies elsewhere than in `folder`, it waits to be moved there. Says whether it does."""
    there = places.c.message == message, places.c.departed.is_(False)
    db.execute(update(places).where(*there).values(settled=True))
    elsewhere = update(places).where(*there, places.c.folder != folder).values(settled=False)
    return folder is not None and db.execute(elsewhere).rowcount > 0


def is_placed(db: Connection, message: int) -> bool:
    """Whether it is known where in the mailbox a message lies."""
    there = places.c.message == message, places.c.departed.is_(False)
    return db.execute(select(places.c.id).where(*there).limit(1)).first() is not None
