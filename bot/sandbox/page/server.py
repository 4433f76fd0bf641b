"""Serves the page and its WebSocket on 127.0.0.1, to whoever holds this run's token.

Any web page that is open in the same browser can try to reach a loopback port. So the Host header must name this
machine (DNS rebinding), a WebSocket's Origin must be the page itself (cross-site WebSocket hijacking), and the token
that stands behind the # of the address, which browsers send nowhere, must come with it.
"""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable
from importlib import resources
from types import TracebackType
from typing import Self

from aiohttp import WSCloseCode, web

from bot.sandbox.emulator import LOOPBACK, Emulator
from bot.sandbox.page.conversation import Conversation
from bot.sandbox.page.stage import Stage

_KINDS = {"html": "text/html", "css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

_FRAME_BYTES = 16 * 1024 * 1024
"""A file of 10 MiB in base64, and what stands around it."""


class PageServer:
    """The page of one emulator. ``address``, after `start`: what to open in a browser, token included."""

    def __init__(self, emulator: Emulator, stage: Stage, port: int = 0) -> None:
        self._emulator = emulator
        self._stage = stage
        self._port = port
        self._token = secrets.token_urlsafe(24)
        self._files = read_files()
        self._runner: web.AppRunner | None = None
        self._sockets: set[web.WebSocketResponse] = set()
        self._hosts: frozenset[str] = frozenset()
        self.address = ""

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    async def start(self) -> None:
        """Listen on 127.0.0.1; port 0 takes a free one. Raises OSError where the port is taken."""
        app = web.Application(middlewares=[self._guard])
        app.router.add_get("/", self._file)
        app.router.add_get("/socket", self._socket)
        app.router.add_get("/{name}", self._file)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
        await self._runner.setup()
        await web.TCPSite(self._runner, LOOPBACK, self._port).start()
        bound = self._runner.addresses[0][1]
        self._hosts = frozenset({f"{LOOPBACK}:{bound}", f"localhost:{bound}"})
        self.address = f"http://{LOOPBACK}:{bound}/#{self._token}"

    async def stop(self) -> None:
        """Close every page's socket and stop listening; safe to call twice."""
        for socket in tuple(self._sockets):
            await socket.close(code=WSCloseCode.GOING_AWAY, message=b"the sandbox has ended")
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    @web.middleware
    async def _guard(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.headers.get("Host") not in self._hosts:
            return web.Response(status=403, text="This page answers to 127.0.0.1 only.")
        return await handler(request)

    async def _file(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info.get("name", "index.html")
        if name not in self._files:
            return web.Response(status=404, text="There is nothing here.")
        kind = _KINDS[name.rpartition(".")[2]]
        return web.Response(body=self._files[name], headers=_headers(request.headers["Host"], kind))

    async def _socket(self, request: web.Request) -> web.StreamResponse:
        is_ours = request.headers.get("Origin") == f"http://{request.headers['Host']}"
        token = request.query.get("token", "")
        if not is_ours or not secrets.compare_digest(token.encode(), self._token.encode()):
            return web.Response(status=403, text="Open the address that the sandbox printed, with all of it.")
        socket = web.WebSocketResponse(max_msg_size=_FRAME_BYTES, heartbeat=30)
        await socket.prepare(request)
        self._sockets.add(socket)
        try:
            await Conversation(self._emulator, self._stage, socket).hold()
        finally:
            self._sockets.discard(socket)
        return socket


def read_files() -> dict[str, bytes]:
    """Return the page's files by name: these and no others are served."""
    folder = resources.files("bot.sandbox.page") / "static"
    return {item.name: item.read_bytes() for item in folder.iterdir() if item.name.rpartition(".")[2] in _KINDS}


def _headers(host: str, kind: str) -> dict[str, str]:
    policy = (
        f"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src ws://{host}; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    return {
        "Content-Type": f"{kind}; charset=utf-8",
        "Content-Security-Policy": policy,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cache-Control": "no-store",
    }
