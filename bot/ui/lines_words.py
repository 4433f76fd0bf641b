"""What members see of an article's upkeep: choosing its lines, and taking over a doubtful page."""

from __future__ import annotations

from bot.ui.language import count as count_of
from bot.ui.language import say, translate

REFRESH_ANYWAY = "Take over the page's text even where it seems gone or cut down (default: no)"

RESTORE_BUTTON = "Restore lines"
LEAVE_OUT_BUTTON = "Leave lines out"
RESTORE_PLACEHOLDER = "Lines to quote after all"
LEAVE_OUT_PLACEHOLDER = "Lines never to quote"
CHANGED = "That article has changed since these lines were shown, so nothing was done. Show its preview again."
LASTS = "-# What you choose here holds after updates too."

HEADING = "heading"
PARAGRAPH = "paragraph"
LIST_ITEM = "list item"
BLOCK_QUOTE = "quotation"
TABLE_ROW = "table row"
CODE = "code"


def left_out(article: str, count: int) -> str:
    """Head the lines that may be restored; ``article`` is escaped."""
    return count_of(
        "**{count:,} line of {article} is left out** and never quoted. Choose whether to quote it after all.",
        "**{count:,} lines of {article} are left out** and never quoted. Choose those to quote after all.",
        count,
        article=article,
    )


def quotable(article: str, count: int) -> str:
    """Head the lines that may be left out; ``article`` is escaped."""
    return count_of(
        "**{count:,} line of {article} can be quoted.** Choose whether to leave it out.",
        "**{count:,} lines of {article} can be quoted.** Choose those to leave out: menus, adverts and the like.",
        count,
        article=article,
    )


def page(number: int, pages: int) -> str:
    """Say which page of the lines this is, counted from 1."""
    if pages == 1:
        return translate(LASTS)
    return say("-# Page {page:,} of {pages:,}. What you choose here holds after updates too.", page=number, pages=pages)


def line(number: int, label: str, text: str) -> str:
    """Show one line; ``text`` is escaped."""
    return say("**{number}** · {label} · {text}", number=str(number), label=translate(label), text=text)


def nothing_left_out(article: str) -> str:
    """Say that there is no line to restore."""
    return say("No line of {article} is left out: all of its text can be quoted.", article=article)


def nothing_quotable(article: str) -> str:
    """Say that there is no line to leave out."""
    return say("No line of {article} can be left out.", article=article)


def nothing_done(article: str) -> str:
    """Report that nothing was changed."""
    return say("**Nothing changed:** those lines of {article} were as you wish already.", article=article)


def restored(article: str, count: int, passages: int) -> str:
    """Report lines that are quoted from now on."""
    return count_of(
        "**Restored {count:,} line** of {article}. Passages to quote now: {passages:,}.",
        "**Restored {count:,} lines** of {article}. Passages to quote now: {passages:,}.",
        count,
        article=article,
        passages=passages,
    )


def taken_out(article: str, count: int, passages: int) -> str:
    """Report lines that are not quoted from now on."""
    return count_of(
        "**Left out {count:,} line** of {article}. Passages to quote now: {passages:,}.",
        "**Left out {count:,} lines** of {article}. Passages to quote now: {passages:,}.",
        count,
        article=article,
        passages=passages,
    )
