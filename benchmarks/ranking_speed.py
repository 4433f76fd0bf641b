"""Time the ranking alone (no question encoding) in an article of 40 passages and in guilds of several sizes.

Usage: OMP_NUM_THREADS=1 python -m benchmarks.ranking_speed FOLDER [--passages 10000] [--rounds 300]

The guild is made of whole question sets, repeated until it is large enough; token vectors come from the cache as they
do for a guild that is asked often, and the first questions, which fill it, are reported apart.
"""

from __future__ import annotations

import argparse
import itertools
import time
from pathlib import Path

import numpy as np

from benchmarks.question_sets import build_index, cache_folder, encode_articles, encode_questions, read_set
from bot.engine.encoders.sentence import SentenceEncoder
from bot.engine.retrieval.retriever import Retriever

SETS = ("squad2_dev", "squad_train_slice", "squad1_dev_rest")
_ARTICLE_PASSAGES = 40
_TOP_K = 3


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--passages", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=300)
    options = parser.parse_args()
    encoder = SentenceEncoder()
    articles, texts, queries = [], [], {}
    for name in SETS:
        questions = read_set(options.folder, name)
        encoded = encode_articles(questions, encoder, cache_folder())
        articles += [(article.title, article.inputs, encoded[article.doc_id]) for article in questions.articles]
        asked = [question["question"] for question in questions.questions]
        queries |= encode_questions(name, asked, encoder, cache_folder())
        texts += asked
    drawn = [texts[number] for number in np.random.default_rng(0).permutation(len(texts))[: options.rounds]]
    retriever = Retriever(encoder.identity)
    count, guild = 0, []
    for article in itertools.cycle(articles):
        guild.append(article)
        count += len(article[1])
        if count >= options.passages:
            break
    small = [(title, inputs[:_ARTICLE_PASSAGES], encoded[:_ARTICLE_PASSAGES]) for title, inputs, encoded in articles]
    one = next([article] for article in small if len(article[1]) == _ARTICLE_PASSAGES)
    for label, held in (("one article of 40 passages", one), (f"a guild of {count} passages", guild)):
        index, source = build_index(held)
        for tokens in (source, None):
            milliseconds: list[float] = []
            for round_number in range(2):
                milliseconds = []
                for text in drawn:
                    started = time.perf_counter()
                    retriever.search(index, text, queries[text], top_k=_TOP_K, tokens=tokens)
                    milliseconds.append(1000 * (time.perf_counter() - started))
                if round_number == 0 and tokens is not None:
                    print(f"{label}: first round {np.median(milliseconds):.2f} ms p50, {max(milliseconds):.0f} ms most")
            kind = "with token vectors" if tokens is not None else "without"
            p50, p95 = np.percentile(milliseconds, [50, 95])
            print(f"{label}, {kind}: {p50:.2f} ms p50, {p95:.2f} ms p95; {index.tokens.nbytes / 2**20:.0f} MB cached")


if __name__ == "__main__":
    main()
