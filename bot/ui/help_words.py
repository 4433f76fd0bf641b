"""What members read when the bot has just come, and when they ask what it can do."""

from __future__ import annotations

from bot.ui.language import say

HELP = "What you can do with me here"

# Discord's permissions, by the names that its own settings show.
VIEW_CHANNELS = "View Channels"
SEND_MESSAGES = "Send Messages"
SEND_IN_THREADS = "Send Messages in Threads"
READ_HISTORY = "Read Message History"
CREATE_THREADS = "Create Public Threads"
WITHOUT_VIEW_CHANNELS = "I do not notice when somebody mentions me."
WITHOUT_SEND_MESSAGES = "I cannot answer mentions, and nothing can be posted to the channel."
WITHOUT_SEND_IN_THREADS = "I cannot answer mentions in threads."
WITHOUT_CREATE_THREADS = "Answers that are to come in new threads come in the channel."
WITHOUT_READ_HISTORY = "I cannot answer mentions, because Discord then does not let me reply to a message."

# What /help says.
HELP_TITLE = "**What you can do here**"
HELP_MANAGING = "**What you can do as one who manages this server**"
HELP_MENTION = "Mention me with your question, and everybody sees the answer."
HELP_REPLY = "Reply to one of my messages with a question of your own, with the reply's ping on."
HELP_DIRECT = "Send me a direct message, and you alone see the answer."
HELP_MENUS = "In a message's menu, under *Apps*:"
HELP_ANSWER = (
    "The bold sentence is the one that answers; around it stands its whole paragraph, word for word. *Earlier* and "
    "*Later* show more of the article, *Source* and *Verify* where it stands. Nothing I quote is made up."
)
HELP_MISSING = "**What I am not allowed to do in this channel**"


def help_line(command: str, description: str) -> str:
    """Name a command and what it does."""
    return say("{command}: {description}", command=command, description=description)


def missing_line(permission: str, without_it: str) -> str:
    """Name a permission that the bot lacks, and what does not work for that."""
    return say("**{permission}** is missing: {without_it}", permission=permission, without_it=without_it)


# What is said once, where the bot was added.
WELCOME = (
    "**Thank you for adding me.** I answer questions by quoting this server's articles: word for word, with the "
    "source. When they do not answer, I say so. Three steps:"
)


def welcome_to(server: str) -> str:
    """Open the message to whoever added the bot, where the server has no channel for it."""
    return say(
        "**Thank you for adding me to {server}.** I answer questions by quoting the server's articles: word for word, "
        "with the source. When they do not answer, I say so. Three steps:",
        server=server,
    )


def welcome_add(add: str) -> str:
    """Say how to add an article."""
    return say("1. **Add an article** with {add}: a file, the address of a web page, or pasted text.", add=add)


def welcome_ask(ask: str) -> str:
    """Say how to ask."""
    return say("2. **Ask** with {ask}, or mention me with your question. Everybody may.", ask=ask)


def welcome_manage() -> str:
    """Say who may manage the articles."""
    return say("3. **Who manages the articles?** Members with the *Manage Server* permission, and nobody else.")


def welcome_manage_with(settings: str) -> str:
    """Say who may manage the articles, where that can be set."""
    return say(
        "3. **Decide who manages the articles.** At first that is members with the *Manage Server* permission; "
        "{settings} changes this, and what I answer where.",
        settings=settings,
    )


def welcome_help(help_command: str) -> str:
    """Say where to read on."""
    return say("-# {help} tells every member what they can do.", help=help_command)
