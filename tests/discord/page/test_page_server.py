"""Whom the page answers, and what its socket says."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
import yarl

from bot.sandbox.emulator import Emulator
from bot.sandbox.page.server import PageServer, read_files
from bot.sandbox.page.stage import Stage
from tests.discord.bot.conftest import FOX, client, fake, online, web
from tests.discord.harness import Link, Town

__all__ = ["client", "fake", "online", "web"]


@pytest.fixture
async def server(emulator: Emulator, town: Town) -> AsyncIterator[PageServer]:
    """A page for alice and adam."""
    async with PageServer(emulator, Stage((town.alice, town.adam), (town.channel,))) as server:
        yield server


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    """Any program on this machine."""
    async with aiohttp.ClientSession() as session:
        yield session


def origin_of(server: PageServer) -> str:
    """The page's own origin."""
    return server.address.partition("/#")[0]


def socket_of(server: PageServer, token: str | None = None) -> yarl.URL:
    """The socket's address with the page's token, or another."""
    return yarl.URL(origin_of(server)) / "socket" % {"token": token or server.address.partition("#")[2]}


class Tab:
    """A page without a browser: sends orders and keeps what comes."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self._number = 0
        self.screens: list[dict[str, Any]] = []
        self.modals: list[dict[str, Any]] = []

    async def order(self, **order: Any) -> dict[str, Any]:
        """Send an order and return its reply."""
        self._number += 1
        await self._socket.send_json({**order, "n": self._number})
        return await self.until(lambda message: message.get("n") == self._number)

    async def until(self, look: Any) -> dict[str, Any]:
        """Take messages up to the first that fits."""
        while True:
            message: dict[str, Any] = await self._socket.receive_json(timeout=10)
            if message["kind"] == "screen":
                self.screens.append(message)
            if message["kind"] == "modal":
                self.modals.append(message)
            if look(message):
                return message

    async def screen(self, look: Any) -> dict[str, Any]:
        """Wait for a screen that fits."""
        return await self.until(lambda message: message["kind"] == "screen" and look(message))


@pytest.fixture
async def tab(server: PageServer, http: aiohttp.ClientSession) -> AsyncIterator[Tab]:
    """An open page that has said hello."""
    async with http.ws_connect(socket_of(server), headers={"Origin": origin_of(server)}) as socket:
        opened = Tab(socket)
        await opened.until(lambda message: message["kind"] == "hello")
        yield opened


async def test_every_file_is_served_with_the_policy(server: PageServer, http: aiohttp.ClientSession) -> None:
    """Scripts and styles from the page itself only, nothing framed, nothing sniffed, nothing kept."""
    for name in ["", *read_files()]:
        async with http.get(f"{origin_of(server)}/{name}") as response:
            assert response.status == 200
            policy = response.headers["Content-Security-Policy"]
            assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self';")
            assert "unsafe" not in policy
            assert response.headers["X-Content-Type-Options"] == "nosniff"
            assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", ["/server.py", "/..%2fserver.py", "/static/app.js", "/%2e%2e/%2e%2e/x", "/nothing"])
async def test_nothing_else_is_served(server: PageServer, http: aiohttp.ClientSession, path: str) -> None:
    """Only the page's own files have addresses."""
    async with http.get(yarl.URL(origin_of(server) + path, encoded=True)) as response:
        assert response.status == 404


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "", "127.0.0.1", "localhost.evil.example"])
async def test_another_host_name_is_refused(server: PageServer, http: aiohttp.ClientSession, host: str) -> None:
    """A name that somebody's DNS points at this machine gets nothing (DNS rebinding)."""
    async with http.get(origin_of(server), headers={"Host": host}) as response:
        assert response.status == 403


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "https://127.0.0.1", None])
async def test_a_socket_from_another_page_is_refused(
    server: PageServer, http: aiohttp.ClientSession, origin: str | None
) -> None:
    """Another page in the same browser cannot speak as alice, even with the token."""
    headers = {} if origin is None else {"Origin": origin}
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        await http.ws_connect(socket_of(server), headers=headers)
    assert refused.value.status == 403


@pytest.mark.parametrize("token", ["wrong", "é", "x" * 5000])
async def test_a_socket_without_the_token_is_refused(
    server: PageServer, http: aiohttp.ClientSession, token: str
) -> None:
    """Another user of this machine who finds the port does not have what the terminal printed."""
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        await http.ws_connect(socket_of(server, token), headers={"Origin": origin_of(server)})
    assert refused.value.status == 403


@pytest.mark.parametrize(
    "order",
    [
        {"do": "fly"},
        {},
        {"do": "click", "message": "1", "custom_id": "x"},
        {"do": "slash", "name": "nothing"},
        {"do": "slash", "name": ""},
        {"do": "slash", "name": "article add", "options": {"file": "no file"}},
        {"do": "submit", "modal": "none", "values": {}},
        {"do": "say", "text": ""},
        {"do": "view", "user": "0"},
    ],
)
async def test_an_odd_order_is_refused_in_words(online: Link, tab: Tab, order: dict[str, Any]) -> None:
    """The page learns what was wrong, and the next order works."""
    assert (await tab.order(**order))["kind"] == "failed"
    assert (await tab.order(do="say", text="hello"))["kind"] == "done"


async def test_an_answer_arrives_on_the_screen(online: Link, tab: Tab) -> None:
    """First the thinking message, then the quote in its place."""
    assert (await tab.order(do="slash", name="ask", options={"question": "What did the fox write?"}))["kind"] == "done"
    screen = await tab.screen(lambda message: "fox wrote" in str(message["messages"]))
    assert len(screen["messages"]) == 1
    assert FOX.split(";")[0] in str(screen["messages"][0]["components"]).replace("*", "").replace("\\\\", "")


async def test_two_pages_see_the_same_channel(
    online: Link, server: PageServer, http: aiohttp.ClientSession, town: Town, tab: Tab
) -> None:
    """What alice writes on one page stands on adam's, but not what only she may see."""
    async with http.ws_connect(socket_of(server), headers={"Origin": origin_of(server)}) as socket:
        other = Tab(socket)
        await other.order(do="view", user=town.adam.id, channel=town.channel.id)
        options = {"question": "What did the fox write?", "private": "true"}
        await tab.order(do="slash", name="ask", options=options)
        await tab.screen(lambda message: "fox wrote" in str(message["messages"]))
        await tab.order(do="say", text="good morning")
        screen = await other.screen(lambda message: "good morning" in str(message["messages"]))
        assert "fox wrote" not in str(screen["messages"])


async def test_a_direct_message_reaches_the_bot(online: Link, tab: Tab, town: Town) -> None:
    """The place for direct messages is offered beside the channels."""
    await tab.order(do="view", user=town.alice.id, channel="direct")
    assert (await tab.order(do="say", text="hello"))["kind"] == "done"
    screen = await tab.screen(lambda message: "hello" in str(message["messages"]))
    assert screen["channel"] != town.channel.id


async def test_stopping_closes_the_pages(server: PageServer, tab: Tab) -> None:
    """The end of the program ends every page's socket."""
    await server.stop()
    message = await tab._socket.receive(timeout=5)
    while message.type is aiohttp.WSMsgType.TEXT:
        message = await tab._socket.receive(timeout=5)
    assert message.type in (aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSED, aiohttp.WSMsgType.CLOSING)
