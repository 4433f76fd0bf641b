"""How many bytes a passage takes on disk and in memory, by part."""

from __future__ import annotations

import sqlite3
from collections import Counter
from pathlib import Path

import numpy as np

from benchmarks.large_guild import GUILD
from bot.engine.retrieval.container import unpack
from bot.engine.retrieval.corpus_index import CorpusIndex
from bot.engine.retrieval.segment import SEGMENT_VERSION
from bot.engine.stores.sqlite import SQLiteStore

_PARTS = {
    "embeddings": "passage embedding",
    "scales": "passage embedding",
    "sentences": "sentence vectors",
    "sentence_scales": "sentence vectors",
    "sentence_counts": "sentence spans and answer types",
    "spans": "sentence spans and answer types",
    "types": "sentence spans and answer types",
    "bits": "token vectors",
    "counts": "token vectors",
}
_SAMPLE = 200


def print_sizes(path: Path, store: SQLiteStore, index: CorpusIndex) -> None:
    """Print a table of bytes a passage: the store's tables, what is inside segments, the index in memory."""
    snapshot = index.snapshot
    count = len(snapshot)
    print("| part | on disk | in memory |\n|---|---|---|")
    stored = _measure_segments(store, index)
    postings, lexicons = snapshot.postings, snapshot.lexicons
    held = {
        "passage embedding": snapshot.embeddings.nbytes,
        "sentence vectors": snapshot.sentences.nbytes,
        "sentence spans and answer types": snapshot.spans.nbytes
        + snapshot.types.nbytes
        + snapshot.sentence_edges.nbytes,
        "vocabulary and word sequences": sum(lexicon.nbytes for lexicon in lexicons),
        "postings": postings.terms.nbytes + postings.edges.nbytes + postings.rows.nbytes + postings.impacts.nbytes,
        "term sequence": postings.sequence.nbytes + postings.sequence_edges.nbytes,
        "signatures": snapshot.signatures.nbytes if snapshot.signatures is not None else 0,
    }
    for part in {**stored, **held}:
        disk = f"{stored[part]:,.0f}" if part in stored else "–"
        memory = f"{held[part] / count:,.0f}" if part in held else "–"
        print(f"| {part} | {disk} | {memory} |")
    tables = _measure_tables(path)
    for table, size in sorted(tables.items(), key=lambda item: -item[1]):
        if size / count >= 1 and table not in ("segment_core", "segment_tokens"):
            print(f"| table {table} | {size / count:,.0f} | – |")
    total = snapshot.nbytes
    print(f"| all but cached token vectors | {path.stat().st_size / count:,.0f} | {total / count:,.0f} |\n")


def _measure_segments(store: SQLiteStore, index: CorpusIndex) -> dict[str, float]:
    """Return bytes a passage of each part of the segments, from articles spread over the guild."""
    ids = index.snapshot.article_ids
    chosen = ids[np.unique(np.linspace(0, len(ids) - 1, _SAMPLE).astype(int))].tolist()
    sizes: Counter[str] = Counter()
    passages = 0
    for segment in store.segments(GUILD, chosen):
        tokens = store.token_segment(GUILD, segment.article_id)
        core = unpack(segment.core, "core", SEGMENT_VERSION)[1]
        passages += len(core["embeddings"])
        for name, array in [*core.items(), *(unpack(tokens, "tokens", SEGMENT_VERSION)[1].items() if tokens else ())]:
            sizes[_PARTS.get(name, "vocabulary and word sequences")] += array.nbytes
    return {part: size / passages for part, size in sizes.items()}


def _measure_tables(path: Path) -> dict[str, int]:
    """Return bytes of each table and index of the file, free space in pages included."""
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        return dict(connection.execute("SELECT name, sum(pgsize) FROM dbstat GROUP BY name"))
    except sqlite3.OperationalError:  # an SQLite built without that table
        return {}
    finally:
        connection.close()
