"""Measures of web pages turned into articles, through the lines as they are stored. Used by ingest_quality.

Two public sets, read from folders outside the repository: scrapinghub/article-extraction-benchmark
(``ground-truth.json`` and ``html/``) and WCXB (Murrough-Foley/web-content-extraction-benchmark; its article pages).

- shingle F1: the first set's own measure, words in runs of four, mean of the pages' precision and recall;
- word F1: the second set's own, bags of lower-cased words, mean over pages;
- exact paragraphs: of at least six words, the same words in the same order as a whole line of the gold text, over all
  pages together (words, because the gold has stray spaces around links);
- headings kept and typed: of the h1 to h6 that are a line of the gold, how many are stored as quotable text or heading,
  and as heading (or as the title);
- caption leak: of the figcaptions whose words are not in the gold, how many can be quoted.
"""

from __future__ import annotations

import gzip
import json
import re
import statistics
import time
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.engine.errors import EngineError
from bot.engine.ingest.parse import parse_bytes, parse_text
from bot.engine.records.articles import ParsedArticle
from bot.engine.records.passages import QUOTABLE, LineLabel

_WORD = re.compile(r"\w+")
_FEWEST_WORDS = 6
_SILENT = frozenset("script style template noscript svg head iframe object textarea select".split())  # noqa: SIM905
_SPACED = frozenset("p h1 h2 h3 h4 h5 h6 ul ol dl blockquote pre table figure".split())  # noqa: SIM905
_INLINE = frozenset(
    "a abbr b bdi br cite code em font i img kbd label mark q s small span strong sub sup time u".split()  # noqa: SIM905
)
_SHOWN = QUOTABLE | {LineLabel.HEADING}
Words = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a set: its bytes, where it came from, the gold text, and whether it is an article."""

    name: str
    data: bytes
    url: str
    gold: str


@dataclass(slots=True)
class PageTally:
    """Sums over one set. ``wrong``: (page, what, text) of every paragraph that is not exact."""

    pages: int = 0
    refused: int = 0
    shingles: list[tuple[float, float]] = field(default_factory=list)
    words: list[tuple[float, float, float]] = field(default_factory=list)
    right: int = 0
    found: int = 0
    gold: int = 0
    headings: int = 0
    headings_kept: int = 0
    headings_typed: int = 0
    captions: int = 0
    captions_leaked: int = 0
    seconds: float = 0.0
    slowest: float = 0.0
    wrong: list[tuple[str, str, str]] = field(default_factory=list)

    def summarise(self) -> dict[str, float]:
        """Return the measures; a share is left out where the set has nothing to count."""
        precision = statistics.mean(found for found, _ in self.shingles)
        recall = statistics.mean(found for _, found in self.shingles)
        shares = {
            "headings kept": (self.headings_kept, self.headings),
            "headings typed": (self.headings_typed, self.headings),
            "caption leak": (self.captions_leaked, self.captions),
        }
        return {
            "pages": self.pages,
            "refused": self.refused,
            "shingle F1": round(f1(precision, recall), 3),
            "shingle P": round(precision, 3),
            "shingle R": round(recall, 3),
            "word F1": round(statistics.mean(f1 for _, _, f1 in self.words), 3),
            "word P": round(statistics.mean(found for found, _, _ in self.words), 3),
            "word R": round(statistics.mean(found for _, found, _ in self.words), 3),
            "para P": round(self.right / max(1, self.found), 3),
            "para R": round(self.right / max(1, self.gold), 3),
            "para F": round(2 * self.right / max(1, self.found + self.gold), 3),
            **{name: round(part / whole, 3) for name, (part, whole) in shares.items() if whole},
            "pages/s": round(self.pages / max(self.seconds, 1e-9), 1),
            "slowest s": round(self.slowest, 2),
        }


def read_scrapinghub(folder: Path) -> Iterator[Page]:
    """Yield the pages of scrapinghub/article-extraction-benchmark."""
    truth = json.loads((folder / "ground-truth.json").read_text(encoding="utf-8"))
    for name, record in truth.items():
        data = gzip.decompress((folder / "html" / f"{name}.html.gz").read_bytes())
        yield Page(name, data, record["url"], record["articleBody"])


def read_wcxb(folder: Path, part: str = "test") -> Iterator[Page]:
    """Yield the article pages of one part (``dev`` or ``test``) of WCXB."""
    for path in sorted((folder / part / "ground-truth").glob("*.json")):
        record = json.loads(path.read_text(encoding="utf-8"))
        gold = record["ground_truth"].get("main_content")
        if gold and record["_internal"]["page_type"]["primary"] == "article":
            data = gzip.decompress((folder / part / "html" / f"{path.stem}.html.gz").read_bytes())
            yield Page(path.stem, data, record.get("url") or "", gold)


def measure_page(page: Page, *, pasted: str | None = None) -> PageTally:
    """Parse one page, or the text that a person copies from it, and compare what may be quoted with the gold."""
    tally = PageTally(pages=1)
    started = time.process_time()
    parsed: ParsedArticle | None = None
    try:
        is_file = pasted is None
        parsed = parse_bytes(page.data, file_name="page.html", url=page.url) if is_file else parse_text(pasted or "")
    except EngineError:
        tally.refused = 1
    tally.seconds = tally.slowest = time.process_time() - started
    shown = _shown(parsed)
    tally.shingles.append(compare(_shingles(page.gold), _shingles("\n".join(shown))))
    precision, recall = compare(bag(page.gold), bag("\n".join(shown)))
    tally.words.append((precision, recall, f1(precision, recall)))
    _compare_paragraphs(tally, page, shown)
    _compare_structure(tally, page, parsed, shown)
    return tally


def copy_page(page: Page, *, is_light: bool = False) -> str:
    """Return the text that selecting all of a page and copying it gives, with alt texts on half of the pages.

    ``is_light``: the selection begins up to four lines before the gold text and ends up to eight after it.
    """
    from lxml import html

    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    body = html.document_fromstring(page.data.decode("utf-8", "replace").encode(), parser).find("body")
    parts: list[str] = []
    luck = zlib.crc32(page.name.encode())
    for event, node in etree_walk(body):
        if node.tag in _SILENT:
            if event == "end":
                parts.append(node.tail or "")
            continue
        gap = "\n\n" if node.tag in _SPACED else "" if node.tag in _INLINE else "\n"
        if event == "start":
            alt = f"\n{node.get('alt')}\n" if node.tag == "img" and node.get("alt") and luck % 2 else ""
            parts += [gap, alt, "\n" if node.tag == "br" else "", _flat(node.text)]
        else:
            parts += [gap, _flat(node.tail)]
    text = re.sub(r"\n{3,}", "\n\n", re.sub(r" *\n *", "\n", "".join(parts))).strip()
    return _narrow(text, page.gold, luck) if is_light else text


def etree_walk(body: object) -> Iterator[tuple[str, Any]]:
    """Yield the tags of a page as they open and close, without what is inside silent ones."""
    from lxml import etree

    silent = 0
    for event, node in etree.iterwalk(body, events=("start", "end")):
        if not isinstance(node.tag, str):
            continue
        silent -= event == "end" and node.tag in _SILENT
        if not silent:
            yield event, node
        silent += event == "start" and node.tag in _SILENT


def _flat(text: str | None) -> str:
    return re.sub(r"\s+", " ", text or "")


def _narrow(text: str, gold: str, luck: int) -> str:
    lines = text.split("\n")
    body = {words_of(line) for line in gold.split("\n")} - {()}
    inside = [index for index, line in enumerate(lines) if words_of(line) in body]
    if not inside:
        return text
    return "\n".join(lines[max(0, inside[0] - luck % 5) : inside[-1] + 1 + luck // 8 % 9])


def add_tally(total: PageTally, one: PageTally) -> None:
    """Add one page's counts to a set's."""
    for name in ("shingles", "words", "wrong"):
        getattr(total, name).extend(getattr(one, name))
    for name in ("pages", "refused", "right", "found", "gold", "seconds"):
        setattr(total, name, getattr(total, name) + getattr(one, name))
    for name in ("headings", "headings_kept", "headings_typed", "captions", "captions_leaked"):
        setattr(total, name, getattr(total, name) + getattr(one, name))
    total.slowest = max(total.slowest, one.slowest)


def _shown(parsed: ParsedArticle | None) -> list[str]:
    if parsed is None:
        return []
    texts = (parsed.text[line.start : line.end] for line in parsed.lines if line.label in _SHOWN)
    return [part for text in texts for part in text.split("\n")]


def _compare_paragraphs(tally: PageTally, page: Page, shown: list[str]) -> None:
    gold = Counter(words for line in page.gold.split("\n") if len(words := words_of(line)) >= _FEWEST_WORDS)
    found = Counter(words for line in shown if len(words := words_of(line)) >= _FEWEST_WORDS)
    tally.right = (gold & found).total()
    tally.found, tally.gold = found.total(), gold.total()
    tally.wrong += [(page.name, "extra", " ".join(words)) for words in (found - gold).elements()]
    tally.wrong += [(page.name, "missing", " ".join(words)) for words in (gold - found).elements()]


def _compare_structure(tally: PageTally, page: Page, parsed: ParsedArticle | None, shown: list[str]) -> None:
    from lxml import html

    tree = html.document_fromstring(page.data.decode("utf-8", "replace").encode(), html.HTMLParser(encoding="utf-8"))
    gold_lines = {words_of(line) for line in page.gold.split("\n")} - {()}
    gold_words = " ".join(words_of(page.gold))
    kept = {words_of(line) for line in shown}
    typed = set()
    if parsed is not None:
        for line in parsed.lines:
            if line.label in (LineLabel.HEADING, LineLabel.TITLE):
                typed.add(words_of(parsed.text[line.start : line.end]))
        kept |= typed
    headings = {words_of(_text(node)) for node in tree.iter("h1", "h2", "h3", "h4", "h5", "h6")} & gold_lines
    tally.headings = len(headings)
    tally.headings_kept, tally.headings_typed = len(headings & kept), len(headings & typed)
    captions = {words_of(_text(node)) for node in tree.iter("figcaption")}
    captions = {words for words in captions if len(words) >= 3 and " ".join(words) not in gold_words}
    quoted = " ".join(words_of("\n".join(shown)))
    tally.captions = len(captions)
    for words in captions:
        if " ".join(words) in quoted:
            tally.captions_leaked += 1
            tally.wrong.append((page.name, "caption", " ".join(words)))


def _text(node: object) -> str:
    return " ".join(node.itertext())  # type: ignore[attr-defined]


def words_of(text: str) -> Words:
    """Return the words of a text, folded."""
    return tuple(word.casefold() for word in _WORD.findall(text))


def bag(text: str) -> Counter[Words]:
    """Count the words of a text, each as a run of one."""
    return Counter((word,) for word in words_of(text))


def _shingles(text: str) -> Counter[Words]:
    words = _WORD.findall(text)
    runs = [tuple(words[at : at + 4]) for at in range(max(1, len(words) - 3))]
    return Counter(run for run in runs if run)


def compare(gold: Counter[Words], found: Counter[Words]) -> tuple[float, float]:
    """Return precision and recall."""
    if gold == found:
        return 1.0, 1.0
    right = (gold & found).total()
    return (right / found.total() if found else 0.0), (right / gold.total() if gold else 0.0)


def f1(precision: float, recall: float) -> float:
    """Return the harmonic mean."""
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0
