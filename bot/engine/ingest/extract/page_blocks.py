"""All that can be read on a web page, block by block: what the article's extractor left out is found beside it."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from bot.engine.ingest.characters import count_words, ends_with_stop, is_visible
from bot.engine.ingest.credits import About, find_about
from bot.engine.ingest.cues import Cue, find_cue
from bot.engine.ingest.extract.pieces import Piece
from bot.engine.records.passages import QUOTABLE, LineLabel

_INLINE = frozenset(
    "a abbr acronym b bdi bdo big br cite code data del dfn em font i ins kbd label mark q rb ruby s samp "  # noqa: SIM905
    "small span strike strong sub sup time tt u var wbr".split()
)
_SILENT = frozenset(
    "script style template noscript svg math head title iframe object embed video audio canvas select "  # noqa: SIM905
    "textarea button datalist map".split()
)
_CAPTION_CLASS = re.compile(
    r"(?:^|[\s_-])(?:wp-caption-text|figcaption|(?:image|photo|img|media|picture)-?_?caption)\b", re.IGNORECASE
)
_ASIDE = frozenset("nav aside footer form dialog menu header".split())  # noqa: SIM905
_ASIDE_CLASS = re.compile(
    r"(?:^|[\s_-])(?:nav\w*|menu|side-?bar|widget|related|recommend\w*|promo\w*|newsletter|subscri\w*|signup|share|sharing"
    r"|social\w*|comments?|cookie\w*|banner|advert\w*|ads?|sponsor\w*|popup|modal|breadcrumbs?|tags?|author\w*|bio|toc"
    r"|footer|hidden|sr-only|paywall|trending|popular|card\w*)(?=[\s_-]|$)",
    re.IGNORECASE,
)
_LAYOUT = frozenset("table div section article ul ol h1 h2 h3 h4 h5 h6 blockquote pre".split())  # noqa: SIM905
_KINDS = {"pre": LineLabel.CODE, "blockquote": LineLabel.BLOCK_QUOTE, "li": LineLabel.LIST_ITEM}
_SPACES = re.compile(r"[ \t\r\n\f\v]+")
_SPACES_ONLY = re.compile(r"[ \t]+")
_BREAK = re.compile(r" *\n *")
_GAP = re.compile(r"\n{2,}")
_WORD = re.compile(r"\w+")
_MOST_LEFT_OUT, _LONGEST_LEFT_OUT = 400, 1_000
_PROSE_WORDS, _SENTENCE_WORDS = 25, 6


@dataclass(frozen=True, slots=True)
class PageBlock:
    """One block of a page.

    ``linked``: the share of its characters that are links; ``is_aside``: whether it stands in a menu, a form or such.
    """

    piece: Piece
    linked: float
    is_aside: bool


def read_blocks(tree: Any) -> list[PageBlock]:
    """Return a page's visible blocks in order, each of the kind that its tags say; a table's rows are a block each."""
    reader = _Reader()
    reader.read(tree)
    return reader.blocks


class _Reader:
    """Walks a page's tags once; what is open where it stands is counted by tag, so that depth costs nothing."""

    def __init__(self) -> None:
        self.blocks: list[PageBlock] = []
        self._open: Counter[str] = Counter()
        self._words: list[str] = []
        self._linked = 0
        self._row: Any = None

    def read(self, tree: Any) -> None:
        """Walk the tree and keep its blocks."""
        from lxml import etree

        for event, element in etree.iterwalk(tree, events=("start", "end")):
            if isinstance(element.tag, str):
                (self._start if event == "start" else self._end)(element.tag, element)
        self._close()

    def _start(self, tag: str, element: Any) -> None:
        self._part(tag, opens=True)
        if tag == "tr" and self._row is None and _is_plain_row(element):
            self._row = element
        elif tag == "br":
            self._words.append("\n")
        for name in _contexts(tag, element):
            self._open[name] += 1
        self._add(element.text)

    def _end(self, tag: str, element: Any) -> None:
        if element is self._row:
            self._close()
            self._row = None
        self._part(tag, opens=False)
        for name in _contexts(tag, element):
            self._open[name] -= 1
        self._add(element.tail)

    def _part(self, tag: str, *, opens: bool) -> None:
        """Part what stands before a tag from what comes after it: cells by a bar, blocks by ending the block."""
        if tag in _INLINE:
            return
        if self._row is None:
            self._close()
        elif opens and tag in ("td", "th"):
            self._words.append(" | " if "".join(self._words).strip() else "")
        else:
            self._words.append(" ")

    def _add(self, text: str | None) -> None:
        if text and not self._open["silent"]:
            self._words.append(text if self._open["pre"] else _SPACES.sub(" ", text))
            if self._open["a"]:
                self._linked += len(text.strip())

    def _close(self) -> None:
        text = "".join(self._words)
        if is_visible(text):
            label, level = self._kind()
            linked = min(1.0, self._linked / len(text))
            parts = [text.strip("\n")] if self._open["pre"] else _GAP.split(_BREAK.sub("\n", text))
            for part in filter(is_visible, parts):
                words = (
                    part
                    if self._open["pre"]
                    else _SPACES_ONLY.sub(" ", part).strip(" |\n" if self._row is not None else None)
                )
                self.blocks.append(PageBlock(Piece(label, words, level), linked, self._open["aside"] > 0))
        self._words.clear()
        self._linked = 0

    def _kind(self) -> tuple[LineLabel, int]:
        if self._row is not None:
            return LineLabel.TABLE_ROW, 0
        if self._open["caption"]:
            return LineLabel.CAPTION, 0
        level = next((level for level in range(1, 7) if self._open[f"h{level}"]), 0)
        if level:
            return LineLabel.HEADING, level
        return next((kind for tag, kind in _KINDS.items() if self._open[tag]), LineLabel.PARAGRAPH), 0


