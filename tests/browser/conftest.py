"""A real browser on the sandbox's page, with the real client behind it and a fake library."""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.sandbox.emulator import Emulator
from bot.sandbox.page.server import PageServer
from bot.sandbox.page.stage import Example, Stage
from bot.sandbox.world import FORUM_CHANNEL
from tests.discord.bot.conftest import client, fake, online, web
from tests.discord.conftest import connect, emulator, town, watch
from tests.discord.harness import Link, Town

__all__ = ["client", "connect", "emulator", "fake", "online", "town", "watch", "web"]

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SLOW_MS = 15_000

playwright = pytest.importorskip("playwright.async_api", reason="playwright is not installed (make setup)")


def find_chromium() -> str | None:
    """Return the browser to drive: CHROMIUM, or the first that is installed."""
    named = os.environ.get("CHROMIUM")
    return named or next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


@pytest.fixture
async def address(emulator: Emulator, online: Link, town: Town) -> AsyncIterator[str]:
    """The page of a running sandbox."""
    examples = (Example("What did the fox write?", "ask", {"question": "What did the fox write?"}),)
    forum = emulator.world.add_channel(town.guild, "help", FORUM_CHANNEL)
    stage = Stage((town.alice, town.adam), (town.channel, forum), examples)
    async with PageServer(emulator, stage) as server:
        yield server.address
        await emulator.settle()


@pytest.fixture
async def browser() -> AsyncIterator[object]:
    """A headless Chromium; the test is skipped where there is none."""
    path = find_chromium()
    if path is None:
        pytest.skip("there is no Chromium (Debian: apt install chromium, or set CHROMIUM to its path)")
    async with playwright.async_playwright() as driver:
        launched = await driver.chromium.launch(executable_path=path, args=FLAGS)
        yield launched
        await launched.close()


@pytest.fixture
async def page(browser: object, address: str) -> AsyncIterator[object]:
    """The page, opened; the test fails on anything the browser's console complains of."""
    complaints: list[str] = []
    tab = await browser.new_page(viewport={"width": 1200, "height": 850})  # type: ignore[attr-defined]
    tab.set_default_timeout(SLOW_MS)
    tab.on("pageerror", lambda error: complaints.append(str(error)))
    tab.on("console", lambda entry: complaints.append(entry.text) if entry.type in ("error", "warning") else None)
    await tab.goto(address)
    await tab.get_by_role("button", name="# general").wait_for()
    yield tab
    await tab.close()
    assert complaints == []


@pytest.fixture(scope="session")
def axe() -> str:
    """The script of axe-core, which is fetched for the tests and never shipped."""
    path = Path(os.environ.get("AXE_CORE", ".ci/cache/node_modules/axe-core/axe.min.js"))
    if not path.is_file():
        pytest.skip("axe-core is not here (npm install --prefix .ci/cache axe-core, or set AXE_CORE to axe.min.js)")
    return path.read_text(encoding="utf-8")
