"""A person who does things: asks, mentions, clicks, chooses, adds articles, reacts, begins threads."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from bot.sandbox.emulator import Emulator
from bot.sandbox.interactions import InteractionFailed, InteractionHandle
from bot.sandbox.invocation import File
from bot.sandbox.refusals import Payload
from bot.sandbox.rules import kinds
from bot.sandbox.scene.form import Form
from bot.sandbox.scene.message import Message
from bot.sandbox.world import Channel, User

PATIENCE_SECONDS = 5.0


class Person:
    """Somebody in a channel; every verb waits for what the bot makes of it and returns that.

    `last` is the last message of the bot that this person was shown.
    """

    def __init__(self, emulator: Emulator, user: User, place: Channel, last: Message | None = None) -> None:
        self.emulator = emulator
        self.user = user
        self.place = place
        self.last = last

    def __repr__(self) -> str:
        return f"<{self.name} in #{self.place.name}>"

    @property
    def name(self) -> str:
        """What the person is called."""
        return self.user.name

    @property
    def mention(self) -> str:
        """What pings the person."""
        return self.user.mention

    def at(self, place: Channel) -> Person:
        """Return the same person elsewhere: `await alice.at(lounge).asks(...)`."""
        return Person(self.emulator, self.user, place, self.last)

    def in_private(self) -> Person:
        """Return the same person in a direct message with the bot."""
        return self.at(self.emulator.direct_channel(self.user))

    @property
    def sees(self) -> list[Message]:
        """Everything on the person's screen here, oldest first."""
        return [Message(self, entry) for entry in self.emulator.screen(self.user, self.place)]

    # What members do

    async def asks(self, question: str, **options: Any) -> Message:
        """Use /ask."""
        return _message(await self.uses("ask", question=question, **options))

    async def summarises(self, article: str, **options: Any) -> Message:
        """Use /summary."""
        return _message(await self.uses("summary", article=article, **options))

    async def adds_article(
        self, file: File | None = None, *, text: str | None = None, url: str | None = None
    ) -> Message:
        """Use /article add with a file as (name, bytes), a text or an address."""
        given = {"file": file, "text": text, "url": url}
        options: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
        return _message(await self.uses("article add", **options))

    async def mentions_bot(self, text: str, *, files: list[File] | None = None) -> Message:
        """Write a message that mentions the bot, and return its reply."""
        return await self._answered(await self.says(f"{self.emulator.bot_user.mention} {text}", files=files))

    async def replies(self, text: str, *, to: Message | None = None, ping: bool = True) -> Message:
        """Reply to a message of the bot (the last one seen) and return its answer."""
        target = to or self._last()
        said = await self.emulator.say(self.user, self.place, text, reply_to=target.payload, ping=ping)
        return await self._answered(Message(self, said))

    async def says(self, text: str, *, files: list[File] | None = None) -> Message:
        """Write a message and return it at once."""
        return Message(self, await self.emulator.say(self.user, self.place, text, files=files))

    async def edits(self, message: Message, text: str) -> Message:
        """Change one's own message."""
        return Message(self, await self.emulator.edit(self.user, message.payload, text))

    async def deletes(self, message: Message) -> None:
        """Delete a message."""
        await self.emulator.delete(self.user, message.payload)

    async def reacts(self, emoji: str, *, to: Message | None = None) -> Message:
        """React to a message (the last one seen) and return it."""
        target = to or self._last()
        await self.emulator.react(self.user, target.payload, emoji)
        return target

    async def votes(self, answer: int | str, *, on: Message | None = None) -> None:
        """Vote in a poll."""
        await self.emulator.vote(self.user, (on or self._last()).payload, answer)

    async def begins_thread(self, name: str, *, on: Message | None = None, private: bool = False) -> Person:
        """Begin a thread, and return this person inside it."""
        start = on.payload if on is not None else None
        return self.at(await self.emulator.begin_thread(self.user, self.place, name, on=start, private=private))

    async def posts(self, title: str, text: str, *, tags: tuple[str, ...] = ()) -> Person:
        """Write a post into the forum one is in, and return this person inside it."""
        post, _ = await self.emulator.post(self.user, self.place, title, text, tags=tags)
        return self.at(post)

    # What anybody's client does

    async def uses(self, command: str, *, bypass: bool = False, **options: Any) -> Message | Form:
        """Use a slash command such as "article list" and return what comes of it.

        `bypass` invokes what the person cannot see, to test the bot's own check.
        """
        emulator = self.emulator
        return await self._outcome(
            await emulator.slash(self.user, self.place, command, options, bypass_permissions=bypass)
        )

    async def types(self, text: str, *, into: str, of: str, **options: Any) -> list[str]:
        """Type into an option of a command and return the names suggested: `types("har", into="article", of="ask")`."""
        choices = await self.emulator.autocomplete(self.user, self.place, of, focused=into, value=text, options=options)
        return [choice["name"] for choice in choices]

    async def picks(self, menu: str, target: Message | Person) -> Message | Form:
        """Pick a context menu of a message or of a person."""
        on: Payload | User = target.payload if isinstance(target, Message) else target.user
        return await self._outcome(await self.emulator.context_menu(self.user, self.place, menu, on))

    async def clicks(self, label: str, *, on: Message | None = None) -> Message | Form:
        """Press a button (of the last message seen) and return what comes of it: that message where it is edited."""
        target = on or self._last()
        return await self._pressed(target, lambda: self.emulator.click(self.user, target.payload, label))

    async def chooses(self, *values: Any, menu: str | None = None, on: Message | None = None) -> Message | Form:
        """Choose in a select menu: values or labels, persons, roles or channels."""
        target = on or self._last()
        parts = [part for part in kinds.walk(target.payload["components"]) if part["type"] in kinds.SELECTS]
        name = menu or (parts[0]["custom_id"] if len(parts) == 1 else "")
        given = [value.user if isinstance(value, Person) else value for value in values]
        return await self._pressed(target, lambda: self.emulator.select(self.user, target.payload, name, given))

    async def fills_in(self, form: Form, values: dict[str, Any] | None = None, **named: Any) -> Message | Form:
        """Fill in a form by labels or custom_ids and submit it."""
        handle = await self.emulator.submit_modal(self.user, form.handle, {**(values or {}), **named})
        return await self._outcome(handle)

    async def _pressed(self, target: Message, press: Callable[[], Awaitable[InteractionHandle]]) -> Message | Form:
        edits = target.payload["_edits"]
        handle = await press()
        await handle.acknowledged()
        if handle.modal is not None:
            return Form(self, handle, handle.modal)

        def has_come() -> bool:
            answer = handle.message
            is_told = answer is not None and answer is not target.payload and not handle.is_thinking
            return bool(handle.followups) or is_told or target.payload["_edits"] > edits or target.is_gone

        try:
            await self.emulator.changes.until(has_come, PATIENCE_SECONDS)
        except TimeoutError:
            raise InteractionFailed(f"{handle!r}: nothing came of it") from None
        if target.payload["_edits"] > edits or target.is_gone:
            return self._note(Message(self, target.payload, handle))
        return self._note(Message(self, handle.followups[0] if handle.followups else handle.message or {}, handle))

    async def _outcome(self, handle: InteractionHandle) -> Message | Form:
        await handle.acknowledged()
        if handle.modal is not None:
            return Form(self, handle, handle.modal)
        message = await handle.response()
        if "_deleted" in message:
            message = await handle.followup()
        return self._note(Message(self, message, handle))

    async def _answered(self, question: Message) -> Message:
        reply = await self.emulator.wait_message(
            self.place, after=question.payload, matching=lambda entry: Message(self, entry).answers(question)
        )
        return self._note(Message(self, reply))

    def _note(self, message: Message) -> Message:
        self.last = message
        return message

    def _last(self) -> Message:
        if self.last is None:
            raise LookupError(f"{self.name} has seen no message of the bot yet: name one")
        return self.last


def _message(outcome: Message | Form) -> Message:
    if isinstance(outcome, Form):
        raise InteractionFailed(f"a form was shown instead of a message: {outcome.title}")
    return outcome
