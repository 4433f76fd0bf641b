"""Fetching from a live server: who asks, redirects, rebinding, walls, robots and shares, and what is told of each."""

from __future__ import annotations

import asyncio
import time

import pytest

from bot.engine.errors import Busy, FetchFailed, Unsupported
from bot.engine.ingest.fetch.addresses import AddressRule
from bot.engine.ingest.fetch.fetcher import MOST_REDIRECTS, PageFetcher
from bot.engine.records.sources import FetchedPage, NotModified
from tests.integration.fetch.site import FakeNames, Site, answer, redirect
from tests.integration.fetch.visits import GUILD, TEXT, fetched, fetcher, refusal


async def test_page_arrives_with_all_that_is_known_of_it(site: Site) -> None:
    """Bytes, kind, encoding, validators, both addresses and the time."""
    site.answers["/start"] = redirect("/a#part")
    before = int(time.time())
    page = await fetched(site, "/start")
    assert (page.url, page.final_url) == (site.url("/start"), site.url("/a"))
    assert (page.data, page.media_type, page.charset) == (TEXT, "text/plain", "utf-8")
    assert (page.etag, page.last_modified) == ('"1"', "Mon, 02 Nov 2026 10:00:00 GMT")
    assert before <= page.fetched_at <= time.time()


async def test_requests_say_who_asks_and_carry_nothing_else(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """User agent with contact; no cookie, no credentials, no proxy of the environment, no fancy compression."""
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    site.answers["/start"] = answer(status=302, Location="/a", Set_Cookie="id=1; Path=/")
    await fetched(site, "/start")
    path, headers = site.requests[-1]
    assert path == "/a"
    assert headers["user-agent"] == "Pullquote/1 (+mailto:me@example.com)"
    assert headers["accept-encoding"] == "gzip, deflate"
    assert headers["accept"].startswith("text/html")
    assert not {"cookie", "authorization", "referer", "if-none-match"} & set(headers)


async def test_refresh_of_an_unchanged_page(site: Site) -> None:
    """The validators go back to the server, and 304 is an answer of its own; unasked for it is an error."""
    site.answers["/same"] = b'HTTP/1.1 304 Not Modified\r\nETag: "1"\r\n\r\n'
    found = await fetcher(site).fetch(GUILD, site.url("/same"), etag='"1"', last_modified="Mon")
    assert isinstance(found, NotModified)
    _, headers = site.requests[-1]
    assert (headers["if-none-match"], headers["if-modified-since"]) == ('"1"', "Mon")
    assert "answered 304" in await refusal(site, "/same")


@pytest.mark.parametrize(
    "location",
    [
        "http://169.254.169.254/latest/meta-data/", "http://[::1]/", "http://10.0.0.1/", "file:///etc/passwd",
        "http://localhost/", "http://2130706433/", "http://127.0.0.1:1/", "gopher://127.0.0.1/", "http://a:b@127.0.0.1/",
        "\\\\127.0.0.1\\x", "http://[", "http://\xff\xfe/",
    ],
)  # fmt: skip
async def test_redirects_to_hostile_places_are_not_followed(site: Site, location: str) -> None:
    """The first answer is the last: nothing is connected to behind it."""
    site.answers["/start"] = redirect(location)
    assert "leads on" in await refusal(site, "/start")
    assert site.paths == ["/start"]


async def test_odd_validators_are_not_kept(site: Site) -> None:
    """A validator that could not be stored or sent back is as good as none."""
    site.answers["/odd"] = answer(TEXT, ETag="\xff\xfe", Last_Modified="x" * 1_000)
    page = await fetched(site, "/odd")
    assert (page.etag, page.last_modified) == (None, None)


async def test_redirects_are_bounded(site: Site) -> None:
    """As many hops as allowed arrive; one more, or a circle, does not."""
    for hop in range(MOST_REDIRECTS + 1):
        site.answers[f"/{hop}"] = redirect(f"/{hop + 1}", status=(301, 302, 303, 307, 308)[hop])
    site.answers[f"/{MOST_REDIRECTS + 1}"] = answer(TEXT)
    assert (await fetched(site, "/1")).data == TEXT
    assert "leads on and on" in await refusal(site, "/0")
    site.answers["/circle"] = redirect("/circle")
    assert "leads on and on" in await refusal(site, "/circle")


async def test_name_of_a_private_address_is_refused(site: Site) -> None:
    """A public name that leads to this machine reaches nothing, however often it is looked up (DNS rebinding)."""
    names = FakeNames(public_example_com=["127.0.0.1"])
    rule = AddressRule(ports=frozenset({("public.example.com", site.port)}))
    guarded = PageFetcher(user_agent="x", rule=rule, resolver=names)
    with pytest.raises(FetchFailed, match="private or reserved network"):
        await guarded.fetch(GUILD, site.url("/a", "public.example.com"))
    assert site.connections == 0
    assert names.asked


async def test_name_is_looked_up_anew_for_each_request(site: Site) -> None:
    """Allowed by name, the same name is read: so the test above is of the guard and not of the name."""
    names = FakeNames(public_example_com=["127.0.0.1"])
    page = await fetcher(site, f"public.example.com:{site.port}", names=names).fetch(
        GUILD, site.url("/a", "public.example.com")
    )
    assert isinstance(page, FetchedPage)
    assert len(names.asked) == site.connections == 2


async def test_redirect_to_a_name_of_a_private_address_is_refused(site: Site) -> None:
    """The check is on every connection, not on the first."""
    names = FakeNames(inner_example_com=["127.0.0.1"])
    site.answers["/start"] = redirect(site.url("/a", "inner.example.com"))
    rule = AddressRule.of([f"127.0.0.1:{site.port}"])
    rule = AddressRule(rule.networks, rule.hosts, rule.ports | {("inner.example.com", site.port)})
    with pytest.raises(FetchFailed, match="private"):
        await PageFetcher(user_agent="x", rule=rule, resolver=names).fetch(GUILD, site.url("/start"))
    assert site.paths == ["/start"]


async def test_opened_hosts_are_not_open_to_everybody(site: Site) -> None:
    """With ``public_only`` a host that the operator opened is refused like any other, by address and by name."""
    names = FakeNames(inner_example_com=["127.0.0.1"])
    rule = AddressRule.of([f"127.0.0.1:{site.port}", f"inner.example.com:{site.port}"])
    fetcher = PageFetcher(user_agent="x", rule=rule, resolver=names)
    for host in ("127.0.0.1", "inner.example.com"):
        await fetcher.fetch(GUILD, site.url("/a", host))
    seen = list(site.paths)
    for host in ("127.0.0.1", "inner.example.com"):
        with pytest.raises(FetchFailed):
            await fetcher.fetch(GUILD, site.url("/a", host), public_only=True)
    assert site.paths == seen


async def test_unknown_name_and_closed_port_are_told(site: Site) -> None:
    """No such website, and nobody there."""
    names = FakeNames(gone_example_com=["127.0.0.1"])
    with pytest.raises(FetchFailed, match=r"no website called nowhere\.example\.com"):
        await fetcher(site, names=names).fetch(GUILD, "http://nowhere.example.com/")
    with pytest.raises(FetchFailed, match=r"gone\.example\.com cannot be reached"):
        await fetcher(site, "gone.example.com:1", names=names).fetch(GUILD, "http://gone.example.com:1/")


async def test_https_that_is_none_is_told(site: Site) -> None:
    """A server that does not speak TLS gets no second chance without it."""
    with pytest.raises(FetchFailed, match="over https"):
        await fetcher(site).fetch(GUILD, site.url("/a").replace("http:", "https:"))
    assert site.paths == []


@pytest.mark.parametrize(
    ("kind", "body"), [("image/png", b"\x89PNG\r\n\x1a\n\x00"), ("text/html", b"\x89PNG\r\n\x1a\n\x00\x00")]
)
async def test_other_kinds_are_told(site: Site, kind: str, body: bytes) -> None:
    """A picture is no article, whatever it is called."""
    site.answers["/p"] = answer(body, kind=kind)
    await refusal(site, "/p", Unsupported)


@pytest.mark.parametrize("status", [401, 403, 404, 410, 429, 500, 503])
async def test_status_is_told(site: Site, status: int) -> None:
    """An error of the server is named by its number."""
    site.answers["/e"] = answer(b"<html>error</html>", status=status, kind="text/html")
    assert f"answered {status}" in await refusal(site, "/e")


async def test_walls_are_told(site: Site) -> None:
    """A login page behind a redirect, and a page that asks for agreement only."""
    site.answers["/members"] = redirect("/login?next=/members")
    site.answers["/login"] = answer(b"<html>Log in</html>", kind="text/html")
    assert "signing in" in await refusal(site, "/members")
    site.answers["/c"] = answer(b"<html><p>Before you continue</p></html>", kind="text/html")
    assert "cookies" in await refusal(site, "/c")


async def test_robots_are_asked_once_an_hour_and_heeded(site: Site) -> None:
    """A page that robots.txt closes is not requested; the file is kept; a setting ignores it."""
    site.answers["/robots.txt"] = answer(b"User-agent: *\nDisallow: /closed\n")
    site.answers["/closed"] = answer(TEXT)
    one = fetcher(site)
    for _ in range(2):
        with pytest.raises(FetchFailed, match=r"robots\.txt"):
            await one.fetch(GUILD, site.url("/closed"))
    await one.fetch(GUILD, site.url("/a"))
    assert [path for path, _ in site.requests] == ["/robots.txt", "/a"]
    assert (await fetched(site, "/closed", honours_robots=False)).data == TEXT


@pytest.mark.parametrize(
    "robots", [answer(status=500), b"", redirect("http://10.0.0.1/robots.txt"), answer(b"\xff\x00" * 9)]
)
async def test_broken_robots_stop_nothing(site: Site, robots: bytes) -> None:
    """A robots.txt that cannot be had or read counts as none."""
    site.answers["/robots.txt"] = robots
    assert (await fetched(site)).data == TEXT


async def test_one_request_a_host_at_a_time(site: Site) -> None:
    """Ten fetches from one site never meet there."""
    one = fetcher(site)
    await asyncio.gather(*[one.fetch(GUILD, site.url("/a")) for _ in range(10)])
    assert site.most_open == 1
    assert site.paths == ["/a"] * 10


async def test_share_of_a_guild(site: Site) -> None:
    """The limit of an hour is the guild's own, and a refused address does not count."""
    one = fetcher(site, per_guild_per_hour=1)
    with pytest.raises(FetchFailed):
        await one.fetch(GUILD, "http://localhost/")
    await one.fetch(GUILD, site.url("/a"))
    with pytest.raises(Busy, match="within an hour"):
        await one.fetch(GUILD, site.url("/a"))
    await one.fetch(GUILD + 1, site.url("/a"))
