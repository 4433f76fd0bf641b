"""Threads and forums of the emulator's town, people who edit, and what somebody can have seen."""

from __future__ import annotations

import json
from typing import Any

from bot.sandbox.emulator import Emulator
from bot.sandbox.permissions import SEND_MESSAGES, VIEW_CHANNEL
from bot.sandbox.rules.mentions import MESSAGE_DEFAULT
from bot.sandbox.rules.messages import EPHEMERAL
from bot.sandbox.world import Channel, Guild, Role, ThreadState, User

PUBLIC_THREAD, FORUM = 11, 15


def add_thread(emulator: Emulator, parent: Channel, name: str, *, told: bool = True) -> Channel:
    """Open a thread of nobody in particular; ``told``: the bot hears of it before anything is said in it."""
    world, guild = emulator.world, parent.guild
    assert guild is not None
    if told:
        return emulator.threads.begin(parent, world.users[guild.owner_id], {"name": name})
    state = ThreadState(guild.owner_id, 1440, emulator.clock.now())
    thread = Channel(world.snowflakes.make(), name, PUBLIC_THREAD, guild=guild, parent=parent, thread=state)
    guild.threads[thread.id] = world.channels[thread.id] = thread
    return thread


def add_forum(emulator: Emulator, guild: Guild, name: str) -> Channel:
    """Open a forum."""
    forum = emulator.add_channel(guild, name)
    forum.type = FORUM
    return forum


async def post(emulator: Emulator, user: User, forum: Channel, title: str, text: str) -> dict[str, Any]:
    """Write a post: its first message has the thread's own id, as Discord's has."""
    thread = add_thread(emulator, forum, title)
    kinds = {"parse": ["users", "roles"], "replied_user": True}
    message = emulator.postbox.compose(thread, user, {"content": text}, [], mention_rules=kinds)
    message["id"] = thread.id
    emulator.postbox.publish(thread, message)
    return message


def edit(emulator: Emulator, message: dict[str, Any], text: str) -> None:
    """Edit a person's message as that person."""
    emulator.postbox.revise(message, {"content": text}, [], mention_rules=MESSAGE_DEFAULT)


def close_to(emulator: Emulator, channel: Channel, *roles: Role) -> None:
    """Let only these roles (and the bot) look into a channel; call before the bot connects."""
    assert channel.guild is not None
    everyone = channel.guild.roles[channel.guild.id]
    emulator.world.set_overwrite(channel, everyone, deny=VIEW_CHANNEL)
    for role in roles:
        emulator.world.set_overwrite(channel, role, allow=VIEW_CHANNEL)
    emulator.world.set_overwrite(channel, emulator.bot_user, allow=VIEW_CHANNEL | SEND_MESSAGES)


def give(guild: Guild, user: User, role: Role) -> None:
    """Give somebody a role."""
    guild.members[user.id].role_ids.append(role.id)


def take(guild: Guild, user: User, role: Role) -> None:
    """Take a role from somebody."""
    guild.members[user.id].role_ids.remove(role.id)


def seen_by(emulator: Emulator, user: User) -> str:
    """Everything that the bot ever sent and this person can have seen: messages, forms, completions.

    A message that is replied to stands in it too, and so does the question in an answer's first line.
    """
    found: list[Any] = []
    for channel in emulator.world.channels.values():
        if emulator.world.permissions(user, channel):
            found += [message for message in channel.history if message["author"]["id"] == emulator.bot_user.id]
    for handle in emulator.interactions.handles:
        said = [*handle.followups, *([handle.message] if handle.message else [])]
        if handle.user.id == user.id:
            found += [said, handle.choices or [], handle.modal or {}]
        elif emulator.world.permissions(user, handle.channel):
            found += [message for message in said if not message["flags"] & EPHEMERAL]
    return json.dumps(found, ensure_ascii=False, default=str).casefold()
