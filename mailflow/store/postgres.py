"""PostgreSQL (psycopg 3): how its connections are made, and what is told to a person who cannot get one."""

import re

from sqlalchemy import URL, Engine, create_engine
from sqlalchemy.exc import DBAPIError

from mailflow.errors import TemporaryError, UserError

CONNECT_SECONDS = 10

# What the server or libpq says, and what a person has to know. Where a server speaks another language, its own words are given.
_REFUSALS = (
    (r"password authentication failed", "does not know the user {user} or that password"),
    (r"no password supplied", "wants a password for the user {user}, and the URL has none"),
    (r'role ".*" (does not exist|is not permitted to log in)', "lets nobody of the name {user} in"),
    (r'database ".*" does not exist', "has no database {database}: make it with createdb, or write the name of another"),
    (r"permission denied for database", "does not let the user {user} into the database {database}"),
    (r"no pg_hba\.conf entry|authentication failed", "lets the user {user} in from elsewhere only, or another way (pg_hba.conf)"),
    (r"Connection refused|No such file or directory", "does not answer: is it running, and are host and port right?"),
    (r"resolve host|translate host name", "is nowhere to be found: no host has that name"),
    (r"timeout|timed out|No route to host|unreachable", "cannot be reached: are host and port right, and is nothing in between?"),
    (r"SSL|certificate", "and we do not agree about TLS (sslmode, sslrootcert)"),
    (r"invalid connection option|invalid .* value", "cannot be asked with what stands after the ? in the URL"),
)


def opened(url: URL) -> Engine:
    """The engine for a PostgreSQL URL; nothing is connected yet."""
    patience = {} if "connect_timeout" in url.query else {"connect_timeout": CONNECT_SECONDS}
    return create_engine(
        url.set(drivername="postgresql+psycopg"),
        pool_pre_ping=True,
        hide_parameters=True,
        client_encoding="utf8",
        connect_args={"application_name": "mailflow", **patience},
    )


def check(engine: Engine) -> None:
    """Makes sure of a usable database. Raises UserError, one sentence without the password, where a person has to act."""
    try:
        with engine.connect() as db:
            encoding, ours = db.exec_driver_sql(
                "SELECT current_setting('server_encoding'), to_regclass('alembic_version') IS NOT NULL"
                " OR coalesce(has_schema_privilege(current_schema(), 'CREATE'), false)"
            ).one()
    except DBAPIError as error:
        raise _explained(error, engine.url) from None
    if encoding != "UTF8":
        raise UserError(f"MAILFLOW_DATABASE_URL: the database keeps texts as {encoding}: make it with ENCODING 'UTF8'.")
    if not ours:
        raise UserError(
            f"MAILFLOW_DATABASE_URL: the user {engine.url.username} may not make tables in the database"
            f" {engine.url.database}: make them its owner."
        )


def _explained(error: DBAPIError, url: URL) -> UserError | TemporaryError:
    said = str(error.orig)
    where = f"{url.host or 'the local socket'}:{url.port or 5432}"
    for pattern, what in _REFUSALS:
        if re.search(pattern, said):
            sentence = what.format(user=url.username or "of this process", database=url.database or url.username)
            return UserError(f"MAILFLOW_DATABASE_URL: PostgreSQL at {where} {sentence}{'' if sentence[-1] == '?' else '.'}")
    # Starting up, shutting down, too many clients: nobody's mistake.
    return TemporaryError(f"MAILFLOW_DATABASE_URL: PostgreSQL at {where} says: {' '.join(said.split())}")
