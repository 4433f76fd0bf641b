"""The sandbox session: emulator, library with the sample articles, the bot's client, and the prompt over them."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
import tempfile
import threading
import webbrowser
from collections.abc import AsyncIterator, Callable, Coroutine
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

import click

from bot.engine.library import Library
from bot.engine.records.sources import ArticleSource
from bot.sandbox.emulator import Emulator
from bot.sandbox.page.server import PageServer
from bot.sandbox.page.stage import Example, Stage
from bot.sandbox.terminal import HELP, Terminal
from bot.sandbox.world import FORUM_CHANNEL
from bot.wiring import make_client, open_library
from config.settings import Settings

EXAMPLE = "Does crime rise when the lights go out?"
EXAMPLES = (
    Example(EXAMPLE, "ask", {"question": EXAMPLE}),
    Example("How long does the night ferry take?", "ask", {"question": "How long does the night ferry take?"}),
    Example(
        "Who won the chess championship?",
        "ask",
        {"question": "Who won the chess championship?"},
        "No article here answers this one",
    ),
    Example(
        "/summary of the ferry article", "summary", {"article": "Night ferry to Skarholm returns after nine years"}
    ),
)
CONNECT_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Staging:
    """How to run: ``keep`` uses the settings' store instead of one that is forgotten; ``port`` 0 takes a free one."""

    keep: bool = False
    with_example: bool = True
    with_prompt: bool = True
    opens_browser: bool = True
    port: int = 0
    transcript: Path | None = None


async def play(settings: Settings, staging: Staging) -> None:
    """Run the sandbox until the input ends, or without a prompt until it is interrupted."""
    click.echo("Pullquote's sandbox: a local simulation of Discord on this machine, not Discord itself.")
    with contextlib.ExitStack() as stack:
        if not staging.keep:
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="pullquote-sandbox-"))
            store = settings.store.model_copy(update={"url": f"sqlite:///{Path(folder) / 'pullquote.sqlite3'}"})
            settings = settings.model_copy(update={"store": store})
        async with Emulator() as emulator:
            try:
                await _play(settings, emulator, staging)
            finally:
                if staging.transcript is not None:
                    emulator.transcript.write(staging.transcript)


async def _play(settings: Settings, emulator: Emulator, staging: Staging) -> None:
    guild = emulator.add_guild("Reading room")
    channel = emulator.add_channel(guild, "questions")
    lounge = emulator.add_channel(guild, "lounge")
    forum = emulator.world.add_channel(guild, "help", FORUM_CHANNEL)
    people = {
        "alice": emulator.add_member(guild, "alice"),
        "adam": emulator.add_member(guild, "adam", "manage_guild"),
    }
    addresses = settings.discord.model_copy(
        update={"api_base": emulator.api_base, "gateway_url": emulator.gateway_url, "ready_timeout_seconds": 0.1}
    )
    settings = settings.model_copy(update={"discord": addresses})
    library = open_library(settings)
    try:
        click.echo("Loading the encoder and the sample articles (a few seconds) ...")
        titles = await asyncio.to_thread(add_samples, library, int(guild.id))
    except BaseException:
        library.close()
        raise
    client = make_client(settings, library, remember_commands=False)
    running = asyncio.create_task(client.start(emulator.token), name="pullquote-client")
    try:
        await _until_ready(client.wait_until_ready, running)
        click.echo("Articles: " + "; ".join(titles) + ".")
        async with PageServer(
            emulator, Stage(tuple(people.values()), (channel, lounge, forum), EXAMPLES), staging.port
        ) as page:
            click.echo(f"\nIn a browser on this machine:  {page.address}\n")
            if staging.opens_browser and sys.stdout.isatty():
                await asyncio.to_thread(webbrowser.open, page.address)
            if not staging.with_prompt:
                click.echo("Ctrl-C ends it.")
                await running
                return
            click.echo(HELP + "\n")
            terminal = Terminal(emulator, channel, people, click.echo, colours=sys.stdout.isatty())
            if staging.with_example:
                click.echo(f"{terminal.prompt}{EXAMPLE}")
                await terminal.respond(EXAMPLE)
            await terminal.converse(_typed_lines(lambda: terminal.prompt))
    finally:
        await client.close()
        await asyncio.gather(running, return_exceptions=True)
    for problem in emulator.problems():
        click.echo(f"The emulator noticed: {problem}", err=True)


def add_samples(library: Library, guild: int) -> list[str]:
    """Add the sample articles that come with the program, and return their titles."""
    folder = resources.files("bot.sandbox") / "articles"
    titles = []
    for item in sorted(folder.iterdir(), key=lambda entry: entry.name):
        report = library.add_article(guild, ArticleSource(item.read_bytes(), file_name=item.name, source=item.name))
        titles.append(report.title)
    return titles


async def _until_ready(wait: Callable[[], Coroutine[None, None, None]], running: asyncio.Task[None]) -> None:
    """Wait for the client to be ready, or raise what ended it before."""
    ready = asyncio.create_task(wait())
    done, _ = await asyncio.wait({ready, running}, timeout=CONNECT_SECONDS, return_when=asyncio.FIRST_COMPLETED)
    if running in done:
        ready.cancel()
        await running
    if ready not in done:
        ready.cancel()
        raise click.ClickException("The bot did not connect to the emulator. Run it with PULLQUOTE_LOG__LEVEL=DEBUG.")


async def _typed_lines(prompt: Callable[[], str]) -> AsyncIterator[str]:
    """Yield what is typed, line by line, until the input ends. A thread reads: input() would stop the event loop."""
    loop = asyncio.get_running_loop()
    ask = input if sys.stdin.isatty() else PipedInput(sys.stdin.fileno())
    while True:
        line: asyncio.Future[str | None] = loop.create_future()

        def deliver(text: str | None, future: asyncio.Future[str | None] = line) -> None:
            if not future.done():
                future.set_result(text)

        def read(send: Callable[[str | None], None] = deliver, shown: str = prompt()) -> None:
            try:
                text: str | None = ask(shown)
            except (EOFError, UnicodeDecodeError):
                text = None
            with contextlib.suppress(RuntimeError):
                loop.call_soon_threadsafe(send, text)

        # A daemon, so that Ctrl-C at the prompt ends the program instead of waiting for one more line.
        threading.Thread(target=read, name="pullquote-prompt", daemon=True).start()
        text = await line
        if text is None:
            click.echo()
            return
        yield text


class PipedInput:
    """``input`` for a pipe: shows each line after the prompt, so that the output reads like a conversation.

    It reads the descriptor itself: a daemon thread that waits inside ``sys.stdin`` would crash the interpreter's exit.
    """

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._waiting = b""

    def __call__(self, prompt: str) -> str:
        """Return the next line without its end. Raises EOFError."""
        click.echo(prompt, nl=False)
        while b"\n" not in self._waiting:
            more = os.read(self._descriptor, 65_536)
            if not more and not self._waiting:
                raise EOFError
            self._waiting += more or b"\n"
        line, _, self._waiting = self._waiting.partition(b"\n")
        text = line.decode("utf-8", "replace").rstrip("\r")
        click.echo(text)
        return text
