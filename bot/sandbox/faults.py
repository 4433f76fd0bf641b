"""Knobs that make the network behave as badly as it sometimes does."""

from __future__ import annotations

import json
from dataclasses import dataclass

from bot.sandbox.refusals import Payload

GATEWAY_HTML = "<html><body>bad gateway</body></html>"


@dataclass
class RestFault:
    """What happens to the next `times` requests whose method and path match, instead of or before the answer."""

    status: int | None = None
    method: str | None = None
    path_part: str = ""
    times: int = 1
    delay_seconds: float = 0.0
    retry_after: float = 0.0
    scope: str = "user"
    without_via: bool = False
    after_handling: bool = False

    def matches(self, method: str, path: str) -> bool:
        """Tell whether a request meets this fault."""
        return self.times > 0 and self.method in (None, method) and self.path_part in path

    def reply(self) -> tuple[int, str, Payload]:
        """Return status, text and headers of the refused request."""
        if self.status != 429:
            return self.status or 500, GATEWAY_HTML, {"Content-Type": "text/html"}
        body = {
            "message": "You are being rate limited.",
            "retry_after": self.retry_after,
            "global": self.scope == "global",
        }
        headers = {"Content-Type": "application/json", "Retry-After": str(max(1, round(self.retry_after)))}
        headers["X-RateLimit-Scope"] = self.scope
        if self.scope == "global":
            headers["X-RateLimit-Global"] = "true"
        if not self.without_via:
            headers["Via"] = "1.1 google"  # a client takes a 429 without it for a ban by the edge
        return 429, json.dumps(body), headers


class Faults:
    """The pending REST faults; gateway faults act at once and live on the emulator."""

    def __init__(self) -> None:
        self.pending: list[RestFault] = []
        self.duplicate_next_dispatch = False

    def fail(self, status: int, *, method: str | None = None, path: str = "", times: int = 1) -> None:
        """Answer the next matching requests with a server error (500, 502, 503, 504) as an edge would, in HTML."""
        self.pending.append(RestFault(status, method, path, times))

    def fail_after_handling(self, status: int, *, method: str | None = None, path: str = "", times: int = 1) -> None:
        """Do what the request asks, then lose the answer behind a server error: the client cannot tell."""
        self.pending.append(RestFault(status, method, path, times, after_handling=True))

    def rate_limit(
        self,
        *,
        retry_after: float = 0.05,
        scope: str = "user",
        method: str | None = None,
        path: str = "",
        times: int = 1,
        without_via: bool = False,
    ) -> None:
        """Answer the next matching requests with 429; scope is user, shared or global, `retry_after` in seconds."""
        self.pending.append(
            RestFault(429, method, path, times, retry_after=retry_after, scope=scope, without_via=without_via)
        )

    def slow(self, seconds: float, *, method: str | None = None, path: str = "", times: int = 1) -> None:
        """Hold the next matching requests for some seconds before handling them."""
        self.pending.append(RestFault(None, method, path, times, delay_seconds=seconds))

    def take(self, method: str, path: str) -> RestFault | None:
        """Return the first fault that matches a request and use it up by one."""
        for fault in self.pending:
            if fault.matches(method, path):
                fault.times -= 1
                if not fault.times:
                    self.pending.remove(fault)
                return fault
        return None
