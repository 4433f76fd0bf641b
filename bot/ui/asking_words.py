"""What members see of asking: by command, panel, mention, message menu, and in direct messages."""

from __future__ import annotations

from bot.ui.language import say

QUESTION_LIMIT = 1000

# Commands and their options (each at most 100 characters).
ASK = "Ask the articles: the answer is a quote, word for word, with its source"
ASK_QUESTION = "Your question, in your own words"
ASK_ARTICLE = "Search this article only"
ASK_PRIVATE = "Show the answer to you alone"
ASK_BUTTON = "Ask"

# Other ways to ask.
ASK_ABOUT_THIS = "Ask about this"
PANEL = "Post a button here that lets members ask privately"
PANEL_TEXT = "**Ask the articles.** The answer is a quote, word for word, with its source. Only you see it."
PANEL_POSTED = "The button stands in this channel. Delete its message to take it away."
NO_TEXT_TO_ASK = "That message has no text to ask about. Ask with `/ask` instead."
QUESTION_FORM_TITLE = "Ask the articles"
QUESTION_FORM_LABEL = "Your question"
QUESTION_FORM_DESCRIPTION = "In your own words. Only you see the answer."
WHICH_SERVER = "**Which server's articles do you mean?** You and I share several."
CHOOSE_SERVER = "Choose a server"
NO_SHARED_SERVER = (
    "I answer from the articles of servers, and we share none that has articles. Ask me in a server with `/ask`."
)
TOO_MANY_SERVERS = "I am in too many servers to look for yours. Ask me in one of them, with `/ask` or by mentioning me."
QUESTION_GONE = "I cannot find the question any more. Send it again."
NOT_A_MEMBER = "You are not in that server any more, so I cannot quote its articles to you."

# Mentions.
EMPTY_DIRECT = "Send me a question in words, and I answer it from the articles of the server that we share."
EMPTY_MENTION = "Ask me something: mention me with a question, or use `/ask`."
LONG_MENTION = f"That question is too long: ask it in at most {QUESTION_LIMIT:,} characters."


def server_line(name: str) -> str:
    """Say whose articles a direct message was answered from."""
    return say("-# From the articles of {name}", name=name)
