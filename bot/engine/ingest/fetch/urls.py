"""Which web addresses are followed: checked before anything is looked up or connected to."""

from __future__ import annotations

import re

from yarl import URL

from bot.engine.errors import FetchFailed
from bot.engine.ingest.fetch.addresses import AddressRule, find_address, is_public

MOST_CHARACTERS = 2_048
INSTEAD = "Save the page and add it as a file, or paste its text."

_FORBIDDEN = re.compile(r"[\x00-\x20\x7f-\x9f\\]")
_HOST = re.compile(r"(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
# What resolves inside a machine or a network only (RFC 6761, 6762, 8375, 9476 and common use).
_PRIVATE_SUFFIXES = frozenset(
    {"localhost", "local", "internal", "intranet", "lan", "home", "corp", "private", "arpa", "onion", "alt", "test"}
)


def check_url(text: str, rule: AddressRule) -> URL:
    """Return the address in its canonical form (host in punycode, no fragment) if it may be fetched.

    Raises FetchFailed, saying what is wrong with it.
    """
    text = text.strip().removeprefix("<").removesuffix(">")
    if len(text) > MOST_CHARACTERS:
        raise FetchFailed(f"That web address has more than {MOST_CHARACTERS:,} characters. {INSTEAD}")
    if _FORBIDDEN.search(text):
        raise _malformed()
    try:
        url = URL(text)
        host, port = (url.raw_host or "").lower(), url.port
    except ValueError:  # UnicodeError, from a host that is no name, among them
        raise _malformed() from None
    if url.scheme not in ("http", "https") or not url.absolute or not host:
        raise FetchFailed("That is not a web address: it has to begin with https:// or http://. Copy it whole.")
    if url.user is not None or url.password is not None:
        raise FetchFailed("A web address with a user name or a password in it is not read. Leave that part out.")
    if not rule.allows_host(host):
        _check_host(host)
    if port is None or not rule.allows_port(host, port):
        raise FetchFailed(f"Only the usual ports of web pages are read, and that address names another one. {INSTEAD}")
    if len(str(url)) > 4 * MOST_CHARACTERS:
        raise FetchFailed(f"That web address is too long. {INSTEAD}")
    # "https://example.com" and "https://example.com/" are one article.
    return url.join(URL.build(path=url.raw_path or "/", query_string=url.raw_query_string, encoded=True))


def check_redirect(origin: URL, location: str, rule: AddressRule) -> URL:
    """Return where a redirect leads if it may be followed. Raises FetchFailed."""
    try:
        joined = str(origin.join(URL(location)))
    except ValueError:
        raise FetchFailed(f"That page leads on to something that is not a web address. {INSTEAD}") from None
    if "\\" in location:
        raise FetchFailed(f"That page leads on to something that is not a web address. {INSTEAD}")
    try:
        target = check_url(joined, rule)
    except FetchFailed as error:
        raise FetchFailed(f"That page leads on to an address that is not read. {INSTEAD}") from error
    if origin.scheme == "https" and target.scheme == "http":
        raise FetchFailed(f"That page leads on from a protected connection to an open one. {INSTEAD}")
    return target


def private_address() -> FetchFailed:
    """Say that an address is not of the public internet: the same sentence whatever it is, so that none is mapped."""
    return FetchFailed(
        f"That address belongs to a private or reserved network, from which nothing is read. {INSTEAD} Whoever runs "
        "this bot can allow it with the setting fetch.allowed_hosts."
    )


def _check_host(host: str) -> None:
    address = find_address(host)
    if address is not None:
        if not is_public(address):
            raise private_address()
        return
    labels = host.split(".")
    is_numeric = re.fullmatch(r"[0-9]+|0x[0-9a-f]*", labels[-1]) is not None
    if len(labels) < 2 or not labels[-1] or labels[-1] in _PRIVATE_SUFFIXES or is_numeric:
        raise private_address()
    if len(host) > 253 or not _HOST.fullmatch(host):
        raise _malformed()


def _malformed() -> FetchFailed:
    return FetchFailed("That web address is malformed. Copy it again, whole and without anything around it.")
