"""The emulator as one object: start it, point a client at it, act as people, and ask what went wrong."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Self

from aiohttp import web

from bot.sandbox.command_book import CommandBook
from bot.sandbox.endpoints.commands import CommandEndpoints
from bot.sandbox.endpoints.directory import DirectoryEndpoints
from bot.sandbox.endpoints.inventory import InventoryEndpoints
from bot.sandbox.endpoints.messages import MessageEndpoints
from bot.sandbox.endpoints.reactions import ReactionEndpoints
from bot.sandbox.endpoints.responses import ResponseEndpoints
from bot.sandbox.endpoints.threads import ThreadEndpoints
from bot.sandbox.gateway import Gateway
from bot.sandbox.hub import content_type_of
from bot.sandbox.interactions import InteractionHandle, Interactions
from bot.sandbox.people import People
from bot.sandbox.polls import Polls
from bot.sandbox.postbox import Postbox
from bot.sandbox.reactions import Reactions
from bot.sandbox.refusals import Payload, Violation
from bot.sandbox.rest import RestServer
from bot.sandbox.roster import Roster
from bot.sandbox.rules.table import RULES
from bot.sandbox.sessions import HEARTBEAT, INVALID, RECONNECT
from bot.sandbox.threads import Threads
from bot.sandbox.world import Channel, Guild, User

LOOPBACK = "127.0.0.1"
SUBJECTS = (
    DirectoryEndpoints,
    InventoryEndpoints,
    MessageEndpoints,
    ReactionEndpoints,
    ThreadEndpoints,
    ResponseEndpoints,
    CommandEndpoints,
)


class Emulator(People):
    """A strict imitation of Discord on an ephemeral port of 127.0.0.1.

    After `start`: `api_base` and `gateway_url` are what a client is pointed at, `token` its token. `violations` lists
    everything Discord would have refused, `unanswered` who still waits; `problems` puts both into sentences.
    """

    def __init__(self) -> None:
        super().__init__()
        self.gateway = Gateway(self)
        self.commands = CommandBook(self)
        self.interactions = Interactions(self)
        self.postbox = Postbox(self)
        self.threads = Threads(self)
        self.reactions = Reactions(self)
        self.polls = Polls(self)
        self.roster = Roster(self)
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    @property
    def api_base(self) -> str:
        """The address for `discord.http.Route.BASE`."""
        return f"{self.base_url}/api/v10"

    @property
    def gateway_url(self) -> str:
        """The address for `DiscordWebSocket.DEFAULT_GATEWAY`."""
        return self.socket_url

    @property
    def bot_user(self) -> User:
        """The account the connected client plays."""
        return self.world.bot

    async def start(self, port: int = 0) -> None:
        """Listen on 127.0.0.1; port 0 takes a free one."""
        app = web.Application(client_max_size=RULES["request.bytes"].high)
        rest = RestServer(self)
        for subject in SUBJECTS:
            for route in subject(self).routes():
                app.router.add_route(route.method, f"/api/v10{route.path}", rest.handler(route))
        app.router.add_get("/gateway", self.gateway.accept)
        app.router.add_get("/cdn/attachments/{file}/{name}", self._serve_file)
        app.router.add_route("*", "/{rest:.*}", rest.unknown)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
        await self._runner.setup()
        site = web.TCPSite(self._runner, LOOPBACK, port)
        await site.start()
        bound = self._runner.addresses[0][1]
        self.base_url = f"http://{LOOPBACK}:{bound}"
        self.socket_url = f"ws://{LOOPBACK}:{bound}/gateway"

    async def stop(self) -> None:
        """Close every socket and stop listening; safe to call twice."""
        for connection in self.gateway.detach_all():
            await connection.socket.close(code=1001)
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    def add_guild(self, name: str) -> Guild:
        """Create a guild with the bot in it; a connected client is told once `announce` is called."""
        return self.world.add_guild(name)

    def announce(self, guild: Guild, *, is_new: bool = False) -> None:
        """Tell connected clients of a guild that changed or came back, or that the bot was just added to."""
        self.gateway.announce(guild, is_new=is_new)

    def guild(self, name: str) -> Guild:
        """Return a guild by name."""
        return next(guild for guild in self.world.guilds.values() if guild.name == name)

    def add_channel(self, guild: Guild, name: str) -> Channel:
        """Create a text channel."""
        return self.world.add_channel(guild, name)

    def add_member(self, guild: Guild, name: str | User, permissions: int | str | list[str] = 0) -> User:
        """Put a new or existing account into a guild, with extra permissions such as "manage_guild"."""
        return self.world.add_member(guild, name, permissions)

    def direct_channel(self, user: User) -> Channel:
        """Return the direct message channel between a person and the bot."""
        return self.world.direct_channel(user)

    def drop_sockets(self) -> None:
        """Cut every gateway connection without a close frame; what happens until the client resumes is replayed."""
        for connection in self.gateway.detach_all():
            connection.abort()

    def ask_to_reconnect(self) -> None:
        """Send op 7: the client should reconnect and resume."""
        self.gateway.send_all({"op": RECONNECT, "d": None})

    def invalidate_sessions(self, *, resumable: bool = False) -> None:
        """Send op 9; unless resumable the client must identify afresh."""
        if not resumable:
            self.gateway.forget_sessions()
        self.gateway.send_all({"op": INVALID, "d": resumable})

    async def close_sockets(self, code: int = 4000) -> None:
        """Close every gateway connection with a code; 4000 is Discord's own failure, after which clients resume."""
        await self.gateway.close_all(code)

    def stop_acknowledging(self) -> None:
        """Let heartbeats go unanswered on every open socket: a zombie, which a client must notice by itself."""
        for connection in self.gateway.connections:
            connection.answers_heartbeats = False

    def ask_for_heartbeat(self) -> None:
        """Send op 1: the client should beat at once."""
        self.gateway.send_all({"op": HEARTBEAT, "d": None})

    def send_malformed_dispatch(self, event: str = "MESSAGE_CREATE", data: Payload | None = None) -> None:
        """Send a dispatch with wrong fields (none at all, unless given), which no client should survive unnoticed."""
        for session in self.gateway.sessions.values():
            session.push(event, data or {})

    def unanswered(self) -> list[InteractionHandle]:
        """Return the interactions somebody still waits for."""
        return self.interactions.unanswered()

    async def settle(self) -> None:
        """Wait up to `settle_seconds` until every interaction is answered; `problems` tells of those that are not."""
        try:
            await self.changes.until(lambda: not self.unanswered(), self.settle_seconds)
        except TimeoutError:
            return

    @contextmanager
    def expect_violation(self, code: int, *, times: int | None = None) -> Iterator[list[Violation]]:
        """Expect at least one violation of a code inside the block (exactly `times` if given); yields those found."""
        start = len(self.violations)
        found: list[Violation] = []
        yield found
        found += [violation for violation in self.violations[start:] if violation.code == code]
        for violation in found:
            violation.expected = True
        if not found or (times is not None and len(found) != times):
            others = "; ".join(map(str, self.violations[start:])) or "none"
            raise AssertionError(f"expected {times or 'at least one'} violation of code {code}, found: {others}")

    @contextmanager
    def expect_unanswered(self) -> Iterator[None]:
        """Expect that interactions begun inside the block may stay unanswered."""
        start = len(self.interactions.handles)
        yield
        for handle in self.interactions.handles[start:]:
            handle.expected_unanswered = True

    def problems(self) -> list[str]:
        """Return one sentence for each unexpected violation and each unanswered interaction."""
        found = [f"Discord would refuse: {entry}" for entry in self.violations if not entry.expected]
        return found + [f"nobody answered: {handle!r}" for handle in self.unanswered()]

    async def _serve_file(self, request: web.Request) -> web.StreamResponse:
        entry = self.world.files.get(request.match_info["file"])
        if entry is None:
            return web.Response(status=404)
        filename, content = entry
        return web.Response(body=content, headers={"Content-Type": content_type_of(filename)})
