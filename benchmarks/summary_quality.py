"""Measure summaries against reference ones, at equal word budgets.

Usage: python -m benchmarks.summary_quality FILE.csv [--skip N] [--limit N] [--sumy]

FILE has the columns ``article`` and ``highlights``, as the CNN/DailyMail set is passed around. --skip N leaves out the
first N articles (the weights were chosen on 300). --sumy adds sumy's LexRank, TextRank, SumBasic and LSA where sumy is
installed (it is no dependency of ours). Each method's sentences, in article order, are cut at exactly the budget's
words; ROUGE-1 and -2 are F-scores on Porter stems; the interval is a paired bootstrap of the difference to the lead.
"""

from __future__ import annotations

import argparse
import csv
import itertools
import re
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import Stemmer

from bot.engine.articles.encoding import encode_article
from bot.engine.encoders.sentence import SentenceEncoder
from bot.engine.errors import EngineError
from bot.engine.ingest.parse import parse_text
from bot.engine.records.articles import Article
from bot.engine.retrieval.segment import decode_core
from bot.engine.summaries.choice import choose_sentences
from bot.engine.summaries.material import Material

BUDGETS = (60, 100)
_RESAMPLES = 2000
_SHORTEST_STEMMED = 4
_MOST_SENTENCES = 8

Grams = tuple[Counter[tuple[str, ...]], Counter[tuple[str, ...]]]
Method = Callable[[Material, int], str]


@dataclass(frozen=True, slots=True)
class Sample:
    """One article's sentences and the n-grams of its reference summary."""

    material: Material
    reference: Grams


def read_samples(path: Path, skip: int, limit: int | None) -> list[Sample]:
    """Parse and encode the articles, with progress on the error stream."""
    csv.field_size_limit(10**9)
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))[skip:][:limit]
    encoder, samples = SentenceEncoder(), []
    for number, row in enumerate(rows, start=1):
        try:
            parsed = parse_text(row["article"])
        except EngineError as error:
            print(f"article {number} left out: {error}", file=sys.stderr)
            continue
        core = decode_core(encode_article(encoder, parsed, with_tokens=False).core)
        article = Article(1, parsed.title, "", 0, "", parsed.text, parsed.lines, parsed.passages)
        samples.append(Sample(Material(article, core), count_grams(row["highlights"])))
        if number % 50 == 0:
            print(f"{number} of {len(rows)}", file=sys.stderr)
    return samples


def count_grams(text: str) -> Grams:
    """Count stemmed words and pairs of words."""
    stemmer = Stemmer.Stemmer("porter")
    words = [
        stemmer.stemWord(word) if len(word) >= _SHORTEST_STEMMED else word
        for word in re.findall(r"[a-z0-9]+", text.lower())
    ]
    return Counter((word,) for word in words), Counter(itertools.pairwise(words))


def rouge(text: str, reference: Grams) -> tuple[float, float]:
    """Return the F-scores of ROUGE-1 and ROUGE-2 in percent (Lin, 2004)."""
    scores = []
    for own, wanted in zip(count_grams(text), reference, strict=True):
        shared = sum((own & wanted).values())
        scores.append(200 * shared / max(sum(own.values()) + sum(wanted.values()), 1))
    return scores[0], scores[1]


def cut(words: Sequence[str], budget: int) -> str:
    """Return the first words."""
    return " ".join(words[:budget])


def ours(material: Material, budget: int) -> str:
    """Summarise as ``/summary`` does."""
    chosen = choose_sentences(material, budget)
    return cut([word for number in chosen for word in material.text(number).split()], budget)


def lead(material: Material, budget: int) -> str:
    """Take the beginning."""
    return cut([word for number in range(len(material)) for word in material.text(number).split()], budget)


def sumy_methods() -> dict[str, Method]:
    """Wrap sumy's summarisers; each is given our sentences and asked for as many as fill the budget."""
    from sumy.models.dom import ObjectDocumentModel, Paragraph, Sentence
    from sumy.nlp.stemmers import Stemmer as SumyStemmer
    from sumy.summarizers.lex_rank import LexRankSummarizer
    from sumy.summarizers.lsa import LsaSummarizer
    from sumy.summarizers.sum_basic import SumBasicSummarizer
    from sumy.summarizers.text_rank import TextRankSummarizer
    from sumy.utils import get_stop_words

    class Words:
        """The tokenizer that sumy asks for, without its download."""

        @staticmethod
        def to_words(text: str) -> tuple[str, ...]:
            return tuple(re.findall(r"[^\W\d_][\w'-]*", text.lower()))

    def wrap(summarizer: object) -> Method:
        def summarise(material: Material, budget: int) -> str:
            sentences = [Sentence(material.text(number), Words()) for number in range(len(material))]
            document = ObjectDocumentModel([Paragraph(sentences)])
            text: list[str] = []
            for count in range(1, _MOST_SENTENCES + 1):
                text = [word for found in summarizer(document, count) for word in str(found).split()]
                if len(text) >= budget:
                    break
            return cut(text, budget)

        return summarise

    methods: dict[str, Method] = {}
    for summarizer in (LexRankSummarizer, TextRankSummarizer, SumBasicSummarizer, LsaSummarizer):
        made = summarizer(SumyStemmer("english"))
        made.stop_words = get_stop_words("english")
        methods["sumy " + summarizer.__name__.removesuffix("Summarizer")] = wrap(made)
    return methods


def main() -> None:
    """Print a line a method and budget."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--skip", type=int, default=0)
    parser.add_argument("--limit", type=int)
    parser.add_argument("--sumy", action="store_true")
    options = parser.parse_args()
    samples = read_samples(options.file, options.skip, options.limit)
    methods: dict[str, Method] = {"lead": lead, "ours": ours} | (sumy_methods() if options.sumy else {})
    for budget in BUDGETS:
        base = np.array([rouge(lead(sample.material, budget), sample.reference) for sample in samples])
        for name, method in methods.items():
            scores = np.array([rouge(method(sample.material, budget), sample.reference) for sample in samples])
            difference = (scores - base).mean(axis=1)
            random = np.random.default_rng(0)
            drawn = random.integers(0, len(samples), (_RESAMPLES, len(samples)))
            low, high = np.percentile(difference[drawn].mean(axis=1), [2.5, 97.5])
            first, second = scores.mean(axis=0)
            print(
                f"{budget} words  {name:16}  R1 {first:5.2f}  R2 {second:5.2f}  mean - lead {difference.mean():+.2f} "
                f"[{low:+.2f}, {high:+.2f}]  n {len(samples)}",
                flush=True,
            )


if __name__ == "__main__":
    main()
