"""`mailflow check`: is everything as it must be? Settings, rules, templates, database, servers. Sends and changes nothing."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from mailflow import settings
from mailflow.commands.check_here import look_here
from mailflow.commands.check_mailbox import look_into_mailbox
from mailflow.commands.check_relay import look_at_relay, look_at_sign_in, look_at_tokens
from mailflow.commands.finding import Finding, tried
from mailflow.settings import Settings


def check(
    offline: Annotated[bool, typer.Option("--offline", help="Only files: do not sign in anywhere.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON list.")] = False,
) -> None:
    """Read settings, rules.toml and every template, open the database, sign in to both servers, and say what may be done there.

    Sends nothing and changes nothing.

    Example: mailflow check --offline
    """
    chosen = settings.load()
    findings = list(_look(chosen, offline))
    if as_json:
        print(json.dumps([asdict(finding) for finding in findings], indent=2))
    else:
        _print(findings)
    if any(finding.well is False for finding in findings):
        raise typer.Exit(2)


def _look(chosen: Settings, offline: bool) -> Iterator[Finding]:
    yield from (Finding("settings", None, phrase) for phrase in settings.unknown_names())
    yield from look_here(chosen, offline)
    servers = [("IMAP", "imap_host", look_into_mailbox), ("SMTP", "smtp_host", look_at_relay)]
    if chosen.oauth_token_url:
        servers.insert(0, ("token", "oauth_token_url", look_at_tokens))
    if chosen.oidc_issuer:
        servers.append(("sign-in", "oidc_issuer", look_at_sign_in))
    for server, name, look in servers:
        if offline or name not in chosen.model_fields_set:
            why = "not tried (--offline)" if offline else f"not tried: MAILFLOW_{name.upper()} is not set"
            yield Finding(server, None, why)
        else:
            yield from tried(server, lambda look=look: look(chosen))  # type: ignore[misc]


def _print(findings: list[Finding]) -> None:
    console = Console(highlight=False, soft_wrap=True)
    marks = {True: "[green]✓[/]", False: "[red]✗[/]", None: "[yellow]–[/]"}
    for finding in findings:
        console.print(f"{marks[finding.well]} [bold]{finding.what}[/]: {escape(finding.says)}")
