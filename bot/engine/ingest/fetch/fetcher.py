"""Fetching one page: from an address to checked bytes, following redirects by hand."""

from __future__ import annotations

import asyncio
import logging
import ssl
import time
from collections import OrderedDict
from dataclasses import dataclass, field

import aiohttp
from aiohttp.abc import AbstractResolver
from yarl import URL

from bot.engine.errors import EngineError, FetchFailed
from bot.engine.ingest.fetch import media, robots, verdicts
from bot.engine.ingest.fetch.addresses import AddressRule
from bot.engine.ingest.fetch.body import read_body
from bot.engine.ingest.fetch.connection import Guard, open_session
from bot.engine.ingest.fetch.gate import Gate
from bot.engine.ingest.fetch.urls import INSTEAD, check_redirect, check_url, private_address
from bot.engine.records.sources import FetchedPage, NotModified

log = logging.getLogger(__name__)

MOST_REDIRECTS = 4
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
# OpenSSL's numbers (X509_V_ERR_…).
_FAULTS = {
    9: "its certificate is not valid yet",
    10: "its certificate has expired",
    18: "it vouches for its certificate itself",
    19: "its certificate is from an issuer that is not trusted here",
    20: "its certificate is from an issuer that is not trusted here",
    62: "its certificate is for another name",
    64: "its certificate is for another name",
}
_VALIDATOR_CHARACTERS = 500
_ROBOTS_KEPT = 256
_ROBOTS_SECONDS = 3_600.0
_ROBOTS_PATIENCE_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class FetchLimits:
    """Bounds of fetching: of a body as sent and as inflated, of the time for a whole page, of how many at once."""

    max_bytes: int = 5 * 1024 * 1024
    timeout_seconds: float = 20.0
    at_once: int = 4
    per_guild_per_hour: int = 60
    honours_robots: bool = True


@dataclass(slots=True)
class _Journey:
    """One fetch under way."""

    session: aiohttp.ClientSession
    guard: Guard
    rule: AddressRule
    conditions: dict[str, str] = field(default_factory=dict)


