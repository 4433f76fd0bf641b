"""2,000 interactions at once under `ulimit -n 1024`: Pullquote beside a bare discord.py client, in the same run.

Usage: python -m benchmarks.burst [--count 2000] [--rounds 3] [--encoder hashing]

Each client is a process of its own with 1,024 file descriptors, against the emulator in this one. The emulator refuses
a first answer after three seconds (10062), as Discord does. Printed: first answers in time, late and never; how long
they took; and what the members were left with.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import resource
import statistics
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.sandbox.emulator import Emulator
from bot.sandbox.interactions import COMMAND, InteractionHandle, State
from bot.sandbox.invocation import Invocation
from bot.sandbox.postbox import visible_text
from bot.sandbox.world import Channel, User

DESCRIPTORS = 1024
READY_SECONDS = 120.0
SETTLE_SECONDS = 40.0
CLIENTS = {
    "bare, answers at once": "bare",
    "bare, defers and edits": "bare-defer",
    "bare with a limit of 100 sockets, defers and edits": "bare-limited",
    "Pullquote, /ask": "pullquote",
}
ARTICLE = Path(__file__).parents[1] / "bot" / "sandbox" / "articles" / "ferry.txt"


@dataclass
class Outcome:
    """What one burst came to."""

    taken: int
    late: int
    never: int
    ack_ms: list[float]
    answered: int
    refused: int
    lost: int
    cpu: float


def main() -> None:
    """Run every client and print the table, or be one of them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--encoder", default="hashing", help="the encoder of Pullquote's settings (default: hashing)")
    parser.add_argument("--deadline", type=float, default=3.0, help="how long a first answer is taken, in seconds")
    parser.add_argument("--only", choices=CLIENTS.values(), help="measure one client")
    parser.add_argument("--child", choices=CLIENTS.values(), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        asyncio.run(be_client(options.child, options.encoder))
        return
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    print(f"load averages before: {os.getloadavg()}; a first answer is taken for {options.deadline} s")
    heads = ("client", "in 3 s (worst round)", "late", "never", "ack p50 / p95 / max, s", "acks/s", "CPU, s")
    print(f"| {' | '.join(heads)} | answered | refused | silent |")
    print("|" + " --- |" * 10)
    for label, kind in CLIENTS.items():
        if options.only not in (None, kind):
            continue
        rounds = [
            asyncio.run(burst(kind, options.count, options.encoder, options.deadline)) for _ in range(options.rounds)
        ]
        print(row(label, rounds), flush=True)


def row(label: str, rounds: list[Outcome]) -> str:
    """Return the table's row of a client: the median of its rounds, and the worst where it counts."""

    def middle(values: list[float]) -> str:
        return f"{statistics.median(values):,.0f}"

    acks = [sorted(one.ack_ms) or [0.0] for one in rounds]
    shares = (0.5, 0.95, 1.0)
    times = [statistics.median(at(one, share) for one in acks) for share in shares]
    in_time = [sum(value <= 3000 for value in one) for one in acks]
    cells = [
        label,
        f"{middle([float(count) for count in in_time])} ({min(in_time):,})",
        middle([one.late for one in rounds]),
        middle([one.never for one in rounds]),
        " / ".join(f"{value:.2f}" for value in times),
        middle([len(one) / at(one, 1.0) if at(one, 1.0) else 0.0 for one in acks]),
        f"{statistics.median(one.cpu for one in rounds):.1f}",
        middle([one.answered for one in rounds]),
        middle([one.refused for one in rounds]),
        middle([one.lost for one in rounds]),
    ]
    return f"| {' | '.join(cells)} |"


def at(acks: list[float], share: float) -> float:
    """Return the time of a share of sorted answers, in seconds."""
    return acks[min(len(acks) - 1, int(share * len(acks)))] / 1000


async def burst(kind: str, count: int, encoder: str, deadline: float) -> Outcome:
    """Start a client, invoke /ask many times at once, and see what comes of it."""
    async with Emulator() as emulator:
        guild = emulator.add_guild("Harbour")
        channel = emulator.add_channel(guild, "general")
        people = [emulator.add_member(guild, f"member{number}") for number in range(count)]
        with tempfile.TemporaryDirectory() as folder:
            child = await start_child(kind, encoder, emulator, folder, guild.id)
            try:
                await ready(emulator, child, people[0], channel)
                emulator.ack_seconds = deadline
                return await measure(emulator, channel, people, child)
            finally:
                child.terminate()
                await child.wait()


async def start_child(kind: str, encoder: str, emulator: Emulator, folder: str, guild: str) -> Any:
    """Start a client as a process."""
    environment = {
        **os.environ,
        "BURST_API": emulator.api_base,
        "BURST_GATEWAY": emulator.gateway_url,
        "BURST_TOKEN": emulator.token,
        "BURST_FOLDER": folder,
        "BURST_GUILD": guild,
    }
    command = [sys.executable, "-m", "benchmarks.burst", "--child", kind, "--encoder", encoder]
    return await asyncio.create_subprocess_exec(*command, env=environment, stderr=asyncio.subprocess.DEVNULL)


async def ready(emulator: Emulator, child: Any, user: User, channel: Channel) -> None:
    """Wait until the client has registered /ask and answered one question."""
    look = emulator.changes.until(lambda: emulator.gateway.sessions or child.returncode is not None, READY_SECONDS)
    with contextlib.suppress(TimeoutError):
        await look
    with contextlib.suppress(TimeoutError):
        await emulator.changes.until(lambda: emulator.commands.listing(None), READY_SECONDS)
    for _ in range(100):
        handle = await emulator.slash(user, channel, "ask", {"question": "How long does the night ferry take?"})
        if await settled([handle], 1.0):
            return
    raise SystemExit("the client does not answer")


async def settled(handles: list[InteractionHandle], seconds: float) -> bool:
    """Wait until nobody waits any more; return whether that came in time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if not any(is_open(handle) for handle in handles):
            return True
        await asyncio.sleep(0.05)
    return False


def is_open(handle: InteractionHandle) -> bool:
    """Tell whether a person still waits; one whose message was taken away is owed another."""
    if handle.state is State.PENDING or handle.is_thinking:
        return True
    is_away = handle.message is not None and "_deleted" in handle.message
    return is_away and not handle.followups


def cpu_seconds(child: Any) -> float:
    """Return the processor time of a process, in seconds (Linux; elsewhere 0)."""
    try:
        fields = Path(f"/proc/{child.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def measure(emulator: Emulator, channel: Channel, people: list[User], child: Any) -> Outcome:
    """Dispatch all at once, and read what became of each."""
    command = emulator.commands.listing(None)
    ask = next(entry for entry in command if entry["name"] == "ask")
    values = {"question": "How long does the night ferry take?"}
    before = cpu_seconds(child)
    handles = [
        emulator.interactions.start(COMMAND, user, channel, Invocation(emulator, channel).slash_data(ask, [], values))
        for user in people
    ]
    await settled(handles, SETTLE_SECONDS)
    states = Counter(handle.state for handle in handles)
    left = [text_of(handle) for handle in handles if handle.state is State.ACKNOWLEDGED]
    refused = sum("Too m" in text for text in left)
    lost = sum(not text for text in left)
    taken = states[State.ACKNOWLEDGED]
    acks = [handle.ack_ms for handle in handles if handle.ack_ms is not None and handle.state is State.ACKNOWLEDGED]
    answered = len(left) - refused - lost
    used = cpu_seconds(child) - before
    return Outcome(taken, states[State.LATE], states[State.PENDING], acks, answered, refused, lost, used)


def text_of(handle: InteractionHandle) -> str:
    """Return what a member is left with."""
    messages = [message for message in [handle.message, *handle.followups] if message and "_deleted" not in message]
    return "\n".join(visible_text(message) for message in messages)


async def be_client(kind: str, encoder: str) -> None:
    """Be the client that is measured, with as few descriptors as a usual shell gives."""
    resource.setrlimit(resource.RLIMIT_NOFILE, (DESCRIPTORS, DESCRIPTORS))
    import yarl
    from discord.gateway import DiscordWebSocket
    from discord.http import Route

    Route.BASE = os.environ["BURST_API"]
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(os.environ["BURST_GATEWAY"])
    client = pullquote(encoder) if kind == "pullquote" else bare(kind)
    await client.start(os.environ["BURST_TOKEN"])


def pullquote(encoder: str) -> Any:
    """Return the bot over a store with one article."""
    from bot.engine.records.sources import ArticleSource
    from bot.wiring import make_client, open_library
    from config.settings import load_settings

    store = {"url": f"sqlite:///{os.environ['BURST_FOLDER']}/pullquote.sqlite3"}
    sections: dict[str, Any] = {"store": store}
    if encoder != "default":
        sections["encoder"] = {"model": encoder}
    settings = load_settings(sections, environ={})
    library = open_library(settings)
    library.add_article(int(os.environ["BURST_GUILD"]), ArticleSource(ARTICLE.read_bytes(), file_name="ferry.txt"))
    return make_client(settings, library, remember_commands=False)


def bare(kind: str) -> Any:
    """Return a client of discord.py that does nothing but answer."""
    import aiohttp
    import discord

    class Bare(discord.Client):
        async def setup_hook(self) -> None:
            await tree.sync()

        async def login(self, token: str) -> None:
            if kind == "bare-limited":
                self.http.connector = aiohttp.TCPConnector(limit=100)
            await super().login(token)

    client = Bare(intents=discord.Intents.default())
    tree = discord.app_commands.CommandTree(client)

    @tree.command(description="Ask")
    async def ask(interaction: discord.Interaction, question: str) -> None:  # noqa: ARG001
        if kind == "bare":
            await interaction.response.send_message("The crossing takes fourteen hours.")
            return
        await interaction.response.defer()
        await interaction.edit_original_response(content="The crossing takes fourteen hours.")

    return client


if __name__ == "__main__":
    main()
