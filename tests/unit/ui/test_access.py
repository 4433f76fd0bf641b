"""Who may write where."""

from __future__ import annotations

import discord
import pytest

from bot.ui.access import may_send


@pytest.mark.parametrize(
    ("held", "channel", "thread"),
    [
        (("view_channel", "send_messages"), True, False),
        (("view_channel", "send_messages_in_threads"), False, True),
        (("view_channel",), False, False),
        (("send_messages", "send_messages_in_threads"), False, False),
    ],
)
def test_threads_have_a_permission_of_their_own(held: tuple[str, ...], channel: bool, thread: bool) -> None:
    """Send Messages counts for channels, Send Messages in Threads for threads, and neither without seeing them."""
    permissions = discord.Permissions(**dict.fromkeys(held, True))
    assert may_send(permissions, object()) is channel
    assert may_send(permissions, object.__new__(discord.Thread)) is thread
