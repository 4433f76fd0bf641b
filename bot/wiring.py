"""The composition root: from settings to a store, an encoder, a library and a client. Only this file names adapters."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from bot.engine.articles.room import GuildLimits
from bot.engine.errors import StoreUnavailable
from bot.engine.guild_settings.book import SettingsBook
from bot.engine.guild_settings.records import OperatorChoices
from bot.engine.ingest.limits import IngestLimits
from bot.engine.library import Library
from bot.engine.limits import LibraryLimits
from bot.engine.ports.encoders import Encoder, EncoderIdentity
from bot.engine.ports.sources import Fetcher, Parser
from bot.engine.ports.stores import Store
from bot.engine.retrieval.calibration import Calibration
from bot.engine.retrieval.reranking import Reranking
from bot.engine.summaries.guests import GuestRates
from config.settings import Settings, SettingsError

if TYPE_CHECKING:
    from bot.async_library import AsyncLibrary
    from bot.async_questions import AsyncQuestions
    from bot.client import PullquoteClient
    from bot.engine.questions.leaving import Departures
    from bot.engine.questions.log import QuestionLog
    from bot.engine.stores.examination import StoreState

_NO_LIMIT = 1_000_000_000
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


def examine_store(settings: Settings) -> StoreState | None:
    """Look at the store without changing it; None where there is none yet. Raises StoreUnavailable."""
    from bot.engine.stores.examination import examine

    return examine(store_path(settings))


def examine_encoder(settings: Settings) -> EncoderIdentity | None:
    """Check the encoder's files without loading it; None for a model that is downloaded. Raises EncoderUnavailable."""
    if settings.encoder.model != "hashing":
        from bot.engine.encoders.weights import check_weights, find_source

        source = find_source(settings.encoder.model)
        if source.folder is None:
            return None
        check_weights(source)
    return open_encoder(settings).identity


def open_encoder(settings: Settings) -> Encoder:
    """Make the encoder; it is loaded when first used."""
    if settings.encoder.model == "hashing":
        from bot.engine.encoders.hashing import HashingEncoder

        return HashingEncoder()
    from bot.engine.encoders.sentence import SentenceEncoder

    return SentenceEncoder(
        settings.encoder.model, threads=settings.encoder.threads, batch_size=settings.encoder.batch_size
    )


def calibration_path(settings: Settings) -> Path:
    """Return the file that holds the operator's own calibration, whether it exists or not."""
    named = settings.retrieval.calibration
    return Path(named).expanduser() if named else store_path(settings).with_name("pullquote.calibration.json")


def open_calibration(settings: Settings) -> Calibration | None:
    """Read the operator's own calibration; None where there is none, so that the bundled one holds."""
    path = calibration_path(settings)
    if not settings.retrieval.calibration and not path.exists():
        return None
    try:
        return Calibration.load(path)
    except (OSError, ValueError) as error:
        raise StoreUnavailable(
            f"The calibration {path.name} cannot be read ({error}). Make it anew with pullquote evaluate --calibrate, "
            "or remove it (and the setting retrieval.calibration) to use the bundled one."
        ) from None


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
    return make_library(settings, open_store(settings), open_encoder(settings))


@dataclass(frozen=True, slots=True)
class Scratch:
    """A library on an empty store, and what it is made of."""

    library: Library
    store: Store
    encoder: Encoder


@contextmanager
def scratch_library(settings: Settings, cache: Path | None = None) -> Iterator[Scratch]:
    """Open a library as the settings describe it but on an empty store, which is gone afterwards.

    ``cache``: a folder in which to keep what the encoder makes, for the next time.
    """
    from bot.engine.evaluation.cache import CachedEncoder
    from bot.engine.stores.sqlite import SQLiteStore

    encoder = open_encoder(settings)
    if cache is not None:
        encoder = CachedEncoder(encoder, cache)
    with TemporaryDirectory(prefix="pullquote-") as folder:
        store = SQLiteStore.open(Path(folder) / FILE_NAME)
        library = make_library(settings, store, encoder)
        try:
            yield Scratch(library, store, encoder)
        finally:
            library.close()


def open_guild_settings(store: Store) -> SettingsBook | None:
    """Open what guilds decide, where the store keeps it."""
    from bot.engine.stores.guild_settings import SQLiteGuildSettings
    from bot.engine.stores.sqlite import SQLiteStore

    return SettingsBook(SQLiteGuildSettings(store.connections)) if isinstance(store, SQLiteStore) else None


def make_library(settings: Settings, store: Store, encoder: Encoder) -> Library:
    """Make a library over an open store, which it closes."""
    return Library(
        store,
        encoder,
        reranking=make_reranking(settings),
        limits=LibraryLimits(
            question_characters=settings.limits.question_characters,
            top_k=settings.retrieval.top_k,
            index_bytes=settings.limits.index_megabytes * 1024 * 1024,
            keep_token_vectors=settings.retrieval.keep_token_vectors,
            wrong_in_100=settings.retrieval.wrong_answers_in_100,
            guest_passages=settings.summaries.guest_passages,
        ),
        calibration=open_calibration(settings),
        guild_settings=open_guild_settings(store),
        guild_limits=GuildLimits(
            articles=settings.limits.guild_articles,
            passages=settings.limits.guild_passages,
            text_bytes=settings.limits.guild_megabytes * 1_000_000,
        ),
        parser=make_parser(settings),
        ingest_limits=make_ingest_limits(settings),
    )


