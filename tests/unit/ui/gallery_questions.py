"""Gaps, figures, explanations, what is kept of members, and the lines of an article that can be chosen."""

from __future__ import annotations

from dataclasses import replace

from discord import ui

from bot.engine.articles.choices import LineReport
from bot.engine.questions.records import (
    AskedQuestion,
    Figures,
    Gap,
    GuildData,
    MemberData,
    Overview,
    Replay,
    Vote,
)
from bot.engine.records.answers import AnswerState, Hit
from bot.engine.records.passages import Line, LineLabel
from bot.engine.retrieval.confidence import Limits
from bot.engine.retrieval.explanation import Candidate, Explanation
from bot.ui import board_words, privacy_words, question_words
from bot.ui.article_lines import lines_view
from bot.ui.board import explanation_view, gaps_view, replay_view, stats_view
from bot.ui.layout import notice
from bot.ui.offers import Offers
from bot.ui.privacy import export_view, member_view
from bot.ui.quotes import quote_views
from tests.unit.ui.gallery import FIRST, LONG, SECOND, article, quotes_of

_STATES = tuple(AnswerState)


def asked(number: int, text: str = "где лиса?") -> AskedQuestion:
    """A question that is kept, in each state in turn."""
    return AskedQuestion(
        1,
        number,
        9000,
        2,
        "№",
        f"{text} {number}",
        _STATES[number % len(_STATES)],
        nearest=(1, 1) if number % 2 else None,
    )


def _wordings() -> tuple[AskedQuestion, ...]:
    return tuple(asked(number) for number in range(5))


def board() -> list[ui.LayoutView]:
    """Gaps on several pages, of one wording and of many, what became of them, and figures."""
    one, many = Gap(3, "где лиса? 1", (asked(1),)), [Gap(number, LONG, _wordings()) for number in range(1200)]
    views = [gaps_view([]), gaps_view([one]), *(gaps_view(many, page) for page in (0, 1, 299))]
    few, more = ("где?",), tuple(f"где {number}?" for number in range(1000))
    views += [replay_view(Replay(*lists)) for lists in ((few, (), ()), (few, few, few), (more, more, more))]
    ref = article(FIRST).ref
    counts = [Figures(), Figures(1, 1, 0, 0, 1, 0), Figures(4000, 3000, 500, 500, 1200, 34)]
    overviews = [Overview(days, figures, ((ref, 1), (ref, 2000))) for days in (7, 30) for figures in counts]
    return [*views, *(stats_view(overviews, days) for days in (0, 1, 3650))]


def explanations() -> list[ui.LayoutView]:
    """Of every state, with many candidates, with some figures missing, and with no candidates at all."""
    owner = article(FIRST)
    sure = Candidate(Hit(1, 1, 3.25, 1), 1, 2, 0.5, 0.25, 1.0, FIRST)
    gone = Candidate(Hit(9, 1, -3.25, 2), None, None, None, None, None, LONG)
    found = Explanation(
        "лиса", AnswerState.ANSWERS, 0.99, Limits(0.5, 0.25), (sure, gone) * 9, ("кот",), ("пёс", "лев")
    )
    views = [explanation_view(replace(found, state=state), {1: owner.ref}) for state in AnswerState]
    return [*views, explanation_view(replace(found, candidates=(), absent=(), elsewhere=()), {})]


def kept() -> list[ui.LayoutView]:
    """What is kept of members and of a server: nothing, one, many; refused or not; deleted."""
    votes = tuple(Vote(1, number, "№", is_helpful=True, voted_at=9000) for number in range(1200))
    questions = tuple(asked(number, "что?" * 50) for number in range(1200))
    data = [MemberData(), MemberData(is_out=True), MemberData(questions[:1], votes[:1]), MemberData(questions, votes)]
    views = [member_view(of, days, lambda _guild: "Гавань") for of in data for days in (1, 3650)]
    views += [export_view(GuildData(1, questions[:count], votes[:count])) for count in (0, 1, 1200)]
    return [*views, *(notice(privacy_words.deleted(count)) for count in (0, 1, 1200))]


def further() -> list[ui.LayoutView]:
    """Further passages and the closest one of a gap, with the buttons about a question that is kept or is not."""
    owner = article(FIRST, SECOND)
    views = []
    for number in (None, 0, 7):
        offers = Offers({1: owner}, can_post=True, asker=7, question=number, shown=2)
        for opening in (question_words.MORE_PASSAGES, board_words.NEAREST):
            views += quote_views(quotes_of(owner), (opening,), offers)
    return views


def lines() -> list[ui.LayoutView]:
    """Lines to restore and to leave out, on several pages, before and after choosing; and where there are none."""
    owner = article(FIRST, left_out=0)
    many = tuple(Line(number, 0, 4, label) for label in LineLabel for number in range(20))
    views = []
    for found in (
        replace(owner, lines=many[-1:]),
        replace(owner, lines=many[40:41]),
        owner,
        replace(owner, lines=many),
    ):
        for is_restoring in (True, False):
            views += [lines_view(found, is_restoring=is_restoring, page=page) for page in (0, 1)]
            for chosen in ((), many[:1], many):
                report = LineReport(1, "Лисы", 1200, 3, chosen)
                views.append(lines_view(found, is_restoring=is_restoring, report=report))
    return views


ROOMS = (board, explanations, kept, further, lines)
