"""What every extractor hands over: the text to store, with each block of it labelled."""

from __future__ import annotations

from dataclasses import dataclass

from bot.engine.records import Line


@dataclass(frozen=True, slots=True)
class Labelled:
    """A text and its lines, in order and without overlap. ``title``: the one that the source names, else None."""

    text: str
    lines: tuple[Line, ...]
    title: str | None
