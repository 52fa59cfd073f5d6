"""Every setting of the host: its type, its default, and what it says."""

import ssl
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, EnvSettingsSource, NoDecode, PydanticBaseSettingsSource, SettingsConfigDict

from mailflow.domain import Mode, Ourselves
from mailflow.errors import UserError
from mailflow.settings import checks
from mailflow.settings.desk import DeskSettings
from mailflow.settings.secret_files import SecretFiles

PREFIX = "MAILFLOW_"

Address = Annotated[str, AfterValidator(checks.address)]
Listed = Annotated[tuple[str, ...], NoDecode, BeforeValidator(checks.listed)]
Addresses = Annotated[tuple[str, ...], NoDecode, BeforeValidator(checks.listed), AfterValidator(checks.addresses)]
Moment = Annotated[datetime, BeforeValidator(checks.written_date)]
Port = Annotated[int, Field(ge=1, le=65535)]


def _here_or_shipped(name: str) -> Path:
    """A file of the team's in the working folder; or the shipped one, from the package or the checkout it runs in."""
    package = Path(__file__).parents[1]
    return next((place for place in (Path(name), package / "shipped" / name) if place.exists()), package.parent / name)


# What to write where the others are set.
_OAUTH = {
    "oauth_token_url": "write the address of your token server, or leave the other MAILFLOW_OAUTH settings empty, too",
    "oauth_client_id": "write the name that mailflow is registered by at the token server",
    "oauth_client_secret": "write the client's secret, or a file's name in …_SECRET_FILE",
    "oauth_scope": "write what the token is to be for; for Microsoft 365 https://outlook.office365.com/.default",
}


class Security(StrEnum):
    """How a connection is protected."""

    TLS = "tls"  # from the first byte (RFC 8314)
    STARTTLS = "starttls"  # upgraded before signing in
    NONE = "none"  # plain; only for a server on the same machine


class SentCopy(StrEnum):
    """How a copy of what we send comes to the Sent folder."""

    SERVER = "server"  # the server keeps one by itself
    APPEND = "append"  # we add it after sending
    BCC = "bcc"  # we send ourselves a blind copy


