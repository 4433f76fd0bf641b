"""Measure how much body text the labelling loses: articles of question sets, pasted as plain text, title first.

Usage: python -m benchmarks.ingest_quality FOLDER SET [SET …] [--show] [--json]
       python -m benchmarks.ingest_quality [--html FOLDER] [--wcxb FOLDER] [--pasted full|light] [--json]

The second form measures web pages (see page_quality): as files, or as the text that a person copies from them.

A set's passages are meant to be body text, so each paragraph that is left out or taken for a title or heading counts as
a mistake, also where the set itself holds a heading, a byline or a caption as a passage, as pages taken off the web do.
Such lines are short or do not end as a sentence: the figures over prose alone (25 words, or 8 words and a final stop)
come closer to the truth. Both are upper bounds.
"""

from __future__ import annotations

import argparse
import json
import logging
import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.page_quality import PageTally, add_tally, copy_page, measure_page, read_scrapinghub, read_wcxb
from bot.engine.ingest.parse import parse_text
from bot.engine.records.articles import ParsedArticle
from bot.engine.records.passages import LEFT_OUT, Line, LineLabel, Span

_LONG_WORDS, _PROSE_WORDS = 25, 8
_PROSE_END = re.compile(r"[.!…][\"'”’)\]]*\Z")
_BLANK_LINE = re.compile(r"\n[ \t]*\n\s*")


@dataclass(slots=True)
class Tally:
    """Counts over one set. ``losses`` holds (kind, text) of every paragraph that was not kept as body."""

    articles: int = 0
    paragraphs: int = 0
    left_out: int = 0
    headings: int = 0
    prose: int = 0
    prose_left_out: int = 0
    prose_headings: int = 0
    titles_right: int = 0
    characters: int = 0
    seconds: float = 0.0
    losses: list[tuple[str, str]] = field(default_factory=list)

    def summarise(self) -> dict[str, float]:
        """Return counts, shares in percent, and speed."""
        return {
            "articles": self.articles,
            "paragraphs": self.paragraphs,
            "left out %": round(100 * self.left_out / self.paragraphs, 3),
            "heading %": round(100 * self.headings / self.paragraphs, 3),
            "prose": self.prose,
            "prose left out %": round(100 * self.prose_left_out / self.prose, 3),
            "prose heading %": round(100 * self.prose_headings / self.prose, 3),
            "titles right %": round(100 * self.titles_right / self.articles, 1),
            "MB/s": round(self.characters / self.seconds / 1e6, 2),
        }


def measure_set(path: Path) -> Tally:
    """Parse every article of a corpus file (JSON lines with ``title`` and ``passages``) and tally what was lost."""
    tally = Tally()
    with path.open(encoding="utf-8") as file:
        for record in map(json.loads, file):
            _add_article(tally, record)
    return tally


def _add_article(tally: Tally, record: dict[str, Any]) -> None:
    text = "\n\n".join([record["title"], *(passage["text"] for passage in record["passages"])])
    started = time.perf_counter()
    parsed = parse_text(text)
    tally.seconds += time.perf_counter() - started
    tally.articles += 1
    tally.characters += len(text)
    tally.titles_right += parsed.title == " ".join(record["title"].split())
    for span in _paragraphs(text, len(record["title"])):
        tally.paragraphs += 1
        paragraph = text[span.start : span.end]
        is_prose = _is_prose(paragraph)
        tally.prose += is_prose
        labels = {line.label for line in _overlapping(parsed, span)}
        wrong = labels & LEFT_OUT or labels & {LineLabel.TITLE, LineLabel.HEADING}
        if not wrong:
            continue
        tally.losses.append((str(min(wrong)), paragraph))
        if labels & LEFT_OUT:
            tally.left_out += 1
            tally.prose_left_out += is_prose
        else:
            tally.headings += 1
            tally.prose_headings += is_prose


def _is_prose(paragraph: str) -> bool:
    words = len(paragraph.split())
    return words >= _LONG_WORDS or (words >= _PROSE_WORDS and _PROSE_END.search(paragraph.rstrip()) is not None)


def _paragraphs(text: str, start: int) -> Iterator[Span]:
    """Yield what blank lines part, from ``start`` on."""
    for gap in [*_BLANK_LINE.finditer(text, start), None]:
        end = gap.start() if gap else len(text)
        if text[start:end].strip():
            yield Span(start, end)
        start = gap.end() if gap else end


def _overlapping(parsed: ParsedArticle, span: Span) -> list[Line]:
    return [line for line in parsed.lines if line.start < span.end and span.start < line.end]


def _print_table(tallies: dict[str, Tally]) -> None:
    columns = list(next(iter(tallies.values())).summarise())
    print("| set | " + " | ".join(columns) + " |")
    print("| --- |" + " --- |" * len(columns))
    for name, tally in tallies.items():
        print(f"| {name} | " + " | ".join(str(value) for value in tally.summarise().values()) + " |")


def _measure_pages(options: argparse.Namespace) -> None:
    # trafilatura warns of each page that it cannot read.
    logging.disable(logging.CRITICAL)
    rows: dict[str, dict[str, float]] = {}
    for name, folder, read in (("html", options.html, read_scrapinghub), ("wcxb", options.wcxb, read_wcxb)):
        if folder is None:
            continue
        total = PageTally()
        for page in read(folder):
            pasted = copy_page(page, is_light=options.pasted == "light") if options.pasted else None
            add_tally(total, measure_page(page, pasted=pasted))
        rows[name] = total.summarise()
        for page_name, what, text in total.wrong if options.show else ():
            print(f"{page_name} {what:8} {text[:200]!r}")
    print(json.dumps(rows, indent=1))


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="Measure how much body text the labelling loses.")
    parser.add_argument("folder", type=Path, nargs="?", help="where the NAME.corpus.jsonl files are")
    parser.add_argument("sets", nargs="*", metavar="SET")
    parser.add_argument("--html", type=Path, metavar="FOLDER", help="scrapinghub/article-extraction-benchmark")
    parser.add_argument("--wcxb", type=Path, metavar="FOLDER", help="WCXB, its article pages of the test part")
    parser.add_argument(
        "--pasted", choices=["full", "light"], help="paste the pages' text instead of reading the files"
    )
    parser.add_argument("--show", action="store_true", help="print each paragraph that was lost")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    options = parser.parse_args(arguments)
    if options.html or options.wcxb:
        _measure_pages(options)
        return
    if options.folder is None or not options.sets:
        parser.error("name a folder and its sets, or --html or --wcxb")
    tallies = {name: measure_set(options.folder / f"{name}.corpus.jsonl") for name in options.sets}
    if options.json:
        print(json.dumps({name: tally.summarise() for name, tally in tallies.items()}, indent=1))
    else:
        _print_table(tallies)
    if options.show:
        for name, tally in tallies.items():
            for kind, text in tally.losses:
                print(f"{name} {kind:8} {text[:200]!r}")


if __name__ == "__main__":
    main()
