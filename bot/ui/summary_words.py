"""What members read of summaries, tables of contents and guests. Article text comes in already escaped."""

from __future__ import annotations

from bot.ui.language import count, say

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
