"""Threads and forum posts over REST."""

from __future__ import annotations

from bot.sandbox.endpoints.lookups import channel_of, guild_of, message_of
from bot.sandbox.entities import PRIVATE_THREAD
from bot.sandbox.hub import Hub
from bot.sandbox.interactions import rest_view
from bot.sandbox.permissions import (
    CREATE_PRIVATE_THREADS,
    CREATE_PUBLIC_THREADS,
    MANAGE_CHANNELS,
    MANAGE_THREADS,
    SEND_MESSAGES,
    SEND_MESSAGES_IN_THREADS,
)
from bot.sandbox.refusals import Payload, Refusal
from bot.sandbox.rest import EMPTY, Call, Reply, Route
from bot.sandbox.rules.form import Form
from bot.sandbox.rules.mentions import MESSAGE_DEFAULT
from bot.sandbox.rules.messages import SENDABLE, check_message
from bot.sandbox.rules.threads import check_tags, check_thread
from bot.sandbox.threads import state_of, thread_types
from bot.sandbox.world import Channel, User


class ThreadEndpoints:
    """Begin, join, leave, change, list and delete threads; a forum's posts are threads with a first message."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    def routes(self) -> list[Route]:
        """Return this subject's routes."""
        channel, major = "/channels/{channel}", ("channel",)
        members = f"{channel}/thread-members"
        return [
            Route("POST", f"{channel}/messages/{{message}}/threads", self.begin_at, "threads", major),
            Route("POST", f"{channel}/threads", self.begin, "threads", major),
            Route("PATCH", channel, self.change, "channel.edit", major),
            Route("DELETE", channel, self.delete, "channel.delete", major),
            Route("GET", members, self.list_members, "thread.members", major),
            Route("PUT", f"{members}/@me", self.join, "thread.members", major),
            Route("DELETE", f"{members}/@me", self.leave, "thread.members", major),
            Route("GET", f"{members}/{{user}}", self.read_member, "thread.members", major),
            Route("PUT", f"{members}/{{user}}", self.add, "thread.members", major),
            Route("DELETE", f"{members}/{{user}}", self.remove, "thread.members", major),
            Route("GET", f"{channel}/threads/archived/public", self.list_archived, "threads.archived", major),
            Route("GET", "/guilds/{guild}/threads/active", self.list_active, "threads.active", ("guild",)),
        ]

    def begin_at(self, call: Call) -> Reply:
        """Begin a thread on a message."""
        parent = channel_of(self._hub, call)
        if not parent.takes_threads:
            raise Refusal(50024)
        channel_of(self._hub, call, CREATE_PUBLIC_THREADS)
        start = message_of(self._hub, call)
        self._check(call.form)
        thread = self._hub.threads.begin(parent, self._bot, call.form, start=start)
        return Reply(201, thread.payload(self._bot.id))

    def begin(self, call: Call) -> Reply:
        """Begin a thread without a message, or a forum's post with one."""
        parent = channel_of(self._hub, call)
        if parent.thread is not None or parent.guild is None:
            raise Refusal(50024)
        if parent.is_forum:
            return self._post(call, parent)
        self._check(call.form)
        kind = call.form.get("type", PRIVATE_THREAD)
        form = Form()
        form.choose(("type",), kind, thread_types(parent))
        form.refuse_if_wrong()
        channel_of(self._hub, call, CREATE_PRIVATE_THREADS if kind == PRIVATE_THREAD else CREATE_PUBLIC_THREADS)
        return Reply(201, self._hub.threads.begin(parent, self._bot, call.form, kind=kind).payload(self._bot.id))

    def _post(self, call: Call, forum: Channel) -> Reply:
        channel_of(self._hub, call, SEND_MESSAGES)
        body = call.form
        form = Form()
        check_thread(form, body, is_new=True)
        tags = check_tags(form, forum, body.get("applied_tags"), may_moderate=self._moderates(forum))
        if form.require((), body, "message"):
            form.refuse_if_wrong()
        form.refuse_if_wrong()
        self._hub.threads.refuse_untagged(forum, tags)
        first: Payload = body["message"]
        check_message(first, call.uploads, flags_allowed=SENDABLE)
        post = self._hub.threads.begin(forum, self._bot, body, tags=tags)
        message = self._hub.postbox.compose(post, self._bot, first, call.uploads, mention_rules=MESSAGE_DEFAULT)
        # A post and its first message share one id, as a thread and the message that it hangs on do.
        message["id"] = post.id
        self._hub.postbox.publish(post, message)
        return Reply(201, {**post.payload(self._bot.id), "message": rest_view(message)})

    def change(self, call: Call) -> Reply:
        """Change a thread; of other channels only the name, the slow mode and the permissions."""
        channel = channel_of(self._hub, call)
        changes = call.form
        form = Form()
        check_thread(form, changes, is_new=False)
        if channel.thread is None:
            if channel.guild is None:
                raise Refusal(50003)
            channel_of(self._hub, call, MANAGE_CHANNELS)
            form.refuse_if_wrong()
            self._hub.roster.edits_channel(channel, changes)
            return Reply(body=channel.payload())
        if not self._hub.threads.may_change(self._bot, channel, changes):
            raise Refusal(50013, "a thread is changed by its owner or with MANAGE_THREADS")
        if channel.thread.archived and changes.get("archived") is not False:
            raise Refusal(50083)
        if channel.parent is not None and "applied_tags" in changes:
            check_tags(form, channel.parent, changes["applied_tags"], may_moderate=self._moderates(channel))
        form.refuse_if_wrong()
        self._hub.threads.change(channel, changes)
        return Reply(body=channel.payload(self._bot.id))

    def delete(self, call: Call) -> Reply:
        """Delete a thread, or a channel."""
        channel = channel_of(self._hub, call)
        if channel.guild is None:
            return Reply(body=channel.payload())
        channel_of(self._hub, call, MANAGE_THREADS if channel.thread else MANAGE_CHANNELS)
        if channel.thread is not None:
            self._hub.threads.delete(channel)
        else:
            self._hub.roster.closes_channel(channel)
        return Reply(body=channel.payload())

    def list_members(self, call: Call) -> Reply:
        """Return who is in a thread; needs the GUILD_MEMBERS intent."""
        channel = channel_of(self._hub, call)
        if not self._hub.portal_intents & 2:
            raise Refusal(50001, "thread members need the GUILD_MEMBERS intent")
        return Reply(body=[channel.thread_member(user_id) for user_id in state_of(channel).members])

    def read_member(self, call: Call) -> Reply:
        """Return one thread member."""
        channel = channel_of(self._hub, call)
        if call.params["user"] not in state_of(channel).members:
            raise Refusal(10007)
        return Reply(body=channel.thread_member(call.params["user"]))

    def join(self, call: Call) -> Reply:
        """Put the bot into a thread."""
        self._hub.threads.add(channel_of(self._hub, call), self._bot)
        return EMPTY

    def leave(self, call: Call) -> Reply:
        """Take the bot out of a thread."""
        self._hub.threads.remove(channel_of(self._hub, call), self._bot)
        return EMPTY

    def add(self, call: Call) -> Reply:
        """Put somebody of the guild into a thread."""
        self._hub.threads.add(channel_of(self._hub, call, SEND_MESSAGES_IN_THREADS), self._user(call))
        return EMPTY

    def remove(self, call: Call) -> Reply:
        """Take somebody out of a thread: MANAGE_THREADS, or the owner of a private one."""
        channel = channel_of(self._hub, call)
        is_owner = state_of(channel).owner_id == self._bot.id and channel.type == PRIVATE_THREAD
        if not is_owner:
            channel_of(self._hub, call, MANAGE_THREADS)
        self._hub.threads.remove(channel, self._user(call))
        return EMPTY

    def list_archived(self, call: Call) -> Reply:
        """Return a channel's archived public threads, the last archived first."""
        parent = channel_of(self._hub, call)
        found = [entry for entry in self._threads(parent) if entry.thread and entry.thread.archived]
        found.sort(key=lambda entry: state_of(entry).archived_at, reverse=True)
        return Reply(
            body={"threads": [entry.payload(self._bot.id) for entry in found], "members": [], "has_more": False}
        )

    def list_active(self, call: Call) -> Reply:
        """Return a guild's active threads that the bot may view."""
        guild = guild_of(self._hub, call)
        seen = [thread for thread in guild.threads.values() if self._hub.world.permissions(self._bot, thread)]
        active = [thread for thread in seen if not state_of(thread).archived]
        members = [thread.thread_member(self._bot.id) for thread in active if self._bot.id in state_of(thread).members]
        return Reply(body={"threads": [thread.payload(self._bot.id) for thread in active], "members": members})

    @property
    def _bot(self) -> User:
        return self._hub.world.bot

    def _threads(self, parent: Channel) -> list[Channel]:
        threads = parent.guild.threads.values() if parent.guild else ()
        return [thread for thread in threads if thread.parent is parent and thread.type != PRIVATE_THREAD]

    def _moderates(self, channel: Channel) -> bool:
        return bool(self._hub.world.permissions(self._bot, channel) & MANAGE_THREADS)

    def _user(self, call: Call) -> User:
        channel = channel_of(self._hub, call)
        member = channel.guild.members.get(call.params["user"]) if channel.guild else None
        if member is None:
            raise Refusal(10007)
        return member.user

    @staticmethod
    def _check(body: Payload) -> None:
        form = Form()
        check_thread(form, body, is_new=True)
        form.refuse_if_wrong()
