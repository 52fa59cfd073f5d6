"""The database: opened once, migrated at the start, handed out as short transactions."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DataError, DBAPIError, IntegrityError

from mailflow.errors import TemporaryError, UserError
from mailflow.store import postgres

if TYPE_CHECKING:
    from alembic.config import Config

BUSY_SECONDS = 30


class Store:
    """A database. `reading` and `writing` give a connection inside one transaction; an error rolls it back."""

    def __init__(self, url: str) -> None:
        """Opens `url` (SQLAlchemy's form). Raises UserError where it cannot be opened; the URL is not shown."""
        parsed = _parsed(url)
        self.title = _title(parsed)
        self.is_sqlite = parsed.get_backend_name() == "sqlite"
        self.engine = (
            _sqlite(str(parsed.set(drivername="sqlite")), parsed.database) if self.is_sqlite else postgres.opened(parsed)
        )
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

    @property
    def version(self) -> str:
        """The version of the database itself, known once it was asked for anything."""
        return ".".join(map(str, self.engine.dialect.server_version_info or ()))

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
            parsed.get_dialect()
            return parsed
    except (ArgumentError, ValueError, ImportError):  # ValueError: the port is no number; ImportError: sqlite+driver
        pass
    raise UserError(
        "MAILFLOW_DATABASE_URL: write sqlite:///path or postgresql://user:password@host:port/name"
        " (a sign such as @ or / within the password as %40 or %2F)."
    )


def _title(url: URL) -> str:
    if url.get_backend_name() == "sqlite":
        return f"SQLite at {url.database or 'no place, in memory'}"
    return f"PostgreSQL, {url.database or url.username} at {url.host or 'the local socket'} as {url.username or 'this user'}"


def sqlite_file(url: str) -> Path | None:
    """The file of a SQLite URL; None for PostgreSQL, and in memory. Raises UserError for any other URL."""
    parsed = _parsed(url)
    in_file = parsed.get_backend_name() == "sqlite" and parsed.database not in (None, "", ":memory:")
    return Path(str(parsed.database)) if in_file else None


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

    Raises UserError where PostgreSQL does not let us in, or not as far as is needed, or where a newer mailflow was here.
    """
    from alembic import command

    config = _migrations()
    if not store.is_sqlite:
        postgres.check(store.engine)
    with store.writing() as db:
        if not store.is_sqlite:
            db.exec_driver_sql("SELECT pg_advisory_xact_lock(6244701)")
        _is_current(db, config)
        config.attributes["connection"] = db
        command.upgrade(config, "head")


def is_current(store: Store) -> bool:
    """Whether the tables have this version's form; changes nothing. Raises UserError as `migrate` does."""
    if not store.is_sqlite:
        postgres.check(store.engine)
    with store.reading() as db:
        return _is_current(db, _migrations())


def form(db: Connection) -> str:
    """Which version's form the tables have: the number of the last migration."""
    return str(db.exec_driver_sql("SELECT version_num FROM alembic_version").scalar_one())


def _migrations() -> "Config":
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return config


def _is_current(db: Connection, config: "Config") -> bool:
    from alembic.runtime.migration import MigrationContext
    from alembic.script import ScriptDirectory

    known = ScriptDirectory.from_config(config)
    there = set(MigrationContext.configure(db).get_current_heads())
    if there - {revision.revision for revision in known.walk_revisions()}:
        raise UserError("MAILFLOW_DATABASE_URL: the database was made by a newer mailflow; start that one, or name another.")
    return there == set(known.get_heads())
