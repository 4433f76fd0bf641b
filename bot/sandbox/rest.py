"""The REST server: authentication, rate limits, faults and bodies, around the endpoints."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import BodyPartReader, web

from bot.sandbox.faults import RestFault
from bot.sandbox.hub import Hub
from bot.sandbox.rate_limits import Verdict
from bot.sandbox.refusals import Payload, Refusal, bare
from bot.sandbox.rules.messages import Upload
from bot.sandbox.rules.table import RULES

BANNED_HTML = "<html><body>error code: 1015</body></html>"


@dataclass
class Call:
    """One request as an endpoint sees it; `body` is {} where there is none (a list for a bulk overwrite)."""

    params: dict[str, str]
    query: dict[str, str]
    body: Any
    uploads: list[Upload] = field(default_factory=list)

    @property
    def form(self) -> Payload:
        """The body as an object; refuses anything else."""
        if not isinstance(self.body, dict):
            raise Refusal(50035, "the body must be an object", errors={})
        return self.body


@dataclass
class Reply:
    """Status and JSON body; None for an empty one."""

    status: int = 200
    body: Any = None


EMPTY = Reply(204)
Endpoint = Callable[[Call], Reply]


@dataclass(frozen=True)
class Route:
    """An endpoint and how it is limited: `bucket` names its allowance, `major` the parameters that split it."""

    method: str
    path: str
    endpoint: Endpoint
    bucket: str
    major: tuple[str, ...] = ()
    needs_token: bool = True
    counts_globally: bool = True


class RestServer:
    """Turns aiohttp requests into calls and refusals into Discord's error bodies."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    def handler(self, route: Route) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        """Return the aiohttp handler of a route."""

        async def handle(request: web.Request) -> web.StreamResponse:
            fault = self._hub.faults.take(request.method, request.path)
            if fault is not None and fault.delay_seconds:
                await asyncio.sleep(fault.delay_seconds)
            if fault is not None and fault.status and not fault.after_handling:
                return self._fault(request, fault)
            if self._hub.rate_limits.banned:
                return web.Response(status=429, text=BANNED_HTML, content_type="text/html")
            major = ":".join(request.match_info[name] for name in route.major)
            verdict = self._hub.rate_limits.spend(route.bucket, major, counts_globally=route.counts_globally)
            if not verdict.allowed:
                return self._limited(request, verdict)
            reply, sent = await self._answer(route, request)
            if fault is not None and fault.status:
                return self._fault(request, fault)
            return self._finish(request, reply, verdict.headers, sent)

        return handle

    async def unknown(self, request: web.Request) -> web.StreamResponse:
        """Refuse a route the emulator does not have."""
        reply, sent = self._refuse(request, bare(404, "Not Found")), None
        return self._finish(request, reply, {}, sent)

    async def _answer(self, route: Route, request: web.Request) -> tuple[Reply, Any]:
        sent: Any = None
        try:
            if route.needs_token and request.headers.get("Authorization") != f"Bot {self._hub.token}":
                raise bare(401, "Unauthorized")
            body, uploads = await _read(request)
            sent = body
            call = Call(dict(request.match_info), dict(request.query), body, uploads)
            return route.endpoint(call), sent
        except Refusal as refusal:
            return self._refuse(request, refusal), sent

    def _refuse(self, request: web.Request, refusal: Refusal) -> Reply:
        where = f"{request.method} {_without_token(request.path)}"
        self._hub.violate(where, refusal.code, refusal.detail or refusal.message, refusal.rules)
        return Reply(refusal.status, refusal.body())

    def _limited(self, request: web.Request, verdict: Verdict) -> web.Response:
        fault = RestFault(429, retry_after=round(max(0.001, verdict.retry_after), 3), scope=verdict.scope)
        return self._fault(request, fault, verdict.headers)

    def _fault(self, request: web.Request, fault: RestFault, more: dict[str, str] | None = None) -> web.Response:
        status, text, headers = fault.reply()
        self._hub.rate_limits.note(status, fault.scope)
        self._hub.transcript.record(
            "request", method=request.method, path=_without_token(request.path), status=status, fault=True
        )
        return web.Response(status=status, body=text.encode(), headers={**(more or {}), **headers})

    def _finish(self, request: web.Request, reply: Reply, headers: dict[str, str], sent: Any) -> web.Response:
        self._hub.rate_limits.note(reply.status)
        self._hub.transcript.record(
            "request",
            method=request.method,
            path=_without_token(request.path),
            status=reply.status,
            sent=sent,
            reply=reply.body,
        )
        if reply.body is None:
            return web.Response(status=reply.status, headers=headers)
        # exactly this media type: with a charset, discord.py would not parse it
        headers = {**headers, "Content-Type": "application/json", "Via": "1.1 google"}
        return web.Response(status=reply.status, body=json.dumps(reply.body).encode(), headers=headers)


async def _read(request: web.Request) -> tuple[Any, list[Upload]]:
    """Return a request's JSON body and its files; refuses broken JSON and too large requests."""
    if (request.content_length or 0) > RULES["request.bytes"].high:
        await request.release()
        raise Refusal(40005, f"{request.content_length} bytes", rules=["request.bytes"])
    if not request.can_read_body:
        return {}, []
    if request.content_type != "multipart/form-data":
        return _parse(await request.text()), []
    body: Any = {}
    uploads: list[Upload] = []
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader):
            raise Refusal(50035, "nested multipart", errors={})
        name = part.name or ""
        if name == "payload_json":
            body = _parse(await part.text())
        elif name.startswith("files[") and name.endswith("]") and name[6:-1].isdigit():
            uploads.append(Upload(int(name[6:-1]), part.filename or "file", bytes(await part.read(decode=True))))
        else:
            raise Refusal(50035, f"unknown form part {name!r}", errors={})
    return body, uploads


def _parse(text: str) -> Any:
    try:
        return json.loads(text) if text else {}
    except ValueError:
        raise Refusal(50109, "not JSON") from None


def _without_token(path: str) -> str:
    """Shorten the token of an interaction or webhook in a path."""
    parts = path.split("/")
    return "/".join(part if len(part) < 50 else part[:6] + "…" for part in parts)
