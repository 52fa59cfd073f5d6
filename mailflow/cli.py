"""The commands. The only place where a mistake of the user's becomes a sentence and an exit code.

Exit codes: 0 done, 1 not all well, 2 the user's mistake.
"""

import logging
import sys

import typer

from mailflow import __version__
from mailflow.commands import check, correct, daemon, demo, digest, evaluate, explain, learn, retry, review, status, user
from mailflow.errors import MailflowError, UserError

app = typer.Typer(
    name="mailflow",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,  # a traceback shows values of variables: addresses, bodies, passwords
    rich_markup_mode="rich",
    help="Answers the mail of a shared mailbox: reads, classifies, files, replies, and puts stories before a reviewer.",
    epilog="Begin with [bold]mailflow demo[/bold]. Settings come from the environment and .env (MAILFLOW_…): see the README.",
)
app.command()(daemon.run)
app.command()(daemon.migrate)
app.command()(demo.demo)
app.command()(explain.explain)
app.command()(evaluate.evaluate)
app.command()(check.check)
app.command()(correct.correct)
app.command()(learn.learn)
app.command()(digest.digest)
app.command()(status.status)
app.command()(retry.retry)
app.add_typer(review.app, name="review")
app.add_typer(user.app, name="user")


def _tell_version(wanted: bool) -> None:
    if wanted:
        print(f"mailflow {__version__}")
        raise typer.Exit


@app.callback()
def _mailflow(
    version: bool = typer.Option(False, "--version", callback=_tell_version, is_eager=True, help="Tell the version and exit."),
) -> None:
    """Answers the mail of a shared mailbox."""
    # Imported here: a tenth of a second that --help and --version can do without.
    import structlog

    structlog.configure(logger_factory=lambda *_: structlog.WriteLogger(sys.stderr))


def main() -> None:
    """Runs the command line. Errors are told in sentences on standard error."""
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(name)s: %(message)s")
    try:
        app()
    except UserError as error:
        for problem in error.problems:
            print(f"mailflow: {problem}", file=sys.stderr)
        sys.exit(2)
    except MailflowError as error:
        print(f"mailflow: {error}", file=sys.stderr)
        sys.exit(1)
