"""Reactions, pins and polls of messages."""

from __future__ import annotations

from bot.sandbox.endpoints.lookups import channel_of, message_of, open_message_of, page_size
from bot.sandbox.hub import Hub
from bot.sandbox.interactions import rest_view
from bot.sandbox.permissions import ADD_REACTIONS, MANAGE_MESSAGES, PIN_MESSAGES, READ_MESSAGE_HISTORY
from bot.sandbox.reactions import emoji_of
from bot.sandbox.refusals import Refusal
from bot.sandbox.rest import EMPTY, Call, Reply, Route
from bot.sandbox.rules.table import RULES


class ReactionEndpoints:
    """What is attached to a message that already stands in a channel."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    def routes(self) -> list[Route]:
        """Return this subject's routes."""
        channel, major = "/channels/{channel}", ("channel",)
        reactions = f"{channel}/messages/{{message}}/reactions"
        poll = f"{channel}/polls/{{message}}"
        table = [
            Route("PUT", f"{reactions}/{{emoji}}/@me", self.react, "reactions", major),
            Route("DELETE", f"{reactions}/{{emoji}}/@me", self.unreact, "reactions", major),
            Route("DELETE", f"{reactions}/{{emoji}}/{{user}}", self.remove, "reactions", major),
            Route("GET", f"{reactions}/{{emoji}}", self.users, "reactions", major),
            Route("DELETE", f"{reactions}/{{emoji}}", self.clear, "reactions", major),
            Route("DELETE", reactions, self.clear, "reactions", major),
            Route("GET", f"{poll}/answers/{{answer}}", self.voters, "polls", major),
            Route("POST", f"{poll}/expire", self.end_poll, "polls", major),
            Route("GET", f"{channel}/pins", self.list_pins, "pins", major),
        ]
        for path in (f"{channel}/pins/{{message}}", f"{channel}/messages/pins/{{message}}"):
            table += [Route("PUT", path, self.pin, "pins", major), Route("DELETE", path, self.unpin, "pins", major)]
        return table

    def react(self, call: Call) -> Reply:
        """Add the bot's reaction; the first of its kind takes a permission."""
        channel_of(self._hub, call, READ_MESSAGE_HISTORY)
        message = open_message_of(self._hub, call)
        if call.params["emoji"] not in message.get("_reactions", {}):
            emoji_of(call.params["emoji"], channel_of(self._hub, call).guild)
            channel_of(self._hub, call, ADD_REACTIONS)
        self._hub.reactions.add(message, self._hub.world.bot, call.params["emoji"])
        return EMPTY

    def unreact(self, call: Call) -> Reply:
        """Take back the bot's reaction."""
        self._hub.reactions.remove(open_message_of(self._hub, call), self._hub.world.bot, call.params["emoji"])
        return EMPTY

    def remove(self, call: Call) -> Reply:
        """Take away another's reaction."""
        channel_of(self._hub, call, MANAGE_MESSAGES)
        user = self._hub.world.users.get(call.params["user"])
        if user is None:
            raise Refusal(10013)
        self._hub.reactions.remove(open_message_of(self._hub, call), user, call.params["emoji"])
        return EMPTY

    def clear(self, call: Call) -> Reply:
        """Take away all reactions, or all of one emoji."""
        channel_of(self._hub, call, MANAGE_MESSAGES)
        self._hub.reactions.clear(open_message_of(self._hub, call), call.params.get("emoji"))
        return EMPTY

    def users(self, call: Call) -> Reply:
        """Return who reacted with an emoji."""
        limit = page_size(call, 25, "reactions.page")
        users = self._hub.reactions.users(message_of(self._hub, call), call.params["emoji"])
        after = int(call.query.get("after", 0))
        return Reply(body=[user.payload() for user in users if int(user.id) > after][:limit])

    def voters(self, call: Call) -> Reply:
        """Return who chose an answer of a poll."""
        limit = page_size(call, 25, "reactions.page")
        answer = call.params["answer"]
        users = self._hub.polls.voters(message_of(self._hub, call), int(answer) if answer.isdigit() else 0)
        after = int(call.query.get("after", 0))
        return Reply(body={"users": [user.payload() for user in users if int(user.id) > after][:limit]})

    def end_poll(self, call: Call) -> Reply:
        """End one of the bot's own polls."""
        message = message_of(self._hub, call)
        if "poll" in message and message["author"]["id"] != self._hub.world.bot.id:
            raise Refusal(50013, "polls of others cannot be ended")
        self._hub.polls.end(message)
        return Reply(body=rest_view(message))

    def list_pins(self, call: Call) -> Reply:
        """Return the pinned messages, the newest first."""
        history = channel_of(self._hub, call, READ_MESSAGE_HISTORY).history
        return Reply(body=[rest_view(message) for message in reversed(history) if message["pinned"]])

    def pin(self, call: Call) -> Reply:
        """Pin a message; MANAGE_MESSAGES alone does not do."""
        channel = channel_of(self._hub, call, PIN_MESSAGES)
        message = open_message_of(self._hub, call)
        pinned = sum(entry["pinned"] for entry in channel.history)
        if not message["pinned"] and pinned >= RULES["channel.pins"].high:
            raise Refusal(30003, rules=["channel.pins"])
        message["pinned"] = True
        self._hub.postbox.tell_update(message)
        return EMPTY

    def unpin(self, call: Call) -> Reply:
        """Take a pin out."""
        channel_of(self._hub, call, PIN_MESSAGES)
        message = open_message_of(self._hub, call)
        message["pinned"] = False
        self._hub.postbox.tell_update(message)
        return EMPTY
