"""Make the screenshots of README.md from the real sandbox: python docs/screenshots.py (needs playwright, Chromium)."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import sys
from pathlib import Path

from playwright.async_api import Page, async_playwright

FOLDER = Path(__file__).parent / "images"
SIZE = {"width": 1100, "height": 800}
SECONDS = 120.0


async def read_address(output: asyncio.StreamReader) -> str:
    """Return the page's address from what the sandbox prints."""
    while line := (await output.readline()).decode():
        if found := re.search(r"http://127\.0\.0\.1:\S+", line):
            return found[0]
    raise SystemExit("The sandbox did not start. Run `pullquote sandbox` to see why.")


async def take(page: Page, address: str, theme: str) -> None:
    """Ask, summarise and be told no, with a picture of each."""
    await page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
    await page.goto("about:blank")
    await page.goto(address)
    answers = page.locator(".message.from-bot:not(:has(.thinking))")
    for number, (label, name) in enumerate(
        [("Does crime rise", "answer"), ("Who won the chess", "no"), ("/summary", "summary")], start=1
    ):
        before = await answers.count()
        await page.get_by_role("button", name=label).click()
        await page.wait_for_function(
            "n => document.querySelectorAll('.message.from-bot:not(:has(.thinking))').length > n", arg=before
        )
        await page.mouse.move(2, 2)
        await page.screenshot(path=FOLDER / f"{number}-{name}-{theme}.png")


async def main() -> None:
    """Start the sandbox, photograph it light and dark, end it."""
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if chromium is None:
        raise SystemExit("There is no Chromium. Debian: apt install chromium, or set CHROMIUM to its path.")
    FOLDER.mkdir(exist_ok=True)
    for theme in ("light", "dark"):
        sandbox = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", "sandbox", "--page-only", "--no-browser"), stdout=asyncio.subprocess.PIPE
        )
        try:
            assert sandbox.stdout is not None  # noqa: S101 - PIPE was asked for
            address = await asyncio.wait_for(read_address(sandbox.stdout), SECONDS)
            async with async_playwright() as driver:
                browser = await driver.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
                await take(await browser.new_page(viewport=SIZE), address, theme)  # type: ignore[arg-type]
                await browser.close()
        finally:
            sandbox.terminate()
            await sandbox.wait()


if __name__ == "__main__":
    asyncio.run(main())
