"""Discord's side: token, application, intents, gateway, clock, commands and servers. Sends nothing, changes nothing."""

from __future__ import annotations

import asyncio
import base64
import binascii
import re
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import Any

import aiohttp
import discord
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.client import default_intents
from bot.doctor.commands import compare_commands, describe_commands
from bot.doctor.findings import Finding, fail, ok, warn
from bot.doctor.places import check_places

SECONDS = 60.0
"""For everything together."""
SKEW_SECONDS, GREAT_SKEW_SECONDS = 5.0, 600.0
FEW_STARTS = 50
_HELLO = 10
_RESET = "Copy it again from the developer portal (your application, Bot, Reset Token) into PULLQUOTE_DISCORD__TOKEN."
_TOGGLE = (
    "Developer portal, your application, Bot, Privileged Gateway Intents: switch on {toggle}, or change the setting."
)
_INTENTS = {
    "message_content": ("Message Content Intent", ("gateway_message_content", "gateway_message_content_limited")),
    "members": ("Server Members Intent", ("gateway_guild_members", "gateway_guild_members_limited")),
    "presences": ("Presence Intent", ("gateway_presence", "gateway_presence_limited")),
}
"""Intent → its toggle's name in the portal, and the application's flags that mirror the toggle."""
_TOKEN = re.compile(r"([\w-]{10,})\.[\w-]+\.[\w-]+")


def application_of(token: str) -> int | None:
    """Read the application's id out of a token, which begins with it; None where it is no token."""
    match = _TOKEN.fullmatch(token)
    if match is None:
        return None
    try:
        number = base64.urlsafe_b64decode(match[1] + "=" * (-len(match[1]) % 4)).decode("ascii")
    except (binascii.Error, ValueError):
        return None
    return int(number) if number.isdecimal() else None


@dataclass
class Visit:
    """One look at Discord; ``application`` is known afterwards where the token was accepted."""

    token: str
    servers: int
    clock: Callable[[], float] = time.time
    intents: discord.Intents = field(default_factory=default_intents)
    application: int | None = None
    _skews: list[float] = field(default_factory=list)

    async def check(self) -> AsyncIterator[Finding]:
        """Check everything, and stop where the rest cannot be known."""
        trace = aiohttp.TraceConfig()
        trace.on_request_end.append(self._note_date)
        try:
            async with (
                asyncio.timeout(SECONDS),
                discord.Client(intents=discord.Intents.none(), http_trace=trace) as client,
            ):
                await client.login(self.token)
                async for finding in self._check_all(client):
                    yield finding
        except discord.LoginFailure:
            yield fail("token", "Discord refuses the token.", _RESET)
        except discord.HTTPException as error:
            yield fail(
                "discord", f"Discord refused a request: {error}.", "Try again; https://discordstatus.com says more."
            )
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            yield fail(
                "discord",
                f"Discord cannot be reached ({type(error).__name__}).",
                "Check this machine's connection, firewall and DNS, and https://discordstatus.com.",
            )

    async def _check_all(self, client: discord.Client) -> AsyncIterator[Finding]:
        application = client.application
        assert application is not None  # noqa: S101 -- logged in
        assert client.user is not None  # noqa: S101 -- as above
        self.application = application.id
        yield ok("token", f"Accepted: {client.user} (application {application.id}).")
        for finding in check_intents(self.intents, application.flags):
            yield finding
        yield await self._check_gateway(client)
        yield self._check_clock()
        yield await _check_commands(client)
        async for finding in check_places(client, self.servers):
            yield finding

    async def _check_gateway(self, client: discord.Client) -> Finding:
        _, url, limit = await client.http.get_bot_gateway()
        try:
            async with aiohttp.ClientSession() as session, session.ws_connect(gateway_address(url)) as socket:
                hello = await socket.receive_json(timeout=10.0)
        except (aiohttp.ClientError, OSError, TypeError, ValueError) as error:
            return fail(
                "gateway",
                f"The gateway cannot be reached ({type(error).__name__}).",
                "Let websockets to gateway.discord.gg, port 443, through the firewall or proxy.",
            )
        if not isinstance(hello, dict) or hello.get("op") != _HELLO:
            return fail("gateway", "The gateway does not greet as it should.", "See https://discordstatus.com.")
        left, total = limit["remaining"], limit["total"]
        if left < FEW_STARTS:
            return warn(
                "gateway",
                f"Reached; only {left} of {total} starts are left today.",
                "Find out why it restarts so often.",
            )
        return ok("gateway", f"Reached; {left} of {total} starts are left today.")

    def _check_clock(self) -> Finding:
        if not self._skews:
            return warn("clock", "Discord did not tell the time.", "Check that this machine's clock is set by NTP.")
        skew = min(self._skews, key=abs)
        says = f"This machine's clock is {abs(skew):.0f} seconds {'ahead' if skew > 0 else 'behind'}."
        advice = "Have it set by NTP: timedatectl set-ntp true"
        if abs(skew) > GREAT_SKEW_SECONDS:
            return fail("clock", says, advice)
        return warn("clock", says, advice) if abs(skew) > SKEW_SECONDS else ok("clock", "Right, to a few seconds.")

    async def _note_date(self, _session: Any, _context: Any, end: aiohttp.TraceRequestEndParams) -> None:
        date = end.response.headers.get("Date")
        if date:
            self._skews.append(self.clock() - parsedate_to_datetime(date).timestamp())


def gateway_address(url: str) -> str:
    """Return where the client would connect: the emulator where the settings name one, else where Discord says."""
    default = DiscordWebSocket.DEFAULT_GATEWAY
    base = str(default) if default.host in ("127.0.0.1", "localhost", "::1") else url
    return f"{base}?v=10&encoding=json"


def check_intents(wanted: discord.Intents, flags: discord.ApplicationFlags) -> list[Finding]:
    """Compare the privileged intents that the client asks for with the portal's toggles."""
    findings, asked = [], []
    for name, (toggle, mirrors) in _INTENTS.items():
        if not getattr(wanted, name):
            continue
        asked.append(toggle)
        if not any(getattr(flags, mirror) for mirror in mirrors):
            findings.append(fail("intents", f"{toggle} is asked for but off.", _TOGGLE.format(toggle=toggle)))
    if not findings:
        says = f"{', '.join(asked)}: on, as asked for." if asked else "No privileged intent is asked for."
        findings.append(ok("intents", says))
    return findings


async def _check_commands(client: discord.Client) -> Finding:
    route = Route("GET", "/applications/{application_id}/commands", application_id=client.application_id)
    known = await client.http.request(route, params={"with_localizations": "true"})
    ours = await describe_commands()
    differing = compare_commands(ours, known)
    if differing:
        return warn(
            "commands",
            f"Discord knows others than this version has: {', '.join(differing)}.",
            "Start the bot: it sends them. If it did, remove pullquote.commands beside the store and start it again.",
        )
    return ok("commands", f"All {len(ours)} are as this version has them.")
