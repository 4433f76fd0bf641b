"""Every string managers see of gaps, figures and explanations, in one place. Texts of members come in escaped."""

from __future__ import annotations

from bot.ui.language import count as count_of
from bot.ui.language import say, translate, write_number

GAPS = "Show the questions that the articles do not answer, the most asked first"
STATS = "Count what was asked in the last 7 and 30 days"
EXPLAIN = "Show why a question is answered as it is: candidates, ranks, scores and the threshold"
EXPLAIN_QUESTION = "The question to explain"
EXPLAIN_ARTICLE = "Search this article only"

NOT_KEPT = (
    "Questions are not kept here (the operator's setting privacy.question_days is 0), so there is nothing to count or "
    "to show."
)
NO_GAPS = "**No gaps.** No question that is kept was left without an answer."
GAP_GONE = "This gap is gone: its questions were answered, dismissed or deleted since. Use `/gaps` to see what is left."
NO_NEAREST = "There is no passage to show for this: its article was changed or removed since."
NEAREST = "**The closest passage when it was asked last.** It does not answer the question."
DISMISSED = "**Dismissed.** It is left out of the gaps from now on, with whatever asks the same."
ANSWERED_NOW = "**Answered now:**"
UNSURE_NOW = "**Perhaps answered** (I am not sure):"
UNANSWERED_STILL = "**Still not in the articles:**"

SHOW_NEAREST = "Closest passage"
ADD_FOR_THIS = "Add article for this"
ASK_AGAIN = "Ask again"
DISMISS = "Dismiss"
PREVIOUS = "Previous"
NEXT = "Next"

NO_QUESTIONS = "No questions."
NO_CANDIDATES = "There is no passage to search."
STATE_ANSWERS = "**Answered.**"
STATE_UNSURE = "**Not sure.**"
STATE_NOT_IN_ARTICLES = "**Not in the articles.**"
CANDIDATES_TITLE = "-# place by score · ranks by words and by meaning · cosine · late interaction · share of the words"


def gaps_title(gaps: int, questions: int, page: int, pages: int) -> str:
    """Head the list of gaps. ``page`` counts from 1."""
    asked = _questions(questions)
    if pages == 1:
        return count_of("**{count:,} gap**, {questions}", "**{count:,} gaps**, {questions}", gaps, questions=asked)
    return count_of(
        "**{count:,} gap**, {questions} · page {page} of {pages}",
        "**{count:,} gaps**, {questions} · page {page} of {pages}",
        gaps,
        questions=asked,
        page=page,
        pages=pages,
    )


def _questions(count: int) -> str:
    return count_of("{count:,} question", "{count:,} questions", count)


def gap_line(wording: str, count: int, last_asked: int) -> str:
    """Show a gap."""
    return count_of(
        "**{wording}**\n-# asked once, last <t:{last_asked}:R>",
        "**{wording}**\n-# asked {count:,} times, last <t:{last_asked}:R>",
        count,
        wording=wording,
        last_asked=last_asked,
    )


def also_asked(wordings: str) -> str:
    """Show other wordings of the same gap."""
    return say("-# also: {wordings}", wordings=wordings)


def more_not_listed(count: int) -> str:
    """Say that a list goes on."""
    return say("-# and {count:,} more", count=count)


def stats_title(days: int) -> str:
    """Head the figures of some days."""
    return say("**Last {days} days**", days=days)


def stats_lines(*, questions: int, answered: int, unsure: int, unanswered: int, helpful: int, not_helpful: int) -> str:
    """Show the figures of some days."""
    return say(
        "{questions}: {answered:,} answered, {unsure:,} not sure, {unanswered:,} not in the articles\n"
        "{helpful:,} helpful, {not_helpful:,} not helpful",
        questions=_questions(questions),
        answered=answered,
        unsure=unsure,
        unanswered=unanswered,
        helpful=helpful,
        not_helpful=not_helpful,
    )


def top_article(title: str, count: int) -> str:
    """Show an article that was quoted first."""
    return count_of("-# {title} · quoted first once", "-# {title} · quoted first {count:,} times", count, title=title)


def kept_for(days: int) -> str:
    """Say that the figures go no further back than what is kept."""
    return count_of(
        "-# Questions are kept for {count:,} day; members may delete theirs before.",
        "-# Questions are kept for {count:,} days; members may delete theirs before.",
        days,
    )


def verdict(state: str, confidence: float, answers: float, unsure: float) -> str:
    """Say how sure it is that the first passage answers, and how sure it has to be."""
    return say(
        "{state} Confidence {confidence:.2f}; an answer takes {answers:.2f}, “not sure” {unsure:.2f}.",
        state=translate(state),
        confidence=confidence,
        answers=answers,
        unsure=unsure,
    )


def searched_for(words: str) -> str:
    """Show the words that were searched for."""
    return say("-# Searched for: {words}", words=words)


def absent_words(words: str) -> str:
    """Name words that no passage holds."""
    return say("No passage holds: {words}", words=words)


def words_elsewhere(words: str) -> str:
    """Name words that the first passage does not hold, but others do."""
    return say("Only other passages than the first hold: {words}", words=words)


def candidate_line(place: int, title: str, position: int, score: float, facts: str) -> str:
    """Show a candidate. ``facts``: its other figures."""
    return f"**{place}.** {title} ¶ {position} · {write_number(score, '+.2f')} · {facts}"


def candidate_text(text: str) -> str:
    """Show how a candidate begins."""
    return f"-# {text}"
