"""What members see that belongs to no area alone. Article text, titles and headings come in already escaped."""

from __future__ import annotations

from bot.ui.language import say

TITLE_LIMIT = 200
NO_ARTICLES_YET = (
    "**There are no articles here yet**, so there is nothing to quote. Someone who manages this server can add one "
    "with `/article add`."
)
STARTING_UP = "Starting up. The answer follows here in a moment."
BOT_CANNOT_POST = "I may not write in this channel. Ask someone who manages this server to let me send messages here."
SERVERS_ONLY = "I work in servers only: ask me in one that has added me, with `/ask` or by mentioning me."

# Refusals and failures.
NEEDS_MANAGE_GUILD = "Only members with the Manage Server permission can do this. Ask someone who has it."
MAY_NOT_USE = "You cannot use this command here."
COMMAND_CHANGED = (
    "This command has changed since Discord last loaded it. Restart Discord, or try again in a few minutes."
)
REMOVE = "Remove"
KEEP = "Keep"
PREVIOUS = "Previous"
NEXT = "Next"


def as_of(seconds: int) -> str:
    """Say when a web page was last seen to hold what is quoted, in the reader's own time."""
    return say("as of <t:{seconds}:D>", seconds=seconds)


def incident(number: str) -> str:
    """Report a failure that is ours."""
    return say(
        "Something went wrong on my side. Try again; if it stays, tell whoever runs this bot the number `{number}`.",
        number=number,
    )
