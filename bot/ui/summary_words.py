"""What members read of summaries, tables of contents and guests. Article text comes in already escaped."""

from __future__ import annotations

from bot.ui.language import count, say

# The command, its options, and the message menu.
SUMMARY = "Summarise an article in its own sentences"
SUMMARY_LENGTH = "One sentence, or about 60, 100 or 150 words (default: medium)"
SUMMARY_ABOUT = "Only what the article says about this"
SUMMARY_ARTICLE = "The article to summarise, or the web address of a page that is not in the library"
ADDRESS_LIMIT = 2000
SUMMARISE_THIS = "Summarise this"

# Buttons and menus.
EXPAND_ALL = "Expand"
FOLD_ALL = "Fold"
CONTENTS = "Contents"
ADD_TO_LIBRARY = "Add to the library"
OPEN_PAGE = "Open the page"
OPEN_MESSAGE = "Go to the message"
EXPAND_LINE = "Show the whole passage of a line …"
SUMMARISE_SECTION = "Summarise a section …"
READ_SECTION = "Read a section …"
INTRODUCTION = "Introduction"
PREVIOUS = "Previous"
NEXT = "Next"

# Said below or instead of a summary.
NOTHING_TO_SUMMARISE = (
    "**Nothing to summarise.** This article has no sentences to choose from; ask it a question with `/ask` instead."
)
TOO_SHORT_TO_SUMMARISE = "-# Too short to summarise. Here is its first passage."
REST_OF_SUMMARY = "-# The summary goes on, but does not fit here. Ask for a shorter one."
PASSAGE_NOT_IN_PLACE = "-# The message above has no room for it, so this passage comes to you alone."
LINE_CHANGED = "-# A line stood here that the article does not hold any more."
ARTICLE_CHANGED = (
    "**The article has changed since, or was removed.** Ask for its summary again to see what it says now; nothing was "
    "changed here."
)
NOT_STORED = "-# Not in the library: read for this summary alone, and stored nowhere."
GUEST_GONE = (
    "I do not keep what is not in the library, and this is not at hand any more. Have it summarised again, or added as "
    "an article."
)
NOT_ADDED = "I do not have that file any more. Add it with *Add as article* in its message's menu, or `/article add`."
NO_CONTENTS = (
    "That article has no headings, so it has no table of contents. Ask for its summary with `/summary` instead."
)
NOTHING_TO_READ = (
    "That message has no web address, no file, and too little text to summarise. Choose one that has, or use "
    "`/summary`."
)
SUMMARISE_ONE_BY_ONE = "-# That message has more links and files; these are the first of them."
GUESTS_FOR_MANAGERS = (
    "Here only members with the Manage Server permission have pages and files summarised that are not in the library. "
    "Ask one of them to add it."
)
GUESTS_FOR_NOBODY = (
    "Pages and files that are not in the library are not summarised here. Ask someone who manages this server to add "
    "it."
)


def summary_title(title: str, about: str = "") -> str:
    """Head a summary."""
    if about:
        return say("**{title}**, in its own sentences, about **{about}**", title=title, about=about)
    return say("**{title}**, in its own sentences", title=title)


def nothing_about(title: str, about: str) -> str:
    """Say that an article has nothing on a topic."""
    return say(
        "**Nothing about that.** {title} has no sentence about “{about}”. Ask in other words, or leave `about` out.",
        title=title,
        about=about,
    )


def paragraph(position: int, part: int = 1, parts: int = 1) -> str:
    """Stand below the sentences of one passage."""
    if parts == 1:
        return say("-# ¶ {position}", position=position)
    return say("-# ¶ {position} · part {part} of {parts}", position=position, part=part, parts=parts)


def open_line_label(position: int, text: str) -> str:
    """Name an unfolded line in the menu; choosing it folds it."""
    return say("Fold ¶ {position} · {text}", position=position, text=text)


def message_by(name: str) -> str:
    """Title a message's own text."""
    return say("Message by {name}", name=name)


def contents_title(title: str, passages: int) -> str:
    """Head a table of contents."""
    return count("**{title}** · {count:,} passage", "**{title}** · {count:,} passages", passages, title=title)


def contents_page(page: int, pages: int) -> str:
    """Number a page of a long table of contents, from 1."""
    return say("-# Sections, page {page} of {pages}", page=page, pages=pages)


def reading_page(page: int, pages: int) -> str:
    """Number a page of a section, from 1."""
    return say("-# Page {page} of {pages}", page=page, pages=pages)


def not_summarised(name: str, reason: str) -> str:
    """Report one of several sources that failed."""
    return say("**Not summarised:** {name}: {reason}", name=name, reason=reason)
