"""What the page is sent: the greeting, and everything a person sees in a channel; and how it sends files back."""

from __future__ import annotations

import base64
import binascii

from bot.sandbox.emulator import Emulator
from bot.sandbox.input_line import CannotRead
from bot.sandbox.interactions import State
from bot.sandbox.invocation import File
from bot.sandbox.page.stage import Stage
from bot.sandbox.refusals import Payload
from bot.sandbox.rules.commands import MESSAGE, SLASH, USER
from bot.sandbox.rules.messages import EPHEMERAL, LOADING
from bot.sandbox.world import Channel, User, wire


def hello_of(emulator: Emulator, stage: Stage) -> Payload:
    """Return the greeting of a new page."""
    return {
        "kind": "hello",
        "bot": emulator.bot_user.payload(),
        "people": [user.payload() for user in stage.people],
        "guild": stage.channels[0].guild.name if stage.channels[0].guild else "",
        "examples": [example.payload() for example in stage.examples],
    }


def places_of(emulator: Emulator, stage: Stage, user: User) -> list[Channel]:
    """Return the channels a person may go to, each followed by those of its threads that they see."""
    found: list[Channel] = []
    for channel in stage.channels:
        found.append(channel)
        threads = channel.guild.threads.values() if channel.guild else ()
        found += [thread for thread in threads if thread.parent is channel and emulator.world.permissions(user, thread)]
    return found


def screen_of(emulator: Emulator, stage: Stage, user: User, channel: Channel) -> Payload:
    """Return everything a person sees in a channel."""
    messages = [
        {
            **wire(message),
            "private": bool(message["flags"] & EPHEMERAL),
            "thinking": bool(message["flags"] & LOADING),
            "pings_me": user.id in message["_pings"]["users"],
            "mine": [emoji for emoji, users in message.get("_reactions", {}).items() if user.id in users],
        }
        for message in emulator.screen(user, channel)
    ]
    waiting = [
        handle.what
        for handle in emulator.interactions.handles[-20:]
        if handle.user.id == user.id
        and handle.channel.id == channel.id
        and handle.state is State.PENDING
        and handle.choices is None
    ]
    guild = stage.channels[0].guild
    kinds = (SLASH, MESSAGE, USER)
    return {
        "kind": "screen",
        "user": user.id,
        "channel": channel.id,
        "messages": messages,
        "waiting": waiting,
        "typing": channel.typing_count,
        "commands": [command for kind in kinds for command in emulator.commands.available(user, channel, kind)],
        "places": [_place(place) for place in places_of(emulator, stage, user)],
        "roles": [{"id": role.id, "name": role.name} for role in (guild.roles.values() if guild else ())],
        "is_forum": channel.is_forum,
    }


def _place(channel: Channel) -> Payload:
    return {
        "id": channel.id,
        "name": channel.name,
        "type": channel.type,
        "parent": channel.parent.id if channel.parent else None,
        "archived": bool(channel.thread and channel.thread.archived),
    }


def read_file(entry: Payload) -> File:
    """Return a file as the page sends it: its name, and its bytes in base64."""
    try:
        return str(entry["name"]), base64.b64decode(entry["data"], validate=True)
    except (binascii.Error, KeyError, TypeError):
        raise CannotRead("That file did not arrive whole. Choose it again.") from None
