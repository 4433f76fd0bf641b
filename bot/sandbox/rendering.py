"""Discord's mark-up, as far as the bot uses it, in a terminal."""

from __future__ import annotations

import re

from bot.sandbox.postbox import texts_of
from bot.sandbox.refusals import Payload
from bot.sandbox.rules import kinds

_BOLD, _DIM, _PLAIN = "\x1b[1m", "\x1b[2m", "\x1b[0m"
_TOKEN = re.compile(r"\\(?P<escaped>[^\w\s])|(?P<bold>\*\*)|\[(?P<label>(?:\\.|[^\]\\])*)\]\(<?(?P<url>[^)>]+)>?\)")


def message_text(message: Payload) -> str:
    """Return a message's text, a blank line between its top-level components (a quote each)."""
    parts = [message["content"], *("\n".join(texts_of([component])) for component in message["components"])]
    return "\n\n".join(part for part in parts if part)


def render_text(text: str, *, colours: bool) -> str:
    """Show Discord mark-up: escapes vanish, bold is bold (or between »«), quotes get a bar, subtext is dim."""
    return "\n".join(_render_line(line, colours=colours) for line in text.split("\n"))


def _render_line(line: str, *, colours: bool) -> str:
    start, end, body = "", "", line
    if line.startswith("> ") or line == ">":
        start, body = "│ ", line[2:]
    elif line.startswith("-# "):
        start, end, body = (_DIM, _PLAIN, line[3:]) if colours else ("", "", line[3:])
    elif heading := re.match(r"#{1,3} ", line):
        start, end, body = (_BOLD, _PLAIN, line[heading.end() :]) if colours else ("", "", line[heading.end() :])
    is_bold = False

    def show(found: re.Match[str]) -> str:
        nonlocal is_bold
        if found["escaped"]:
            return found["escaped"]
        if found["label"] is not None:
            return f"{_TOKEN.sub(show, found['label'])} ({found['url']})"
        is_bold = not is_bold
        if colours:
            return _BOLD if is_bold else _PLAIN
        return "»" if is_bold else "«"

    return start + _TOKEN.sub(show, body) + end


def button_labels(message: Payload) -> list[str]:
    """Return the labels of the buttons a person could press."""
    return [
        component["label"]
        for component in kinds.walk(message["components"])
        if component["type"] == kinds.BUTTON and component.get("label") and not component.get("disabled")
    ]
