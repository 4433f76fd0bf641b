"""Time the ranking alone (no question encoding) in an article of 40 passages and in guilds of several sizes.

Usage: OMP_NUM_THREADS=1 python -m benchmarks.ranking_speed FOLDER [--passages 10000 134000] [--rounds 300] [--sizes]

Each guild is a real SQLite store (benchmarks/large_guild.py says what it is made of), written once into the cache
folder: about 12 KB a passage, for 134,000 of them 1.6 GB and some minutes. Four states of the second stage's token
vectors are timed: "warm", those of all candidates in the cache; "usual", a cache of the default size and random
questions; "cold", an empty cache before each question; "evicted", the same with the store's file thrown out of the
operating system's cache. CPU time is the thread's own; it is what other load on the machine changes least.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from benchmarks.guild_size import print_sizes
from benchmarks.large_guild import GUILD, SourceArticle, make_guild
from benchmarks.question_sets import cache_folder, encode_articles, encode_questions, read_set
from bot.engine.encoders.sentence import SentenceEncoder
from bot.engine.ports.encoders import EncodedQuery
from bot.engine.retrieval.corpus_index import CorpusIndex
from bot.engine.retrieval.retriever import Retriever
from bot.engine.retrieval.token_cache import TokenCache
from bot.engine.stores.sqlite import SQLiteStore

SETS = ("squad2_dev", "squad_train_slice", "squad1_dev_rest")
_ARTICLE_PASSAGES = 40
_TOP_K = 3
_EVICTED_ROUNDS = 40
_UNBOUNDED = 1 << 40


class _Guild(NamedTuple):
    path: Path
    store: SQLiteStore
    index: CorpusIndex
    retriever: Retriever
    article_ids: Sequence[int] | None = None


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--passages", type=int, nargs="*", default=[10_000, 134_000])
    parser.add_argument("--rounds", type=int, default=300)
    parser.add_argument("--sizes", action="store_true", help="also print bytes a passage by part")
    options = parser.parse_args()
    encoder = SentenceEncoder()
    sources, queries = _read_sources(options.folder, encoder)
    drawn = [sorted(queries)[number] for number in np.random.default_rng(0).permutation(len(queries))[: options.rounds]]
    asked = [(text, queries[text]) for text in drawn]
    retriever = Retriever(encoder.identity)
    small = next(source for source in sources if len(source.passages) >= _ARTICLE_PASSAGES)
    article = SourceArticle(small.title, small.passages[:_ARTICLE_PASSAGES], small.encoded[:_ARTICLE_PASSAGES])
    print("| | CPU p50 / p95 ms | wall p50 / p95 ms |\n|---|---|---|")
    for count, made_of in [(_ARTICLE_PASSAGES, [article]), *((count, sources) for count in options.passages)]:
        path = make_guild(cache_folder(), made_of, count, encoder.identity)
        store = SQLiteStore.open(path)
        index = CorpusIndex(GUILD, encoder.identity.dimension)
        started = time.thread_time()
        index.update(store)
        loading = time.thread_time() - started
        label = f"{len(index.snapshot):,} passages, {len(index.snapshot.article_ids):,} articles"
        _time_states(label, _Guild(path, store, index, retriever), asked)
        if count > _ARTICLE_PASSAGES:
            inside = _Guild(path, store, index, retriever, [int(index.snapshot.article_ids[sources.index(small)])])
            _time(f"{label}: one article of {len(small.passages)}, warm", inside, asked, _UNBOUNDED)
        if options.sizes:
            print(f"\nindex loaded in {loading:.1f} s of CPU time\n")
            print_sizes(path, store, index)
        store.close()


def _read_sources(folder: Path, encoder: SentenceEncoder) -> tuple[list[SourceArticle], dict[str, EncodedQuery]]:
    sources: list[SourceArticle] = []
    queries: dict[str, EncodedQuery] = {}
    for name in SETS:
        questions = read_set(folder, name)
        encoded = encode_articles(questions, encoder, cache_folder())
        sources += [SourceArticle(item.title, item.inputs, encoded[item.doc_id]) for item in questions.articles]
        texts = [question["question"] for question in questions.questions]
        queries |= encode_questions(name, texts, encoder, cache_folder())
    return sources, queries


def _time_states(label: str, guild: _Guild, asked: Sequence[tuple[str, EncodedQuery]]) -> None:
    _time(f"{label}: warm", guild, asked, _UNBOUNDED)
    if len(guild.index.snapshot.article_ids) > 1:
        _time(f"{label}: usual", guild, asked, None)
    _time(f"{label}: cold", guild, asked, None, before=lambda: _empty(guild, None))
    _time(f"{label}: evicted", guild, asked[:_EVICTED_ROUNDS], None, before=lambda: _evict(guild))
    _time(f"{label}: without token vectors", guild, asked, None, with_tokens=False)


def _time(
    label: str,
    guild: _Guild,
    asked: Sequence[tuple[str, EncodedQuery]],
    token_bytes: int | None,
    *,
    before: Callable[[], None] | None = None,
    with_tokens: bool = True,
) -> None:
    _empty(guild, token_bytes)
    # The first round fills the cache, where there is one to fill; the second is reported.
    for _ in range(1 if before is not None else 2):
        spent = []
        for text, query in asked:
            if before is not None:
                before()
            wall, cpu = time.perf_counter(), time.thread_time()
            guild.retriever.search(
                guild.index,
                text,
                query,
                article_ids=guild.article_ids,
                top_k=_TOP_K,
                tokens=guild.store if with_tokens else None,
            )
            spent.append((time.thread_time() - cpu, time.perf_counter() - wall))
    (cpu50, wall50), (cpu95, wall95) = 1000 * np.percentile(spent, [50, 95], axis=0)
    print(f"| {label} | {cpu50:.2f} / {cpu95:.2f} | {wall50:.2f} / {wall95:.2f} |", flush=True)


def _empty(guild: _Guild, token_bytes: int | None) -> None:
    guild.index.tokens = TokenCache(GUILD) if token_bytes is None else TokenCache(GUILD, token_bytes)


def _evict(guild: _Guild) -> None:
    _empty(guild, None)
    with guild.path.open("rb") as file:
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


if __name__ == "__main__":
    main()
