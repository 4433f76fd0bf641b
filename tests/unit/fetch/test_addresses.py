"""Which addresses and web addresses are refused before anything is connected to."""

from __future__ import annotations

import ipaddress
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from yarl import URL

from bot.engine.errors import FetchFailed
from bot.engine.ingest.fetch.addresses import AddressRule, is_public
from bot.engine.ingest.fetch.connection import AddressRefused, Guard
from bot.engine.ingest.fetch.urls import check_redirect, check_url

NOBODY = AddressRule()

PRIVATE = [
    "0.0.0.0",  # noqa: S104 -- an address to refuse
    "0.1.2.3", "10.0.0.1", "100.64.0.1", "100.127.255.255", "127.0.0.1", "127.8.8.8", "169.254.169.254",
    "169.254.170.2", "172.16.0.1", "172.31.255.255", "192.0.0.1", "192.0.0.192", "192.0.2.1", "192.88.99.1",
    "192.168.1.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "168.63.129.16", "224.0.0.1", "224.0.1.1",
    "239.255.255.250", "240.0.0.1", "255.255.255.255",
    "::", "::1", "::127.0.0.1", "::8.8.8.8", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254",
    "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b::10.0.0.1", "64:ff9b:1::1", "100::1", "2001::1", "2001:db8::1",
    "2002:7f00:1::", "2002:808:808::", "3fff::1", "5f00::1", "fc00::1", "fd00:ec2::254", "fe80::1", "fe80::1%eth0",
    "fec0::1", "ff02::1", "ff0e::1",
]  # fmt: skip
PUBLIC = ["8.8.8.8", "1.1.1.1", "93.184.215.14", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8"]

HOSTILE = [
    *(f"http://[{address}]/" if ":" in address else f"http://{address}/" for address in PRIVATE),
    "http://[fe80::1%25eth0]/", "http://[::ffff:7f00:1]/", "http://[0:0:0:0:0:ffff:127.0.0.1]/",
    "http://2130706433/", "http://0x7f000001/", "http://0x7f.0.0.1/", "http://0177.0.0.1/", "http://127.1/",
    "http://0/", "http://127.0.0.1./", "http://127.0.0.01/", "http://1.2.3/", "http://example.0x7f/",
    "http://１２７.０.０.１/", "http://①②⑦.⓪.⓪.①/", "http://127。0。0。1/", "http://ｌｏｃａｌｈｏｓｔ/",
    "http://localhost/", "http://LOCALHOST/", "http://localhost./", "http://a.localhost/", "http://router/",
    "http://metadata.google.internal/", "http://printer.local/", "http://nas.lan/", "http://wiki.corp/",
    "http://router.home.arpa/", "http://example.com./", "http://.com/", "http://-a.example.com/",
    "http://exam%70le.com/", "http://example.com%00.org/", "http://exa mple.com/", "http://example..com/",
    "http://" + "a" * 64 + ".com/", "http://" + "a." * 130 + "com/",
    "ftp://example.com/", "file:///etc/passwd", "gopher://example.com/", "data:text/html,x", "javascript:alert(1)",
    "//example.com/", "example.com", "/etc/passwd", "", "http://", "http:///x", "http:example.com",
    "https:/example.com",
    "http://user@example.com/", "http://user:word@example.com/", "http://:word@example.com/",
    "http://example.com@127.0.0.1/", "http://127.0.0.1%2f@example.com/",
    "http://example.com:22/", "http://example.com:8080/", "http://example.com:0/", "http://example.com:99999/",
    "http://example.com\\@127.0.0.1/", "http:\\\\example.com/", "http://example.com/\\a", "http://exam\tple.com/",
    "http://example.com/\r\nHost: a", "http://example.com/\x00", "http://example.com/\x7f", "http://example.com/a b",
    "http://[::1", "http://[::1]x/", "https://example.com/" + "a" * 2_048,
]  # fmt: skip


@pytest.mark.parametrize("address", PRIVATE)
def test_private_and_reserved_addresses_are_not_public(address: str) -> None:
    """No address of a machine, a network, a tunnel or a metadata service counts as the public internet."""
    assert not is_public(ipaddress.ip_address(address))
    assert not NOBODY.allows_address(address, "example.com")


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_are_public(address: str) -> None:
    """What is left is open, also inside an IPv6 form."""
    assert NOBODY.allows_address(address, "example.com")


@given(st.ip_addresses(v=4))
def test_forms_that_hold_an_address_are_as_open_as_it(address: ipaddress.IPv4Address) -> None:
    """Mapped and translated forms of an address never open what the address itself does not."""
    for prefix in ("::ffff:", "64:ff9b::"):
        assert is_public(ipaddress.IPv6Address(f"{prefix}{address}")) == is_public(address)


@pytest.mark.parametrize("url", HOSTILE)
def test_hostile_web_addresses_are_refused(url: str) -> None:
    """Nothing is looked up or connected to for any of them, and the reason is one sentence with a next step."""
    with pytest.raises(FetchFailed) as caught:
        check_url(url, NOBODY)
    assert str(caught.value).endswith(".")
    assert "127.0.0.1" not in str(caught.value)


@given(st.text(max_size=60).map(lambda text: f"http://{text}/"))
def test_any_text_is_accepted_or_refused(url: str) -> None:
    """Whatever a member types, nothing but FetchFailed comes of it; what is accepted has a public host and no login."""
    try:
        checked = check_url(url, NOBODY)
    except FetchFailed:
        return
    assert checked.raw_host
    assert "." in checked.raw_host or ":" in checked.raw_host
    assert checked.user is None
    assert checked.port in (80, 443)


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("https://example.com/a?b=1#c", "https://example.com/a?b=1"),
        ("  <https://EXAMPLE.com>  ", "https://example.com/"),
        ("https://bücher.example/ä", "https://xn--bcher-kva.example/%C3%A4"),
        ("http://example.com:443/", "http://example.com:443/"),
        ("http://8.8.8.8/", "http://8.8.8.8/"),
    ],
)
def test_ordinary_web_addresses_are_made_canonical(url: str, canonical: str) -> None:
    """Hosts become punycode, fragments and what people put around an address go."""
    assert str(check_url(url, NOBODY)) == canonical


