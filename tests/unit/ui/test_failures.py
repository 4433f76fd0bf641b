"""What members are told of errors."""

from __future__ import annotations

import logging
import re
from types import SimpleNamespace

import discord
import pytest
from discord import app_commands

from bot.engine.errors import NoArticles, NotFound
from bot.ui import words
from bot.ui.failures import sentence_for


def http_error(code: int) -> discord.HTTPException:
    """An error as Discord answers it."""
    response = SimpleNamespace(status=404, reason="Not Found")
    return discord.HTTPException(response, {"code": code, "message": "x"})  # type: ignore[arg-type]


def test_an_expected_error_is_its_own_sentence() -> None:
    """The engine's sentence is shown, and what it repeats of the member's words cannot act as markup."""
    assert sentence_for(NotFound("No article named **@here**."), "x") == r"No article named \*\*\@here\*\*."


def test_no_articles_names_the_command_of_discord() -> None:
    """The engine knows nothing of Discord's commands; the member is told the one to use."""
    assert sentence_for(NoArticles("pullquote add …"), "x") == words.NO_ARTICLES_YET


@pytest.mark.parametrize("code", [10062, 40060, 10015, 10008])
def test_nobody_is_told_when_nobody_is_there(code: int, caplog: pytest.LogCaptureFixture) -> None:
    """A late, double or expired answer is an expected outcome: a debug line, no incident."""
    with caplog.at_level(logging.DEBUG):
        assert sentence_for(http_error(code), "/ask") is None
    assert {record.levelno for record in caplog.records} == {logging.DEBUG}


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (app_commands.MissingPermissions(["manage_guild"]), words.NEEDS_MANAGE_GUILD),
        (app_commands.NoPrivateMessage(), words.SERVERS_ONLY),
        (app_commands.CommandNotFound("ask", []), words.COMMAND_CHANGED),
        (app_commands.CheckFailure(), words.MAY_NOT_USE),
    ],
)
def test_discords_own_refusals_are_one_line(error: Exception, sentence: str) -> None:
    """Permission, place and outdated commands each have their sentence."""
    assert sentence_for(error, "x") == sentence


@pytest.mark.parametrize("error", [RuntimeError("secret detail"), http_error(50013)])
def test_the_unexpected_is_a_number(error: Exception, caplog: pytest.LogCaptureFixture) -> None:
    """The member sees a short number and nothing of the error; the log has both."""
    sentence = sentence_for(error, "/ask")
    assert sentence is not None
    number = re.search(r"`([0-9a-f]{8})`", sentence)
    assert number
    assert "secret" not in sentence
    assert number[1] in caplog.text
    assert caplog.records[0].exc_info
