"""Settings that an operator gives by environment: `BOCAGE_…`, each also readable from a file (`BOCAGE_…_FILE`).

A malformed or unknown variable stops the start and says which values are accepted.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator, model_validator

from bocage.access.identity.providers import read_providers

PREFIX = "BOCAGE_"
TEST_PREFIX = "BOCAGE_TEST_"  # for the tests, which `make test` runs with the same environment


class Environment(BaseModel):
    """Every setting, its type, its default, its meaning."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    data_dir: Path = Field(Path(".data"), description="Folder that holds the database, the versions and the caches.")
    database_url: SecretStr = Field(
        SecretStr(""), description="`postgresql://user:password@host:port/name`; empty: SQLite in the data folder."
    )
    secret_key: SecretStr = Field(
        SecretStr(""), description="Signs sessions; empty: made once and kept in the data folder."
    )
    public_url: str = Field("", description="Address people type, `https://donnees.example.fr`; empty: as requested.")
    allowed_hosts: str = Field("*", description="Host names answered, separated by commas.")
    https: bool = Field(False, description="Behind HTTPS: secure cookies and HSTS.")
    debug: bool = Field(False, description="Developer mode; never in production.")
    log_format: Literal["json", "console"] = Field("console", description="How logs are written.")
    metrics_key: SecretStr = Field(SecretStr(""), description="Key asked by `/metrics`; empty: local requests only.")
    web_processes: int = Field(2, ge=1, le=64, description="Processes that answer requests.")
    web_threads: int = Field(4, ge=1, le=64, description="Threads of each web process.")
    push_seconds: float = Field(
        10.0, ge=0, le=3600, description="Pushed records are gathered for so long, then published as one version."
    )
    worker_threads: int = Field(1, ge=1, le=16, description="Runs carried out at the same time by the worker.")
    memory_limit_mb: int = Field(512, ge=128, description="Memory of the query engine, per process.")
    query_seconds: float = Field(20.0, gt=0, le=3600, description="Time limit of one query.")
    export_seconds: float = Field(600.0, gt=0, le=86400, description="Time limit of one export.")
    hot_cache_mb: int = Field(4096, ge=64, description="Largest size of the hot cache on disk.")
    tile_cache_mb: int = Field(64, ge=1, description="Memory for vector tiles made already, per process.")
    upload_limit_mb: int = Field(2048, ge=1, description="Largest file accepted.")
    calls_per_address: int = Field(
        100_000,
        ge=0,
        le=10**9,
        description="Calls of the Explore API a day from one address without a key; 0: no limit.",
    )
    calls_per_account: int = Field(
        1_000_000,
        ge=0,
        le=10**9,
        description="Calls of the Explore API a day by one account, with its keys; 0: no limit.",
    )
    journal_days: int = Field(
        365, ge=30, le=3650, description="Days for which the journal keeps its entries: who read and changed what."
    )
    journal_addresses: Literal["none", "pseudonym", "clear"] = Field(
        "none", description="What the journal keeps of network addresses: nothing, a pseudonym, or the address."
    )
    access_request_days: int = Field(
        15, ge=1, le=365, description="Days within which an access request is answered: promised to those who ask."
    )
    basemap_style_url: str = Field(
        "https://data.geopf.fr/annexes/ressources/vectorTiles/styles/PLAN.IGN/standard.json",
        description="MapLibre style of the base map, asked by the reader's browser. Where it does not answer, or when empty: "
        "plain background and outlines of the communes.",
    )
    capture_private_hosts: str = Field(
        "", description="Private hosts that sources may poll, separated by commas (`host` or `host:port`)."
    )
    smtp_url: SecretStr = Field(
        SecretStr(""),
        description="`smtp://user:password@host:port` (STARTTLS when there is a user) or `smtps://…`; needs BOCAGE_PUBLIC_URL. "
        "Empty: mail is logged.",
    )
    mail_from: str = Field("bocage@localhost", description="Sender of the messages.")
    oidc_providers: SecretStr = Field(
        SecretStr(""),
        description="Identity providers (ProConnect, Keycloak, LemonLDAP…), in TOML: best given as a file, by "
        "BOCAGE_OIDC_PROVIDERS_FILE. See `connexion-unique.md`.",
    )
    second_factor_from: Literal["", "member", "contributor", "steward", "coordinator", "administrator"] = Field(
        "",
        description="The least role that needs a second factor, everywhere; organisations may ask for more. Empty: none.",
    )
    demo: bool = Field(False, description="Demonstration: shows the demonstration accounts on the sign-in page.")

    @field_validator("public_url")
    @classmethod
    def _is_an_origin(cls, given: str) -> str:
        parts = urlsplit(given)
        if given and (parts.scheme not in ("http", "https") or not parts.hostname or parts.path.strip("/")):
            raise ValueError("an address like https://donnees.example.fr is expected")
        return given.rstrip("/")

    @field_validator("smtp_url")
    @classmethod
    def _is_a_mail_server(cls, given: SecretStr) -> SecretStr:
        parts = urlsplit(given.get_secret_value())
        if given.get_secret_value() and (parts.scheme not in ("smtp", "smtps") or not parts.hostname):
            raise ValueError("an address like smtp://user:password@host:587 is expected")
        return given

    @field_validator("oidc_providers")
    @classmethod
    def _are_providers(cls, given: SecretStr) -> SecretStr:
        read_providers(given.get_secret_value())
        return given

    @model_validator(mode="after")
    def _knows_its_address_when_people_come_back(self) -> Self:
        """Providers send people back to one address, the one that they know; never to the host that a request claims."""
        if self.oidc_providers.get_secret_value().strip() and not self.public_url:
            raise ValueError("BOCAGE_OIDC_PROVIDERS needs BOCAGE_PUBLIC_URL, to which people come back")
        return self

    @model_validator(mode="after")
    def _knows_its_address_when_it_writes(self) -> Self:
        """Links in messages must not be taken from the host that a request claims: a stranger would choose where they lead."""
        if self.smtp_url.get_secret_value() and not self.public_url:
            raise ValueError("BOCAGE_SMTP_URL needs BOCAGE_PUBLIC_URL, where the links of the messages lead")
        return self


