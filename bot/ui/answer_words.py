"""What members see around quotes: answers, the lines above and below a quote, and the buttons under it."""

from __future__ import annotations

from bot.ui.language import as_is, say
from bot.ui.language import count as count_of

# Answers.
NOT_IN_THE_ARTICLES = (
    "**Not in the articles.** No passage answers this. Ask in other words, or ask someone who manages this server to "
    "add an article that does."
)
NOT_IN_THIS_ARTICLE = (
    "**Not in this article.** No passage of it answers this. Ask in other words, or leave `article` out to search all "
    "of them."
)
UNSURE = "**I am not sure.** The closest passages follow; they may not answer this."
UNSURE_ONE = "**I am not sure.** The closest passage follows; it may not answer this."
QUESTION_LINE = "-# Question: {question}"
OPENINGS = (QUESTION_LINE, UNSURE, UNSURE_ONE)
"""What stands above the quotes of a private answer, and is said again to everybody where it is posted."""
NOTHING_TO_SHOW = (
    "**A passage was found but is not shown**, because it is no longer exactly what was stored. Ask someone who "
    "manages this server to add the article again."
)
GAP = "[…]"

# Buttons under answers.
EARLIER = "Earlier"
LATER = "Later"
SOURCE = "Source"
VERIFY = "Verify"
POST = "Post to channel"
SHOW_CLOSEST = "Show the closest passage (it may not answer)"
CLOSEST = "**The closest passage.** It may not answer the question."
PASSAGE_CHANGED = (
    "**This passage has changed since it was quoted**, or its article was removed. Ask again to see what the articles "
    "say now."
)
NO_NEIGHBOUR = "The article ends here: there is no further passage in this direction."
NO_ROOM = "-# The message above is full, so this passage comes to you alone."
NOT_YOURS_TO_REMOVE = "Only the member who asked, or a member with the Manage Messages permission, can remove this."
MEMBER_CANNOT_POST = "You may not write in this channel, so the answer stays with you alone."


def asked(question: str) -> str:
    """Head a public answer with its question."""
    return say(QUESTION_LINE, question=question)


def asked_by(mention: str) -> str:
    """Name the member whose private answer is shown to all."""
    return say("-# Asked by {member}", member=mention)


def read_there(link: str) -> str:
    """Offer the place of the sentence in its page."""
    return say("[read there](<{link}>)", link=link)


def corrected(pairs: str) -> str:
    """Say that misspelt words were searched for as other words; the words come in already escaped."""
    return say("-# Searched for {pairs}", pairs=pairs)


def correction(typed: str, found: str) -> str:
    """Name one corrected word."""
    return say("{found} instead of {typed}", found=found, typed=typed)


def heading_path(headings: str) -> str:
    """Stand above a quote."""
    return as_is(f"-# {headings}")


def source_line(title: str, position: int, count: int, part: int, parts: int) -> str:
    """Stand below a quote. ``position`` and ``part`` count from 1."""
    if parts == 1:
        return say("-# {title} · ¶ {position} of {count}", title=title, position=position, count=count)
    return say(
        "-# {title} · ¶ {position} of {count} · part {part} of {parts}",
        title=title,
        position=position,
        count=count,
        part=part,
        parts=parts,
    )


def rest_of_passage(characters: int) -> str:
    """Say that a giant passage goes on."""
    return count_of(
        "-# The passage goes on for {count:,} more character, which is not shown here.",
        "-# The passage goes on for {count:,} more characters, which are not shown here.",
        characters,
    )


def more_quotes(count: int) -> str:
    """Say that quotes were left out."""
    return count_of(
        "-# {count:,} more quote is not shown here. Ask more narrowly to see it.",
        "-# {count:,} more quotes are not shown here. Ask more narrowly to see them.",
        count,
    )


def place(strip: str, position: int, count: int) -> str:
    """Show where in an article a quote stands."""
    return say("{strip} ¶ {position} of {count}", strip=strip, position=position, count=count)
