"""What is said about answers in threads of their own."""

from __future__ import annotations

from bot.ui.language import say

THREAD_TITLE = (
    "**Where I answer messages here**, mentions too. A thread is called by who asked, never by what. Commands are "
    "answered where they are used."
)
THREAD_MENU = "Where I answer messages"
IN_CHANNEL = "Answers to messages: in the channel"
IN_THREAD = "Answers to messages: in a new thread"
FORUM_POSTS = "**Where I answer posts:** in the post. Each is a thread of its own already."
NO_THREADS = "**Where I answer messages here:** in the channel. Discord has no threads in channels of this kind."


def thread_name(name: str) -> str:
    """Name a thread by who asked: its name stands in the channel's list, where what was asked is nobody's business."""
    return say("Question from {name}", name=name)


def cannot_begin(mentions: str) -> str:
    """Name channels where answers are to come in threads, and the bot cannot begin any."""
    return say(
        "**I cannot begin threads in {mentions}**, so I answer in the channel there: let me create public threads and "
        "send messages in threads.",
        mentions=mentions,
    )


def could_not_begin(channels: str) -> str:
    """Tell whoever manages the server, once, where an answer came in the channel for want of a thread."""
    return say(
        "**I was to answer in a new thread in {channels} and could not begin one**, so the answer stands in the "
        "channel. Let me create public threads and send messages in threads there, close some threads if there are "
        "very many, or choose answers in the channel with `/settings`. I tell you this once.",
        channels=channels,
    )
