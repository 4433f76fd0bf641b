"""What people do with messages: write, edit, delete, react, vote, begin threads, and wait for the bot's."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from bot.sandbox.command_book import CannotInvoke
from bot.sandbox.entities import PRIVATE_THREAD, PUBLIC_THREAD
from bot.sandbox.hub import Hub
from bot.sandbox.interactions import InteractionFailed
from bot.sandbox.invocation import File
from bot.sandbox.permissions import (
    ADD_REACTIONS,
    ATTACH_FILES,
    BYPASS_SLOWMODE,
    CREATE_PRIVATE_THREADS,
    CREATE_PUBLIC_THREADS,
    MANAGE_MESSAGES,
    MANAGE_THREADS,
    MENTION_EVERYONE,
    SEND_MESSAGES,
    writing_permission,
)
from bot.sandbox.refusals import Payload, Refusal
from bot.sandbox.rules.form import Form
from bot.sandbox.rules.messages import Upload
from bot.sandbox.rules.table import RULES
from bot.sandbox.rules.threads import check_tags, check_thread
from bot.sandbox.threads import refuse_shut
from bot.sandbox.world import Channel, User


class Talk(Hub):
    """The driver's verbs for messages; CannotInvoke is what a person's client prevents."""

    async def say(
        self,
        user: User,
        channel: Channel,
        text: str,
        *,
        reply_to: Payload | None = None,
        ping: bool = True,
        files: list[File] | None = None,
    ) -> Payload:
        """Send a message as a person and return it; `ping` is the switch beside a reply."""
        held = self._may_write(user, channel, bool(files))
        if len(text) > RULES["content"].high or not (text.strip() or files):
            raise CannotInvoke("a message has 1 to 2000 characters")
        uploads = [Upload(index, name, content) for index, (name, content) in enumerate(files or [])]
        kinds_pinged = ["users", "roles", *(["everyone"] if held & MENTION_EVERYONE else [])]
        rules = {"parse": kinds_pinged, "replied_user": ping}
        message = self.postbox.compose(
            channel, user, {"content": text}, uploads, mention_rules=rules, replied_to=reply_to
        )
        self._keep_pace(user, channel, held)
        self.postbox.publish(channel, message)
        return message

    async def direct(self, user: User, text: str) -> Payload:
        """Send the bot a direct message and return it."""
        return await self.say(user, self.world.direct_channel(user), text)

    async def wait_message(
        self,
        channel: Channel,
        *,
        after: Payload | None = None,
        matching: Callable[[Payload], bool] | None = None,
        timeout: float = 5.0,  # noqa: ASYNC109 (reads naturally in a test)
    ) -> Payload:
        """Wait for the bot's first public message after another one (or at all) and return it."""
        start = int(after["id"]) if after else 0

        def look() -> Payload | None:
            for message in channel.history:
                mine = message["author"]["id"] == self.world.bot.id and int(message["id"]) > start
                if mine and (matching is None or matching(message)):
                    return message
            return None

        try:
            return await self.changes.until(look, timeout)
        except TimeoutError:
            raise InteractionFailed(f"the bot wrote nothing in #{channel.name} within {timeout} s") from None

    async def edit(self, user: User, message: Payload, text: str) -> Payload:
        """Change one's own message (MESSAGE_UPDATE)."""
        if message["author"]["id"] != user.id:
            raise CannotInvoke(f"{user.name} did not write this message")
        with _as_client(user):
            refuse_shut(*self._place(user, message))
        self.postbox.revise(message, {"content": text}, [], mention_rules={"parse": ["users", "roles"]})
        return message

    async def delete(self, user: User, message: Payload) -> None:
        """Delete one's own message, or with MANAGE_MESSAGES another's (MESSAGE_DELETE)."""
        _, held = self._place(user, message)
        if message["author"]["id"] != user.id and not held & MANAGE_MESSAGES:
            raise CannotInvoke(f"{user.name} may not delete this message")
        self.postbox.remove(message)

    async def react(self, user: User, message: Payload, emoji: str) -> None:
        """React to a message; the first of its kind takes ADD_REACTIONS."""
        channel, held = self._place(user, message)
        if emoji not in message.get("_reactions", {}) and not held & ADD_REACTIONS:
            raise CannotInvoke(f"{user.name} may not add reactions in #{channel.name}")
        with _as_client(user):
            refuse_shut(channel, held)
            self.reactions.add(message, user, emoji)

    async def unreact(self, user: User, message: Payload, emoji: str) -> None:
        """Take one's own reaction back."""
        with _as_client(user):
            refuse_shut(*self._place(user, message))
            self.reactions.remove(message, user, emoji)

    async def vote(self, user: User, message: Payload, answer: int | str, *, withdraw: bool = False) -> None:
        """Vote in a poll, the answer by number or text."""
        self._place(user, message)
        answers = (message.get("poll") or {}).get("answers", [])
        numbers = [
            entry["answer_id"] for entry in answers if answer in (entry["answer_id"], entry["poll_media"]["text"])
        ]
        with _as_client(user):
            self.polls.vote(message, user, numbers[0] if numbers else 0, withdraw=withdraw)

    async def begin_thread(
        self, user: User, channel: Channel, name: str, *, on: Payload | None = None, private: bool = False
    ) -> Channel:
        """Begin a thread, on a message or by itself, and return it."""
        needed = CREATE_PRIVATE_THREADS if private else CREATE_PUBLIC_THREADS
        if not self.world.permissions(user, channel) & needed:
            raise CannotInvoke(f"{user.name} may not begin threads in #{channel.name}")
        body = {"name": name}
        kind = PRIVATE_THREAD if private else None if on else PUBLIC_THREAD
        with _as_client(user):
            _check(body)
            return self.threads.begin(channel, user, body, kind=kind, start=on)

    async def post(
        self, user: User, forum: Channel, title: str, text: str, *, tags: tuple[str, ...] = ()
    ) -> tuple[Channel, Payload]:
        """Write a post into a forum, tags by name; return it and its first message."""
        held = self.world.permissions(user, forum)
        if not forum.is_forum or not held & SEND_MESSAGES:
            raise CannotInvoke(f"{user.name} may not post in #{forum.name}")
        body = {"name": title}
        ids = [tag.id for tag in forum.tags.values() if tag.name in tags]
        if len(ids) != len(tags):
            raise CannotInvoke(f"#{forum.name} has no tag {', '.join(tags)}")
        with _as_client(user):
            _check(body)
            form = Form()
            check_tags(form, forum, ids, may_moderate=bool(held & MANAGE_THREADS))
            form.refuse_if_wrong()
            self.threads.refuse_untagged(forum, ids)
            post = self.threads.begin(forum, user, body, tags=ids)
        message = await self._first(user, post, text)
        return post, message

    async def _first(self, user: User, post: Channel, text: str) -> Payload:
        message = self.postbox.compose(post, user, {"content": text}, [], mention_rules={"parse": ["users", "roles"]})
        message["id"] = post.id
        self.postbox.publish(post, message)
        return message

    def _place(self, user: User, message: Payload) -> tuple[Channel, int]:
        channel = self.world.channels[message["channel_id"]]
        held = self.world.permissions(user, channel)
        if not held:
            raise CannotInvoke(f"{user.name} does not see #{channel.name}")
        return channel, held

    def _may_write(self, user: User, channel: Channel, has_files: bool) -> int:
        held = self.world.permissions(user, channel)
        if not held & writing_permission(channel) or channel.is_forum:
            raise CannotInvoke(f"{user.name} may not write in #{channel.name}")
        if has_files and not held & ATTACH_FILES:
            raise CannotInvoke(f"{user.name} may not attach files in #{channel.name}")
        if channel.recipient is not None and not channel.recipient.takes_direct:
            raise CannotInvoke(f"{user.name} takes no direct messages of the bot")
        with _as_client(user):
            refuse_shut(channel, held, wakes=True)
        return held

    def _keep_pace(self, user: User, channel: Channel, held: int) -> None:
        """Refuse a message that comes before the channel's slow mode is over (20016)."""
        now, last = self.clock.now(), channel.wrote_at.get(user.id)
        is_slow = last is not None and now - last < channel.slow_seconds
        if is_slow and not user.bot and not held & BYPASS_SLOWMODE:
            raise CannotInvoke(f"20016 slow mode in #{channel.name}: one message in {channel.slow_seconds} s")
        channel.wrote_at[user.id] = now


@contextmanager
def _as_client(user: User) -> Iterator[None]:
    """Turn what Discord refuses into what a person's client prevents."""
    try:
        yield
    except Refusal as refusal:
        raise CannotInvoke(f"{user.name}: {refusal}") from None


def _check(body: Payload) -> None:
    form = Form()
    check_thread(form, body, is_new=True)
    form.refuse_if_wrong()
