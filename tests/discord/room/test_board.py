"""``/gaps``, ``/stats`` and ``/explain`` over the wire."""

from __future__ import annotations

import pytest

from bot.client import PullquoteClient
from bot.engine.records.sources import ArticleSource
from bot.sandbox.command_book import CannotInvoke
from bot.sandbox.emulator import Emulator
from bot.sandbox.postbox import texts_of, visible_text
from bot.sandbox.rules import kinds
from bot.ui import answer_words, board_words, question_words, words
from tests.discord.bot.reading import is_private
from tests.discord.harness import Town
from tests.discord.room.conftest import REPAIR, Shelf, ask, buttons_of, press, quotes_in

ZEPPELIN = "Which zeppelin moored beside Karlsson's windmill?"
REWORDED = "which ZEPPELIN moored beside Karlsson's windmill"
BANANAS = "Which submarine invented bananas?"
ANSWER = "Zeppelins\n\nThe zeppelin Hilda moored beside Karlsson's windmill in 1931.\n"


async def ask_unanswered(emulator: Emulator, town: Town) -> None:
    """Ask three questions that no article answers, two of them the same."""
    for text in (ZEPPELIN, BANANAS, REWORDED):
        assert answer_words.NOT_IN_THE_ARTICLES in visible_text(await ask(emulator, town, text))


async def test_gaps_are_grouped_counted_and_private(online: PullquoteClient, emulator: Emulator, town: Town) -> None:
    """The most asked stands first, with how often and when; what was answered is no gap; others see nothing."""
    await ask(emulator, town)
    await ask_unanswered(emulator, town)
    board = await (await emulator.slash(town.adam, town.channel, "gaps")).response()
    assert is_private(board)
    title, first, second = texts_of(board["components"])
    assert title == f"{board_words.gaps_title(2)} · {board_words.gaps_questions(3)}"
    assert "asked 2 times" in first
    assert "zeppelin" in first.lower()
    assert "bananas" in second
    assert len(list(kinds.walk(board["components"]))) <= 40


async def test_no_gaps_says_so(online: PullquoteClient, emulator: Emulator, town: Town) -> None:
    """An empty board is one sentence."""
    board = await (await emulator.slash(town.adam, town.channel, "gaps")).response()
    assert visible_text(board) == board_words.NO_GAPS


async def test_the_nearest_passage_stands_behind_a_button(
    online: PullquoteClient, emulator: Emulator, town: Town
) -> None:
    """It is quoted word for word, under the line that says that it does not answer."""
    await ask(emulator, town, BANANAS)
    board = await (await emulator.slash(town.adam, town.channel, "gaps")).response()
    told = await (await press(emulator, board, board_words.SHOW_NEAREST, town.adam)).response()
    assert is_private(told)
    assert texts_of(told["components"])[0] == board_words.NEAREST
    assert len(quotes_in(told)) == 1


async def test_an_article_for_a_gap_is_added_and_the_gap_is_asked_again(
    online: PullquoteClient, emulator: Emulator, town: Town, shelf: Shelf
) -> None:
    """The form adds the article; then the gap's questions are asked again, and those answered are a gap no longer."""
    await ask_unanswered(emulator, town)
    board = await (await emulator.slash(town.adam, town.channel, "gaps")).response()
    form = await emulator.click(town.adam, board, board_words.ADD_FOR_THIS)
    await form.shown_modal()
    sent = await emulator.submit_modal(town.adam, form, {"text": ANSWER})
    report = await sent.followup()
    shelf.texts.append(ANSWER)
    assert is_private(report)
    [text] = texts_of(report["components"])
    assert text.startswith(board_words.ANSWERED_NOW)
    assert "zeppelin" in text.lower()
    again = await (await emulator.slash(town.adam, town.channel, "gaps")).response()
    assert "zeppelin" not in visible_text(again).lower()
    assert "bananas" in visible_text(again)


async def test_a_gap_is_asked_again_without_adding(
    online: PullquoteClient, emulator: Emulator, town: Town, shelf: Shelf
) -> None:
    """What another article answers by now is found by asking again; what it does not stays a gap."""
    await ask_unanswered(emulator, town)
    board = await (await emulator.slash(town.adam, town.channel, "gaps")).response()
    still = await (await press(emulator, board, board_words.ASK_AGAIN, town.adam)).response()
    assert texts_of(still["components"])[0].startswith(board_words.UNANSWERED_STILL)
    shelf.add(ANSWER, "zeppelins.txt")
    now = await (await press(emulator, board, board_words.ASK_AGAIN, town.adam)).response()
    assert texts_of(now["components"])[0].startswith(board_words.ANSWERED_NOW)
    gone = await (await press(emulator, board, board_words.ASK_AGAIN, town.adam)).response()
    assert board_words.GAP_GONE.split(":")[0] in visible_text(gone)


