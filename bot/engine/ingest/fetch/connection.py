"""The connection of one fetch: every socket it opens is checked against the very address it is about to connect to."""

from __future__ import annotations

import socket
import ssl
from dataclasses import dataclass, field

import aiohttp
from aiohttp.abc import AbstractResolver

from bot.engine.ingest.fetch.addresses import AddressRule

CONNECT_SECONDS = 8.0
READ_SECONDS = 8.0
_BUFFER = 65_536


class AddressRefused(OSError):
    """An address that a name was resolved to is not one that may be connected to."""


@dataclass
class Guard:
    """Makes the sockets of one fetch. ``host`` is the host of the request under way.

    Because it sees addresses and not names, neither a second look-up (DNS rebinding), nor a redirect, nor an odd way to
    write an address gets past it.
    """

    rule: AddressRule
    host: str = ""
    refused: list[str] = field(default_factory=list)

    def make_socket(self, info: aiohttp.connector.AddrInfoType) -> socket.socket:
        """Make the socket for an address. Raises AddressRefused."""
        family, kind, protocol, _, address = info
        ip = str(address[0])
        is_scoped = len(address) > 3 and bool(address[3])
        if family not in (socket.AF_INET, socket.AF_INET6) or is_scoped or not self.rule.allows_address(ip, self.host):
            self.refused.append(ip)
            raise AddressRefused(f"{self.host} leads to an address that may not be connected to")
        return socket.socket(family=family, type=kind, proto=protocol)


def open_session(
    guard: Guard,
    *,
    user_agent: str,
    accept: str,
    resolver: AbstractResolver | None = None,
    tls: ssl.SSLContext | None = None,
) -> aiohttp.ClientSession:
    """Open a session that keeps nothing: no cookies, no proxies, no credentials, no connection and no DNS answer.

    ``tls`` says whose certificates are trusted, by default those that the system trusts.
    """
    connector = aiohttp.TCPConnector(
        socket_factory=guard.make_socket,
        use_dns_cache=False,
        force_close=True,
        limit=1,
        resolver=resolver,
        ssl=True if tls is None else tls,
    )
    return aiohttp.ClientSession(
        connector=connector,
        cookie_jar=aiohttp.DummyCookieJar(),
        trust_env=False,
        auto_decompress=False,
        requote_redirect_url=False,
        read_bufsize=_BUFFER,
        timeout=aiohttp.ClientTimeout(
            total=None, connect=CONNECT_SECONDS, sock_connect=CONNECT_SECONDS, sock_read=READ_SECONDS
        ),
        headers={"User-Agent": user_agent, "Accept": accept, "Accept-Encoding": "gzip, deflate"},
    )
