"""What a guild decides for itself. What it leaves open, whoever runs the bot has decided."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from bot.engine.scopes.records import ArticleScope

QUOTES = (1, 2, 3)
"""How many quotes an answer may have at most."""

WRONG_IN_100 = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0)
"""Choices of how many of 100 questions about something else may be answered."""

COOLDOWN_SECONDS = (0, 5, 10, 30, 60, 300, 900)
"""Choices of how long to wait between two questions."""


class Privacy(StrEnum):
    """Who sees an answer to a command: the channel, or the asker alone."""

    PUBLIC = "public"
    PRIVATE = "private"


class ChannelPolicy(StrEnum):
    """Which messages of a channel are answered that do not mention the bot: none, those it can answer, or all."""

    MENTIONED = "mentioned"
    CONFIDENT = "confident"
    ALWAYS = "always"


@dataclass(frozen=True, slots=True)
class ChannelSettings:
    """What differs in one channel and its threads; ``privacy`` None: as everywhere in the guild.

    ``in_thread``: whether each message that is answered there gets a thread of its own for the answer.
    """

    privacy: Privacy | None = None
    policy: ChannelPolicy = ChannelPolicy.MENTIONED
    in_thread: bool = False


USUAL = ChannelSettings()


@dataclass(frozen=True, slots=True)
class GuildSettings:
    """The choices of one guild; None leaves one to whoever runs the bot.

    ``wrong_in_100``: of 100 questions about something else than the articles, how many may be answered; it means the
    same for any encoder. ``quotes``: in an answer, at most. ``member_seconds``, ``channel_seconds``: between two
    questions of a member, or in a channel; 0 for none. ``languages``: ISO 639-1 codes of the articles that are
    searched; articles of unknown language always are, and so are all where it is empty. ``manager_role``: its holders
    may manage articles too. ``channels``: those with settings of their own. ``version`` grows with every change.
    """

    privacy: Privacy | None = None
    wrong_in_100: float | None = None
    quotes: int | None = None
    member_seconds: int = 0
    channel_seconds: int = 0
    languages: frozenset[str] = frozenset()
    manager_role: int | None = None
    channels: Mapping[int, ChannelSettings] = field(default_factory=dict)
    version: int = 0

    def channel(self, channels: Iterable[int]) -> ChannelSettings:
        """Return what holds in a place, given as its channel and then what that stands in: the nearest decides."""
        found = [self.channels[number] for number in channels if number in self.channels]
        privacy = next((one.privacy for one in found if one.privacy is not None), None)
        nearest = found[0] if found else USUAL
        return ChannelSettings(privacy, nearest.policy, nearest.in_thread)

    def is_private(self, channels: Iterable[int], *, otherwise: bool) -> bool:
        """Tell whether answers are private in a place; ``otherwise``: what holds where the guild decided nothing."""
        privacy = self.channel(channels).privacy or self.privacy
        return otherwise if privacy is None else privacy is Privacy.PRIVATE


@dataclass(frozen=True, slots=True)
class OperatorChoices:
    """What holds where a guild decides nothing; ``reads_messages``: whether messages without a mention arrive."""

    private: bool = False
    wrong_in_100: float = 1.0
    quotes: int = 3
    reads_messages: bool = False


@dataclass(frozen=True, slots=True)
class StoredSettings:
    """What a store keeps of a guild: values by channel (0: the guild itself) and key, and the articles' scopes."""

    version: int = 0
    values: Mapping[tuple[int, str], str] = field(default_factory=dict)
    scopes: Mapping[int, ArticleScope] = field(default_factory=dict)
