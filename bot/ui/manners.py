"""Manners: when to keep silent, when to wait, and whom to tell that a right is missing."""

from __future__ import annotations

import re
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from bot.engine.guild_settings.cooldowns import Cooldowns, Wait
from bot.engine.guild_settings.records import GuildSettings
from bot.ui import manners_words

_MOST_GUILDS = 1_000
_LONGEST_COURTESY = 8
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_COURTESIES = frozenset({
    "thanks", "thank", "thx", "thnx", "tnx", "ty", "tysm", "tyvm", "cheers", "kudos", "you", "u", "ya", "so",
    "very", "much", "a", "lot", "many", "for", "the", "that", "this", "it", "is", "was", "great", "good", "nice",
    "cool", "neat", "awesome", "perfect", "excellent", "amazing", "brilliant", "lovely", "helpful", "helps",
    "helped", "help", "bot", "job", "work", "ok", "okay", "k", "kk", "yes", "yeah", "yep", "no", "nope", "sure",
    "right", "fine", "alright", "got", "gotcha", "i", "see", "understood", "noted", "lol", "haha", "hehe", "wow",
    "oh", "ah", "please", "sorry", "bye", "hi", "hello", "hey", "welcome", "np", "again", "mate", "friend", "man",
    "all", "danke", "vielen", "dank", "merci", "beaucoup", "gracias", "muchas", "obrigado", "obrigada", "grazie",
    "mille", "tack", "bedankt", "dzięki", "děkuji", "спасибо", "arigato", "ありがとう", "谢谢", "감사합니다",
})  # fmt: skip
_THANKS = frozenset({
    "thanks", "thank", "thx", "thnx", "tnx", "ty", "tysm", "tyvm", "cheers", "kudos", "great", "good", "nice",
    "cool", "neat", "awesome", "perfect", "excellent", "amazing", "brilliant", "lovely", "helpful", "ok", "okay",
    "k", "kk", "yes", "yeah", "yep", "no", "nope", "sure", "alright", "gotcha", "understood", "noted", "lol",
    "haha", "hehe", "wow", "sorry", "bye", "welcome", "np", "danke", "dank", "merci", "gracias", "obrigado",
    "obrigada", "grazie", "tack", "bedankt", "dzięki", "děkuji", "спасибо", "arigato",
    "ありがとう", "谢谢", "감사합니다",
})  # fmt: skip


def is_courtesy(text: str) -> bool:
    """Tell whether a text asks nothing but is polite: "thanks", "ok, got it", "good bot 👍"."""
    if any(mark in text for mark in "?？؟"):
        return False
    words = [word.casefold().replace("’", "'") for word in _WORD.findall(text)]
    if len(words) > _LONGEST_COURTESY or words[:1] in (["is"], ["was"]):
        return False
    parts = [part for word in words for part in word.split("'")]
    return all(part in _COURTESIES or part == "s" for part in parts) and any(part in _THANKS for part in parts)


class Trouble(StrEnum):
    """What could not be done in a channel as it was to be."""

    NO_ANSWER = "no_answer"
    NO_THREAD = "no_thread"


@dataclass
class Manners:
    """What the process remembers of who asked when, and of channels where something could not be done."""

    cooldowns: Cooldowns = field(default_factory=Cooldowns)
    clock: Callable[[], float] = time.time
    _untold: OrderedDict[int, dict[tuple[Trouble, int], bool]] = field(default_factory=OrderedDict)

    def admit(self, guild: int, settings: GuildSettings, *, member: int, channel: int | None) -> Wait | None:
        """Let a question pass, or say how long it has to wait."""
        return self.cooldowns.take(guild, settings, member=member, channel=channel)

    def sentence(self, wait: Wait) -> str:
        """Ask to wait, as Discord markup."""
        at = int(self.clock() + wait.seconds + 1)
        return manners_words.channel_too_soon(at) if wait.is_channels else manners_words.too_soon(at)

    def note_trouble(self, guild: int, channel: int, trouble: Trouble) -> bool:
        """Remember what could not be done in a channel; return whether that is news."""
        known = self._untold.setdefault(guild, {})
        is_news = (trouble, channel) not in known
        known.setdefault((trouble, channel), False)
        while len(self._untold) > _MOST_GUILDS:
            self._untold.popitem(last=False)
        return is_news

    def take_untold(self, guild: int) -> dict[Trouble, list[int]]:
        """Return the channels, by trouble, of which nobody has been told yet; from now on, somebody has."""
        known = self._untold.get(guild, {})
        untold = [key for key, was_told in known.items() if not was_told]
        known.update(dict.fromkeys(untold, True))
        found: dict[Trouble, list[int]] = {}
        for trouble, channel in untold:
            found.setdefault(trouble, []).append(channel)
        return found
