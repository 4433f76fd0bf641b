"""Polls: made with a message, voted on by people, ended by hand or by time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.sandbox import intents
from bot.sandbox.hub import Hub
from bot.sandbox.refusals import Payload, Refusal
from bot.sandbox.rules.polls import DEFAULT_HOURS
from bot.sandbox.world import Channel, User


class Polls:
    """Votes are kept in a message's `_votes`: answer id → the ids of those who chose it; `_poll_ends` is its end."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    def open(self, message: Payload, request: Payload) -> None:
        """Give a message the poll that a checked request describes."""
        hours = request.get("duration") or DEFAULT_HOURS
        answers = [
            {"answer_id": number, "poll_media": dict(answer["poll_media"])}
            for number, answer in enumerate(request["answers"], start=1)
        ]
        message["_votes"] = {answer["answer_id"]: [] for answer in answers}
        message["_poll_ends"] = self._hub.clock.now() + hours * 3600
        message["poll"] = {
            "question": {"text": request["question"]["text"]},
            "answers": answers,
            "expiry": (datetime.now(UTC) + timedelta(hours=hours)).isoformat(timespec="microseconds"),
            "allow_multiselect": bool(request.get("allow_multiselect")),
            "layout_type": 1,
            "results": {"is_finalized": False, "answer_counts": []},
        }

    def vote(self, message: Payload, user: User, answer_id: int, *, withdraw: bool = False) -> None:
        """Vote as a person, or take a vote back; apps may not."""
        if user.bot:
            raise Refusal(50013, "apps are not allowed to vote on polls")
        if "poll" not in message or answer_id not in message["_votes"]:
            raise Refusal(10008, "there is no such answer")
        if self.is_over(message):
            raise Refusal(520001)
        chosen = [number for number, users in message["_votes"].items() if user.id in users]
        if withdraw:
            if answer_id in chosen:
                self._count(message, user, answer_id, adds=False)
            return
        if answer_id in chosen:
            return
        if not message["poll"]["allow_multiselect"]:
            for number in chosen:
                self._count(message, user, number, adds=False)
        self._count(message, user, answer_id, adds=True)

    def end(self, message: Payload) -> None:
        """End a poll now; its message is updated with the results."""
        if "poll" not in message:
            raise Refusal(520006)
        message["_poll_ends"] = min(message["_poll_ends"], self._hub.clock.now())
        message["poll"]["results"]["is_finalized"] = True
        self._hub.postbox.tell_update(message)

    def is_over(self, message: Payload) -> bool:
        """Tell whether a poll has ended, by hand or by the emulator's clock."""
        return bool(self._hub.clock.now() >= message["_poll_ends"])

    def voters(self, message: Payload, answer_id: int) -> list[User]:
        """Return who chose an answer, by id."""
        if "poll" not in message or answer_id not in message["_votes"]:
            raise Refusal(10008, "there is no such answer")
        return [self._hub.world.users[user_id] for user_id in sorted(message["_votes"][answer_id], key=int)]

    def _count(self, message: Payload, user: User, answer_id: int, *, adds: bool) -> None:
        users = message["_votes"][answer_id]
        if adds:
            users.append(user.id)
        else:
            users.remove(user.id)
        message["poll"]["results"]["answer_counts"] = [
            {"id": number, "count": len(ids), "me_voted": False} for number, ids in message["_votes"].items() if ids
        ]
        channel: Channel = self._hub.world.channels[message["channel_id"]]
        event = {"user_id": user.id, "channel_id": channel.id, "message_id": message["id"], "answer_id": answer_id}
        if channel.guild is not None:
            event["guild_id"] = channel.guild.id
        needs = intents.DIRECT_POLLS if channel.guild is None else intents.GUILD_POLLS
        self._hub.gateway.dispatch(f"MESSAGE_POLL_VOTE_{'ADD' if adds else 'REMOVE'}", event, needs=needs)
        self._hub.changes.ring()
