"""Every string a person sees of what is kept of them, in one place. Texts and names come in escaped."""

from __future__ import annotations

from bot.ui.language import count as count_of
from bot.ui.language import say

PRIVACY = "See, delete or refuse what is kept of your questions"
SHOW = "Show everything that is kept of you, in every server, as a list and as a file"
DELETE = "Delete everything that is kept of you, in every server"
OPT_OUT = "Keep nothing of your questions from now on, and delete what there is"
OPT_OUT_OUT = "False: your questions may be kept again (default: True)"
EXPORT = "For managers: everything that is kept of this server's questions, as a file"

NOTHING_TO_DELETE = "**Nothing to delete.** No question and no vote of yours is stored."
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


def kept(questions: int, votes: int) -> str:
    """Head the list of what is kept."""
    return say("**Kept of you:** questions: {questions:,}, votes: {votes:,}.", questions=questions, votes=votes)


def kept_for(days: int) -> str:
    """Say how long a question is kept."""
    return count_of(
        "Each goes {count:,} day after the question was asked.",
        "Each goes {count:,} days after the question was asked.",
        days,
    )


def earlier_ones(count: int) -> str:
    """Say that older ones stand in the file alone."""
    return say("-# and {count:,} earlier, in the file", count=count)


def deleted(count: int) -> str:
    """Report what was deleted."""
    return count_of("**Deleted:** {count:,} question or vote.", "**Deleted:** {count:,} questions and votes.", count)


def exported(questions: int, votes: int) -> str:
    """Report what a server's export holds."""
    return say(
        "**Kept of this server:** questions: {questions:,}, votes: {votes:,}; without names.",
        questions=questions,
        votes=votes,
    )
