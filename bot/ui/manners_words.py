"""What is said about manners: asking too soon, and rights that are missing."""

from __future__ import annotations

from bot.ui.language import say

CONTENT_REFUSED = (
    "The setting discord.message_content is on, but Discord does not let this bot read messages that do not mention "
    "it. Switch on Message Content Intent in the Discord Developer Portal (your application, Bot, Privileged Gateway "
    "Intents) and start again. Until then channels are answered where the bot is mentioned; everything else works."
)
"""For the operator's log."""


def too_soon(at: int) -> str:
    """Ask a member to wait until then (Unix seconds)."""
    return say("You asked a moment ago. Ask again <t:{at}:R>.", at=at)


def channel_too_soon(at: int) -> str:
    """Ask a channel to wait until then (Unix seconds)."""
    return say("This channel asked a moment ago. Ask again <t:{at}:R>.", at=at)


def could_not_answer(channels: str) -> str:
    """Tell whoever manages the server, once, where an answer could not be sent."""
    return say(
        "**I was asked in {channels} and could not answer there.** Let me view these channels and send messages (also "
        "in threads) in them, and I will. I tell you this once.",
        channels=channels,
    )
