"""What managers look at: gaps, figures, and why a question was answered as it was."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any, Self

import discord
from discord import ui

from bot.engine.questions.gaps import wording_of
from bot.engine.questions.records import Gap, Overview, Replay
from bot.engine.records.answers import AnswerState
from bot.engine.records.articles import ArticleRef
from bot.engine.retrieval.explanation import Candidate, Explanation
from bot.ui import board_words
from bot.ui.anchors import encode_number
from bot.ui.language import translate, write_number
from bot.ui.layout import TEXT_LIMIT, Accent, Card, build_view, notice
from bot.ui.text import cut, escape, units

GAPS_A_PAGE = 4
GAP_EVENT = "gap_button"
"""Dispatched by the client as ``on_gap_button(interaction, verb, number)`` when one of these buttons is pressed."""
_WORDING_UNITS = 200
_OTHER_UNITS = 80
_OTHERS = 3
_TITLE_UNITS = 80
_PREVIEW_UNITS = 120
_REPLAYED_LINES = 8


class GapVerb(StrEnum):
    """What a button of the board does."""

    NEAREST = "n"
    ADD = "a"
    AGAIN = "r"
    DISMISS = "d"
    PAGE = "p"


_LABELS = {
    GapVerb.NEAREST: board_words.SHOW_NEAREST,
    GapVerb.ADD: board_words.ADD_FOR_THIS,
    GapVerb.AGAIN: board_words.ASK_AGAIN,
    GapVerb.DISMISS: board_words.DISMISS,
}


_TEMPLATE = r"gaps:(?P<verb>[nardp]):(?P<number>[0-9a-z]{1,13})"


class GapButton(ui.DynamicItem[ui.Button[ui.LayoutView]], template=_TEMPLATE):
    """A button of the board. ``number``: of a question in the gap, or of a page, counted from 0."""

    def __init__(self, verb: GapVerb, number: int, label: str | None = None, *, disabled: bool = False) -> None:
        name = label or _LABELS.get(verb, board_words.NEXT)
        super().__init__(
            ui.Button(label=name, custom_id=f"gaps:{verb.value}:{encode_number(number)}", disabled=disabled)
        )
        self.verb = verb
        self.number = number

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], _item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Make the button again from what Discord sent back."""
        return cls(GapVerb(match["verb"]), int(match["number"], 36))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Hand the press to whoever shows the board."""
        interaction.client.dispatch(GAP_EVENT, interaction, self.verb, self.number)


def gaps_view(gaps: Sequence[Gap], page: int = 0) -> ui.LayoutView:
    """Draw one page, counted from 0; a page that is gone becomes the last one."""
    if not gaps:
        return notice(board_words.NO_GAPS, Accent.DONE)
    pages = -(-len(gaps) // GAPS_A_PAGE)
    page = min(max(page, 0), pages - 1)
    questions = sum(gap.count for gap in gaps)
    title = [board_words.gaps_title(len(gaps)), board_words.gaps_questions(questions)]
    title += [board_words.page_of(page + 1, pages)] if pages > 1 else []
    cards = [Card((" · ".join(title),))]
    cards += [_gap_card(gap) for gap in gaps[page * GAPS_A_PAGE : (page + 1) * GAPS_A_PAGE]]
    turns = [GapButton(GapVerb.PAGE, page - 1, board_words.PREVIOUS)] if page > 0 else []
    turns += [GapButton(GapVerb.PAGE, page + 1, board_words.NEXT)] if page < pages - 1 else []
    return build_view([*cards, Card((), None, tuple(turns))] if turns else cards)


def _gap_card(gap: Gap) -> Card:
    own = wording_of(gap.wording)
    others = {wording_of(found.text): found.text for found in gap.questions}
    shown = [escape(cut(text, _OTHER_UNITS)) for wording, text in others.items() if wording != own]
    texts = [f"**{escape(cut(gap.wording, _WORDING_UNITS))}**", board_words.asked(gap.count, gap.last_asked)]
    texts += [board_words.also_asked(" · ".join(shown[:_OTHERS]))] if shown else []
    buttons = (
        GapButton(GapVerb.NEAREST, gap.id, disabled=gap.nearest is None),
        GapButton(GapVerb.ADD, gap.id),
        GapButton(GapVerb.AGAIN, gap.id),
        GapButton(GapVerb.DISMISS, gap.id),
    )
    return Card(("\n".join(texts),), Accent.NOTHING, buttons)


def replay_view(replay: Replay) -> ui.LayoutView:
    """Draw what asking a gap's questions again gave."""
    parts = (
        (board_words.ANSWERED_NOW, replay.answered),
        (board_words.UNSURE_NOW, replay.unsure),
        (board_words.UNANSWERED_STILL, replay.unanswered),
    )
    texts = []
    for title, questions in parts:
        if questions:
            lines = [f"- {escape(cut(text, _OTHER_UNITS))}" for text in questions[:_REPLAYED_LINES]]
            rest = len(questions) - len(lines)
            texts.append("\n".join([translate(title), *lines, *([board_words.more_not_listed(rest)] if rest else [])]))
    return build_view([Card(tuple(texts), Accent.DONE if not replay.unanswered else Accent.NOTHING)])