async def test_a_dismissed_gap_stays_away(online: PullquoteClient, emulator: Emulator, town: Town) -> None:
    """It leaves the board at once, and what asks the same later does not bring it back."""
    await ask_unanswered(emulator, town)
    board = await (await emulator.slash(town.adam, town.channel, "gaps")).response()
    await press(emulator, board, board_words.DISMISS, town.adam)
    assert "zeppelin" not in visible_text(board).lower()
    await ask(emulator, town, f"{ZEPPELIN}?")
    again = await (await emulator.slash(town.adam, town.channel, "gaps")).response()
    assert "zeppelin" not in visible_text(again).lower()
    assert "bananas" in visible_text(again)


async def test_many_gaps_have_pages(online: PullquoteClient, emulator: Emulator, town: Town) -> None:
    """Pages turn in place and keep Discord's limits."""
    for thing in ("submarine", "zeppelin", "trombone", "glacier", "walrus", "pyramid"):
        await ask(emulator, town, f"Which {thing} {thing}s {thing}ly?")
    board = await (await emulator.slash(town.adam, town.channel, "gaps")).response()
    first = visible_text(board)
    assert len(list(kinds.walk(board["components"]))) <= 40
    await press(emulator, board, board_words.NEXT, town.adam)
    assert visible_text(board) != first
    assert board_words.page_of(2, 2) in visible_text(board)


async def test_stats_are_plain_counts(online: PullquoteClient, emulator: Emulator, town: Town) -> None:
    """Questions, states, votes and the articles quoted first, for two spans of days, without names."""
    answer = await ask(emulator, town)
    await press(emulator, answer, question_words.HELPFUL, town.adam)
    await ask(emulator, town, BANANAS)
    stats = await (await emulator.slash(town.adam, town.channel, "stats")).response()
    assert is_private(stats)
    week, month, kept = texts_of(stats["components"])
    assert week.splitlines() == [
        board_words.stats_title(7),
        "2 questions: 1 answered, 0 not sure, 1 not in the articles",
        "1 helpful, 0 not helpful",
        "-# The towers of Varnby · quoted first once",
    ]
    assert month.splitlines()[1:] == week.splitlines()[1:]
    assert kept == board_words.kept_for(30)


async def test_another_guilds_questions_are_not_seen(
    online: PullquoteClient, emulator: Emulator, town: Town, shelf: Shelf
) -> None:
    """Gaps, figures, exports and old buttons of one guild show nothing of another's."""
    shelf.library.add_article(int(town.other_guild.id), ArticleSource(data="Stars\n\nPolaris stays.\n"))
    await ask_unanswered(emulator, town)
    for command in ("gaps", "stats", "privacy export"):
        seen = await (await emulator.slash(town.olga, town.other_channel, command)).response()
        assert "zeppelin" not in visible_text(seen).lower()
        assert "3" not in visible_text(seen).replace("30", "")


@pytest.mark.parametrize("command", ["gaps", "stats", "explain", "privacy export"])
async def test_members_are_refused(online: PullquoteClient, emulator: Emulator, town: Town, command: str) -> None:
    """Managers alone see what is asked; it is checked again in code, because Discord's settings can be changed."""
    options = {"question": REPAIR} if command == "explain" else {}
    if command != "privacy export":
        with pytest.raises(CannotInvoke):
            await emulator.slash(town.alice, town.channel, command, options)
    handle = await emulator.slash(town.alice, town.channel, command, options, bypass_permissions=True)
    assert visible_text(await handle.response()) == words.NEEDS_MANAGE_GUILD


async def test_an_answer_is_explained(online: PullquoteClient, emulator: Emulator, town: Town) -> None:
    """Verdict and threshold, then each candidate with its ranks and figures, best first."""
    told = await (await emulator.slash(town.adam, town.channel, "explain", {"question": REPAIR})).response()
    assert is_private(told)
    verdict, listed = texts_of(told["components"])
    assert verdict.startswith(board_words.STATE_ANSWERS)
    assert "an answer takes" in verdict
    lines = listed.splitlines()
    assert lines[0] == board_words.CANDIDATES_TITLE
    assert lines[1].startswith("**1.** The towers of Varnby ¶ 4 ·")
    assert "1 / " in lines[1]


async def test_why_not_is_explained(online: PullquoteClient, emulator: Emulator, town: Town) -> None:
    """Words that no passage holds are named."""
    options = {"question": "Which submarine repaired the tower?"}
    told = await (await emulator.slash(town.adam, town.channel, "explain", options)).response()
    assert board_words.absent_words("submarine") in visible_text(told)
    assert not quotes_in(told)
    assert answer_words.SOURCE not in buttons_of(told)
