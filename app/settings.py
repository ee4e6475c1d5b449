"""Everything that can be set from outside: BLETHER_... variables, or the file `blether.env` in the home folder.

Must never print a value it was given: any of them may be a secret that somebody put in the wrong place.
"""

import os
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from records.errors import ConfigurationError

PREFIX = "BLETHER_"
ENV_FILE = "blether.env"
DATABASE_FILE = "blether.db"
KEYS_FILE = "keys.json"
_LOCAL_HOSTS = ("127.0.0.1", "localhost", "::1")


class TelegramMode(StrEnum):
    """How Telegram's updates reach us."""

    WEBHOOK = "webhook"  # Telegram calls our public address
    POLLING = "polling"  # we ask; works without a public address


class Settings(BaseSettings):
    """One installation's settings. Read once, by `load_settings`, and passed on."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="forbid", env_file_encoding="utf-8")

    # where things are
    home: Path = Path("var")
    database_url: str = Field(default="", repr=False)  # may hold a password; empty: SQLite in the home folder
    keys: SecretStr | None = None  # the key ring itself, instead of the key file

    # the web
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=1, le=65535)
    public_url: str = ""  # as people and providers reach us: https://..., without a path

    # SMS by Twilio
    twilio_account_sid: str = ""
    twilio_auth_token: SecretStr | None = None
    twilio_number: str = ""  # the number people text: +44...
    twilio_messaging_service: str = ""  # MG..., if texts leave through one
    twilio_api_base_url: str = ""  # only for tests

    # Telegram
    telegram_token: SecretStr | None = None
    telegram_bot_name: str = ""  # @name: people find the bot by it, and it finds its round
    telegram_secret: SecretStr | None = None  # Telegram's header proves with it that a webhook call is Telegram's
    telegram_mode: TelegramMode = TelegramMode.POLLING
    telegram_api_base_url: str = ""  # only for tests

    # how it behaves
    demo: bool = True  # empty database only: a demo round and three demo accounts; off with a database of one's own
    settle_seconds: float = Field(default=3.0, ge=0, le=60)  # wait for the second text of one answer
    story_settle_seconds: float = Field(default=8.0, ge=0, le=120)  # longer while a story is told
    screen_budget_seconds: float = Field(default=2.0, gt=0, le=10)  # later than that is "unscreened": a person is told
    grace_days: int = Field(default=30, ge=0, le=365)  # sealed words that nobody holds are erased after it
    threads: int = Field(default=1, ge=1, le=64)  # of linear algebra, for each process that reads texts

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """What `load_settings` passes in, then the file. Never the process's environment behind its back."""
        return init_settings, dotenv_settings

    @model_validator(mode="before")
    @classmethod
    def _defaults(cls, given: dict[str, Any]) -> dict[str, Any]:
        """An empty value means "not set", as in `BLETHER_PORT=`; without a database of its own, this is the demo."""
        kept = {name: value for name, value in given.items() if value != ""}
        kept.setdefault("demo", "database_url" not in kept)
        kept.setdefault("database_url", f"sqlite:///{Path(kept.get('home', 'var')).absolute() / DATABASE_FILE}")
        return kept

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, url: str) -> str:
        if not url.startswith(("sqlite:///", "postgresql://", "postgresql+psycopg://")):
            raise ValueError("must start with postgresql:// or sqlite:///")
        return url

    @field_validator("public_url")
    @classmethod
    def _reachable(cls, url: str) -> str:
        parts = urlsplit(url.rstrip("/"))
        if url and (parts.scheme not in ("https", "http") or not parts.hostname or parts.path or parts.query):
            raise ValueError("must look like https://blether.example, without a path")
        if parts.scheme == "http" and parts.hostname not in _LOCAL_HOSTS:
            raise ValueError("must start with https://, because what people write travels through it")
        return url.rstrip("/")

    @field_validator("twilio_account_sid")
    @classmethod
    def _account(cls, sid: str) -> str:
        return _starting("AC", sid)

    @field_validator("twilio_messaging_service")
    @classmethod
    def _service(cls, sid: str) -> str:
        return _starting("MG", sid)

    @field_validator("twilio_number")
    @classmethod
    def _number(cls, number: str) -> str:
        digits = number.replace(" ", "")
        if number and not (digits.startswith("+") and digits[1:].isascii() and digits[1:].isdigit()):
            raise ValueError("must be a whole number with its country, such as +44 and ten digits")
        return digits

    @model_validator(mode="after")
    def _tests_only(self) -> Self:
        for url in (self.twilio_api_base_url, self.telegram_api_base_url):
            if url and urlsplit(url).hostname not in _LOCAL_HOSTS:
                raise ValueError("the providers' addresses can only be changed to this machine, for tests")
        return self

    def listening_on(self, host: str | None, port: int | None) -> Self:
        """The same settings, with what was said on the command line."""
        return self.model_copy(update={k: v for k, v in (("host", host), ("port", port)) if v is not None})

    @property
    def keys_file(self) -> Path:
        """Where the keys are, unless BLETHER_KEYS gives them."""
        return self.home / KEYS_FILE

    @property
    def site(self) -> str:
        """The address to show people: the public one, or this machine's."""
        host = "127.0.0.1" if self.host in ("0.0.0.0", "::") else self.host  # noqa: S104 - compared, not bound
        return self.public_url or f"http://{f'[{host}]' if ':' in host else host}:{self.port}"

    @property
    def missing_for_sms(self) -> tuple[str, ...]:
        """What must still be set before SMS can open; everything, when nobody has begun."""
        number = () if self.twilio_messaging_service else ("twilio_number",)
        return self._missing("twilio_account_sid", "twilio_auth_token", *number, "public_url")

    @property
    def missing_for_telegram(self) -> tuple[str, ...]:
        """What must still be set before Telegram can open."""
        if self.telegram_mode is TelegramMode.POLLING:
            return self._missing("telegram_token", "telegram_bot_name")
        return self._missing("telegram_token", "telegram_bot_name", "telegram_secret", "public_url")

    def _missing(self, *names: str) -> tuple[str, ...]:
        return tuple(PREFIX + name.upper() for name in names if not getattr(self, name))


