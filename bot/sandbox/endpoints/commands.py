"""Registration of application commands, global and per guild."""

from __future__ import annotations

from bot.sandbox.endpoints.lookups import guild_of
from bot.sandbox.hub import Hub
from bot.sandbox.refusals import Refusal
from bot.sandbox.rest import EMPTY, Call, Reply, Route


class CommandEndpoints:
    """The command endpoints of both scopes."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    def routes(self) -> list[Route]:
        """Return this subject's routes."""
        table: list[Route] = []
        scopes: list[tuple[str, tuple[str, ...]]] = [
            ("/applications/{application}/commands", ()),
            ("/applications/{application}/guilds/{guild}/commands", ("guild",)),
        ]
        for base, major in scopes:
            one = f"{base}/{{command}}"
            table += [
                Route("GET", base, self.read_all, "commands", major),
                Route("PUT", base, self.overwrite, "commands", major),
                Route("POST", base, self.create, "commands", major),
                Route("GET", one, self.read, "commands", major),
                Route("PATCH", one, self.change, "commands", major),
                Route("DELETE", one, self.delete, "commands", major),
            ]
        return table

    def read_all(self, call: Call) -> Reply:
        """Return a scope's commands."""
        return Reply(body=self._hub.commands.listing(self._scope(call)))

    def overwrite(self, call: Call) -> Reply:
        """Replace a scope's commands."""
        return Reply(body=self._hub.commands.overwrite(self._scope(call), call.body))

    def create(self, call: Call) -> Reply:
        """Add or replace one command."""
        return Reply(201, self._hub.commands.create(self._scope(call), call.form))

    def read(self, call: Call) -> Reply:
        """Return one command."""
        return Reply(body=self._hub.commands.find_by_id(self._scope(call), call.params["command"]))

    def change(self, call: Call) -> Reply:
        """Change one command."""
        return Reply(body=self._hub.commands.change(self._scope(call), call.params["command"], call.form))

    def delete(self, call: Call) -> Reply:
        """Remove one command."""
        self._hub.commands.remove(self._scope(call), call.params["command"])
        return EMPTY

    def _scope(self, call: Call) -> str | None:
        if call.params["application"] != self._hub.world.application_id:
            raise Refusal(50001, "another application's commands")
        return guild_of(self._hub, call).id if "guild" in call.params else None
