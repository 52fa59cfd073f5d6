"""The settings of the desk: where it listens, whom it believes, how people sign in, and where published stories go."""

from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr
from pydantic_settings import BaseSettings, NoDecode

from mailflow.settings import checks

Listed = Annotated[tuple[str, ...], NoDecode, BeforeValidator(checks.listed)]


class DeskSettings(BaseSettings):
    """What the host says of the desk."""

    desk_host: str = Field("127.0.0.1", description="The address that the desk listens on.")
    desk_port: int = Field(8080, ge=0, le=65535, description="Its port; 0 takes a free one.")
    desk_url: Annotated[str, AfterValidator(checks.web_address)] | None = Field(
        None, description="The desk's address as people reach it, for links in mails."
    )
    desk_proxies: Listed = Field(
        (), description="Addresses of the proxies before the desk; X-Forwarded-For and -Proto are believed from nobody else."
    )
    stories_folder: Path | None = Field(
        None, description="A folder that published stories are written to, as a page and feeds for the website; none where empty."
    )
    oidc_issuer: Annotated[str, AfterValidator(checks.token_address)] | None = Field(
        None, description="The university's own sign-in (OpenID Connect), such as https://login.microsoftonline.com/TENANT/v2.0."
    )
    oidc_client_id: str = Field("", description="The name that the desk is registered by there.")
    oidc_client_secret: SecretStr = Field(SecretStr(""), description="Its secret.")
    oidc_roles_claim: str = Field(
        "roles", description="The claim that says whether somebody is reader, adviser, reviewer or administrator."
    )