def _is_plain_row(row: Any) -> bool:
    """Say whether a row holds cells of words, and does not lay out a page."""
    return not any(element.tag in _LAYOUT for element in row.iter())


def _contexts(tag: str, element: Any) -> Iterator[str]:
    yield tag
    if tag in _SILENT:
        yield "silent"
    if _is_caption(element):
        yield "caption"
    if tag in _ASIDE or (tag not in ("html", "body", "main", "article") and _ASIDE_CLASS.search(_names(element))):
        yield "aside"


def _names(element: Any) -> str:
    return f"{element.get('class') or ''} {element.get('id') or ''} {element.get('role') or ''}"


def _is_caption(element: Any) -> int:
    return int(element.tag == "figcaption" or bool(_CAPTION_CLASS.search(element.get("class") or "")))


def label_pieces(pieces: Sequence[Piece], blocks: Sequence[PageBlock]) -> list[Piece]:
    """Return the extracted pieces with captions, credits and chrome labelled, and what was left out between them.

    ``blocks`` is all that the page says. Only what stands between the first and the last extracted piece is added: a
    page's menus and footers change with every visit, and nobody would miss them.
    """
    captions = {_key(block.piece.text) for block in blocks if block.piece.label is LineLabel.CAPTION}
    labelled = [_label(piece, captions) for piece in pieces]
    return _restore(labelled, blocks)


def _label(piece: Piece, captions: set[str]) -> Piece:
    if piece.label in (LineLabel.TABLE_ROW, LineLabel.CODE):
        return piece
    if _key(piece.text) in captions:
        return replace(piece, label=LineLabel.CAPTION, level=0)
    words = count_words(piece.text)
    if words <= _PROSE_WORDS or piece.label is LineLabel.HEADING:
        cue = find_cue(piece.text, words)
        if cue in (Cue.CHROME, Cue.OFFER):
            return replace(piece, label=LineLabel.CHROME, level=0)
        about = find_about(piece.text, words) if piece.label in QUOTABLE else None
        if about in (About.CREDIT, About.BYLINE):
            return replace(piece, label=LineLabel.CREDIT)
        if about is About.CAPTION:
            return replace(piece, label=LineLabel.CAPTION)
    return piece


def _restore(pieces: Sequence[Piece], blocks: Sequence[PageBlock]) -> list[Piece]:
    places = _align(pieces, blocks)
    said = f" {' '.join(_key(piece.text) for piece in pieces)} "
    before: dict[int, list[Piece]] = defaultdict(list)
    added = 0
    for (_, start), (index, end) in pairwise(places):
        for block in blocks[start + 1 : end]:
            key = _key(block.piece.text)
            if added < _MOST_LEFT_OUT and len(block.piece.text) <= _LONGEST_LEFT_OUT and key and f" {key} " not in said:
                before[index].append(_left_out(block))
                added += 1
    return [found for index, piece in enumerate(pieces) for found in (*before[index], piece)]


def _left_out(block: PageBlock) -> Piece:
    piece = block.piece
    words = count_words(piece.text)
    about = find_about(piece.text, words)
    if piece.label is LineLabel.CAPTION or about in (About.CREDIT, About.BYLINE, About.CAPTION):
        label = LineLabel.CREDIT if about in (About.CREDIT, About.BYLINE) else LineLabel.CAPTION
        return Piece(label, piece.text)
    if about is None and _is_body(block, words):
        return piece
    return Piece(LineLabel.CHROME, piece.text)


def _is_body(block: PageBlock, words: int) -> bool:
    """Say whether a block between the article's own was lost rather than left out. Chosen on WCXB's dev part."""
    text, label = block.piece.text, block.piece.label
    if block.is_aside or block.linked > 0.5 or find_cue(text, words) is not Cue.NONE:
        return False
    is_sentence = words >= _SENTENCE_WORDS and ends_with_stop(text)
    return is_sentence or label in (LineLabel.HEADING, LineLabel.LIST_ITEM)


def _align(pieces: Sequence[Piece], blocks: Sequence[PageBlock]) -> list[tuple[int, int]]:
    """Return (piece, block) indices of equal words, both ascending."""
    where: dict[str, list[int]] = defaultdict(list)
    for place, block in enumerate(blocks):
        where[_key(block.piece.text)].append(place)
    found: list[tuple[int, int]] = []
    at = 0
    for index, piece in enumerate(pieces):
        places = where.get(_key(piece.text), [])
        near = bisect_left(places, at)
        if near < len(places):
            found.append((index, places[near]))
            at = places[near] + 1
    return found


def _key(text: str) -> str:
    return " ".join(_WORD.findall(text.casefold()))