class BadEnvironment(SystemExit):
    """Stops the start with one sentence per faulty variable."""


def read_environment(environ: Mapping[str, str]) -> Environment:
    """Read `BOCAGE_…`; raises BadEnvironment."""
    values: dict[str, str] = {}
    for name, value in environ.items():
        if not name.startswith(PREFIX) or name.startswith(TEST_PREFIX):
            continue
        key = name.removeprefix(PREFIX).lower()
        if key.endswith("_file") and key.removesuffix("_file") in Environment.model_fields:
            try:
                values[key.removesuffix("_file")] = Path(value).read_text(encoding="utf-8").strip()
            except OSError as error:
                raise BadEnvironment(f"{name}: cannot read {value}: {error.strerror}") from None
        else:
            values[key] = value
    try:
        return Environment.model_validate(values)
    except ValidationError as error:
        raise BadEnvironment("\n".join(map(_sentence, error.errors()))) from None


def _sentence(fault: Any) -> str:
    """What is wrong with one variable, without the value of a secret."""
    if not fault["loc"]:
        return str(fault["msg"])
    name = str(fault["loc"][0])
    if fault["type"] == "extra_forbidden":
        known = ", ".join(PREFIX + other.upper() for other in Environment.model_fields)
        return f"{PREFIX}{name.upper()}: unknown setting; known: {known}"
    secret = Environment.model_fields[name].annotation is SecretStr
    given = "" if secret else f" (given: {fault.get('input')!r})"
    return f"{PREFIX}{name.upper()}: {fault['msg']}{given}"


ENVIRONMENT = read_environment(os.environ)
