"""What people do on the sandbox's page, in a real browser."""

from __future__ import annotations

from typing import Any

import pytest

from tests.discord.bot.conftest import FOX
from tests.discord.bot.fake_library import FakeLibrary
from tests.discord.harness import Town

SERIOUS = ("serious", "critical")


async def use(page: Any, command: str) -> None:
    """Open a command's form as a person does: type it and press Enter."""
    await page.locator("#input").fill(f"/{command}")
    await page.locator("#input").press("Enter")


async def become(page: Any, name: str) -> None:
    """Play somebody else, and wait until their screen is there."""
    await page.select_option("#people", label=name)
    await page.wait_for_function("name => document.querySelector('#input').ariaLabel?.includes(name)", arg=name)


async def test_a_click_asks_an_example(page: Any) -> None:
    """A newcomer clicks a question and reads the article's own words."""
    await page.get_by_role("button", name="What did the fox write?").click()
    quote = page.locator(".message blockquote")
    await quote.wait_for()
    assert (await quote.inner_text()).replace("\n", "") == FOX


async def test_a_command_is_found_filled_in_and_sent(page: Any, fake: FakeLibrary) -> None:
    """The picker lists commands with their descriptions; the form asks for the options; the answer comes."""
    await page.locator("#input").fill("/")
    names = await page.locator("#picker [role=option] strong").all_inner_texts()
    assert "/ask" in names
    assert "/article add" not in names, "alice does not manage the server"
    await use(page, "ask")
    await page.get_by_label("question").fill("Who gives way to ferries?")
    await page.get_by_role("button", name="Use /ask").click()
    await page.locator(".message blockquote").wait_for()
    assert "Boats give way to ferries." in await page.locator("#messages").inner_text()


async def test_suggestions_come_while_typing(page: Any, fake: FakeLibrary, town: Town) -> None:
    """Live autocomplete: what is chosen with the keys is what the bot gets."""
    await use(page, "ask")
    await page.get_by_label("question").fill("ferries")
    field = page.get_by_role("combobox", name="article")
    await field.fill("harb")
    await page.get_by_role("option", name="Harbour rules").wait_for()
    await field.press("ArrowDown")
    await field.press("Enter")
    await field.press("Enter")
    await page.locator(".message blockquote").wait_for()
    assert fake.called("ask") == [(int(town.guild.id), "ferries", "2")]


async def ask_privately(page: Any) -> None:
    """Ask with the command's option, and wait for the answer."""
    await use(page, "ask")
    await page.get_by_label("question").fill("What did the fox write?")
    await page.get_by_label("private").select_option("true")
    await page.get_by_role("button", name="Use /ask").click()
    await page.locator(".message.private blockquote").wait_for()


async def test_a_private_answer_is_marked_and_seen_by_one(page: Any) -> None:
    """Only alice sees it, and it says so; adam's screen does not have it."""
    await ask_privately(page)
    assert await page.locator(".private-note").inner_text() == "Only you can see this"
    await become(page, "Adam")
    assert await page.locator(".message").count() == 0


async def test_a_private_answer_is_posted_to_the_channel(page: Any) -> None:
    """*Post to channel* shows the quote and who asked to everybody, and can be pressed once."""
    await ask_privately(page)
    await page.get_by_role("button", name="Post to channel").click()
    await page.locator("button:disabled", has_text="Post to channel").wait_for()
    await become(page, "Adam")
    posted = page.locator(".message", has=page.get_by_role("button", name="Remove"))
    await posted.wait_for()
    assert FOX.split(".")[0] in await posted.inner_text()
    assert "Alice" in await posted.inner_text()
    assert await page.get_by_text("Only you can see this").count() == 0


async def test_a_mention_is_answered(page: Any) -> None:
    """@bot in a message becomes a mention, and the bot replies to it."""
    await page.locator("#input").fill("@bot what did the fox write?")
    await page.locator("#input").press("Enter")
    await page.locator(".message.from-bot blockquote").wait_for()
    assert await page.locator(".message .mention").first.inner_text() == "@pullquote"


async def test_not_in_the_articles(page: Any) -> None:
    """A question without an answer gets a sentence that says so, and no quote."""
    await use(page, "ask")
    await page.get_by_label("question").fill("zeppelins?")
    await page.get_by_role("button", name="Use /ask").click()
    await page.get_by_text("Not in the articles").wait_for()
    assert await page.locator("blockquote").count() == 0


async def test_a_form_adds_an_article(page: Any, fake: FakeLibrary, town: Town) -> None:
    """/article add without options opens the bot's form in a dialog; what is pasted there becomes an article."""
    await become(page, "Adam")
    await use(page, "article add")
    await page.get_by_role("button", name="Use /article add").click()
    dialog = page.locator("dialog")
    await dialog.get_by_label("Text").fill("Kites fly on strings.")
    await dialog.get_by_role("button", name="Submit").click()
    await page.get_by_text("Added:").wait_for()
    assert [text for _, text, _ in fake.articles[int(town.guild.id)].values()][-1] == "Kites fly on strings."


