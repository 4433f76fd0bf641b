"""How much one guild may store, and the sentence for whoever wants more."""

from __future__ import annotations

from dataclasses import dataclass

from bot.engine.errors import LibraryFull

_NEXT_STEP = "Remove some first, or ask whoever runs this bot to raise {setting}. Nothing was added."


@dataclass(frozen=True, slots=True)
class Usage:
    """What a guild's articles take: how many they are, their passages, the UTF-8 bytes of their texts."""

    articles: int = 0
    passages: int = 0
    text_bytes: int = 0

    def __add__(self, other: Usage) -> Usage:
        return Usage(self.articles + other.articles, self.passages + other.passages, self.text_bytes + other.text_bytes)


@dataclass(frozen=True, slots=True)
class GuildLimits:
    """The most that one guild may store."""

    articles: int = 10_000
    passages: int = 200_000
    text_bytes: int = 200_000_000

    def check(self, after: Usage, before: Usage) -> None:
        """Raise LibraryFull where a change would make a guild hold more than it may.

        What is over a limit already, because the limit was lowered, may still be changed as long as it does not grow.
        """
        if after.articles > max(self.articles, before.articles):
            held = f"{self.articles:,} {'article' if self.articles == 1 else 'articles'}"
            raise LibraryFull(
                f"The library is full: it may hold {held}. {_NEXT_STEP.format(setting='limits.guild_articles')}"
            )
        if after.passages > max(self.passages, before.passages):
            raise LibraryFull(
                f"The library would hold {after.passages:,} passages with this article, and may hold {self.passages:,}."
                f" {_NEXT_STEP.format(setting='limits.guild_passages')}"
            )
        if after.text_bytes > max(self.text_bytes, before.text_bytes):
            raise LibraryFull(
                f"The library would hold {after.text_bytes / 1e6:,.1f} MB of text with this article, and may hold "
                f"{self.text_bytes / 1e6:,.1f} MB. {_NEXT_STEP.format(setting='limits.guild_megabytes')}"
            )
