"""What members see of a quote's source, and of the proof that it is word for word."""

from __future__ import annotations

from bot.ui.language import as_is, say, translate

IDENTICAL = "**Identical: yes**"
NOT_IDENTICAL = "**Identical: no**, changed since it was quoted, or removed"


def source_title(title: str, number: int) -> str:
    """Head what is told of an article."""
    return as_is(f"**{title}** (#{number})")


def added_on(seconds: int) -> str:
    """Tell when an article was added, in the reader's own time."""
    return say("Added <t:{seconds}:D>", seconds=seconds)


def verdict(is_identical: bool) -> str:
    """Say whether a quote is still what the article says."""
    return translate(IDENTICAL if is_identical else NOT_IDENTICAL)


def proof(number: int, title: str, revision: str) -> str:
    """Name an article and its revision."""
    return say("{title} (#{number}) · revision `{revision}`", title=title, number=number, revision=revision)


def proved_passage(position: int, start: int, end: int, passage_digest: str) -> str:
    """Name a passage's place and digest."""
    return say(
        "¶ {position}, characters {start:,} to {end:,} · digest `{digest}`",
        position=position,
        start=start,
        end=end,
        digest=passage_digest,
    )


ARTICLE_CHANGED = "The article was changed elsewhere since; this passage was not."
SHOWN_IDENTICAL = "Every quoted line of the message above stands in the stored articles, character for character."
SHOWN_DIFFERENT = "**A quoted line of the message above does not stand in the stored articles as they are now.**"
