"""Pages as people paste them, every block labelled by comparing it with the page's gold text. Used by fit_chrome.

The labels are automatic: a long block is the article's where half of its runs of four words are in the gold text, a
short one where it is a line of it and stands among the article's blocks. Captions and picture descriptions are those of
the page's figcaptions and alt texts, headings those of its h1 to h6, the title the last block before the text that says
the gold title.
"""

from __future__ import annotations

import gzip
import json
import random
import re
import zlib
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
import numpy.typing as npt

from benchmarks.page_quality import Page, bag, compare, copy_page, f1, words_of
from bot.engine.ingest.blocks import Block, split_blocks
from bot.engine.ingest.chrome.features import describe_blocks, first_words
from bot.engine.ingest.chrome.network import BODY, CHROME, HEADING, PICTURE, TITLE
from bot.engine.ingest.drafts import draft

_LONG, _ANCHOR, _REACH = 6, 8, 6
_HEADING_WORDS = 30
_RIGHT = 0.93
"""Word F1 of the labelled blocks themselves, below which a page's gold text is not of this page's text."""
_PLAIN = 0.8
_BEFORE = (0, 0, 0, 1, 2, 3, 4, 6, 10, 20)
_AFTER = (0, 0, 1, 2, 3, 5, 8, 12, 20, 40)
_MOST_ARTICLES = 150
Words = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Marked:
    """A page with what its markup says. ``pictures``: words of captions and alt texts; ``headings``: of h1 to h6."""

    page: Page
    title: str
    pictures: frozenset[Words]
    headings: frozenset[Words]


@dataclass(frozen=True, slots=True)
class Sample:
    """One text: ``numbers`` (n, f) float32, the first words of each block, ``labels`` (n,), ``sizes`` (n,) in words."""

    site: str
    is_plain: bool
    is_whole: bool
    numbers: npt.NDArray[np.float32]
    words: tuple[tuple[str, ...], ...]
    labels: npt.NDArray[np.int64]
    sizes: npt.NDArray[np.int64]


def site_of(url: str) -> str:
    """Return the host of an address without its www."""
    return urlsplit(url).netloc.removeprefix("www.")


def read_marked(folder: Path, part: str) -> Iterator[Marked]:
    """Yield every page of a part of WCXB, of all kinds."""
    from lxml import html

    for path in sorted((folder / part / "ground-truth").glob("*.json")):
        record = json.loads(path.read_text(encoding="utf-8"))
        gold = record["ground_truth"].get("main_content")
        if not gold:
            continue
        data = gzip.decompress((folder / part / "html" / f"{path.stem}.html.gz").read_bytes())
        page = Page(path.stem, data, record.get("url") or "", gold)
        tree = html.document_fromstring(data.decode("utf-8", "replace").encode(), html.HTMLParser(encoding="utf-8"))
        captions = {words_of(" ".join(node.itertext())) for node in tree.iter("figcaption")}
        alts = {words_of(node.get("alt") or "") for node in tree.iter("img")}
        pictures = {words for words in captions if len(words) >= 2} | {words for words in alts if len(words) >= 3}
        headings = {words_of(" ".join(node.itertext())) for node in tree.iter("h1", "h2", "h3", "h4", "h5", "h6")}
        yield Marked(page, record["ground_truth"].get("title") or "", frozenset(pictures), frozenset(headings - {()}))


def make_samples(marked: Marked) -> Iterator[Sample]:
    """Yield the texts made of one page: whole, cut closer, shortened, spaced otherwise, and its gold text alone."""
    page = marked.page
    luck = random.Random(zlib.crc32(page.name.encode()))  # noqa: S311 -- the same texts again each time
    text = copy_page(page)
    blocks = split_blocks(text)
    labels = label_blocks(marked, blocks)
    kept = [block for block, label in zip(blocks, labels, strict=True) if label in (BODY, HEADING)]
    right = f1(*compare(bag(page.gold), bag("\n".join(block.text for block in kept))))
    if right >= _RIGHT and kept:
        lines = text.split("\n")
        first, last = kept[0].number - 1, kept[-1].number
        variants = [text, respace(text, luck)]
        for _ in range(2):
            cut = "\n".join(lines[max(0, first - luck.choice(_BEFORE)) : last + luck.choice(_AFTER)])
            variants.append(respace(cut, luck) if luck.random() < 0.3 else cut)
        variants.append("\n".join(lines[luck.randrange(first + 1) : luck.randrange(last, len(lines) + 1)]))
        if len(kept) > 8:
            start = luck.randrange(len(kept) - 4)
            end = luck.randrange(start + 3, len(kept))
            variants.append("\n".join(lines[kept[start].number - 1 : kept[end].number]))
            for _ in range(2):
                # Most articles that are pasted are shorter than the set's: a few blocks of it in the whole page.
                size = luck.randrange(3, 9)
                start = luck.randrange(len(kept) - size) if luck.random() < 0.5 else 0
                middle = lines[kept[start].number - 1 : kept[start + size - 1].number]
                variants.append("\n".join([*lines[:first], *middle, *lines[last:]]))
        for number, variant in enumerate(variants):
            yield from _sample(marked, variant, is_whole=number == 0)
    if right >= _PLAIN:
        plain = f"{marked.title}\n\n{page.gold}" if marked.title and luck.random() < 0.7 else page.gold
        yield from _sample(marked, respace(plain, luck) if luck.random() < 0.5 else plain, is_plain=True)


