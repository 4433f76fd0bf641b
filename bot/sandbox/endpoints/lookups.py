"""Finds what a request's path names, or refuses as Discord does."""

from __future__ import annotations

from bot.sandbox.hub import Hub
from bot.sandbox.interactions import CHOICES, MODAL, InteractionHandle
from bot.sandbox.permissions import ATTACH_FILES, VIEW_CHANNEL, writing_permission
from bot.sandbox.refusals import Payload, Refusal
from bot.sandbox.rest import Call
from bot.sandbox.rules.form import Form
from bot.sandbox.threads import refuse_shut
from bot.sandbox.world import Channel, Guild


def guild_of(hub: Hub, call: Call) -> Guild:
    """Return the guild of a path; refuses an unknown one and one the bot is not in."""
    guild = hub.world.guilds.get(call.params["guild"])
    if guild is None:
        raise Refusal(10004)
    if hub.world.bot.id not in guild.members:
        raise Refusal(50001)
    return guild


def channel_of(hub: Hub, call: Call, needed: int = 0) -> Channel:
    """Return the channel of a path; refuses if the bot cannot see it or lacks a permission of `needed`."""
    channel = hub.world.channels.get(call.params["channel"])
    if channel is None:
        raise Refusal(10003)
    held = hub.world.permissions(hub.world.bot, channel)
    if not held & VIEW_CHANNEL:
        raise Refusal(50001)
    if held & needed != needed:
        raise Refusal(50013, f"missing bits {needed & ~held:#x}")
    return channel


def writable(hub: Hub, call: Call, uploads: bool = False) -> Channel:
    """Return the channel of a path if the bot may write there, files included where it sends some.

    Refuses forums (40058), archived threads that are locked, and missing permissions: threads have one of their own.
    """
    channel = channel_of(hub, call)
    if channel.is_forum:
        raise Refusal(40058)
    recipient = channel.recipient
    if recipient is not None and not recipient.takes_direct:
        raise Refusal(50007)
    needed = writing_permission(channel) | (ATTACH_FILES if uploads else 0)
    channel_of(hub, call, needed)
    refuse_shut(channel, hub.world.permissions(hub.world.bot, channel), wakes=True)
    return channel


def open_message_of(hub: Hub, call: Call) -> Payload:
    """Return the public message of a path, refused where it lies in an archived thread (50083)."""
    channel = channel_of(hub, call)
    message = message_of(hub, call)
    refuse_shut(channel, hub.world.permissions(hub.world.bot, channel))
    return message


def message_of(hub: Hub, call: Call) -> Payload:
    """Return the public message of a path; an ephemeral one is as unknown as a deleted one."""
    message = channel_of(hub, call).messages.get(call.params["message"])
    if message is None:
        raise Refusal(10008, "unknown, deleted or ephemeral")
    return message


def own_message_of(hub: Hub, call: Call) -> Payload:
    """Return the bot's own message of a path."""
    message = open_message_of(hub, call)
    if message["author"]["id"] != hub.world.bot.id:
        raise Refusal(50005)
    return message


def handle_of(hub: Hub, call: Call) -> InteractionHandle:
    """Return the interaction whose token a webhook path carries."""
    return hub.interactions.find_by_token(call.params["application"], call.params["token"])


def response_of(hub: Hub, call: Call) -> Payload:
    """Return the response or followup a webhook path names; `@original` is the first."""
    handle, wanted = handle_of(hub, call), call.params["message"]
    known = [*handle.followups, *([handle.message] if handle.message else [])]
    found = handle.message if wanted == "@original" else next((entry for entry in known if entry["id"] == wanted), None)
    if found is None or "_deleted" in found or handle.ack_type in (CHOICES, MODAL):
        raise Refusal(10008, "there is no such response")
    return found


def page_size(call: Call, default: int, rule: str) -> int:
    """Return a listing's `limit`; refuses one outside its bounds."""
    form = Form()
    given = call.query.get("limit", str(default))
    if not given.isdigit():
        form.fail(("limit",), "NUMBER_TYPE_COERCE", f'Value "{given:.40}" is not int.')
    else:
        form.number(("limit",), int(given), rule)
    form.refuse_if_wrong()
    return int(given)
