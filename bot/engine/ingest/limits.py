"""What an article may be at most, and the check of a text against it."""

from __future__ import annotations

from dataclasses import dataclass

from bot.engine.errors import ExtractFailed, TooLarge
from bot.engine.ingest.characters import is_visible


@dataclass(frozen=True, slots=True)
class IngestLimits:
    """What an article may be: bytes of a file, characters and lines of its text, passages, characters of a passage."""

    max_bytes: int = 10 * 1024 * 1024
    max_characters: int = 6_000_000
    max_passages: int = 20_000
    max_passage_characters: int = 1_800
    max_lines: int = 100_000

    def check_text(self, text: str) -> None:
        """Check a text before it is labelled. Raises TooLarge, ExtractFailed where nothing of it can be seen."""
        if len(text) > self.max_characters:
            raise TooLarge(
                f"That text has {len(text):,} characters; {self.max_characters:,} are possible. "
                "Split it into several articles."
            )
        if not is_visible(text):
            raise ExtractFailed("That text is empty. Paste the article's text, or choose another file.")
        if sum(not line.isspace() for line in text.splitlines() if line) > self.max_lines:
            raise TooLarge(
                f"That text has more than {self.max_lines:,} lines. Split it into several and add them one by one."
            )
