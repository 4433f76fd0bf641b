"""Every string managers see of gaps, figures and explanations, in one place. Texts of members come in escaped."""

from __future__ import annotations

from bot.ui.language import count as count_of
from bot.ui.language import say

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


def gaps_title(gaps: int) -> str:
    """Head the list of gaps."""
    return count_of("**{count:,} gap**", "**{count:,} gaps**", gaps)


def gaps_questions(questions: int) -> str:
    """Say how many questions the gaps are made of."""
    return count_of("{count:,} question", "{count:,} questions", questions)


def page_of(page: int, pages: int) -> str:
    """Say which page this is, counted from 1."""
    return say("page {page} of {pages}", page=page, pages=pages)


def asked(times: int, last_asked: int) -> str:
    """Say how often and when a gap was asked last."""
    return count_of(
        "-# asked once, <t:{last}:R>", "-# asked {count:,} times, last <t:{last}:R>", times, last=last_asked
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


def stats_questions(count: int, *, answered: int, unsure: int, unanswered: int) -> str:
    """Count questions by what became of them."""
    return count_of(
        "{count:,} question: {answered:,} answered, {unsure:,} not sure, {unanswered:,} not in the articles",
        "{count:,} questions: {answered:,} answered, {unsure:,} not sure, {unanswered:,} not in the articles",
        count,
        answered=answered,
        unsure=unsure,
        unanswered=unanswered,
    )


def stats_votes(helpful: int, not_helpful: int) -> str:
    """Count votes."""
    return say("{helpful:,} helpful, {not_helpful:,} not helpful", helpful=helpful, not_helpful=not_helpful)


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


def verdict(state: str, confidence: str, answers: str, unsure: str) -> str:
    """Say how sure it is that the first passage answers, and how sure it has to be; figures come in as text."""
    return say(
        "{state} Confidence {confidence}; an answer takes {answers}, “not sure” {unsure}.",
        state=state,
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
