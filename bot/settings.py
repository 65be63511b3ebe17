"""What an operator may set, read once at start into one frozen object.

Every value has a default that works on a laptop. A wrong value stops the start with the setting's name, what was
given and what is allowed; a secret that was given is never repeated. A secret may come from a
credential of systemd, or from a file that `ORIENTA_…_FILE` names. README's table is printed from here.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.database_address import complaint_of
from bot.secret_files import SecretFileError, secrets_in_files

PREFIX = "ORIENTA_"
_DATABASES = ("sqlite+aiosqlite://", "postgresql+psycopg://")


class WrongSettingsError(Exception):
    """Something that was set cannot be used; the message says which, what was given, what is allowed."""


class Settings(BaseSettings):
    """Every setting, each an environment variable that begins with ORIENTA_."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_ignore_empty=True, frozen=True, extra="ignore", hide_input_in_errors=True
    )

    data_dir: Path = Field(
        default=Path("./var"),
        description="Folder of the databases, the secret key and the trained model. A folder path.",
    )
    # Before the addresses, which are checked against it.
    database_trusted_hosts: str = Field(
        default="",
        description="Database hosts that are reached without TLS because the network to them is private, with commas"
        " between. Empty: this machine alone.",
    )
    database_url: str = Field(
        default="",
        description="Directory and console accounts. `sqlite+aiosqlite:///…` or `postgresql+psycopg://…`, to another"
        " machine with `?sslmode=verify-full&sslrootcert=…`, its password with `password_file=…`; empty: SQLite in the data folder.",
    )
    demand_database_url: str = Field(
        default="",
        description="Demand figures, kept apart on purpose. As above; empty: SQLite in the data folder.",
    )
    telegram_token: SecretStr | None = Field(
        default=None, description="Token from @BotFather. Without it Telegram is not served."
    )
    telegram_api_url: str = Field(
        default="https://api.telegram.org",
        description="Base of the Bot API, without `/bot`. An http or https address.",
    )
    telegram_mode: Literal["polling", "webhook"] = Field(
        default="polling",
        description="How updates arrive: `polling` or `webhook` (needs the public address and the secret).",
    )
    public_url: str = Field(
        default="",
        description="Address under which people reach this installation, as https://orienta.example.org.",
    )
    console_url: str = Field(
        default="",
        description="Address of a host of its own for the console, as https://console.example.org. Empty: below the public"
        " address.",
    )
    tls_certificate: Path | None = Field(
        default=None,
        description="Certificate with its chain (PEM), when this process speaks TLS itself. Empty: a proxy does. Read again"
        " at SIGHUP.",
    )
    tls_key: Path | None = Field(default=None, description="The certificate's key (PEM, without a password).")
    webhook_secret: SecretStr | None = Field(
        default=None, description="Telegram repeats it with every update; 16 to 256 of A-Z a-z 0-9 _ -."
    )
    rasa_url: str = Field(
        default="",
        description="Address of a Rasa server that reads the messages. Empty: the engine inside this process.",
    )
    encoder_dir: Path | None = Field(
        default=None,
        description="A local sentence-transformers folder whose vectors are used beside the words (extra `encoder`). Empty: none.",
    )
    content_dir: Path | None = Field(
        default=None,
        description="Folder of this installation's own content, with its services in `services/`. Empty: what comes with"
        " this version.",
    )
    secret_key: SecretStr | None = Field(
        default=None,
        description="Signs buttons and sign-ins, at least 32 characters. Absent: made once and kept in the data folder.",
    )
    earlier_secret_keys: SecretStr | None = Field(
        default=None,
        description="Secret keys that were in use before, with spaces between: what they closed is still opened"
        " (`orienta key renew` closes it anew).",
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        default="INFO",
        description="How much is logged: `DEBUG`, `INFO`, `WARNING` or `ERROR`. Never a person's words.",
    )

    @field_validator("log_level", mode="before")
    @classmethod
    def _upper(cls, value: object) -> object:
        return value.upper() if isinstance(value, str) else value

    @field_validator("database_url", "demand_database_url")
    @classmethod
    def _is_database(cls, value: str, info: ValidationInfo) -> str:
        if value and not value.startswith(_DATABASES):
            raise ValueError("must begin with sqlite+aiosqlite:// or postgresql+psycopg://")
        trusted = info.data.get("database_trusted_hosts", "").lower().replace(",", " ").split()
        if value and (complaint := complaint_of(value, trusted)):
            raise ValueError(complaint)
        return value

    @field_validator("telegram_api_url", "public_url", "console_url", "rasa_url")
    @classmethod
    def _is_address(cls, value: str) -> str:
        parts = urlsplit(value)
        if value and (parts.scheme not in ("http", "https") or not parts.hostname):
            raise ValueError("must be an http:// or https:// address")
        return value.rstrip("/")

    @field_validator("content_dir")
    @classmethod
    def _is_content(cls, value: Path | None) -> Path | None:
        if value is not None and not (value / "places.yml").is_file():
            raise ValueError("there is no places.yml in this folder")
        return value

    @field_validator("tls_certificate", "tls_key")
    @classmethod
    def _is_file(cls, value: Path | None) -> Path | None:
        if value is not None and not value.is_file():
            raise ValueError("there is no such file")
        return value

    @field_validator("telegram_token")
    @classmethod
    def _is_token(cls, value: SecretStr | None) -> SecretStr | None:
        number, _, rest = (value.get_secret_value() if value else "0:x").partition(":")
        if not number.isdigit() or not rest or not rest.replace("_", "").replace("-", "").isalnum():
            raise ValueError("must look like 123456:ABC-DEF, as @BotFather gives it")
        return value

    @field_validator("webhook_secret")
    @classmethod
    def _is_webhook_secret(cls, value: SecretStr | None) -> SecretStr | None:
        text = value.get_secret_value() if value else "x" * 16
        if not 16 <= len(text) <= 256 or not text.replace("_", "").replace("-", "").isalnum():
            raise ValueError("must be 16 to 256 characters out of A-Z a-z 0-9 _ -")
        return value

    @field_validator("secret_key")
    @classmethod
    def _is_long(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and len(value.get_secret_value()) < 32:
            raise ValueError("must have at least 32 characters")
        return value

    @field_validator("earlier_secret_keys")
    @classmethod
    def _are_long(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and any(len(key) < 32 for key in value.get_secret_value().split()):
            raise ValueError("each must have at least 32 characters")
        return value

    @model_validator(mode="after")
    def _webhook_is_whole(self) -> Settings:
        if self.telegram_mode == "webhook" and not (self.public_url and self.webhook_secret):
            raise ValueError("telegram_mode: webhook needs ORIENTA_PUBLIC_URL and ORIENTA_WEBHOOK_SECRET")
        return self

    @model_validator(mode="after")
    def _tls_is_whole(self) -> Settings:
        if (self.tls_certificate is None) != (self.tls_key is None):
            raise ValueError("tls_certificate: needs ORIENTA_TLS_KEY, and that needs the certificate")
        return self

    @model_validator(mode="after")
    def _console_is_apart(self) -> Settings:
        host = urlsplit(self.console_url).hostname
        if host and host == urlsplit(self.public_url).hostname:
            raise ValueError("console_url: must have another host than ORIENTA_PUBLIC_URL, or be left empty")
        return self

    @property
    def content_root(self) -> Path:
        """The content folder in use."""
        from content.collection import DATA

        return self.content_dir or DATA

    @property
    def services_root(self) -> Path:
        """The folder of the services that a new directory begins with."""
        from referrals.loading import SEEDS

        return self.content_dir / "services" if self.content_dir else SEEDS

    @property
    def directory_database(self) -> str:
        """URL of the directory's database, the default filled in."""
        return self.database_url or _sqlite(self.data_dir / "directory.sqlite3")

    @property
    def demand_database(self) -> str:
        """URL of the demand database, the default filled in."""
        return self.demand_database_url or _sqlite(self.data_dir / "demand.sqlite3")


def _sqlite(path: Path) -> str:
    return f"sqlite+aiosqlite:///{path.resolve()}"


def read_settings() -> Settings:
    """The settings of this environment; WrongSettingsError with one line for each value that cannot be used."""
    try:
        held: dict[str, Any] = secrets_in_files(secret_variables())
        return Settings(**held)
    except SecretFileError as error:
        raise WrongSettingsError(str(error)) from None
    except ValidationError as error:
        raise WrongSettingsError("\n".join(_complaint(problem) for problem in error.errors())) from None


def secret_variables() -> dict[str, str]:
    """Each setting that holds a secret, with its variable of the environment."""
    return {name: _variable(name) for name in Settings.model_fields if _is_secret(name)}


def _complaint(problem: object) -> str:
    assert isinstance(problem, dict)
    reason = str(problem["msg"]).removeprefix("Value error, ")
    if not problem["loc"]:
        field, _, reason = reason.partition(": ")
    else:
        field = str(problem["loc"][0])
    name = _variable(field)
    given = "a value that is not repeated here" if _is_secret(field) else repr(os.environ.get(name, ""))
    allowed = (Settings.model_fields[field].description or "").rstrip(".")
    return f"{name}: {reason}. Given: {given}. Allowed: {allowed}."


def _is_secret(field: str) -> bool:
    # A database URL holds a password, so it is not shown either.
    return "Secret" in str(Settings.model_fields[field].annotation) or field.endswith("database_url")


def _variable(field: str) -> str:
    return PREFIX + field.upper()


def as_markdown() -> str:
    """README's table of settings."""
    rows = [
        f"| `{_variable(name)}` | {_default(name)} | {field.description} |"
        for name, field in Settings.model_fields.items()
    ]
    return "\n".join(["| Setting | Default | What it does, what is allowed |", "|---|---|---|", *rows])


def _default(name: str) -> str:
    if name == "data_dir":
        return "`./var`"
    default = Settings.model_fields[name].default
    return f"`{default}`" if default else "–"
