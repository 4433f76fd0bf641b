"""Plain or pasted text with every line labelled."""

from __future__ import annotations

from bot.engine.ingest.blocks import split_blocks
from bot.engine.ingest.clean import mark_chrome, mark_pictures
from bot.engine.ingest.drafts import draft
from bot.engine.ingest.headings import mark_headings
from bot.engine.ingest.split import heading_text
from bot.engine.ingest.titles import mark_title
from bot.engine.records.passages import QUOTABLE, Line, LineLabel


def label_lines(text: str, title: str | None) -> tuple[str | None, tuple[Line, ...]]:
    """Return the title that was found (or given) and the lines of ``text`` in order, each with its label."""
    # Late: it needs numpy, and a child that reads a page or a file with marks of its own does not.
    from bot.engine.ingest.chrome.marking import judge_blocks, mark_surroundings

    drafts = [draft(block) for block in split_blocks(text)]
    opinion = judge_blocks(drafts)
    mark_pictures(drafts)
    title_index = mark_title(drafts, title, likely=None if opinion is None else opinion.find_title())
    mark_surroundings(drafts, opinion)
    mark_chrome(drafts, title_index)
    mark_headings(drafts)
    if not any(item.label in QUOTABLE or item.label is None for item in drafts):
        # A note of one line is all body.
        for item in drafts:
            if item.label in (LineLabel.TITLE, LineLabel.HEADING):
                item.label, item.level = None, 0
    found = title if title_index is None else title or heading_text(drafts[title_index].block.text)
    return found, tuple(
        Line(
            item.block.number,
            item.block.start + (item.block.marker if item.label in (LineLabel.TITLE, LineLabel.HEADING) else 0),
            item.block.end,
            item.label or LineLabel.PARAGRAPH,
            item.level,
        )
        for item in drafts
    )
