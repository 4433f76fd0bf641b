"""Waiting between questions: who waits, how long, and that it is said once."""

from __future__ import annotations

import pytest

from bot.engine.guild_settings.cooldowns import MOST_REMEMBERED, Cooldowns, Wait
from bot.engine.guild_settings.records import GuildSettings

GUILD, OTHER_GUILD, ALICE, ADAM, HALL, DECK = 1, 2, 11, 12, 21, 22


class Clock:
    """A clock that stands still until it is moved."""

    now = 100.0

    def __call__(self) -> float:
        """Return the time."""
        return self.now


@pytest.fixture
def clock() -> Clock:
    """The clock of the test."""
    return Clock()


@pytest.fixture
def cooldowns(clock: Clock) -> Cooldowns:
    """Cooldowns by that clock."""
    return Cooldowns(clock)


def test_without_a_setting_nobody_waits(cooldowns: Cooldowns) -> None:
    """A server has no cooldown until it chooses one."""
    for _ in range(5):
        assert cooldowns.take(GUILD, GuildSettings(), member=ALICE, channel=HALL) is None


def test_a_member_waits_and_is_told_once(cooldowns: Cooldowns, clock: Clock) -> None:
    """Whoever asks too soon is told the first time; asking again does not lengthen the wait."""
    settings = GuildSettings(member_seconds=30)
    assert cooldowns.take(GUILD, settings, member=ALICE, channel=HALL) is None
    clock.now += 10
    assert cooldowns.take(GUILD, settings, member=ALICE, channel=DECK) == Wait(20, True, False)
    clock.now += 5
    assert cooldowns.take(GUILD, settings, member=ALICE, channel=HALL) == Wait(15, False, False)
    assert cooldowns.take(GUILD, settings, member=ADAM, channel=HALL) is None
    assert cooldowns.take(OTHER_GUILD, settings, member=ALICE, channel=HALL) is None
    clock.now += 15
    assert cooldowns.take(GUILD, settings, member=ALICE, channel=HALL) is None
    assert cooldowns.take(GUILD, settings, member=ALICE, channel=HALL) == Wait(30, True, False)


def test_a_channel_waits_whoever_asks(cooldowns: Cooldowns, clock: Clock) -> None:
    """Its members share the wait and the telling; other channels and direct messages do not."""
    settings = GuildSettings(channel_seconds=60)
    assert cooldowns.take(GUILD, settings, member=ALICE, channel=HALL) is None
    assert cooldowns.take(GUILD, settings, member=ADAM, channel=HALL) == Wait(60, True, True)
    assert cooldowns.take(GUILD, settings, member=ALICE, channel=HALL) == Wait(60, False, True)
    assert cooldowns.take(GUILD, settings, member=ALICE, channel=DECK) is None
    assert cooldowns.take(GUILD, settings, member=ALICE, channel=None) is None


def test_the_longer_wait_counts(cooldowns: Cooldowns) -> None:
    """A question that waits for either starts neither anew."""
    settings = GuildSettings(member_seconds=10, channel_seconds=60)
    assert cooldowns.take(GUILD, settings, member=ALICE, channel=HALL) is None
    assert cooldowns.take(GUILD, settings, member=ALICE, channel=HALL) == Wait(60, True, True)
    assert cooldowns.take(GUILD, settings, member=ADAM, channel=DECK) is None


def test_a_shorter_setting_holds_at_once(cooldowns: Cooldowns, clock: Clock) -> None:
    """The seconds are those of now, not of when the last question came."""
    cooldowns.take(GUILD, GuildSettings(member_seconds=900), member=ALICE, channel=HALL)
    clock.now += 6
    assert cooldowns.take(GUILD, GuildSettings(member_seconds=5), member=ALICE, channel=HALL) is None


def test_memory_is_bounded(cooldowns: Cooldowns) -> None:
    """Of very many members the ones that asked longest ago are forgotten."""
    settings = GuildSettings(member_seconds=900)
    for member in range(MOST_REMEMBERED + 10):
        cooldowns.take(GUILD, settings, member=member, channel=None)
    assert cooldowns.take(GUILD, settings, member=0, channel=None) is None
    assert cooldowns.take(GUILD, settings, member=MOST_REMEMBERED, channel=None) is not None
