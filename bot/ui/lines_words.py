"""What members see of an article's upkeep: choosing its lines, and taking over a doubtful page."""

from __future__ import annotations

REFRESH_ANYWAY = "Take over the page's text even where it seems gone or cut down (default: no)"

RESTORE_BUTTON = "Restore lines"
LEAVE_OUT_BUTTON = "Leave lines out"
RESTORE_PLACEHOLDER = "Lines to quote after all"
LEAVE_OUT_PLACEHOLDER = "Lines never to quote"
CHANGED = "That article has changed since these lines were shown, so nothing was done. Show its preview again."
NO_LINES_TO_RESTORE = "No line of {article} is left out: all of its text can be quoted."
NO_LINES_TO_LEAVE_OUT = "No line of {article} can be left out."

_LEFT_OUT = "**{count} of {article} are left out** and never quoted. Choose those to quote after all."
_QUOTED = "**{count} of {article} can be quoted.** Choose those to leave out: menus, advertisements and the like."
_PAGE = "-# Page {page} of {pages}. What you choose here holds after updates too."
_ONE_PAGE = "-# What you choose here holds after updates too."
_LINE = "**{number}** · {label} · {text}"
_RESTORED = "**Restored {count}** of {article}. There are {passages} to quote now."
_TAKEN_OUT = "**Left out {count}** of {article}. There are {passages} to quote now."
_NOTHING_DONE = "**Nothing changed:** those lines of {article} were as you wish already."

_LABELS = {
    "heading": "heading",
    "paragraph": "paragraph",
    "list_item": "list item",
    "block_quote": "quotation",
    "table_row": "table row",
    "code": "code",
    "caption": "caption",
    "alt": "picture description",
    "credit": "credit",
    "chrome": "part of the page around it",
}


def title(*, is_restoring: bool, article: str, count: int) -> str:
    """Head the lines that may be chosen; ``article`` is escaped."""
    return (_LEFT_OUT if is_restoring else _QUOTED).format(count=_lines(count), article=article)


def page(number: int, pages: int) -> str:
    """Say which page of the lines this is, counted from 1."""
    return _PAGE.format(page=number, pages=pages) if pages > 1 else _ONE_PAGE


def label(name: str) -> str:
    """Name a line's label."""
    return _LABELS.get(name, name)


def line(number: int, name: str, text: str) -> str:
    """Show one line; ``text`` is escaped."""
    return _LINE.format(number=number, label=label(name), text=text)


def nothing_to_choose(*, is_restoring: bool, article: str) -> str:
    """Say that there is no line to choose."""
    return (NO_LINES_TO_RESTORE if is_restoring else NO_LINES_TO_LEAVE_OUT).format(article=article)


def done(*, is_restoring: bool, article: str, count: int, passages: int) -> str:
    """Report what was done."""
    if not count:
        return _NOTHING_DONE.format(article=article)
    text = _RESTORED if is_restoring else _TAKEN_OUT
    noun = "passage" if passages == 1 else "passages"
    return text.format(count=_lines(count), article=article, passages=f"{passages:,} {noun}")


def _lines(count: int) -> str:
    return f"{count:,} {'line' if count == 1 else 'lines'}"
