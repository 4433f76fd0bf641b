"""What one library may do at most."""

from __future__ import annotations

from dataclasses import dataclass

from bot.engine.retrieval.confidence import WRONG_IN_100
from bot.engine.summaries.summariser import GUEST_PASSAGES


@dataclass(frozen=True, slots=True)
class LibraryLimits:
    """Bounds of one library: characters of a question, quotes in an answer, bytes of cached indexes.

    ``wrong_in_100``: of 100 questions about something else, how many may be answered. ``guest_passages``: of an article
    that is summarised without being stored.
    """

    question_characters: int = 1_000
    top_k: int = 3
    index_bytes: int = 512 * 1024 * 1024
    keep_token_vectors: bool = True
    wrong_in_100: float = WRONG_IN_100
    guest_passages: int = GUEST_PASSAGES
