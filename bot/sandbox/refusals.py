"""How Discord says no: an HTTP status, a numeric code, a sentence, and for forms a tree of errors."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Payload = dict[str, Any]

# D: topics/opcodes-and-status-codes, JSON error codes. Where Discord documents no code, the likeliest one is used.
KNOWN: dict[int, tuple[int, str]] = {
    10003: (404, "Unknown Channel"),
    10004: (404, "Unknown Guild"),
    10007: (404, "Unknown Member"),
    10008: (404, "Unknown Message"),
    10013: (404, "Unknown User"),
    10014: (400, "Unknown Emoji"),
    10015: (404, "Unknown Webhook"),
    10062: (404, "Unknown interaction"),
    10063: (404, "Unknown application command"),
    20028: (429, "The channel you are writing has hit the write rate limit."),
    20016: (429, "This action cannot be performed due to slowmode rate limit."),
    30003: (400, "Maximum number of pins reached for the channel (250)"),
    30010: (400, "Maximum number of reactions reached (20)"),
    30032: (400, "Maximum number of application commands reached"),
    30033: (400, "Maximum number of thread participants reached (1000)"),
    30034: (400, "Max number of daily application command creates has been reached (200)"),
    40005: (413, "Request entity too large"),
    40058: (400, "Cannot send a message in a forum channel"),
    40060: (400, "Interaction has already been acknowledged."),
    40066: (400, "There are no tags available that can be set by non-moderators"),
    40067: (400, "A tag is required to create a forum post in this channel"),
    40094: (400, "This interaction has hit the maximum number of follow up messages"),
    50001: (403, "Missing Access"),
    50005: (403, "Cannot edit a message authored by another user"),
    50006: (400, "Cannot send an empty message"),
    50003: (403, "Cannot execute action on a DM channel"),
    50007: (403, "Cannot send messages to this user"),
    50008: (400, "Cannot send messages in a non-text channel"),
    50013: (403, "Missing Permissions"),
    50024: (400, "Cannot execute action on this channel type"),
    50027: (401, "Invalid Webhook Token"),
    50035: (400, "Invalid Form Body"),
    50083: (400, "Thread is archived"),
    50109: (400, "The request body contains invalid JSON."),
    160002: (403, "Cannot reply without permission to read message history"),
    160004: (400, "A thread has already been created for this message"),
    160005: (403, "Thread is locked"),
    160006: (400, "Maximum number of active threads reached"),
    520001: (400, "Poll expired"),
    520002: (400, "Invalid channel type for poll creation"),
    520003: (400, "Cannot edit a poll message"),
    520006: (400, "Cannot expire a non-poll message"),
}


class Refusal(Exception):
    """A request Discord would refuse; carries everything the reply and the violation record need."""

    def __init__(
        self,
        code: int,
        detail: str = "",
        *,
        status: int | None = None,
        errors: Payload | None = None,
        rules: list[str] | None = None,
    ) -> None:
        known_status, message = KNOWN.get(code, (400, detail or "Bad Request"))
        self.code = code
        self.status = status if status is not None else known_status
        self.message = message
        self.detail = detail
        self.errors = errors
        self.rules = rules or []
        super().__init__(f"{self.status}/{code} {message}: {detail}" if detail else f"{self.status}/{code} {message}")

    def body(self) -> Payload:
        """Return the JSON body Discord sends with this refusal."""
        body: Payload = {"message": self.message, "code": self.code}
        if self.errors is not None:
            body["errors"] = self.errors
        return body


def bare(status: int, message: str) -> Refusal:
    """Return a refusal without a JSON error code (Discord sends 0), such as 401 and an unknown route."""
    refusal = Refusal(0, message, status=status)
    refusal.message = f"{status}: {message}"
    return refusal


@dataclass
class Violation:
    """Something the client did that Discord refuses: where, with which code, and why."""

    where: str
    code: int
    detail: str
    rules: list[str] = field(default_factory=list)
    expected: bool = False

    def __str__(self) -> str:
        rules = f" [{', '.join(self.rules)}]" if self.rules else ""
        return f"{self.where}: {self.code} {self.detail}{rules}"
