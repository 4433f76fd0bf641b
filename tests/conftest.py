"""What every test gets: a guard that refuses any connection beyond this machine."""

from __future__ import annotations

import contextlib
import ipaddress
import socket
import warnings
from typing import Any

import pytest

# discord.py imports audioop, which warns once on Python 3.11 and 3.12; imported here, the warning is spent
with warnings.catch_warnings(), contextlib.suppress(ModuleNotFoundError):
    warnings.simplefilter("ignore", DeprecationWarning)
    import audioop  # noqa: F401

LOCAL_NAMES = frozenset({"localhost", ""})


class ConnectionRefusedByTests(RuntimeError):
    """A test tried to reach another machine."""


def is_loopback(host: object) -> bool:
    """Tell whether a host, as a name or an address, is this machine."""
    if host is None:
        return True
    name = host.decode() if isinstance(host, bytes) else str(host)
    if name in LOCAL_NAMES:
        return True
    try:
        return ipaddress.ip_address(name.split("%")[0]).is_loopback
    except ValueError:
        return False


@pytest.fixture(autouse=True)
def _loopback_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse connections to, and look-ups of, anything but loopback."""
    connect, connect_ex, getaddrinfo = socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo

    def check(sock: socket.socket, address: Any) -> None:
        if sock.family in (socket.AF_INET, socket.AF_INET6) and not is_loopback(address[0]):
            raise ConnectionRefusedByTests(f"tests may not connect to {address[0]}")

    def guarded_connect(self: socket.socket, address: Any) -> None:
        check(self, address)
        connect(self, address)

    def guarded_connect_ex(self: socket.socket, address: Any) -> int:
        check(self, address)
        return connect_ex(self, address)

    def guarded_getaddrinfo(host: Any, *args: Any, **kwargs: Any) -> Any:
        if not is_loopback(host):
            raise ConnectionRefusedByTests(f"tests may not look up {host!r}")
        return getaddrinfo(host, *args, **kwargs)

    monkeypatch.setattr(socket.socket, "connect", guarded_connect)
    monkeypatch.setattr(socket.socket, "connect_ex", guarded_connect_ex)
    monkeypatch.setattr(socket, "getaddrinfo", guarded_getaddrinfo)