def test_operator_can_open_hosts_and_networks() -> None:
    """A listed host opens its addresses and a listed port; a listed network opens addresses, not ports."""
    rule = AddressRule.of(["wiki.corp", "docs.corp:8080", "10.1.0.0/16", "127.0.0.1:9000", "[FD00:0::7]:81", "::1"])
    for url in (
        "http://wiki.corp/",
        "http://docs.corp:8080/",
        "http://10.1.2.3/",
        "http://127.0.0.1:9000/",
        "http://[::1]/",
    ):
        check_url(url, rule)
    check_url("http://[fd00::7]:81/", rule)
    for url in (
        "http://wiki.corp:8080/",
        "http://10.2.0.1/",
        "http://10.1.2.3:8080/",
        "http://other.corp/",
        "http://127.0.0.2/",
    ):
        with pytest.raises(FetchFailed):
            check_url(url, rule)
    assert rule.allows_address("192.168.0.1", "wiki.corp")
    assert rule.allows_address("::ffff:10.1.0.1", "example.com")
    assert not rule.allows_address("192.168.0.1", "example.com")
    assert not rule.allows_address("127.0.0.1", "example.com")


@pytest.mark.parametrize(
    "entry", ["", "wiki corp", "http://wiki.corp", "wiki.corp:port", "wiki.corp:0", "10.0.0.0/99", "a:b:c"]
)
def test_entries_that_mean_nothing_are_refused(entry: str) -> None:
    """A mistake in the operator's list is found when the program starts."""
    with pytest.raises(ValueError, match=re.escape(repr(entry))):
        AddressRule.of([entry])


@pytest.mark.parametrize(
    ("location", "leads"),
    [
        ("/b", "https://example.com/b"),
        ("https://example.org/", "https://example.org/"),
        ("//example.org/x", "https://example.org/x"),
        ("http://example.com/", None),
        ("http://169.254.169.254/latest/meta-data/", None),
        ("https://[::1]/", None),
        ("file:///etc/passwd", None),
        ("https://user:word@example.org/", None),
        ("https://example.org:22/", None),
        ("\\\\example.org\\x", None),
        ("http://[", None),
    ],
)
def test_each_redirect_is_checked_again(location: str, leads: str | None) -> None:
    """A redirect is an address like any other, and never leads out of a protected connection."""
    origin = URL("https://example.com/a")
    if leads is not None:
        assert str(check_redirect(origin, location, NOBODY)) == leads
        return
    with pytest.raises(FetchFailed, match="leads on"):
        check_redirect(origin, location, NOBODY)


def test_guard_makes_no_socket_for_a_private_address() -> None:
    """The last check is on the very address that is about to be connected to, zone ids and other families included."""
    guard = Guard(NOBODY, "example.com")
    for info in (
        (2, 1, 6, "", ("127.0.0.1", 80)),
        (10, 1, 6, "", ("::ffff:127.0.0.1", 80, 0, 0)),
        (10, 1, 6, "", ("2606:4700::1111", 80, 0, 3)),
        (1, 1, 0, "", ("/run/docker.sock", 80)),
    ):
        with pytest.raises(AddressRefused):
            guard.make_socket(info)
    assert len(guard.refused) == 4
    guard.make_socket((2, 1, 6, "", ("8.8.8.8", 80))).close()
