"""Measure how many of an article's sections its summary covers.

Usage: python -m benchmarks.summary_coverage FOLDER [--part dev|test] [--markdown] [--without-model]

FOLDER is a checkout of WCXB (web pages with headings), or with --markdown any folder of Markdown files. Counted are
articles in which three or more heading paths hold a sentence that may stand in a summary: those are its sections, the
text above the first heading among them. The share of an article is the sections with a sentence in the summary, of all
its sections or of 8, whichever is less: no summary has more than 8 of them by its method (ingest_and_summary.md, C2).
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from benchmarks.page_quality import read_wcxb
from bot.engine.articles.encoding import encode_article
from bot.engine.encoders.hashing import HashingEncoder
from bot.engine.encoders.sentence import SentenceEncoder
from bot.engine.errors import EngineError
from bot.engine.ingest.parse import parse_bytes
from bot.engine.ports.encoders import Encoder
from bot.engine.records.articles import Article, ParsedArticle
from bot.engine.records.summaries import SummaryLength
from bot.engine.retrieval.segment import decode_core
from bot.engine.summaries.choice import MAXIMUM_SENTENCES, MINIMUM_SECTIONS, choose_sentences
from bot.engine.summaries.material import Material
from bot.engine.summaries.summary import WORD_BUDGET

_MOST_PASSAGES = 300


def read_pages(folder: Path, part: str) -> Iterator[ParsedArticle]:
    """Yield the articles of WCXB's pages."""
    for page in read_wcxb(folder, part):
        try:
            yield parse_bytes(page.data, file_name="page.html", url=page.url)
        except EngineError:
            continue


def read_markdown(folder: Path) -> Iterator[ParsedArticle]:
    """Yield the articles of Markdown files."""
    for path in sorted(folder.rglob("*.md")):
        try:
            yield parse_bytes(path.read_bytes(), file_name=path.name)
        except EngineError:
            continue


def find_sections(material: Material) -> set[int]:
    """Return the sections that hold a sentence which may be chosen."""
    return set(material.sections[material.list_able()].tolist())


def main() -> None:
    """Print a line a length."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--part", choices=("dev", "test"), default="test")
    parser.add_argument("--markdown", action="store_true")
    parser.add_argument("--without-model", action="store_true", help="hashed words instead of embeddings: quick")
    options = parser.parse_args()
    encoder: Encoder = HashingEncoder() if options.without_model else SentenceEncoder()
    materials: list[Material] = []
    for parsed in read_markdown(options.folder) if options.markdown else read_pages(options.folder, options.part):
        if len({passage.headings for passage in parsed.passages}) < MINIMUM_SECTIONS:
            continue
        if len(parsed.passages) > _MOST_PASSAGES:
            continue
        core = decode_core(encode_article(encoder, parsed, with_tokens=False).core)
        article = Article(1, parsed.title, "", 0, "", parsed.text, parsed.lines, parsed.passages)
        material = Material(article, core)
        if len(find_sections(material)) >= MINIMUM_SECTIONS:
            materials.append(material)
    for length in (SummaryLength.SHORT, SummaryLength.MEDIUM, SummaryLength.LONG):
        shares, lengths, few = [], [], []
        for material in materials:
            sections = find_sections(material)
            chosen = choose_sentences(material, WORD_BUDGET[length])
            covered = len(set(material.sections[chosen].tolist()))
            share = min(covered / min(len(sections), MAXIMUM_SENTENCES), 1.0)
            shares.append(share)
            lengths.append(int(material.words[chosen].sum()))
            few += [share] if len(sections) <= MAXIMUM_SENTENCES else []
        random = np.random.default_rng(0)
        drawn = np.array(shares)[random.integers(0, len(shares), (2000, len(shares)))].mean(axis=1)
        low, high = np.percentile(drawn, [2.5, 97.5])
        whole = np.mean(np.array(shares) >= 1)
        print(
            f"{length:7} covered {np.mean(shares):.3f} [{low:.3f}, {high:.3f}]  whole {whole:.2f}"
            f"  words {np.mean(lengths):.0f} (most {max(lengths)})"
            f"  of at most 8 sections {np.mean(few):.3f} (n {len(few)})  n {len(shares)}"
        )


if __name__ == "__main__":
    main()
