"""What every part of one emulator shares."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from bot.sandbox.changes import Changes
from bot.sandbox.clock import Clock
from bot.sandbox.faults import Faults
from bot.sandbox.rate_limits import RateLimits
from bot.sandbox.refusals import Payload, Violation
from bot.sandbox.rules.table import RULES
from bot.sandbox.start_limits import StartLimits
from bot.sandbox.transcript import Transcript
from bot.sandbox.world import World

if TYPE_CHECKING:
    from bot.sandbox.command_book import CommandBook
    from bot.sandbox.gateway import Gateway
    from bot.sandbox.interactions import Interactions
    from bot.sandbox.polls import Polls
    from bot.sandbox.postbox import Postbox
    from bot.sandbox.reactions import Reactions
    from bot.sandbox.roster import Roster
    from bot.sandbox.threads import Threads

DEFAULT_TOKEN = "sandbox.token.not-a-secret"  # noqa: S105 (it opens nothing but this loopback server)


class Hub:
    """State and knobs; the parts (gateway, commands, interactions, postbox …) are hung in by the emulator.

    `ack_seconds` is how long a bot has for its first answer, `token_seconds` how long an interaction's token lives,
    `settle_seconds` how long `settle` waits, `resume_seconds` how long a session without a socket can be resumed (D:
    "a few minutes"), `portal_intents` the privileged intents switched on in the imagined developer portal, `starts`
    how often the bot may identify.
    """

    gateway: Gateway
    commands: CommandBook
    interactions: Interactions
    postbox: Postbox
    threads: Threads
    reactions: Reactions
    polls: Polls
    roster: Roster

    def __init__(self) -> None:
        self.clock = Clock()
        self.changes = Changes()
        self.world = World()
        self.transcript = Transcript(self.clock)
        self.rate_limits = RateLimits(self.clock)
        self.faults = Faults()
        self.violations: list[Violation] = []
        self.token = DEFAULT_TOKEN
        self.ack_seconds = float(RULES["ack.seconds"].high)
        self.token_seconds = float(RULES["token.seconds"].high)
        self.heartbeat_interval_seconds = 41.25
        self.settle_seconds = 2.0
        self.portal_intents = 0
        self.starts = StartLimits(self.clock)
        self.resume_seconds = 180.0
        self.members_asked_at: dict[str, float] = {}
        self.attachment_size_limit = 10 * 1024 * 1024
        self.base_url = ""
        self.socket_url = ""

    def violate(self, where: str, code: int, detail: str, rules: list[str] | None = None) -> None:
        """Record something Discord refuses; the test's teardown fails on it unless it was expected."""
        self.violations.append(Violation(where, code, detail, rules or []))

    def reset_token(self) -> None:
        """Make the bot's token another one, as Discord does with one that identified too often."""
        self.token = f"{DEFAULT_TOKEN}.{self.world.snowflakes.make()}"

    def add_file(self, filename: str, content: bytes) -> Payload:
        """Keep a file and return its attachment payload, whose `url` the emulator serves."""
        file_id = self.world.snowflakes.make()
        self.world.files[file_id] = (filename, content)
        url = f"{self.base_url}/cdn/attachments/{file_id}/{quote(filename, safe='')}"
        return {
            "id": file_id,
            "filename": filename,
            "size": len(content),
            "url": url,
            "proxy_url": url,
            "content_type": content_type_of(filename),
        }


def content_type_of(filename: str) -> str:
    """Return the media type Discord would derive from a file's name."""
    kinds = {
        "txt": "text/plain; charset=utf-8",
        "md": "text/markdown; charset=utf-8",
        "pdf": "application/pdf",
        "html": "text/html; charset=utf-8",
        "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "epub": "application/epub+zip",
        "png": "image/png",
    }
    return kinds.get(filename.rsplit(".", 1)[-1].lower(), "application/octet-stream")