def stats_view(overviews: Sequence[Overview], kept_days: int) -> ui.LayoutView:
    """Draw the figures of several spans of days."""
    if not kept_days:
        return notice(board_words.NOT_KEPT)
    cards = [_stats_card(overview) for overview in overviews]
    return build_view([*cards, Card((board_words.kept_for(kept_days),))])


def _stats_card(overview: Overview) -> Card:
    title, figures = board_words.stats_title(overview.days), overview.figures
    if not figures.questions:
        return Card((f"{title}\n{translate(board_words.NO_QUESTIONS)}",), Accent.NOTHING)
    counts = board_words.stats_questions(
        figures.questions, answered=figures.answered, unsure=figures.unsure, unanswered=figures.unanswered
    )
    votes = board_words.stats_votes(figures.helpful, figures.not_helpful)
    top = [board_words.top_article(_title(ref), count) for ref, count in overview.top_articles]
    return Card(("\n".join([title, counts, votes, *top]),), Accent.QUOTE)


_STATES = {
    AnswerState.ANSWERS: (board_words.STATE_ANSWERS, Accent.QUOTE),
    AnswerState.UNSURE: (board_words.STATE_UNSURE, Accent.UNSURE),
    AnswerState.NOT_IN_ARTICLES: (board_words.STATE_NOT_IN_ARTICLES, Accent.NOTHING),
}


def explanation_view(found: Explanation, titles: Mapping[int, ArticleRef]) -> ui.LayoutView:
    """Draw an explanation; as many candidates as fit."""
    state, accent = _STATES[found.state]
    lines = [
        board_words.verdict(
            translate(state), *map(_figure, (found.confidence, found.limits.answers, found.limits.unsure))
        )
    ]
    lines += [board_words.absent_words(_join(found.absent))] if found.absent else []
    lines += [board_words.words_elsewhere(_join(found.elsewhere))] if found.elsewhere else []
    lines.append(board_words.searched_for(escape(cut(found.searched, _WORDING_UNITS))))
    texts = ["\n".join(lines)]
    candidates = [_candidate(place, it, titles) for place, it in enumerate(found.candidates, start=1)]
    listed = [translate(board_words.CANDIDATES_TITLE if candidates else board_words.NO_CANDIDATES)]
    for text in candidates:
        if units("\n".join([*texts, *listed, text])) > TEXT_LIMIT:
            break
        listed.append(text)
    return build_view([Card((*texts, "\n".join(listed)), accent)])


def _candidate(place: int, candidate: Candidate, titles: Mapping[int, ArticleRef]) -> str:
    ref = titles.get(candidate.hit.article_id)
    facts = (
        f"{_rank(candidate.lexical_rank)} / {_rank(candidate.dense_rank)} · {_figure(candidate.cosine)} · "
        f"{_figure(candidate.late_interaction)} · {_figure(candidate.coverage)}"
    )
    title = _title(ref) if ref else f"#{candidate.hit.article_id}"
    line = f"**{place}.** {title} ¶ {candidate.hit.position} · {write_number(candidate.score, '+.2f')} · {facts}"
    return f"{line}\n-# {escape(cut(candidate.text, _PREVIEW_UNITS))}"


def _rank(rank: int | None) -> str:
    return "–" if rank is None else str(rank)


def _figure(value: float | None) -> str:
    return "–" if value is None else write_number(value, ".2f")


def _join(found: Sequence[str]) -> str:
    return escape(cut(", ".join(found), _WORDING_UNITS))


def _title(ref: ArticleRef) -> str:
    return escape(cut(ref.title, _TITLE_UNITS))
