"""Which addresses may be connected to: those of the public internet, and what an operator lists."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
IPNetwork = ipaddress.IPv4Network | ipaddress.IPv6Network

DEFAULT_PORTS = frozenset({80, 443})

# What `is_global` of one or the other Python lets through although nobody's article is there, and the tunnels whose
# addresses hide another one. Sources: the IANA special-purpose registries, and the metadata services of the clouds.
_CLOSED = tuple(
    ipaddress.ip_network(network)
    for network in (
        "0.0.0.0/8",
        "100.64.0.0/10",
        "192.0.0.0/24",  # holds Oracle's metadata service
        "192.88.99.0/24",
        "198.18.0.0/15",
        "168.63.129.16/32",  # Azure's
        "224.0.0.0/4",
        "240.0.0.0/4",
        "::/96",  # unspecified, loopback, and IPv4-compatible
        "64:ff9b:1::/48",  # NAT64 within a network
        "100::/64",
        "2001::/23",  # Teredo, ORCHID and the like
        "2001:db8::/32",
        "2002::/16",  # 6to4
        "3fff::/20",
        "5f00::/16",
        "fc00::/7",
        "fe80::/10",
        "fec0::/10",
        "ff00::/8",
    )
)
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


def is_public(address: IPAddress) -> bool:
    """Say whether an address belongs to the public internet, looking into those that hold an IPv4 address."""
    if isinstance(address, ipaddress.IPv6Address):
        if address.scope_id is not None:
            return False
        if address.ipv4_mapped is not None:
            return is_public(address.ipv4_mapped)
        if address in _NAT64:
            return is_public(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
    if any(address.version == network.version and address in network for network in _CLOSED):
        return False
    return address.is_global and not address.is_multicast and not address.is_reserved


@dataclass(frozen=True, slots=True)
class AddressRule:
    """Says where a fetch may go.

    ``networks`` are open whatever they are; ``hosts`` are names (and literal addresses) of which any address is open;
    ``ports`` are (host, port) pairs besides 80 and 443.
    """

    networks: tuple[IPNetwork, ...] = ()
    hosts: frozenset[str] = frozenset()
    ports: frozenset[tuple[str, int]] = frozenset()

    @classmethod
    def of(cls, allowed_hosts: Iterable[str]) -> AddressRule:
        """Read an operator's list: ``wiki.corp``, ``wiki.corp:8080``, ``[fd00::7]:8080``, ``10.1.0.0/16`` and the like.

        Raises ValueError for an entry that is none of these.
        """
        networks: list[IPNetwork] = []
        hosts: set[str] = set()
        ports: set[tuple[str, int]] = set()
        for entry in allowed_hosts:
            if "/" in entry:
                networks.append(ipaddress.ip_network(entry, strict=False))
                continue
            host, port = _host_and_port(entry)
            hosts.add(host)
            if port is not None:
                ports.add((host, port))
        return cls(tuple(networks), frozenset(hosts), frozenset(ports))

    def allows_host(self, host: str) -> bool:
        """Say whether an operator lists this host, by name or as a literal address."""
        if host in self.hosts:
            return True
        address = find_address(host)
        return address is not None and self._lists(address)

    def allows_port(self, host: str, port: int) -> bool:
        """Say whether this port of a host may be connected to."""
        return port in DEFAULT_PORTS or (host, port) in self.ports

    def allows_address(self, address: str, host: str) -> bool:
        """Say whether ``address``, which ``host`` was resolved to, may be connected to."""
        if host in self.hosts:
            return True
        found = find_address(address)
        return found is not None and (self._lists(found) or is_public(found))

    def _lists(self, address: IPAddress) -> bool:
        if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
            address = address.ipv4_mapped
        return any(address.version == network.version and address in network for network in self.networks)


def find_address(host: str) -> IPAddress | None:
    """Return the literal address that a host is, or None for a name."""
    try:
        return ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return None


def _host_and_port(entry: str) -> tuple[str, int | None]:
    if (address := find_address(entry)) is not None:
        return str(address), None
    host, colon, digits = entry.rpartition(":")
    if not colon:
        host, digits = entry, ""
    host = host.strip("[]").lower().rstrip(".")
    is_name = bool(host) and all(part and part.replace("-", "").replace("_", "").isalnum() for part in host.split("."))
    if (address := find_address(host)) is not None:
        host = str(address)
    elif not is_name:
        raise ValueError(f"{entry!r} is neither a host, host:port, an address, nor a network such as 10.1.0.0/16")
    if colon and not (digits.isdecimal() and 0 < int(digits) < 65_536):
        raise ValueError(f"{entry!r} has no port between 1 and 65535 after its colon")
    return host, int(digits) if colon else None
