"""Leaving out what the network is sure of: the page around an article, and the captions in it.

It errs towards keeping. A text that shows no page around it loses only lines of which the network is all but certain,
and its title and headings are found by rules alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bot.engine.ingest.blocks import Shape
from bot.engine.ingest.chrome.features import describe_blocks, first_words
from bot.engine.ingest.chrome.network import BODY, CHROME, HEADING, PICTURE, TITLE, load_network
from bot.engine.ingest.credits import About
from bot.engine.ingest.drafts import Draft
from bot.engine.records.passages import LineLabel

FEWEST_BLOCKS = 6
"""A text of fewer blocks says too little of itself."""
_DOUBTFUL, _CERTAIN = 0.3, 0.03
"""A block is left out below this probability of being the article's: on a page, and anywhere else."""
_FEWEST_WORDS = 60
"""Where less than this would be kept of a page, the article is one that looks like none: more of it is kept."""
_EASIER = (0.5, 0.25, 0.1, 0.05, 0.025)
_PAGE_BLOCKS = 50
_SURE, _SURE_BLOCKS, _SURE_SHARE = 0.1, 5, 0.05
"""A text is a page where it has many blocks, and so many short ones and such a share are surely not the article's.

Shorter ones are left to the rules, which know them better than a network that has seen whole pages.
"""
_TITLE = 0.2
_SHAPES = frozenset({Shape.TEXT, Shape.ITEM, Shape.QUOTE, Shape.HASHES, Shape.TABLE})


@dataclass(frozen=True, slots=True)
class Opinion:
    """What the network makes of a text's blocks. ``is_page``: it shows the page around the article.

    ``kept``: (n,) the probability that a block is the article's own; ``scores``: (n, 5), see ``network``.
    """

    scores: npt.NDArray[np.float32]
    kept: npt.NDArray[np.float32]
    is_page: bool

    def find_title(self) -> int | None:
        """Return the index of the block that is the article's title, where it is a page and one stands out."""
        best = int(self.scores[:, TITLE].argmax())
        return best if self.is_page and self.scores[best, TITLE] > _TITLE else None


def judge_blocks(drafts: Sequence[Draft]) -> Opinion | None:
    """Ask the network; None for a text that is too short to tell. To be called before any draft is labelled."""
    if len(drafts) < FEWEST_BLOCKS:
        return None
    scores = load_network().score(describe_blocks(drafts), [first_words(item.text) for item in drafts])
    kept = scores[:, BODY] + scores[:, HEADING] + scores[:, TITLE]
    sure = sum(score < _SURE and not item.is_prose for item, score in zip(drafts, kept, strict=True))
    is_page = len(drafts) >= _PAGE_BLOCKS and sure >= max(_SURE_BLOCKS, _SURE_SHARE * len(drafts))
    return Opinion(scores, kept, is_page)


def mark_surroundings(drafts: Sequence[Draft], opinion: Opinion | None) -> None:
    """Label the blocks that are surely not of the article's text."""
    if opinion is None:
        return
    limit = _find_limit(drafts, opinion)
    for item, kept, row in zip(drafts, opinion.kept, opinion.scores, strict=True):
        is_safe = item.is_prose and not opinion.is_page
        if kept < limit and not is_safe and _may_be_left_out(item):
            item.label = _label(item, row)


def _label(item: Draft, row: npt.NDArray[np.float32]) -> LineLabel:
    if item.about in (About.BYLINE, About.CREDIT):
        return LineLabel.CREDIT
    return LineLabel.CAPTION if row[PICTURE] > row[CHROME] else LineLabel.CHROME


def _find_limit(drafts: Sequence[Draft], opinion: Opinion) -> float:
    if not opinion.is_page:
        return _CERTAIN
    words = np.array([item.words for item in drafts])
    limits = [_DOUBTFUL, *(_DOUBTFUL * share for share in _EASIER)]
    return next((limit for limit in limits if words[opinion.kept >= limit].sum() >= _FEWEST_WORDS), limits[-1])


def _may_be_left_out(item: Draft) -> bool:
    is_open = item.label in (None, LineLabel.LIST_ITEM, LineLabel.BLOCK_QUOTE, LineLabel.TABLE_ROW)
    return is_open and item.block.shape in _SHAPES