async def test_a_dropped_file_becomes_an_article(page: Any, fake: FakeLibrary, town: Town) -> None:
    """A file dropped anywhere opens /article add with it."""
    await become(page, "Adam")
    await page.evaluate(
        """() => {
            const transfer = new DataTransfer();
            transfer.items.add(new File(["Gulls sleep standing."], "gulls.txt", { type: "text/plain" }));
            document.querySelector("#messages").dispatchEvent(
                new DragEvent("drop", { dataTransfer: transfer, bubbles: true, cancelable: true }));
        }"""
    )
    await page.get_by_role("button", name="Use /article add").click()
    await page.get_by_text("Added:").wait_for()
    assert [text for _, text, _ in fake.articles[int(town.guild.id)].values()][-1] == "Gulls sleep standing."


async def test_buttons_turn_pages(page: Any, fake: FakeLibrary, town: Town) -> None:
    """The list of many articles is turned with its button."""
    for number in range(40):
        fake.put(int(town.guild.id), f"Volume {number}", f"Text {number}")
    await become(page, "Adam")
    await use(page, "article list")
    await page.get_by_role("button", name="Use /article list").click()
    await page.get_by_text("page 1 of").wait_for()
    await page.get_by_role("button", name="Next").click()
    await page.get_by_text("page 2 of").wait_for()


async def test_the_keyboard_is_enough(page: Any) -> None:
    """From the first Tab to the answer without a mouse."""
    await page.locator("body").press("Tab")
    assert await page.evaluate("document.activeElement.className") == "skip"
    await page.keyboard.press("Enter")
    await page.keyboard.type("/as")
    await page.keyboard.press("Enter")
    await page.keyboard.type("What did the fox write?")
    await page.keyboard.press("Enter")
    await page.locator(".message blockquote").wait_for()
    assert await page.evaluate("document.activeElement.id") == "input"


async def test_phone_width_needs_no_sideways_scrolling(page: Any) -> None:
    """At 360 pixels everything fits, an answer included."""
    await page.set_viewport_size({"width": 360, "height": 740})
    await page.get_by_role("button", name="What did the fox write?").click()
    await page.locator(".message blockquote").wait_for()
    assert await page.evaluate("document.documentElement.scrollWidth") <= 360
    assert await page.locator("#input").is_visible()


async def test_an_article_cannot_become_part_of_the_page(page: Any, fake: FakeLibrary, town: Town) -> None:
    """Markup in an article is shown as its characters."""
    hostile = "A zebra <img src=x onerror=alert(1)> <script>alert(2)</script> crossed."
    fake.put(int(town.guild.id), "Zebra", hostile)
    await use(page, "ask")
    await page.get_by_label("question").fill("zebra")
    await page.get_by_role("button", name="Use /ask").click()
    await page.locator(".message blockquote").wait_for()
    assert await page.locator(".message blockquote").inner_text() == hostile
    assert await page.locator("#messages img, #messages script").count() == 0


async def test_the_drawer_shows_what_went_over_the_wire(page: Any) -> None:
    """Raw exchanges with their times, and that no rule was broken."""
    await page.get_by_role("button", name="What did the fox write?").click()
    await page.locator(".message blockquote").wait_for()
    await page.get_by_role("button", name="Developer").click()
    await page.get_by_text("No rule was broken").wait_for()
    await page.locator("#drawer summary", has_text="INTERACTION_CREATE").first.click()
    assert '"application_id"' in await page.locator("#drawer").inner_text()


@pytest.mark.parametrize("theme", ["light", "dark"])
async def test_accessibility(page: Any, axe: str, theme: str) -> None:
    """The scanner axe finds nothing serious: empty page, open picker, form, answer and drawer, light and dark."""
    await page.emulate_media(color_scheme=theme)

    async def scan(where: str) -> None:
        await page.evaluate(axe)
        found = await page.evaluate("axe.run()")
        bad = [(entry["id"], entry["nodes"][0]["html"]) for entry in found["violations"] if entry["impact"] in SERIOUS]
        assert bad == [], where

    await scan("empty")
    await page.locator("#input").fill("/")
    await page.locator("#picker [role=option]").first.wait_for()
    await scan("picker")
    await use(page, "ask")
    await scan("form")
    await page.get_by_label("question").fill("What did the fox write?")
    await page.get_by_role("button", name="Use /ask").click()
    await page.locator(".message blockquote").wait_for()
    await page.get_by_role("button", name="Developer").click()
    await page.get_by_text("No rule was broken").wait_for()
    await scan("answer and drawer")
