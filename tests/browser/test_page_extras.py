"""Menus, reactions, threads and posts on the sandbox's page, in a real browser."""

from __future__ import annotations

from typing import Any

from bot.sandbox.emulator import Emulator
from bot.ui import asking_words
from tests.browser.test_page import SERIOUS, become
from tests.discord.bot.conftest import FOX
from tests.discord.emulator.test_choices import Menus
from tests.discord.harness import Link, Town


async def say(page: Any, text: str) -> None:
    """Write a message as the person who is played."""
    await page.locator("#input").fill(text)
    await page.locator("#input").press("Enter")
    await page.locator(".message .body", has_text=text).first.wait_for()


async def test_menus_of_every_kind(page: Any, online: Link, town: Town) -> None:
    """Several values with the button, a person, a role and a channel at once: the bot gets what was chosen."""
    await online.client.get_channel(int(town.channel.id)).send(view=Menus())
    await page.locator("#messages").get_by_label("Fruit", exact=True).select_option(label=["fig", "pear"])
    await page.get_by_role("button", name="Choose").first.click()
    await page.get_by_text("fig pear").wait_for()
    await page.locator("#messages").get_by_label("People", exact=True).select_option(label="@Adam")
    await page.get_by_role("button", name="Choose").nth(1).click()
    await page.get_by_text("Member adam").wait_for()
    await page.locator("#messages").get_by_label("Channels", exact=True).select_option(label="#general")
    await page.locator(".message .body", has_text="general").last.wait_for()
    await page.locator("#messages").get_by_label("Roles", exact=True).select_option(label="@adam-role (role)")
    await page.get_by_text("adam-role", exact=True).wait_for()
    assert "#help" not in await page.locator("#messages").get_by_label("Channels", exact=True).inner_text()


async def test_a_reaction_is_added_seen_and_taken_back(page: Any, town: Town) -> None:
    """The chip counts, tells whose it is, and a second press takes the reaction back."""
    await say(page, "worth a thumb")
    await page.locator(".message").hover()
    await page.get_by_role("button", name="React with thumbs up").click()
    chip = page.locator(".reaction")
    await chip.wait_for()
    assert await chip.get_attribute("aria-pressed") == "true"
    await become(page, "Adam")
    await chip.click()
    await page.get_by_role("button", name="👍, 2").wait_for()
    await chip.click()
    await page.get_by_role("button", name="👍, 1").wait_for()
    assert [entry["count"] for entry in town.channel.history[0]["reactions"]] == [1]


async def test_a_thread_is_begun_and_listed(page: Any, emulator: Emulator, town: Town) -> None:
    """From a message to a thread of its own below the channel, where the bot answers; and back."""
    await say(page, "what did the fox write?")
    await page.locator(".message").hover()
    await page.get_by_role("button", name="Thread").click()
    await page.locator("dialog").get_by_label("Name").fill("About foxes")
    await page.locator("dialog").get_by_role("button", name="Submit").click()
    entry = page.locator("#channels .thread button")
    await entry.wait_for()
    assert await entry.inner_text() == "↳ About foxes"
    assert await entry.get_attribute("aria-current") == "page"
    await page.locator("#input").fill("@bot what did the fox write?")
    await page.locator("#input").press("Enter")
    await page.locator(".message.from-bot blockquote").wait_for()
    (thread,) = town.guild.threads.values()
    assert len(thread.history) == 2
    await page.get_by_role("button", name="# general").click()
    await page.locator("#place", has_text="# general").wait_for()
    emulator.threads.change(thread, {"archived": True})
    await page.get_by_role("button", name="↳ About foxes (archived)").wait_for()


async def test_a_forum_takes_posts(page: Any) -> None:
    """In a forum one writes no message but a post, and stands in it then."""
    await page.get_by_role("button", name="☰ help").click()
    await page.get_by_role("button", name="New post").click()
    assert not await page.locator("#write").is_visible()
    await page.locator("dialog").get_by_label("Name").fill("Broken tower")
    await page.locator("dialog").get_by_label("Text").fill("Who mends it?")
    await page.locator("dialog").get_by_role("button", name="Submit").click()
    await page.locator(".message", has_text="Who mends it?").wait_for()
    assert await page.locator("#write").is_visible()


async def test_a_message_menu_asks_about_it(page: Any) -> None:
    """A message command is offered on the message, by keyboard too, and its answer is private."""
    await say(page, "what did the fox write?")
    await page.locator(".message button", has_text=asking_words.ASK_ABOUT_THIS).focus()
    await page.keyboard.press("Enter")
    quote = page.locator(".message.private blockquote")
    await quote.wait_for()
    assert (await quote.inner_text()).replace("\n", "") == FOX


async def test_accessibility_of_the_extras(page: Any, axe: str, online: Link, town: Town) -> None:
    """Menus, reactions, threads and the page's own form: nothing serious, at phone width too."""
    await online.client.get_channel(int(town.channel.id)).send(view=Menus())
    await page.locator("#messages").get_by_label("Fruit", exact=True).wait_for()
    await say(page, "worth a thumb")
    await page.locator(".message").last.hover()
    await page.get_by_role("button", name="React with heart").last.click()
    await page.locator(".reaction").wait_for()
    for width in (1200, 360):
        await page.set_viewport_size({"width": width, "height": 800})
        await page.evaluate(axe)
        found = await page.evaluate("axe.run()")
        assert [entry["id"] for entry in found["violations"] if entry["impact"] in SERIOUS] == []
    assert await page.evaluate("document.documentElement.scrollWidth") <= 360
    await page.locator(".message").last.hover()
    await page.get_by_role("button", name="Thread").last.click()
    await page.locator("dialog").wait_for()
    found = await page.evaluate("axe.run()")
    assert [entry["id"] for entry in found["violations"] if entry["impact"] in SERIOUS] == []