def make_ingest_limits(settings: Settings) -> IngestLimits:
    """Return what one article may be."""
    return IngestLimits(
        max_bytes=settings.ingest.max_bytes,
        max_characters=settings.ingest.max_characters,
        max_lines=settings.ingest.max_lines,
        max_passages=settings.ingest.max_passages,
    )


def make_parser(settings: Settings) -> Parser:
    """Make what reads sources: short plain texts in this process, everything else in a child."""
    from bot.engine.ingest.worker.confinement import ChildLimits
    from bot.engine.ingest.worker.parser import ChildParser

    return ChildParser(
        make_ingest_limits(settings),
        ChildLimits(
            megabytes=settings.ingest.child_megabytes,
            cpu_seconds=settings.ingest.child_cpu_seconds,
            seconds=settings.ingest.child_seconds,
        ),
        at_once=settings.ingest.children,
    )


def open_fetcher(settings: Settings, *, for_operator: bool = False, for_feeds: bool = False) -> Fetcher | None:
    """Make what gets web pages, or None where the settings switch it off. Belongs to one event loop.

    ``for_operator``: whoever runs the bot may fetch any number of pages an hour. ``for_feeds``: XML is fetched too.
    """
    if not settings.fetch.enabled:
        return None
    from importlib.metadata import version

    from bot.engine.ingest.fetch.addresses import AddressRule
    from bot.engine.ingest.fetch.fetcher import FetchLimits, PageFetcher
    from bot.engine.ingest.fetch.media import FEEDS

    try:
        rule = AddressRule.of(settings.fetch.allowed_hosts)
    except ValueError as error:
        raise SettingsError(f"The settings are wrong. fetch.allowed_hosts: {error}.") from None
    name = settings.fetch.user_agent or f"Pullquote/{version('pullquote')}"
    return PageFetcher(
        user_agent=f"{name} (+{settings.fetch.contact})" if settings.fetch.contact else name,
        rule=rule,
        limits=FetchLimits(
            max_bytes=settings.fetch.max_bytes,
            timeout_seconds=settings.fetch.timeout_seconds,
            at_once=settings.fetch.at_once,
            per_guild_per_hour=_NO_LIMIT if for_operator else settings.fetch.per_guild_per_hour,
            honours_robots=settings.fetch.honour_robots,
        ),
        media_types=FEEDS if for_feeds else frozenset(),
    )


def heartbeat_path(settings: Settings) -> Path:
    """Return the file by which `pullquote run` shows that it is connected."""
    return store_path(settings).with_name("pullquote.heartbeat")


def make_client(settings: Settings, library: Library, *, remember_commands: bool = True) -> PullquoteClient:
    """Make the Discord client over a library, which it closes. Not connected yet."""
    from bot.client import PullquoteClient, point_at

    point_at(api_base=settings.discord.api_base or None, gateway_url=settings.discord.gateway_url or None)
    return PullquoteClient(
        library=make_async_library(settings, library, fetcher=open_fetcher(settings)),
        questions=make_async_questions(settings),
        command_memory=store_path(settings).with_name("pullquote.commands") if remember_commands else None,
        guild_memory=store_path(settings).with_name("pullquote.guilds") if remember_commands else None,
        operator=OperatorChoices(
            private=settings.discord.private_answers,
            wrong_in_100=settings.retrieval.wrong_answers_in_100,
            quotes=settings.retrieval.top_k,
        ),
        message_content=settings.discord.message_content,
        guests=settings.summaries.guests,
        refresh_hours=settings.fetch.refresh_hours if settings.fetch.enabled else 0,
        guild_ready_timeout=settings.discord.ready_timeout_seconds,
    )


def open_questions(settings: Settings) -> tuple[QuestionLog, Departures]:
    """Open the log of questions and the notes of guilds that were left, in the same store."""
    from bot.engine.questions.leaving import Departures
    from bot.engine.questions.log import QuestionLog
    from bot.engine.questions.pseudonyms import Pseudonyms
    from bot.engine.stores.keys import derive_key, open_key
    from bot.engine.stores.questions import SQLiteQuestions

    path, privacy = store_path(settings), settings.privacy
    store = SQLiteQuestions.open(path)
    secret = privacy.key.get_secret_value() if privacy.key else ""
    key = derive_key(secret) if secret else open_key(path.with_name("pullquote.key"))
    return (
        QuestionLog(store, Pseudonyms(key), days=privacy.question_days),
        Departures(store, grace_days=privacy.grace_days),
    )


def make_async_questions(settings: Settings) -> AsyncQuestions:
    """Make what coroutines use of the log of questions, which it closes."""
    from bot.async_questions import AsyncQuestions

    return AsyncQuestions(*open_questions(settings))


def make_async_library(
    settings: Settings, library: Library, *, fetcher: Fetcher | None, for_operator: bool = False
) -> AsyncLibrary:
    """Make what coroutines use over a library, which it closes. ``for_operator``: with guests as often as wanted."""
    from bot.async_library import AsyncLibrary

    return AsyncLibrary(
        library,
        fetcher=fetcher,
        max_waiting=settings.limits.waiting_questions,
        ingest_waiting=settings.limits.waiting_articles,
        ingest_workers=settings.ingest.children,
        guest_rates=None
        if for_operator
        else GuestRates(settings.summaries.guests_per_hour, settings.summaries.guests_per_member_per_hour),
    )
