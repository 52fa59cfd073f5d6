"""The database: opened once, migrated at the start, handed out as short transactions."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DataError, DBAPIError, IntegrityError

from mailflow.errors import TemporaryError, UserError
from mailflow.store import postgres

BUSY_SECONDS = 30


class Store:
    """A database. `reading` and `writing` give a connection inside one transaction; an error rolls it back."""

    def __init__(self, url: str) -> None:
        """Opens `url` (SQLAlchemy's form). Raises UserError where it cannot be opened; the URL is not shown."""
        parsed = _parsed(url)
        self.is_sqlite = parsed.get_backend_name() == "sqlite"
        self.engine = _sqlite(str(parsed), parsed.database) if self.is_sqlite else postgres.opened(parsed)
        # SQLite's transactions all see one state; PostgreSQL's only where they are told to.
        one_state = {} if self.is_sqlite else {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        self._reader = self.engine.execution_options(**one_state)
        self._writer = self.engine.execution_options(writes=True)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that sees one state of the database. Raises TemporaryError where the database is away."""
        with _translated(), self._reader.connect() as db, db.begin():
            yield db

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction, durably committed at its end. Raises TemporaryError where the database is away, locked or full."""
        with _translated(), self._writer.connect() as db, db.begin():
            yield db

    def close(self) -> None:
        """Gives every connection back."""
        self.engine.dispose()


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except IntegrityError:
        raise
    except DataError as error:
        raise TemporaryError(f"The database cannot keep a value: {type(error.orig).__name__}.") from None  # it repeats the value
    except DBAPIError as error:
        # The statement and its values are personal text, which PostgreSQL repeats in its details: only its first words are told.
        said = getattr(getattr(error.orig, "diag", None), "message_primary", None) or error.orig
        raise TemporaryError(f"The database says: {type(error.orig).__name__}: {said}") from None


def _parsed(url: str) -> URL:
    try:
        parsed = make_url(url)
        if parsed.get_backend_name() in {"sqlite", "postgresql"}:
            return parsed
    except (ArgumentError, ValueError):  # ValueError: the port is no number
        pass
    raise UserError(
        "MAILFLOW_DATABASE_URL: write sqlite:///path or postgresql://user:password@host:port/name"
        " (a sign such as @ or / within the password as %40 or %2F)."
    )


def _sqlite(url: str, path: str | None) -> Engine:
    if path and path != ":memory:":
        folder = Path(path).parent
        try:
            folder.mkdir(parents=True, exist_ok=True)
            Path(path).touch()
        except OSError as error:
            raise UserError(f"MAILFLOW_DATA: {folder} cannot be written to ({error.strerror}).") from None
    connect_args = {"timeout": BUSY_SECONDS, "check_same_thread": False, "isolation_level": None}
    engine = create_engine(url, hide_parameters=True, connect_args=connect_args)

    @event.listens_for(engine, "connect")
    def _prepare(connection: object, _record: object) -> None:
        cursor = connection.cursor()  # type: ignore[attr-defined]
        # FULL: in WAL mode NORMAL may lose the last commits when the power fails, and a commit is our promise.
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        # A writer takes the lock at once: one that begins by reading may be refused when it comes to write.
        connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get("writes") else "BEGIN")

    return engine


def migrate(store: Store) -> None:
    """Brings the tables to this version's form (Alembic). Safe to repeat, and safe for two processes at once.

    Raises UserError where PostgreSQL does not let us in, or not as far as is needed.
    """
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    if not store.is_sqlite:
        postgres.check(store.engine)
    with store.writing() as db:
        if not store.is_sqlite:
            db.exec_driver_sql("SELECT pg_advisory_xact_lock(6244701)")
        config.attributes["connection"] = db
        command.upgrade(config, "head")
