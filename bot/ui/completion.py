"""Choosing an article: completion while a member types, and what the chosen value means."""

from __future__ import annotations

import asyncio
import logging
import re
from collections import Counter
from collections.abc import Awaitable

from discord.app_commands import Choice

from bot.engine.errors import EngineError
from bot.engine.records.articles import ArticleSummary
from bot.ui.text import cut

log = logging.getLogger(__name__)

CHOICE_LIMIT = 25
NAME_UNITS = 100
COMPLETION_SECONDS = 2.0
"""Discord drops a completion after three seconds."""
_NUMBER = re.compile(r"#([0-9]{1,18})")


async def complete(fetching: Awaitable[list[ArticleSummary]]) -> list[Choice[str]]:
    """Return the articles being fetched as choices, each by its id. Never raises: no completion is no failure."""
    try:
        async with asyncio.timeout(COMPLETION_SECONDS):
            articles = await fetching
    except (EngineError, TimeoutError) as error:
        log.info("No completion: %s", type(error).__name__)
        return []
    except Exception:
        log.exception("Completion failed")
        return []
    counts = Counter(article.title for article in articles)
    choices = []
    for article in articles[:CHOICE_LIMIT]:
        suffix = f" (#{article.id})" if counts[article.title] > 1 or not article.title.strip() else ""
        name = (cut(article.title, NAME_UNITS - len(suffix)) + suffix).strip()
        choices.append(Choice(name=name, value=str(article.id)))
    return choices


def meant(value: str | None) -> str | None:
    """Return the id or title that a member chose or typed; ``#3``, as lists show it, is the id 3."""
    if value is None:
        return None
    number = _NUMBER.fullmatch(value.strip())
    return number[1] if number else value.strip()
