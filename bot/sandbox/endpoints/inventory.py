"""What a bot's owner looks through: the bot's guilds, their channels, who added the bot."""

from __future__ import annotations

from bot.sandbox.endpoints.lookups import guild_of
from bot.sandbox.hub import Hub
from bot.sandbox.permissions import VIEW_AUDIT_LOG, guild_permissions
from bot.sandbox.refusals import Payload, Refusal
from bot.sandbox.rest import Call, Reply, Route

BOT_ADD = 28


class InventoryEndpoints:
    """Reads of everything there is of a kind."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    def routes(self) -> list[Route]:
        """Return this subject's routes."""
        return [
            Route("GET", "/users/@me/guilds", self.read_guilds, "me.guilds"),
            Route("GET", "/guilds/{guild}/channels", self.read_channels, "guild.channels", ("guild",)),
            Route("GET", "/guilds/{guild}/audit-logs", self.read_audit_log, "guild.audit", ("guild",)),
        ]

    def read_guilds(self, call: Call) -> Reply:
        """Return the bot's guilds in order of their ids, at most ``limit`` of those after ``after``."""
        world = self._hub.world
        after, limit = int(call.query.get("after", 0)), int(call.query.get("limit", 200))
        found = [guild for guild in world.guilds.values() if world.bot.id in guild.members and int(guild.id) > after]
        body: list[Payload] = [
            {
                "id": guild.id,
                "name": guild.name,
                "icon": None,
                "owner": False,
                "permissions": str(guild_permissions(guild, guild.members[world.bot.id])),
                "features": [],
            }
            for guild in sorted(found, key=lambda guild: int(guild.id))
        ]
        return Reply(body=body[:limit])

    def read_channels(self, call: Call) -> Reply:
        """Return a guild's channels, those that the bot may not see included."""
        return Reply(body=[channel.payload() for channel in guild_of(self._hub, call).channels.values()])

    def read_audit_log(self, call: Call) -> Reply:
        """Return who added the bot, the one entry that is kept."""
        guild, world = guild_of(self._hub, call), self._hub.world
        if not guild_permissions(guild, guild.members[world.bot.id]) & VIEW_AUDIT_LOG:
            raise Refusal(50013)
        installer = world.users.get(guild.installer_id or "")
        entries = []
        if installer is not None and call.query.get("action_type", str(BOT_ADD)) == str(BOT_ADD):
            entry = {"id": world.snowflakes.make(), "action_type": BOT_ADD, "target_id": world.bot.id}
            entries.append({**entry, "user_id": installer.id, "changes": []})
        users = [user.payload() for user in (installer, world.bot) if user is not None]
        others = ("webhooks", "integrations", "threads", "application_commands", "auto_moderation_rules")
        empty: Payload = {key: [] for key in (*others, "guild_scheduled_events")}
        return Reply(body={"audit_log_entries": entries, "users": users, **empty})
