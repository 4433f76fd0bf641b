"""What tells in words where in an article a quote stands, beside the strip that shows it."""

from __future__ import annotations

from bot.ui.language import say


def at_the_beginning(strip: str) -> str:
    """Say that the article's first passage is quoted."""
    return say("-# {strip} at the beginning", strip=strip)


def in_the_first_third(strip: str) -> str:
    """Say that the quote stands in the first third."""
    return say("-# {strip} in the first third", strip=strip)


def in_the_middle(strip: str) -> str:
    """Say that the quote stands in the middle."""
    return say("-# {strip} in the middle", strip=strip)


def in_the_last_third(strip: str) -> str:
    """Say that the quote stands in the last third."""
    return say("-# {strip} in the last third", strip=strip)


def at_the_end(strip: str) -> str:
    """Say that the article's last passage is quoted."""
    return say("-# {strip} at the end", strip=strip)