def make_plain_samples(path: Path) -> Iterator[Sample]:
    """Yield the first articles of a corpus file (JSON lines with title and passages), in which all is body."""
    with path.open(encoding="utf-8") as file:
        for number, line in zip(range(_MOST_ARTICLES), file, strict=False):
            record = json.loads(line)
            text = "\n\n".join([record["title"], *(passage["text"] for passage in record["passages"])])
            page = Page(f"{path.stem}{number}", b"", f"https://{path.stem}{number}/", text)
            yield from _sample(Marked(page, record["title"], frozenset(), frozenset()), text, is_plain=True)


def respace(text: str, luck: random.Random) -> str:
    """Space lines as other programs do: no blank lines, one after each line, or some of them gone."""
    chance = luck.random()
    if chance < 0.35:
        return re.sub(r"\n+", "\n", text)
    if chance < 0.7:
        return re.sub(r"\n+", "\n\n", text)
    return re.sub(r"\n\n+", lambda _: "\n" if luck.random() < 0.4 else "\n\n", text)


def label_blocks(marked: Marked, blocks: Sequence[Block]) -> list[int]:
    """Label a copied text's blocks."""
    gold = words_of(marked.page.gold)
    lines = {words_of(line) for line in marked.page.gold.split("\n")} - {()}
    runs = {gold[at : at + 4] for at in range(max(0, len(gold) - 3))}
    whole = f" {' '.join(gold)} "
    words = [words_of(block.text) for block in blocks]
    labels = [_label(own, lines, runs) for own in words]
    parts = {index for index, own in enumerate(words) if 2 <= len(own) < _LONG and f" {' '.join(own)} " in whole}
    anchors = [index for index, own in enumerate(words) if labels[index] == BODY and len(own) >= _ANCHOR]
    low, high = (anchors[0] - _REACH, anchors[-1] + _REACH) if anchors else (0, len(blocks))
    for index in range(len(blocks)):
        is_near = low <= index <= high
        if labels[index] == BODY and len(words[index]) < _ANCHOR and not is_near:
            labels[index] = CHROME
        elif labels[index] == CHROME and index in parts and is_near:
            beside = [labels[near] for near in (index - 1, index + 1) if 0 <= near < len(blocks)]
            labels[index] = BODY if BODY in beside else CHROME
        if labels[index] == CHROME and words[index] in marked.pictures:
            labels[index] = PICTURE
    title = _find_title(marked.title, words, anchors)
    for index, own in enumerate(words):
        if labels[index] == BODY and own in marked.headings and len(own) <= _HEADING_WORDS:
            labels[index] = HEADING
        if not own and index:
            labels[index] = labels[index - 1]
    if title is not None:
        labels[title] = TITLE
    return labels


def _label(words: Words, lines: Collection[Words], runs: Collection[Words]) -> int:
    if words in lines:
        return BODY
    if len(words) < _LONG:
        return CHROME
    found = sum(words[at : at + 4] in runs for at in range(len(words) - 3))
    return BODY if 2 * found >= len(words) - 3 else CHROME


def _find_title(title: str, words: Sequence[Words], anchors: Sequence[int]) -> int | None:
    wanted = words_of(title)
    if not wanted:
        return None
    joined = " ".join(wanted)
    end = next((index for index in anchors if words[index] != wanted), len(words) - 1) + 1
    for index in range(end - 1, -1, -1):
        own = words[index]
        is_part = len(own) >= 4 and " ".join(own) in joined
        is_longer = len(wanted) >= 4 and len(own) < 2 * len(wanted) and joined in " ".join(own)
        if own == wanted or is_part or is_longer:
            return index
    return None


def _sample(marked: Marked, text: str, *, is_whole: bool = False, is_plain: bool = False) -> Iterator[Sample]:
    blocks = split_blocks(text)
    if len(blocks) < 2:
        return
    if is_plain:
        words = [words_of(block.text) for block in blocks]
        labels = [HEADING if own in marked.headings and len(own) <= _HEADING_WORDS else BODY for own in words]
        labels[0] = TITLE if words[0] == words_of(marked.title) and words[0] else labels[0]
    else:
        labels = label_blocks(marked, blocks)
    drafts = [draft(block) for block in blocks]
    yield Sample(
        site_of(marked.page.url),
        is_plain,
        is_whole,
        np.array(describe_blocks(drafts), np.float32),
        tuple(tuple(first_words(item.text)) for item in drafts),
        np.array(labels, np.int64),
        np.array([item.words for item in drafts], np.int64),
    )
