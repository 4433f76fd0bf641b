"""Threads and forum posts: begun, joined, left, changed, archived by hand and by time, deleted."""

from __future__ import annotations

from typing import Any

from bot.sandbox import intents
from bot.sandbox.entities import (
    ANNOUNCEMENT_CHANNEL,
    ANNOUNCEMENT_THREAD,
    PRIVATE_THREAD,
    PUBLIC_THREAD,
    REQUIRE_TAG,
    ThreadState,
)
from bot.sandbox.hub import Hub
from bot.sandbox.permissions import MANAGE_THREADS, SEND_MESSAGES_IN_THREADS
from bot.sandbox.refusals import Payload, Refusal
from bot.sandbox.rules.table import RULES
from bot.sandbox.snowflakes import iso_now
from bot.sandbox.world import Channel, User

DEFAULT_MINUTES = 4320
HAS_THREAD = 1 << 5


class Threads:
    """What happens to threads, whoever does it; who may is asked by `may_change` and by the callers."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    def begin(
        self,
        parent: Channel,
        owner: User,
        body: Payload,
        *,
        kind: int | None = None,
        start: Payload | None = None,
        tags: list[str] | None = None,
    ) -> Channel:
        """Begin a thread from a checked body; `start` is the message it hangs on, whose id it takes."""
        guild = parent.guild
        if guild is None:
            raise Refusal(50024, "threads are begun in guilds")
        self._refuse_too_many(parent)
        if start is not None and start["id"] in guild.threads:
            raise Refusal(160004)
        usual = ANNOUNCEMENT_THREAD if parent.type == ANNOUNCEMENT_CHANNEL else PUBLIC_THREAD
        minutes = body.get("auto_archive_duration") or DEFAULT_MINUTES
        state = ThreadState(owner.id, minutes, self._hub.clock.now(), tag_ids=list(tags or []))
        state.invitable = bool(body.get("invitable", True))
        state.members[owner.id] = iso_now()
        identifier = start["id"] if start is not None else self._hub.world.snowflakes.make()
        thread = Channel(identifier, str(body["name"]).strip(), kind or usual, guild=guild, parent=parent, thread=state)
        thread.slow_seconds = body.get("rate_limit_per_user") or 0
        guild.threads[thread.id] = self._hub.world.channels[thread.id] = thread
        self._tell("THREAD_CREATE", thread, {"newly_created": True})
        if start is not None:
            start["flags"] |= HAS_THREAD
            start["thread"] = thread.payload()
            self._hub.postbox.tell_update(start)
        return thread

    @staticmethod
    def refuse_untagged(forum: Channel, tags: list[str]) -> None:
        """Refuse a post without a tag where the forum wants one (40067)."""
        if forum.flags & REQUIRE_TAG and not tags:
            raise Refusal(40067)

    def _refuse_too_many(self, parent: Channel) -> None:
        threads = parent.guild.threads.values() if parent.guild else ()
        active = [entry for entry in threads if entry.thread and not entry.thread.archived]
        if len(active) >= RULES["guild.active_threads"].high:
            raise Refusal(160006, f"{len(active)} threads are active", rules=["guild.active_threads"])

    def add(self, thread: Channel, user: User) -> None:
        """Put somebody into a thread; nothing happens where they are in it already."""
        state = state_of(thread)
        if state.archived:
            raise Refusal(50083)
        if user.id in state.members:
            return
        if len(state.members) >= RULES["thread.members"].high:
            raise Refusal(30033, rules=["thread.members"])
        state.members[user.id] = iso_now()
        if user.id == self._hub.world.bot.id:
            self._tell("THREAD_CREATE", thread, {"member": thread.thread_member(user.id)})
        self._tell_members(thread, user, {"added_members": [self._entry(thread, user)]})

    def remove(self, thread: Channel, user: User) -> None:
        """Take somebody out of a thread."""
        state = state_of(thread)
        if state.archived:
            raise Refusal(50083)
        if state.members.pop(user.id, None) is not None:
            self._tell_members(thread, user, {"removed_member_ids": [user.id]})

    def change(self, thread: Channel, changes: Payload) -> None:
        """Apply checked changes; archiving and its undoing are stamped."""
        state = state_of(thread)
        if changes.get("name"):
            thread.name = str(changes["name"]).strip()
        if "rate_limit_per_user" in changes:
            thread.slow_seconds = changes["rate_limit_per_user"] or 0
        if "applied_tags" in changes:
            state.tag_ids = [str(tag) for tag in changes["applied_tags"] or []]
        state.locked = bool(changes.get("locked", state.locked))
        state.invitable = bool(changes.get("invitable", state.invitable))
        minutes = changes.get("auto_archive_duration")
        archived = bool(changes.get("archived", state.archived))
        if minutes is not None or archived != state.archived:
            state.archived_at = iso_now()
            state.active_at = self._hub.clock.now()
        state.auto_archive_minutes = minutes or state.auto_archive_minutes
        state.archived = archived
        self._tell("THREAD_UPDATE", thread)

    def delete(self, thread: Channel) -> None:
        """Delete a thread with all its messages."""
        guild, parent = thread.guild, thread.parent
        if guild is None or parent is None:
            raise Refusal(50024)
        gone = {"id": thread.id, "guild_id": guild.id, "parent_id": parent.id, "type": thread.type}
        self._hub.gateway.dispatch("THREAD_DELETE", gone, seen_from=thread, needs=intents.GUILDS)
        del guild.threads[thread.id], self._hub.world.channels[thread.id]
        self._hub.changes.ring()

    def archive_idle(self) -> None:
        """Archive every thread that nobody wrote in for its time, on the emulator's clock."""
        now = self._hub.clock.now()
        for guild in self._hub.world.guilds.values():
            for thread in guild.threads.values():
                state = thread.thread
                if state and not state.archived and now - state.active_at >= state.auto_archive_minutes * 60:
                    self.change(thread, {"archived": True})

    def note_message(self, thread: Channel, author: User) -> None:
        """Count a message: it wakes an archived thread, and makes its author one of the thread's members."""
        state = state_of(thread)
        state.total_sent += 1
        state.active_at = self._hub.clock.now()
        if state.archived:
            self.change(thread, {"archived": False})
        if author.id not in state.members and len(state.members) < RULES["thread.members"].high:
            self.add(thread, author)

    def may_change(self, user: User, thread: Channel, changes: Payload) -> bool:
        """Tell whether somebody may make changes (D: topics/threads, Editing & Deleting Threads)."""
        held = self._hub.world.permissions(user, thread)
        state = state_of(thread)
        if held & MANAGE_THREADS:
            return True
        if set(changes) & {"locked", "rate_limit_per_user", "flags"} or state.locked:
            return False
        if set(changes) == {"archived"} and not changes["archived"]:
            return bool(held & SEND_MESSAGES_IN_THREADS)
        return user.id == state.owner_id

    def _entry(self, thread: Channel, user: User) -> Payload:
        entry: Payload = {**thread.thread_member(user.id), "presence": None}
        if thread.guild is not None and user.id in thread.guild.members:
            entry["member"] = thread.guild.members[user.id].payload()
        return entry

    def _tell_members(self, thread: Channel, user: User, change: Payload) -> None:
        is_self = user.id == self._hub.world.bot.id
        needs = intents.GUILDS if is_self else intents.GUILD_MEMBERS
        count = min(50, len(state_of(thread).members))
        body = {"id": thread.id, "member_count": count, **change}
        self._hub.gateway.dispatch("THREAD_MEMBERS_UPDATE", self._placed(thread, body), needs=needs)
        self._hub.changes.ring()

    def _tell(self, event: str, thread: Channel, more: Payload | None = None) -> None:
        body = {**thread.payload(self._hub.world.bot.id), **(more or {})}
        self._hub.gateway.dispatch(event, self._placed(thread, body), needs=intents.GUILDS, seen_from=thread)
        self._hub.changes.ring()

    @staticmethod
    def _placed(thread: Channel, body: Payload) -> Payload:
        return {**body, "guild_id": thread.guild.id if thread.guild else None}


def state_of(channel: Channel) -> ThreadState:
    """Return what only a thread has, or refuse another channel with 50024."""
    if channel.thread is None:
        raise Refusal(50024, f"#{channel.name} is no thread")
    return channel.thread


def refuse_shut(channel: Channel, held: int, *, wakes: bool = False) -> None:
    """Refuse what an archived (50083) or locked (160005) thread does not take; `wakes` is writing a message."""
    state: Any = channel.thread
    if state is None or (held & MANAGE_THREADS and wakes):
        return
    if state.locked and not held & MANAGE_THREADS:
        raise Refusal(160005)
    if state.archived and not wakes:
        raise Refusal(50083)


def thread_types(parent: Channel) -> tuple[int, ...]:
    """Return the kinds of threads that can be begun without a message in a channel."""
    if parent.type == ANNOUNCEMENT_CHANNEL:
        return (ANNOUNCEMENT_THREAD,)
    return (PUBLIC_THREAD, PRIVATE_THREAD)
