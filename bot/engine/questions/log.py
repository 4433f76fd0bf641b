"""The log of questions: what is kept of them, for how long, and what a member can see and delete. Synchronous."""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass

from bot.engine.asking.found import Found
from bot.engine.questions.follow_up import Context, leans
from bot.engine.questions.ports import QuestionStore
from bot.engine.questions.pseudonyms import Pseudonyms
from bot.engine.questions.records import AskedQuestion, Figures, GapState, GuildData, MemberData, Vote

log = logging.getLogger(__name__)

REASON_LIMIT = 1_000
"""Characters of a vote's reason that are kept."""
NUMBER_BITS = 50
LOOKED_BACK = 5
CHAIN = 3
"""So many earlier questions are a follow-up's context, where each followed up the one before."""
TOP_ARTICLES = 5
GAP_QUESTIONS = 400
"""So many unanswered questions, the newest, are looked at for gaps."""

_DAY_SECONDS = 86_400


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asked where, in Discord's numbers; the user's is hashed before it is stored.

    ``article``: the id of the only one searched, or 0; ``follows``: the number of the question it follows up, or 0;
    ``is_private``: whether the asker alone sees the answer.
    """

    guild: int
    channel: int
    user: int
    article: int = 0
    follows: int = 0
    is_private: bool = False


def new_number() -> int:
    """Make a question's number: at random, so that buttons can name it before it is stored, and never 0."""
    return secrets.randbelow((1 << NUMBER_BITS) - 1) + 1


class QuestionLog:
    """What was asked, for ``days``; with 0 nothing is kept."""

    def __init__(
        self,
        store: QuestionStore,
        pseudonyms: Pseudonyms,
        *,
        days: int,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._store = store
        self._pseudonyms = pseudonyms
        self.days = days
        self._clock = clock

    @property
    def keeps(self) -> bool:
        """Whether questions are kept at all."""
        return self.days > 0

    # Asking and voting

    def note(self, number: int, asking: Asking, found: Found) -> bool:
        """Keep a question under a number from :func:`new_number`; False where it is not kept.

        One that was kept under the number before goes, with the votes on its answer.
        """
        if not self.keeps:
            return False
        answer, nearest = found.answer, found.nearest
        question = AskedQuestion(
            guild=asking.guild,
            id=number,
            asked_at=int(self._clock()),
            channel=asking.channel,
            member=self._pseudonyms.of(asking.guild, asking.user),
            text=answer.query,
            state=answer.state,
            quoted=tuple((quote.article.id, quote.position) for quote in answer.quotes),
            nearest=(nearest.article.id, nearest.position) if nearest else None,
            article=asking.article,
            follows=asking.follows,
            is_private=asking.is_private,
        )
        return self._store.add_question(question, wish=self._pseudonyms.wish_of(asking.user))

    def withdraw(self, guild: int, number: int) -> None:
        """Forget a question and the votes on its answer."""
        self._store.delete_question(guild, number)

    def get(self, guild: int, number: int) -> AskedQuestion | None:
        """One question, or None where it is not (or no longer) kept."""
        return self._store.get_question(guild, number) if number else None

    def context(self, guild: int, number: int) -> Context | None:
        """What a question that follows up this one refers to; None where it is not kept."""
        chain: list[AskedQuestion] = []
        while number and len(chain) < CHAIN:
            found = self._store.get_question(guild, number)
            if found is None:
                break
            chain.append(found)
            number = found.follows
        if not chain:
            return None
        quoted = chain[0].quoted or tuple(place for place in (chain[0].nearest,) if place)
        return Context(tuple(found.text for found in chain), quoted)

    def last(self, guild: int, channel: int, *, seconds: int, user: int | None = None) -> AskedQuestion | None:
        """The newest question of a channel in so many seconds, by one member, or publicly by anyone; or None.

        One that leans on something itself, but on nothing that is known, is passed over.
        """
        member = None if user is None else self._pseudonyms.of(guild, user)
        since = int(self._clock()) - seconds
        found = self._store.last_questions(guild, channel, since=since, member=member, limit=LOOKED_BACK)
        return next((question for question in found if question.follows or not leans(question.text)), None)

    def vote(self, guild: int, number: int, user: int, *, is_helpful: bool, reason: str = "") -> bool:
        """Keep a member's vote in place of an earlier one; False where nothing can be kept."""
        member = self._pseudonyms.of(guild, user)
        kept = Vote(guild, number, member, is_helpful, int(self._clock()), reason.strip()[:REASON_LIMIT])
        return self._store.put_vote(kept, wish=self._pseudonyms.wish_of(user))

    # Managing

    def figures(self, guild: int, days: int) -> Figures:
        """Count what was asked in the last days, as far as it is kept."""
        return self._store.figures(guild, since=int(self._clock()) - days * _DAY_SECONDS, top=TOP_ARTICLES)

    def list_unanswered(self, guild: int) -> list[AskedQuestion]:
        """The newest questions that the articles do not answer, newest first; dismissed ones too."""
        return self._store.list_unanswered(guild, limit=GAP_QUESTIONS)

    def mark_gap(self, guild: int, numbers: list[int], state: GapState) -> None:
        """Note what became of unanswered questions."""
        self._store.mark_gap(guild, numbers, state)

    def export(self, guild: int) -> GuildData:
        """All that is kept of a guild's questions."""
        questions, votes = self._store.list_of_guild(guild)
        return GuildData(guild, tuple(questions), tuple(votes))

    # Members

    def show_member(self, user: int) -> MemberData:
        """All that is kept of a member, in every guild."""
        questions, votes = self._store.list_of_member(self._hashes(user))
        return MemberData(tuple(questions), tuple(votes), self._store.is_opted_out(self._pseudonyms.wish_of(user)))

    def delete_member(self, user: int) -> int:
        """Delete all that is kept of a member but an opt-out; return how many questions and votes that was."""
        return self._store.delete_of_member(self._hashes(user))

    def set_opt_out(self, user: int, *, is_out: bool) -> int:
        """Keep nothing of a member from now on and delete what there is, or keep it again; return how much went."""
        self._store.set_opt_out(self._pseudonyms.wish_of(user), int(self._clock()) if is_out else None)
        return self.delete_member(user) if is_out else 0

    def _hashes(self, user: int) -> dict[int, str]:
        return {guild: self._pseudonyms.of(guild, user) for guild in self._store.guilds()}

    # Time

    def purge(self) -> int:
        """Delete what is older than it may be; return how many questions that was."""
        count = self._store.purge(int(self._clock()) - self.days * _DAY_SECONDS + (0 if self.keeps else 1))
        if count:
            log.info("%d questions were deleted by their age", count)
        return count

    def close(self) -> None:
        """Close the store. May be called twice."""
        self._store.close()