def _starting(letters: str, sid: str) -> str:
    if sid and not (sid.startswith(letters) and len(sid) == 34 and sid.isalnum()):
        raise ValueError(f"must be {letters} and 32 letters and digits, as the provider's page shows it")
    return sid


def load_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """The settings from the environment, and from `blether.env` in the home folder; the environment wins.

    Raises: ConfigurationError, naming what cannot be right and never its value.
    """
    known = {PREFIX + name.upper(): name for name in Settings.model_fields}
    given: dict[str, Any] = {name: environment[key] for key, name in known.items() if environment.get(key)}
    home = Path(given.get("home", "var")).expanduser().absolute()
    given["home"] = home
    file = home / ENV_FILE if (home / ENV_FILE).is_file() else None
    try:
        return Settings(_env_file=file, **given)  # type: ignore[call-arg] # pydantic-settings takes it
    except ValidationError as error:
        raise ConfigurationError(" ".join(_sentence(dict(fault)) for fault in error.errors())) from None
    except (OSError, UnicodeDecodeError):
        raise ConfigurationError(f"The settings file {home / ENV_FILE} cannot be read.") from None


def _sentence(fault: dict[str, Any]) -> str:
    where = str(fault["loc"][0]) if fault["loc"] else ""
    name = PREFIX + where.upper().removeprefix(PREFIX)
    if fault["type"] == "extra_forbidden":
        return f"{ENV_FILE} has a setting that does not exist: {name}."
    message = str(fault["msg"]).removeprefix("Value error, ")
    return f"{name} cannot be right: {message}." if where else f"{message.capitalize()}."
