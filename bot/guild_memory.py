"""Which guilds were greeted, and on which joining: a small file beside the store."""

from __future__ import annotations

import json
import logging
from pathlib import Path

log = logging.getLogger(__name__)


class GuildMemory:
    """Remembers when each guild was joined. Where the file cannot be written, only until the process ends."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._joined: dict[str, float] | None = None

    def remember(self, guild: int, joined_at: float) -> bool:
        """Remember a joining, in Unix seconds; return whether it is a later one than was known of."""
        if self._joined is None:
            self._joined = _read(self._path)
        if self._joined.get(str(guild), 0.0) >= joined_at:
            return False
        self._joined[str(guild)] = joined_at
        partial = self._path.with_name(f"{self._path.name}.partial")
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            partial.write_text(json.dumps(self._joined, indent=1) + "\n", encoding="utf-8")
            partial.replace(self._path)
        except OSError as error:
            log.warning("Guild %d may be greeted again after a restart: %s", guild, error)
        return True


def _read(path: Path) -> dict[str, float]:
    try:
        return {str(guild): float(joined_at) for guild, joined_at in json.loads(path.read_text("utf-8")).items()}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, TypeError, AttributeError) as error:
        log.warning("Which guilds were greeted cannot be read, so that is begun anew: %s", error)
        return {}
