"""Texts behind spoilers: readers see them once they choose to.

Discord ends a spoiler at the first ``||``, whatever stands before it: a backslash does not count there. Escaped text
holds no two bars in a row, so only its last character can disturb: a bar there is drawn bold, whose marks then part it
from ours. Lines that hold nothing end a spoiler, so that no client which cuts a quotation at them shows what follows.
"""

from __future__ import annotations

import re

from bot.ui.text import SPOILER, shown, unquote

_LINE_END = re.compile(r"(\r\n|\r|\n)")
_HIDDEN = re.compile(r"\|\|[\s\S]+?\|\|")
_BAR, _BOLD = "\\|", "**"


def hide(rendered: str) -> str:
    """Put a rendered text (:func:`bot.ui.text.render`) behind spoilers, one for each run of lines that hold some."""
    pieces: list[str] = []
    run: list[str] = []
    # Texts stand at even places, the line ends between them at odd ones.
    for number, piece in enumerate(_LINE_END.split(rendered)):
        if number % 2 or piece.strip():
            run.append(piece)
        else:
            pieces += [*_close(run), piece]
            run = []
    return "".join([*pieces, *_close(run)])


def _close(run: list[str]) -> list[str]:
    """Put a run of lines behind a spoiler; the line ends around it stay outside."""
    before = next((place for place, piece in enumerate(run) if piece.strip()), len(run))
    after = next((len(run) - place for place, piece in enumerate(reversed(run)) if piece.strip()), before)
    inside = "".join(run[before:after])
    if not inside:
        return run
    return [*run[:before], SPOILER, _shield(inside), SPOILER, *run[after:]]


def _shield(text: str) -> str:
    """Part a bar at the end of a text from the mark that follows it."""
    if not text.endswith("|"):
        return text
    head = text.removesuffix(_BAR)
    if head.endswith(_BOLD):
        return head.removesuffix(_BOLD) + _BAR + _BOLD
    return head + _BOLD + _BAR + _BOLD


def is_hidden(quoted: str) -> bool:
    """Tell whether everything that a rendered or quoted text shows stands behind spoilers, as Discord finds them."""
    return not shown(_HIDDEN.sub("", unquote(quoted))).strip()
