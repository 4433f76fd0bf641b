"""The store and the encoder, and whether they go together."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from bot.doctor.findings import Finding, fail, ok, warn
from bot.engine.errors import EngineError
from bot.engine.ports.encoders import EncoderIdentity
from bot.heartbeat import STALE_SECONDS, seconds_since_beat
from bot.wiring import examine_encoder, examine_store, heartbeat_path, open_calibration, store_path
from config.settings import Settings

_REINDEX = "Run pullquote migrate --reindex, or set encoder.model back to the one that made the store."


def check_library(settings: Settings) -> Iterator[Finding]:
    """Check store, encoder, calibration, and whether the bot runs. Changes nothing."""
    recorded: EncoderIdentity | None = None
    try:
        path, state = store_path(settings), examine_store(settings)
        if state is None:
            yield ok("store", f"There is none at {path} yet; it is made with the first article.")
        elif state.damage:
            yield fail("store", f"{path} is damaged: {state.damage[0]}", "Stop the bot and copy a backup to its place.")
        else:
            recorded = state.encoder
            yield ok("store", f"{path}: articles {state.articles:,}, servers {state.guilds:,}; every page was checked.")
        if state is not None and state.version < state.newest:
            yield warn(
                "schema",
                f"The store is of version {state.version}, this program's is {state.newest}.",
                "It is upgraded when it is opened next, and a copy kept; to do it now: pullquote migrate",
            )
        elif state is not None:
            yield ok("schema", f"Version {state.version}, as this program has it.")
        yield _check_running(heartbeat_path(settings))
    except EngineError as error:
        yield fail("store", error.user_message, "Do what this says, then run pullquote doctor again.")
    yield from _check_encoder(settings, recorded)


def _check_encoder(settings: Settings, recorded: EncoderIdentity | None) -> Iterator[Finding]:
    try:
        found = examine_encoder(settings)
        if found is None:
            yield warn(
                "encoder",
                f"{settings.encoder.model} comes from the hub: it is downloaded at first use, so it is not checked.",
                "To do without the network later, give encoder.model a folder.",
            )
            return
        name = f"{found.name} {found.revision}, {found.dimension} dimensions"
        if recorded is not None and recorded != found:
            yield fail("encoder", f"{name}; but the store was made with {recorded.name} {recorded.revision}.", _REINDEX)
        else:
            goes = ", the one that made the store" if recorded is not None else ""
            yield ok("encoder", f"{name}: the files are whole{goes}.")
        open_calibration(settings)
    except EngineError as error:
        yield fail("encoder", error.user_message, "Do what this says, then run pullquote doctor again.")


def _check_running(heartbeat: Path) -> Finding:
    age = seconds_since_beat(heartbeat)
    if age is None:
        return ok("running", "The bot is not running with this store (or not connected).")
    if age > STALE_SECONDS:
        return warn(
            "running", f"The bot's last sign of life is {age:.0f} seconds old.", "Read its log, or start it again."
        )
    return ok("running", f"The bot is connected; last sign of life {age:.0f} seconds ago.")
