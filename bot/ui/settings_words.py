"""What members and managers read of settings and of who may see what. Names come in already escaped."""

from __future__ import annotations

NOT_FOR_EVERYONE = (
    "**Not everyone in this channel may see that article.** Ask again with `private` set to True, and only you see the "
    "answer."
)
NOT_TO_BE_POSTED = "Not everyone in this channel may see what is quoted here, so the answer stays with you alone."
SUMMARY_PRIVATE = "Show the summary to you alone"

# Whom an article is for.
ARTICLE_SCOPE = "Choose whom an article is for: roles, channels, or everybody"
ARTICLE_TO_BIND = "The article to bind"
ADD_ROLE = "Only members with this role will see it (more with /article scope)"
ADD_CHANNEL = "Only this channel and its threads will quote it (more with /article scope)"
SCOPE_ROLES = "Roles that may see it (none: every member)"
SCOPE_CHANNELS = "Channels that may quote it (none: everywhere)"
SCOPE_OPEN = "For everybody, everywhere"
SCOPE_EVERYBODY = "Every member may see it, in every channel."
SCOPE_HINT = (
    "-# In a channel, an answer for all to see quotes it only where everybody who can look into that channel may see "
    "it. Members who manage the articles always may."
)
SCOPE_GONE = (
    "-# Some of these roles or channels do not exist any more: choose again, or nobody can use them to see the article."
)


def scope_title(title: str, number: int) -> str:
    """Head the panel that binds an article."""
    return f"**Who may see {title}** (#{number})"


def scope_roles(names: str) -> str:
    """Name the roles that an article is for."""
    return f"Members with one of these roles: {names}"


def scope_channels(names: str) -> str:
    """Name the channels that an article is for."""
    return f"In these channels and their threads: {names}"
