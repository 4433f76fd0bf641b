"""What the articles cover and what they do not: figures, gaps, and asking a gap's questions again."""

from __future__ import annotations

from bot.async_library import AsyncLibrary
from bot.async_questions import AsyncQuestions
from bot.engine.errors import EngineError
from bot.engine.ports.encoders import FloatArray
from bot.engine.questions.gaps import find_gaps, wording_of
from bot.engine.questions.records import Gap, GapState, Overview, Replay
from bot.engine.records.answers import AnswerState
from bot.engine.scopes.records import EVERYTHING

REMEMBERED = 4_096
"""Embeddings kept in memory, 6 MB with the bundled encoder: the same gaps are looked at again and again."""
REPLAYED = 20
"""Wordings of a gap that are asked again."""


class Coverage:
    """Joins the library and the log of questions."""

    def __init__(self, library: AsyncLibrary, questions: AsyncQuestions) -> None:
        self._library = library
        self._questions = questions
        self._embeddings: dict[str, FloatArray] = {}

    async def overview(self, guild: int, days: int) -> Overview:
        """Count what was asked in the last days."""
        figures = await self._questions.figures(guild, days)
        refs = {article.id: article.ref for article in await self._library.list_articles(guild, viewer=EVERYTHING)}
        top = tuple((refs[number], count) for number, count in figures.top_articles if number in refs)
        return Overview(days, figures, top)

    async def gaps(self, guild: int) -> list[Gap]:
        """Group the questions that the articles do not answer, the most asked first."""
        questions = await self._questions.list_unanswered(guild)
        wanted = {wording_of(found.text): found.text for found in questions}
        missing = [wording for wording in wanted if wording not in self._embeddings]
        if len(self._embeddings) + len(missing) > REMEMBERED:
            self._embeddings.clear()
            missing = list(wanted)
        vectors = await self._library.embed_questions([wanted[wording] for wording in missing])
        self._embeddings |= dict(zip(missing, vectors, strict=True))
        return find_gaps(questions, self._embeddings)

    async def find(self, guild: int, question: int) -> Gap | None:
        """The gap that a question is in by now, or None."""
        gaps = await self.gaps(guild)
        return next((gap for gap in gaps if any(found.id == question for found in gap.questions)), None)

    async def dismiss(self, guild: int, gap: Gap) -> None:
        """Leave a gap out from now on, and whatever asks the same."""
        await self._questions.mark_gap(guild, [found.id for found in gap.questions], GapState.DISMISSED)

    async def replay(self, guild: int, gap: Gap) -> Replay:
        """Ask a gap's questions again; those that are answered now are a gap no longer."""
        states: dict[AnswerState, list[str]] = {state: [] for state in AnswerState}
        closed: list[int] = []
        distinct = {wording_of(found.text): found for found in gap.questions}
        for wording, found in list(distinct.items())[:REPLAYED]:
            context = await self._questions.context(guild, found.follows)
            article = str(found.article) if found.article else None
            try:
                again = await self._library.find(guild, found.text, article=article, context=context, viewer=EVERYTHING)
            except EngineError:
                # The one article that was asked is gone, for example: no answer.
                states[AnswerState.NOT_IN_ARTICLES].append(found.text)
                continue
            states[again.answer.state].append(found.text)
            if again.answer.state is AnswerState.ANSWERS:
                closed += [same.id for same in gap.questions if wording_of(same.text) == wording]
        if closed:
            await self._questions.mark_gap(guild, closed, GapState.ANSWERED)
        return Replay(*(tuple(states[state]) for state in AnswerState))
