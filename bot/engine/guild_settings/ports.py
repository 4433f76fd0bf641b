"""What guild settings need from a store."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from bot.engine.guild_settings.records import StoredSettings
from bot.engine.scopes.records import ArticleScope


class SettingsStore(Protocol):
    """Keeps the settings of guilds. Thread-safe; every write is one transaction that raises the guild's version.

    Every method raises StoreUnavailable where the store cannot be read or written.
    """

    def settings_version(self, guild: int) -> int:
        """The version of a guild's settings and scopes; 0 for a guild that never changed any."""
        ...

    def read_settings(self, guild: int) -> StoredSettings:
        """Everything that is kept of a guild's settings, of one version."""
        ...

    def write_settings(self, guild: int, changes: Mapping[tuple[int, str], str | None]) -> None:
        """Write values by channel (0: the guild itself) and key; None takes one away."""
        ...

    def write_scope(self, guild: int, article: int, scope: ArticleScope) -> None:
        """Bind an article to roles and channels, or with an empty scope to none. Raises NotFound."""
        ...

    def forget_settings(self, guild: int) -> None:
        """Take away everything that a guild decided but the scopes of its articles, which go with the articles."""
        ...