class Settings(DeskSettings):
    """Every setting of the host. Names in the environment bear the prefix MAILFLOW_."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_file=".env", extra="ignore", frozen=True, env_ignore_empty=True)

    address: Address = Field(
        "edi.centre@university.example", description="The address of the shared mailbox; replies come from it."
    )
    aliases: Addresses = Field((), description="Other addresses that lead to the mailbox, with commas between.")
    name: str = Field("EDI Centre", description="The name that replies come from.")
    own_lists: Listed = Field(
        (), description="Lists (List-Id or address) that lead to the mailbox; their mail counts as written by people."
    )
    authserv_id: str | None = Field(
        None,
        description="The name your mail server signs its Authentication-Results with; others are not believed. Write - where it"
        " signs with none, as Microsoft 365 does. Where that server says dmarc=fail, a mail is held and not answered.",
    )
    mode: Mode = Field(Mode.REHEARSAL, description="rehearsal (reads only), drafts (replies wait for a person) or live.")
    go_live: Moment | None = Field(
        None, description="Mail that arrived before this date (2026-12-01 or 2026-12-01T09:00) is filed, never answered."
    )
    timezone: Annotated[str, AfterValidator(checks.time_zone)] = Field("Europe/London", description="The time zone of the team.")

    imap_host: str = Field("localhost", description="The IMAP server.")
    imap_port: Port | None = Field(None, description="Its port; 993 for tls, 143 otherwise.")
    imap_security: Security = Field(Security.TLS, description="tls, starttls or none.")
    imap_user: str = Field("", description="The user to sign in as; the address where empty.")
    imap_password: SecretStr = Field(SecretStr(""), description="Its password.")
    imap_folder: str = Field("INBOX", description="The folder that mail arrives in.")
    poll_seconds: float = Field(
        60, gt=0, description="Seconds between two looks at the mailbox (the server's IDLE is used besides)."
    )

    largest_megabytes: float = Field(
        35, gt=0, description="Of a bigger message only the header is fetched; it is held, and its sender told once."
    )
    message_seconds: float = Field(
        20, gt=0, le=40, description="Seconds of computing that one message may cost; one that costs more is put aside as failed."
    )

    smtp_host: str = Field("localhost", description="The SMTP server that takes our mail.")
    smtp_port: Port | None = Field(None, description="Its port; 465 for tls, 587 for starttls, 25 for none.")
    smtp_security: Security = Field(Security.STARTTLS, description="tls, starttls or none.")
    smtp_user: str = Field("", description="The user to sign in as; empty: no sign-in, or with OAuth the address.")
    smtp_password: SecretStr = Field(SecretStr(""), description="Its password.")
    smtp_connections: int = Field(4, ge=1, le=32, description="How many mails may be under way at once.")
    smtp_a_minute: int | None = Field(
        None, ge=1, description="How many mails may be sent a minute; Microsoft 365 takes 30. No limit where empty."
    )
    sent_copy: SentCopy = Field(SentCopy.SERVER, description="server, append or bcc: who puts a copy into the Sent folder.")

    oauth_token_url: Annotated[str, AfterValidator(checks.token_address)] | None = Field(
        None, description="Where access tokens are asked for; where set, OAuth is used instead of passwords, by IMAP and SMTP."
    )
    oauth_client_id: str = Field("", description="The name that mailflow is registered by at the token server.")
    oauth_client_secret: SecretStr = Field(SecretStr(""), description="Its secret.")
    oauth_scope: str = Field(
        "", description="What the token is to be for; Microsoft 365: https://outlook.office365.com/.default."
    )
    ca_file: Annotated[Path, AfterValidator(checks.file)] | None = Field(
        None, description="Certificates (PEM) to trust besides the system's own."
    )

    data: Path = Field(Path("data"), description="The folder for the database and everything else that is kept.")
    database_url: SecretStr | None = Field(
        None, description="The database, as postgresql://user:password@host/name; a SQLite file in the data folder where empty."
    )
    rules: Path = Field(
        default_factory=lambda: _here_or_shipped("rules.toml"),
        description="The team's rules file; rules.toml where mailflow is started, or else the one that came with it.",
    )
    templates: Path = Field(
        default_factory=lambda: _here_or_shipped("templates"),
        description="The folder of the reply templates; templates where mailflow is started, or else those that came with it.",
    )
    team: Addresses = Field(
        (), description="Who gets the digest, and word of a server out of reach (rules.toml may name others)."
    )
    alert_to: Addresses = Field((), description="Who is told at once of a sensitive message; the team where empty.")
    alert_after_minutes: float = Field(
        15, gt=0, description="How long the mailbox or the mail server may be out of reach before the team is told."
    )

    log_format: Literal["text", "json"] = Field("text", description="text or json.")

    @model_validator(mode="after")
    def _go_live_is_aware(self) -> Self:
        if self.go_live and self.go_live.tzinfo is None:
            object.__setattr__(self, "go_live", self.go_live.replace(tzinfo=ZoneInfo(self.timezone)))
        return self

    @model_validator(mode="after")
    def _oauth_is_whole(self) -> Self:
        parts = (self.oauth_token_url, self.oauth_client_id, self.oauth_client_secret.get_secret_value(), self.oauth_scope)
        named = dict(zip(_OAUTH, parts, strict=True))
        if any(named.values()) and not all(named.values()):
            missing = [f"MAILFLOW_{name.upper()}: is empty; {_OAUTH[name]}." for name, value in named.items() if not value]
            raise UserError(*missing)
        return self

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """A secret may stand in a file that MAILFLOW_…_FILE names; what the environment says goes before .env."""
        given, noted = (source.env_vars for source in (env_settings, dotenv_settings) if isinstance(source, EnvSettingsSource))
        return init_settings, env_settings, SecretFiles(settings_cls, given), dotenv_settings, SecretFiles(settings_cls, noted)

    @property
    def zone(self) -> ZoneInfo:
        """The team's time zone."""
        return ZoneInfo(self.timezone)

    @property
    def ourselves(self) -> Ourselves:
        """Who we are in the mail, addresses in lower case."""
        return Ourselves(
            address=self.address.lower(),
            aliases=tuple(alias.lower() for alias in self.aliases),
            name=self.name,
            own_lists=tuple(name.lower() for name in self.own_lists),
            authserv_id=self.authserv_id,
        )

    @property
    def database(self) -> str:
        """The database's SQLAlchemy URL. Holds a password: never log it."""
        return self.database_url.get_secret_value() if self.database_url else f"sqlite:///{self.data / 'mailflow.db'}"

    @property
    def imap_login(self) -> str:
        """The user name for IMAP."""
        return self.imap_user or self.address

    @property
    def smtp_login(self) -> str:
        """The user name for SMTP; empty where we do not sign in."""
        return self.smtp_user or (self.address if self.oauth_token_url else "")

    def trust(self) -> ssl.SSLContext:
        """Whose certificates we believe: the system's, and those of MAILFLOW_CA_FILE. Raises UserError where it holds none."""
        context = ssl.create_default_context()
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        if self.ca_file:
            try:
                context.load_verify_locations(self.ca_file)
            except OSError as error:
                why = error.strerror or error.args[0]
                raise UserError(f"MAILFLOW_CA_FILE: no certificates can be read from {self.ca_file} ({why}).") from None
        return context

    @property
    def learnt(self) -> Path:
        """The folder of what was learnt from corrections."""
        return self.data / "learnt"

    @property
    def team_files(self) -> tuple[Path, ...]:
        """The files that the team may change while mailflow runs."""
        return (self.rules, *sorted(self.templates.glob("*.md")))

    @property
    def alert_recipients(self) -> tuple[str, ...]:
        """Who is told of a sensitive message."""
        return self.alert_to or self.team


class Explicit(Settings):
    """Settings of the values that it is made with, and of nothing else."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        *_others: PydanticBaseSettingsSource,
        **_named: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Neither the environment nor any file."""
        return (init_settings,)
