"""What the log of questions needs from a store."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from bot.engine.questions.records import AskedQuestion, Figures, GapState, Vote


class QuestionStore(Protocol):
    """Keeps questions and votes. Thread-safe; each write is one transaction. Methods raise StoreUnavailable.

    ``members`` of several guilds are given as guild → hash, because a member's hash differs from guild to guild.
    """

    def add_question(self, question: AskedQuestion, *, wish: str) -> bool:
        """Keep a question, in place of one with its id and of the votes on that.

        False, with nothing kept, where ``wish`` (a hash of no guild) has opted out.
        """
        ...

    def delete_question(self, guild: int, question_id: int) -> None:
        """Delete a question with the votes on it; nothing happens where it is not kept."""
        ...

    def get_question(self, guild: int, question_id: int) -> AskedQuestion | None:
        """One question, or None where it is not (or no longer) kept."""
        ...

    def last_questions(
        self, guild: int, channel: int, *, since: int, member: str | None = None, limit: int = 1
    ) -> list[AskedQuestion]:
        """The newest questions asked in a channel since then, newest first, by one member, or publicly by anyone."""
        ...

    def put_vote(self, vote: Vote, *, wish: str) -> bool:
        """Keep a vote in place of the member's earlier one; False where the question is not kept or the member is out.

        An empty reason keeps the reason of an earlier vote that said the same.
        """
        ...

    def figures(self, guild: int, *, since: int, top: int) -> Figures:
        """Count what was asked since then, with the ``top`` articles that were quoted first most often."""
        ...

    def list_unanswered(self, guild: int, *, limit: int) -> list[AskedQuestion]:
        """The newest questions that the articles did not answer and that are open or dismissed, newest first."""
        ...

    def mark_gap(self, guild: int, question_ids: Sequence[int], state: GapState) -> None:
        """Note what became of unanswered questions."""
        ...

    def guilds(self) -> list[int]:
        """Every guild of which a question is kept, ascending."""
        ...

    def list_of_member(self, members: dict[int, str]) -> tuple[list[AskedQuestion], list[Vote]]:
        """What is kept of a member, oldest first."""
        ...

    def delete_of_member(self, members: dict[int, str]) -> int:
        """Delete a member's questions (with everyone's votes on them) and votes; return how many of both."""
        ...

    def set_opt_out(self, wish: str, since: int | None) -> None:
        """Note since when a member wants nothing kept, or (None) that this no longer holds."""
        ...

    def is_opted_out(self, wish: str) -> bool:
        """Whether a member wants nothing kept."""
        ...

    def list_of_guild(self, guild: int) -> tuple[list[AskedQuestion], list[Vote]]:
        """All that is kept of a guild's questions, oldest first."""
        ...

    def purge(self, before: int) -> int:
        """Delete what was asked before then, with its votes; return how many questions that was."""
        ...

    def stored_guilds(self) -> list[int]:
        """Every guild of which anything is stored: articles or questions, ascending."""
        ...

    def note_departures(self, guilds: Sequence[int], left_at: int) -> None:
        """Note that the bot is not in these guilds (any more); an earlier note of the same guild holds."""
        ...

    def forget_departures(self, guilds: Sequence[int]) -> None:
        """Note that the bot is in these guilds."""
        ...

    def departures(self) -> dict[int, int]:
        """Guild → since when the bot is not in it."""
        ...

    def delete_guild(self, guild: int) -> None:
        """Delete all that is stored of a guild, articles and settings included.

        Its number and the counters that keep article ids from being used twice remain.
        """
        ...

    def close(self) -> None:
        """Close every handle. May be called twice."""
        ...
