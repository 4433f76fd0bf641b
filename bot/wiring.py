"""The composition root: from settings to a store, an encoder, a library and a client. Only this file names adapters."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from bot.engine.errors import StoreUnavailable
from bot.engine.ingest.parse import IngestLimits
from bot.engine.library import Library, LibraryLimits
from bot.engine.ports import Encoder, Store
from bot.engine.retrieval.reranking import Reranking
from config.settings import Settings

if TYPE_CHECKING:
    from bot.client import PullquoteClient

FILE_NAME = "pullquote.sqlite3"


def store_path(settings: Settings) -> Path:
    """Return the SQLite file that ``store.url`` names, or the one in the platform's user-data folder."""
    url = settings.store.url
    if not url:
        from platformdirs import user_data_path

        return user_data_path("pullquote", appauthor=False) / FILE_NAME
    parts = urlsplit(url)
    # As everywhere else: sqlite:///relative/path and sqlite:////absolute/path.
    path = unquote(parts.path[1:])
    if parts.scheme != "sqlite" or parts.netloc or not path:
        shown = f"{parts.scheme}://…" if parts.scheme else "that"
        raise StoreUnavailable(
            f"store.url cannot be {shown}. Use sqlite:///path/to/pullquote.sqlite3 (four slashes for an absolute path)."
        )
    return Path(path)


def open_store(settings: Settings) -> Store:
    """Open the store, bringing its schema up to this version."""
    from bot.engine.stores.sqlite import SQLiteStore

    return SQLiteStore.open(store_path(settings))


def open_encoder(settings: Settings) -> Encoder:
    """Make the encoder; it is loaded when first used."""
    if settings.encoder.model == "hashing":
        from bot.engine.encoders.hashing import HashingEncoder

        return HashingEncoder()
    from bot.engine.encoders.sentence import SentenceEncoder

    return SentenceEncoder(
        settings.encoder.model, threads=settings.encoder.threads, batch_size=settings.encoder.batch_size
    )


def make_reranking(settings: Settings) -> Reranking:
    """Make the reranking stage, which does nothing without a reranker; the model is loaded when first used."""
    if not settings.retrieval.reranker:
        return Reranking()
    from bot.engine.encoders.cross import CrossReranker

    return Reranking(
        CrossReranker(settings.retrieval.reranker, threads=settings.encoder.threads),
        candidates=settings.retrieval.reranker_candidates,
        budget_seconds=settings.retrieval.reranker_budget_ms / 1000,
    )


def open_library(settings: Settings) -> Library:
    """Open the library that the settings describe."""
    return Library(
        open_store(settings),
        open_encoder(settings),
        reranking=make_reranking(settings),
        limits=LibraryLimits(
            question_characters=settings.limits.question_characters,
            top_k=settings.retrieval.top_k,
            index_bytes=settings.limits.index_megabytes * 1024 * 1024,
            keep_token_vectors=settings.retrieval.keep_token_vectors,
        ),
        ingest_limits=IngestLimits(
            max_bytes=settings.ingest.max_bytes,
            max_characters=settings.ingest.max_characters,
            max_lines=settings.ingest.max_lines,
            max_passages=settings.ingest.max_passages,
        ),
    )


def heartbeat_path(settings: Settings) -> Path:
    """Return the file by which `pullquote run` shows that it is connected."""
    return store_path(settings).with_name("pullquote.heartbeat")


def make_client(settings: Settings, library: Library, *, remember_commands: bool = True) -> PullquoteClient:
    """Make the Discord client over a library, which it closes. Not connected yet."""
    from bot.async_library import AsyncLibrary
    from bot.client import PullquoteClient, point_at

    point_at(api_base=settings.discord.api_base or None, gateway_url=settings.discord.gateway_url or None)
    return PullquoteClient(
        library=AsyncLibrary(
            library, max_waiting=settings.limits.waiting_questions, ingest_waiting=settings.limits.waiting_articles
        ),
        command_memory=store_path(settings).with_name("pullquote.commands") if remember_commands else None,
        answers_are_private=settings.discord.private_answers,
        guild_ready_timeout=settings.discord.ready_timeout_seconds,
    )
