"""The settings of the desk: where it listens, whom it believes, how people sign in, and where published stories go."""

from pathlib import Path
from typing import Annotated, Self

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, NoDecode

from mailflow.errors import UserError
from mailflow.settings import checks

# What to write where the others are set.
_OIDC = {
    "oidc_issuer": "write the address of your university's sign-in, or leave the other MAILFLOW_OIDC settings empty, too",
    "oidc_client_id": "write the name that the desk is registered by at your university's sign-in",
    "oidc_client_secret": "write the client's secret, or a file's name in …_SECRET_FILE",
    "desk_url": "write the desk's address as people reach it; the university's sign-in sends them back there",
}

Listed = Annotated[tuple[str, ...], NoDecode, BeforeValidator(checks.listed)]


class DeskSettings(BaseSettings):
    """What the host says of the desk."""

    desk_host: str = Field("127.0.0.1", description="The address that the desk listens on.")
    desk_port: int = Field(8080, ge=0, le=65535, description="Its port; 0 takes a free one.")
    desk_url: Annotated[str, AfterValidator(checks.web_address)] | None = Field(
        None, description="The desk's address as people reach it, for links in mails."
    )
    desk_proxies: Annotated[Listed, AfterValidator(checks.networks)] = Field(
        (), description="Addresses of the proxies before the desk; X-Forwarded-For and -Proto are believed from nobody else."
    )
    stories_folder: Path | None = Field(
        None, description="A folder that published stories are written to, as a page and feeds for the website; none where empty."
    )
    stories_url: Annotated[str, AfterValidator(checks.web_address)] | None = Field(
        None,
        description="Where the website shows that folder, for links in the feeds; the desk's /stories where empty.",
    )
    oidc_issuer: Annotated[str, AfterValidator(checks.issuer)] | None = Field(
        None, description="The university's own sign-in (OpenID Connect), such as https://login.microsoftonline.com/TENANT/v2.0."
    )
    oidc_client_id: str = Field("", description="The name that the desk is registered by there.")
    oidc_client_secret: SecretStr = Field(SecretStr(""), description="Its secret.")
    oidc_roles_claim: str = Field(
        "roles", description="The claim that says whether somebody is reader, adviser, reviewer or administrator."
    )

    @model_validator(mode="after")
    def _sign_in_is_whole(self) -> Self:
        parts = (self.oidc_issuer, self.oidc_client_id, self.oidc_client_secret.get_secret_value())
        if any(parts):
            named = dict(zip(_OIDC, (*parts, self.desk_url), strict=True))
            missing = [f"MAILFLOW_{name.upper()}: is empty; {_OIDC[name]}." for name, value in named.items() if not value]
            if missing:
                raise UserError(*missing)
        return self
