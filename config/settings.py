"""Settings: one root model over sections, and where its values come from."""

from __future__ import annotations

import difflib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from dotenv import dotenv_values
from pydantic import ValidationError
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    NestedSecretsSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from config.sections import (
    DiscordSection,
    EncoderSection,
    FetchSection,
    IngestSection,
    LimitsSection,
    LogSection,
    PrivacySection,
    RetrievalSection,
    StoreSection,
    SummariesSection,
)

PREFIX = "PULLQUOTE_"
DEFAULT_FILE = Path(__file__).with_name("default.toml")
LOCAL_FILE = Path(__file__).with_name("local.toml")

CONFIG_FILE_VARIABLE = "PULLQUOTE_CONFIG_FILE"
SECRETS_DIR_VARIABLE = "PULLQUOTE_SECRETS_DIR"
OTHER_VARIABLES = frozenset({CONFIG_FILE_VARIABLE, SECRETS_DIR_VARIABLE, "PULLQUOTE_SHARED_DATA"})


class SettingsError(Exception):
    """The settings are wrong; the message says which, why and where to mend them. It never holds a value."""


class Settings(BaseSettings):
    """Everything an operator can set. Frozen."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_nested_delimiter="__",
        extra="forbid",
        frozen=True,
        hide_input_in_errors=True,
    )

    discord: DiscordSection = DiscordSection()
    store: StoreSection = StoreSection()
    encoder: EncoderSection = EncoderSection()
    retrieval: RetrievalSection = RetrievalSection()
    ingest: IngestSection = IngestSection()
    fetch: FetchSection = FetchSection()
    summaries: SummariesSection = SummariesSection()
    limits: LimitsSection = LimitsSection()
    privacy: PrivacySection = PrivacySection()
    log: LogSection = LogSection()


def load_settings(
    overrides: Mapping[str, Mapping[str, Any]] | None = None, *, environ: Mapping[str, str] | None = None
) -> Settings:
    """Read the settings from every source, strongest first: overrides, environment, .env, secrets, local, default.

    ``overrides`` are section → key → value, from command-line options. ``environ`` replaces ``os.environ`` (and the
    ``.env`` file of the working directory) in tests. Raises SettingsError.
    """
    if environ is None:
        dotenv = {key: value for key, value in dotenv_values(".env").items() if value is not None}
        environ = {**dotenv, **os.environ}
    variables = {key.upper(): value for key, value in environ.items() if key.upper().startswith(PREFIX)}
    _refuse_unknown(variables)
    local_file = Path(variables.get(CONFIG_FILE_VARIABLE) or LOCAL_FILE)
    if CONFIG_FILE_VARIABLE in variables and not local_file.is_file():
        raise SettingsError(f"{CONFIG_FILE_VARIABLE} names {local_file}, which is not a file. Correct it or unset it.")
    secrets_dir = variables.get(SECRETS_DIR_VARIABLE)
    env = {key: value for key, value in variables.items() if key not in OTHER_VARIABLES}

    class Sourced(Settings):
        @classmethod
        def settings_customise_sources(
            cls,
            settings_cls: type[BaseSettings],
            init_settings: PydanticBaseSettingsSource,
            env_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - replaced by one that reads `env`
            dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - its reader rejects other programs' keys
            file_secret_settings: PydanticBaseSettingsSource,
        ) -> tuple[PydanticBaseSettingsSource, ...]:
            sources: list[PydanticBaseSettingsSource] = [init_settings, _VariablesSource(settings_cls, env)]
            if secrets_dir:
                sources.append(
                    NestedSecretsSettingsSource(
                        file_secret_settings,
                        secrets_dir=secrets_dir,
                        secrets_prefix="",
                        secrets_nested_delimiter="__",
                        secrets_dir_missing="error",
                    )
                )
            files = [DEFAULT_FILE, local_file] if local_file.is_file() else [DEFAULT_FILE]
            sources.append(TomlConfigSettingsSource(settings_cls, toml_file=files, deep_merge=True))
            return tuple(sources)

    try:
        given: dict[str, Any] = {section: dict(values) for section, values in (overrides or {}).items()}
        return Sourced(**given)
    except ValidationError as error:
        raise SettingsError(_explain(error)) from None
    except (OSError, ValueError) as error:
        raise SettingsError(f"The settings cannot be read: {error}. Correct {local_file} or the secrets.") from None


class _VariablesSource(EnvSettingsSource):
    """The environment source, reading a given mapping instead of ``os.environ``."""

    def __init__(self, settings_cls: type[BaseSettings], variables: Mapping[str, str]) -> None:
        self._variables = variables
        super().__init__(settings_cls)

    def _load_env_vars(self) -> Mapping[str, str | None]:
        return {key.lower(): value for key, value in self._variables.items()}


def variable_names() -> dict[str, str]:
    """Return environment variable → ``section.key`` for every setting."""
    return {
        f"{PREFIX}{section}__{key}".upper(): f"{section}.{key}"
        for section, info in Settings.model_fields.items()
        for key in info.annotation.model_fields  # type: ignore[union-attr]
    }


def _refuse_unknown(variables: Mapping[str, str]) -> None:
    """Refuse a misspelt variable: pydantic's ``forbid`` misses a misspelt section in the environment."""
    known = variable_names().keys() | OTHER_VARIABLES
    for name in sorted(variables):
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            hint = f"did you mean {near[0]}?" if near else "see config/default.toml for every setting."
            raise SettingsError(f"The environment variable {name} is not a setting of Pullquote; {hint}")


def _explain(error: ValidationError) -> str:
    """Name each wrong setting and why, without its value (it may be a secret)."""
    lines = []
    for item in error.errors(include_input=False, include_url=False):
        key = ".".join(str(part) for part in item["loc"])
        message = item["msg"].removeprefix("Value error, ")
        if item["type"] == "extra_forbidden":
            message = "is not a setting of Pullquote; see config/default.toml for every setting"
        lines.append(f"{key}: {message}")
    return "The settings are wrong. " + "; ".join(lines) + "."
