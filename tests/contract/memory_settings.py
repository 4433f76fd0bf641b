"""Guild settings held in memory, for tests that need no file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from bot.engine.errors import NotFound, StoreUnavailable
from bot.engine.guild_settings.records import StoredSettings
from bot.engine.scopes.records import ArticleScope


@dataclass
class MemorySettings:
    """A settings store in memory. ``articles``: (guild, id) of those that exist, or None where any does.

    ``is_down``: every method raises StoreUnavailable. ``reads`` counts whole reads.
    """

    articles: set[tuple[int, int]] | None = None
    guilds: dict[int, StoredSettings] = field(default_factory=dict)
    is_down: bool = False
    reads: int = 0

    def settings_version(self, guild: int) -> int:
        """The version of a guild's settings."""
        self._require_up()
        return self.guilds.get(guild, StoredSettings()).version

    def read_settings(self, guild: int) -> StoredSettings:
        """Everything of a guild."""
        self._require_up()
        self.reads += 1
        return self.guilds.get(guild, StoredSettings())

    def write_settings(self, guild: int, changes: Mapping[tuple[int, str], str | None]) -> None:
        """Write values."""
        self._require_up()
        held = self.guilds.get(guild, StoredSettings())
        values = {**held.values, **changes}
        kept = {key: value for key, value in values.items() if value is not None}
        self.guilds[guild] = replace(held, version=held.version + 1, values=kept)

    def write_scope(self, guild: int, article: int, scope: ArticleScope) -> None:
        """Bind an article."""
        self._require_up()
        if self.articles is not None and (guild, article) not in self.articles:
            raise NotFound(f"There is no article {article}.")
        held = self.guilds.get(guild, StoredSettings())
        scopes = {number: other for number, other in held.scopes.items() if number != article}
        if scope:
            scopes[article] = scope
        self.guilds[guild] = replace(held, version=held.version + 1, scopes=scopes)

    def forget_settings(self, guild: int) -> None:
        """Take the values away."""
        self._require_up()
        held = self.guilds.get(guild, StoredSettings())
        self.guilds[guild] = replace(held, version=held.version + 1, values={})

    def _require_up(self) -> None:
        if self.is_down:
            raise StoreUnavailable("The store is away. Try again.")
