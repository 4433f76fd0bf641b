"""Every string managers see of gaps, figures and explanations, in one place. Texts of members come in escaped."""

from __future__ import annotations

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
    what = (
        f"**{gaps:,} {'gap' if gaps == 1 else 'gaps'}**, {questions:,} {'question' if questions == 1 else 'questions'}"
    )
    return what if pages == 1 else f"{what} · page {page} of {pages}"


def gap_line(wording: str, count: int, last_asked: int) -> str:
    """Show a gap."""
    return f"**{wording}**\n-# asked {'once' if count == 1 else f'{count:,} times'}, last <t:{last_asked}:R>"


def also_asked(wordings: str) -> str:
    """Show other wordings of the same gap."""
    return f"-# also: {wordings}"


def more_not_listed(count: int) -> str:
    """Say that a list goes on."""
    return f"-# and {count:,} more"


def stats_title(days: int) -> str:
    """Head the figures of some days."""
    return f"**Last {days} days**"


def stats_lines(*, questions: int, answered: int, unsure: int, unanswered: int, helpful: int, not_helpful: int) -> str:
    """Show the figures of some days."""
    return (
        f"{questions:,} {'question' if questions == 1 else 'questions'}: {answered:,} answered, {unsure:,} not sure, "
        f"{unanswered:,} not in the articles\n{helpful:,} helpful, {not_helpful:,} not helpful"
    )


def top_article(title: str, count: int) -> str:
    """Show an article that was quoted first."""
    return f"-# {title} · quoted first {'once' if count == 1 else f'{count:,} times'}"


def kept_for(days: int) -> str:
    """Say that the figures go no further back than what is kept."""
    return f"-# Questions are kept for {days:,} {'day' if days == 1 else 'days'}; members may delete theirs before."


def verdict(state: str, confidence: float, answers: float, unsure: float) -> str:
    """Say how sure it is that the first passage answers, and how sure it has to be."""
    return f"{state} Confidence {confidence:.2f}; an answer takes {answers:.2f}, “not sure” {unsure:.2f}."


def searched_for(words: str) -> str:
    """Show the words that were searched for."""
    return f"-# Searched for: {words}"


def absent_words(words: str) -> str:
    """Name words that no passage holds."""
    return f"No passage holds: {words}"


def words_elsewhere(words: str) -> str:
    """Name words that the first passage does not hold, but others do."""
    return f"Only other passages than the first hold: {words}"


def candidate_line(place: int, title: str, position: int, score: float, facts: str) -> str:
    """Show a candidate. ``facts``: its other figures."""
    return f"**{place}.** {title} ¶ {position} · {score:+.2f} · {facts}"


def candidate_text(text: str) -> str:
    """Show how a candidate begins."""
    return f"-# {text}"
