"""Every string a person sees of what is kept of them, in one place. Texts and names come in escaped."""

from __future__ import annotations

from bot.ui.language import count, say, translate

PRIVACY = "See, delete or refuse what is kept of your questions"
SHOW = "Show everything that is kept of you, in every server, as a list and as a file"
DELETE = "Delete everything that is kept of you, in every server"
OPT_OUT = "Keep nothing of your questions from now on, and delete what there is"
OPT_OUT_OUT = "False: your questions may be kept again (default: True)"
EXPORT = "For managers: everything that is kept of this server's questions, as a file"

NOTHING_KEPT = "**Nothing is kept of you.** No question and no vote of yours is stored."
OPTED_OUT = "You chose that nothing is kept of you; `/privacy optout out:False` takes that back."
OPTED_OUT_NOW = "**From now on nothing is kept of you**, in any server. I still answer; votes of yours are not counted."
OPTED_IN_NOW = "**Your questions may be kept again**, for as long as `/privacy show` says."
WITHOUT_NAME = (
    "-# Your name and number are not stored, only a keyed hash that is different in each server. The people who manage "
    "a server's articles see what is asked there, but not by whom."
)
FILE_FOLLOWS = "Everything, as a file:"
STATES = {"answers": "answered", "unsure": "not sure", "not_in_articles": "not in the articles"}


def kept(questions: int, votes: int, days: int) -> str:
    """Head the list of what is kept."""
    return count(
        "**Kept of you:** {questions}, {votes}. Each goes {count:,} day after the question was asked.",
        "**Kept of you:** {questions}, {votes}. Each goes {count:,} days after the question was asked.",
        days,
        questions=_questions(questions),
        votes=_votes(votes),
    )


def _questions(number: int) -> str:
    return count("{count:,} question", "{count:,} questions", number)


def _votes(number: int) -> str:
    return count("{count:,} vote", "{count:,} votes", number)


def question_line(asked_at: int, server: str, text: str, state: str) -> str:
    """Show a question that is kept; ``state`` is one of the states here."""
    return say(
        "- <t:{asked_at}:f> · {server} · {text} · {state}",
        asked_at=asked_at,
        server=server,
        text=text,
        state=translate(state),
    )


def earlier_ones(number: int) -> str:
    """Say that older ones stand in the file alone."""
    return say("-# and {count:,} earlier, in the file", count=number)


def deleted(number: int) -> str:
    """Report what was deleted."""
    if not number:
        return say("**Nothing to delete.** No question and no vote of yours is stored.")
    return count(
        "**Deleted:** {count:,} question or vote of yours.",
        "**Deleted:** {count:,} questions and votes of yours.",
        number,
    )


def exported(questions: int, votes: int) -> str:
    """Report what a server's export holds."""
    return say(
        "**Kept of this server:** {questions}, {votes}, without names.",
        questions=_questions(questions),
        votes=_votes(votes),
    )
