"""Who and where: the bot's account and application, users, guilds, members and channels."""

from __future__ import annotations

from bot.sandbox import intents
from bot.sandbox.endpoints.lookups import channel_of, guild_of
from bot.sandbox.hub import Hub
from bot.sandbox.refusals import Refusal
from bot.sandbox.rest import Call, Reply, Route


class DirectoryEndpoints:
    """Reads of the world, and opening a direct message."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    def routes(self) -> list[Route]:
        """Return this subject's routes."""
        return [
            Route("GET", "/users/@me", self.read_me, "me"),
            Route("POST", "/users/@me/channels", self.open_direct, "direct"),
            Route("GET", "/users/{user}", self.read_user, "users"),
            Route("GET", "/oauth2/applications/@me", self.read_application, "application"),
            Route("GET", "/applications/@me", self.read_application, "application"),
            Route("GET", "/gateway", self.read_gateway, "gateway"),
            Route("GET", "/gateway/bot", self.read_gateway, "gateway"),
            Route("GET", "/guilds/{guild}", self.read_guild, "guild", ("guild",)),
            Route("GET", "/guilds/{guild}/members/{user}", self.read_member, "member", ("guild",)),
            Route("GET", "/channels/{channel}", self.read_channel, "channel", ("channel",)),
        ]

    def read_me(self, _call: Call) -> Reply:
        """Return the bot's account."""
        return Reply(body=self._hub.world.bot.payload())

    def read_user(self, call: Call) -> Reply:
        """Return an account."""
        user = self._hub.world.users.get(call.params["user"])
        if user is None:
            raise Refusal(10013)
        return Reply(body=user.payload())

    def read_application(self, _call: Call) -> Reply:
        """Return the bot's application; its owner is the bot's own account, as nobody else exists at first."""
        world = self._hub.world
        return Reply(
            body={
                "id": world.application_id,
                "name": world.bot.name,
                "icon": None,
                "description": "",
                "bot_public": False,
                "bot_require_code_grant": False,
                "owner": world.bot.payload(),
                "verify_key": "0" * 64,
                "flags": intents.application_flags(self._hub.portal_intents),
            }
        )

    def read_gateway(self, _call: Call) -> Reply:
        """Return where the gateway is, how many shards it recommends and how often one may still identify."""
        world = self._hub.world
        joined = sum(world.bot.id in guild.members for guild in world.guilds.values())
        shards = self._hub.starts.shards(joined)
        limit = self._hub.starts.payload()
        return Reply(body={"url": self._hub.socket_url, "shards": shards, "session_start_limit": limit})

    def open_direct(self, call: Call) -> Reply:
        """Return the direct message channel with a user."""
        user = self._hub.world.users.get(str(call.form.get("recipient_id")))
        if user is None or user.bot:
            raise Refusal(50007)
        return Reply(body=self._hub.world.direct_channel(user).payload())

    def read_guild(self, call: Call) -> Reply:
        """Return a guild without its members."""
        return Reply(body=guild_of(self._hub, call).payload([]))

    def read_member(self, call: Call) -> Reply:
        """Return a member."""
        member = guild_of(self._hub, call).members.get(call.params["user"])
        if member is None:
            raise Refusal(10007)
        return Reply(body=member.payload())

    def read_channel(self, call: Call) -> Reply:
        """Return a channel."""
        return Reply(body=channel_of(self._hub, call).payload(self._hub.world.bot.id))
