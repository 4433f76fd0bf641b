"""What a person reads of the bot's messages."""

from __future__ import annotations

from typing import Any

from bot.sandbox.postbox import texts_of, visible_text
from bot.sandbox.rules.messages import EPHEMERAL
from bot.ui.text import shown

__all__ = ["is_private", "quoted", "said", "visible_text"]


def said(message: dict[str, Any]) -> list[str]:
    """The texts of a message, top to bottom."""
    return texts_of(message["components"])


def quoted(*messages: dict[str, Any]) -> str:
    """What is quoted in the messages, as a reader sees it."""
    return "".join(shown(text) for message in messages for text in said(message) if text.startswith("> "))


def is_private(message: dict[str, Any]) -> bool:
    """Whether one person alone sees the message."""
    return bool(message["flags"] & EPHEMERAL)