class PageFetcher:
    """Fetches pages of the public web, and of hosts that ``rule`` lists. Belongs to one event loop.

    ``resolver`` replaces the system's, and ``tls`` the certificates that it trusts, in tests. ``media_types`` are
    accepted besides those of articles.
    """

    def __init__(
        self,
        *,
        user_agent: str,
        rule: AddressRule | None = None,
        limits: FetchLimits | None = None,
        resolver: AbstractResolver | None = None,
        tls: ssl.SSLContext | None = None,
        media_types: frozenset[str] = frozenset(),
    ) -> None:
        self._user_agent = user_agent
        self._rule = rule or AddressRule()
        self._limits = limits or FetchLimits()
        self._resolver = resolver
        self._tls = tls
        self._media_types = media_types
        self._gate = Gate(at_once=self._limits.at_once, per_guild_per_hour=self._limits.per_guild_per_hour)
        self._robots: OrderedDict[str, tuple[float, robots.RobotRules]] = OrderedDict()

    async def fetch(
        self,
        guild: int,
        url: str,
        *,
        etag: str | None = None,
        last_modified: str | None = None,
        public_only: bool = False,
    ) -> FetchedPage | NotModified:
        """Fetch one page. Raises FetchFailed, TooLarge, Unsupported, Busy.

        ``public_only`` leaves out the hosts that the operator opened.

        With the ``etag`` or ``last_modified`` of the page as it was fetched before, an unchanged one is NotModified.
        """
        rule = AddressRule() if public_only else self._rule
        start = check_url(url, rule)
        self._gate.count(guild)
        guard = Guard(rule)
        conditions = {
            name: value for name, value in (("If-None-Match", etag), ("If-Modified-Since", last_modified)) if value
        }
        try:
            async with (
                asyncio.timeout(self._limits.timeout_seconds),
                open_session(
                    guard, user_agent=self._user_agent, accept=media.ACCEPT, resolver=self._resolver, tls=self._tls
                ) as session,
            ):
                page = await self._follow(_Journey(session, guard, rule, conditions), start)
        except TimeoutError:
            raise FetchFailed(f"The page did not arrive in time. Try again later. {INSTEAD}") from None
        except (aiohttp.ClientError, OSError, ValueError) as error:
            log.info("A page could not be fetched: %s", type(error).__name__)
            raise _explain(error, guard) from error
        if isinstance(page, FetchedPage) and page.media_type in (media.HTML, media.XHTML):
            await asyncio.to_thread(verdicts.check_html, page.data)
        return page

    async def _follow(self, journey: _Journey, start: URL) -> FetchedPage | NotModified:
        url = start
        for _ in range(MOST_REDIRECTS + 1):
            if not await self._may_read(journey, url):
                raise FetchFailed(
                    f"{url.raw_host} asks programs not to read that page (in its robots.txt), and it was not read. "
                    f"{INSTEAD}"
                )
            answer = await self._request(journey, start, url)
            if not isinstance(answer, URL):
                return answer
            url = answer
        raise FetchFailed(f"That page leads on and on: {MOST_REDIRECTS} redirects were followed. Check the address.")

    async def _request(self, journey: _Journey, start: URL, url: URL) -> FetchedPage | NotModified | URL:
        """Make one request and return the page, or where it leads."""
        host = journey.guard.host = url.raw_host or ""
        async with (
            self._gate.place(host),
            journey.session.get(url, allow_redirects=False, headers=journey.conditions) as response,
        ):
            fetched_at = int(time.time())
            if response.status in _REDIRECTS:
                return check_redirect(url, response.headers.get("Location", ""), journey.rule)
            verdicts.check_place(start, url)
            if response.status == 304 and journey.conditions:
                return NotModified(str(url), fetched_at)
            headers = {name.lower(): value for name, value in response.headers.items()}
            verdicts.check_status(response.status, headers)
            header = headers.get("content-type", "")
            named = media.check_media_type(header, self._media_types)
            data = await read_body(response, self._limits.max_bytes)
            media_type = media.sniff_media_type(data, named, url.path, self._media_types)
            return FetchedPage(
                url=str(start),
                final_url=str(url),
                media_type=media_type,
                charset=media.find_charset(data, header, media_type),
                data=data,
                etag=_validator(headers.get("etag")),
                last_modified=_validator(headers.get("last-modified")),
                fetched_at=fetched_at,
            )

    async def _may_read(self, journey: _Journey, url: URL) -> bool:
        """Ask the host's robots.txt, kept for an hour. A host that has none, or gives none, allows."""
        if not self._limits.honours_robots:
            return True
        origin = str(url.origin())
        now = time.monotonic()
        kept = self._robots.pop(origin, None)
        if kept is None or kept[0] < now:
            kept = (now + _ROBOTS_SECONDS, await self._read_robots(journey, url))
        self._robots[origin] = kept
        if len(self._robots) > _ROBOTS_KEPT:
            self._robots.popitem(last=False)
        return kept[1].allow(url.raw_path_qs)

    async def _read_robots(self, journey: _Journey, url: URL) -> robots.RobotRules:
        target = url.origin().with_path("/robots.txt")
        try:
            for _ in range(MOST_REDIRECTS + 1):
                journey.guard.host = target.raw_host or ""
                async with (
                    asyncio.timeout(_ROBOTS_PATIENCE_SECONDS),
                    self._gate.place(journey.guard.host),
                    journey.session.get(target, allow_redirects=False) as response,
                ):
                    if response.status == 200:
                        return robots.read_robots(await read_body(response, robots.MOST_BYTES))
                    if response.status not in _REDIRECTS:
                        break
                    target = check_redirect(target, response.headers.get("Location", ""), journey.rule)
        except (aiohttp.ClientError, OSError, ValueError, EngineError) as error:
            # What stops this stops the page too, and then the page says it; a broken robots.txt alone stops nothing.
            log.debug("No robots.txt: %s", type(error).__name__)
        return robots.RobotRules()


def _validator(value: str | None) -> str | None:
    """Keep what can be stored and sent back: short, in ASCII."""
    return value if value and len(value) <= _VALIDATOR_CHARACTERS and value.isascii() and value.isprintable() else None


def _explain(error: Exception, guard: Guard) -> FetchFailed:
    """Say why nothing arrived, without telling what a private network answered."""
    if guard.refused:
        return private_address()
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return FetchFailed(f"There is no website called {guard.host}. Check the address.")
    # Before the others of TLS: aiohttp's certificate errors are theirs too.
    if isinstance(error, ssl.CertificateError | aiohttp.ClientConnectorCertificateError):
        return FetchFailed(f"The connection to {guard.host} is not safe: {_fault(error)}. {INSTEAD}")
    if isinstance(error, ssl.SSLError | aiohttp.ClientConnectorSSLError):
        return FetchFailed(f"{guard.host} does not answer over https as it should. Check the address. {INSTEAD}")
    if isinstance(
        error, aiohttp.ClientPayloadError | aiohttp.ServerDisconnectedError | aiohttp.ClientConnectionResetError
    ):
        return FetchFailed(f"The connection broke off before the page was complete. Try again later. {INSTEAD}")
    if isinstance(error, aiohttp.ClientConnectorError | OSError):
        return FetchFailed(f"{guard.host} cannot be reached. Check the address, or try again later.")
    return FetchFailed(f"The server of that page gave an answer that is not valid. Try again later. {INSTEAD}")


def _fault(error: Exception) -> str:
    """Say what is wrong with a certificate."""
    inner = error.certificate_error if isinstance(error, aiohttp.ClientConnectorCertificateError) else error
    return _FAULTS.get(getattr(inner, "verify_code", 0), "its certificate is not valid")
