"""What members see of the articles that are there: their list, what is known of one, renaming and removing."""

from __future__ import annotations

from bot.ui.language import count as count_of
from bot.ui.language import say, translate

ARTICLE = "Add, list and remove the articles of this server"
ARTICLE_LIST = "Show the articles of this server"
ARTICLE_REMOVE = "Remove an article and everything stored of it"
REMOVE_ARTICLE = "The article to remove"
ARTICLE_INFO = "Show what is known of an article: where it is from, its size, when it was last looked at"
ARTICLE_TO_SHOW = "The article to show"
ARTICLE_PREVIEW = "Show how an article begins, and the lines of it that are never quoted"
ARTICLE_REFRESH = "Look at an article's web page again and bring the article up to it"
ARTICLE_TO_REFRESH = "The article to refresh"
ARTICLE_RENAME = "Give an article another title"
ARTICLE_TO_RENAME = "The article to rename"
ARTICLE_NEW_TITLE = "Its new title, which later updates keep"
LABELS = ("caption", "alt", "credit", "chrome")
"""What lines are that were left out, as the engine labels them."""


def renamed(title: str, number: int) -> str:
    """Report a new title."""
    return say("**Renamed:** #{number} is called {title} now.", title=title, number=number)


def confirm_removal(title: str, number: int, count: int) -> str:
    """Ask before removing."""
    return count_of(
        "**Remove {title} (#{number})** and its {count:,} passage? This cannot be undone.",
        "**Remove {title} (#{number})** and its {count:,} passages? This cannot be undone.",
        count,
        title=title,
        number=number,
    )


def kept(title: str, number: int) -> str:
    """Report that nothing was removed."""
    return say("**Kept:** {title} (#{number}) stays.", title=title, number=number)


def info_lines(
    *, added_at: int, revision: int, passages: str, characters: int, language: str, fetched_at: int, problem: str
) -> list[str]:
    """Say what is known of an article, a line each. Times are Unix seconds, 0 for never."""
    size = count_of(
        "{passages}, {count:,} character", "{passages}, {count:,} characters", characters, passages=passages
    )
    lines = [f"{size[:1].upper()}{size[1:]}"]
    if revision > 1:
        lines.append(
            count_of(
                "Added <t:{added_at}:f>, text changed once since",
                "Added <t:{added_at}:f>, text changed {count:,} times since",
                revision - 1,
                added_at=added_at,
            )
        )
    else:
        lines.append(say("Added <t:{added_at}:f>", added_at=added_at))
    if fetched_at:
        lines.append(say("Page last seen with this text <t:{fetched_at}:R>", fetched_at=fetched_at))
    if problem:
        lines.append(say("Last refresh failed: {problem}", problem=problem))
    if language:
        lines.append(say("Language: {language}", language=language))
    return lines


def more_passages(count: int) -> str:
    """Say that a preview goes no further."""
    return count_of("-# {count:,} more passage to quote.", "-# {count:,} more passages to quote.", count)


def left_out_title(count: int) -> str:
    """Head the lines that are never quoted."""
    return count_of("-# {count:,} line left out, never quoted:", "-# {count:,} lines left out, never quoted:", count)


def left_out_line(label: str, text: str) -> str:
    """Show one line that is never quoted. ``label`` is one of the labels above."""
    return say("-# {label}: {text}", label=translate(label), text=text)


def more_lines(count: int) -> str:
    """Say that more lines were left out than are shown."""
    return say("-# and {count:,} more", count=count)


def removed(title: str, number: int, count: int) -> str:
    """Report a removal."""
    return count_of(
        "**Removed:** {title} (#{number}) and its {count:,} passage.",
        "**Removed:** {title} (#{number}) and its {count:,} passages.",
        count,
        title=title,
        number=number,
    )


def list_title(count: int, page: int, pages: int) -> str:
    """Head the list of articles. ``page`` counts from 1."""
    if pages == 1:
        return count_of("**{count:,} article**", "**{count:,} articles**", count)
    return count_of(
        "**{count:,} article** · page {page} of {pages}",
        "**{count:,} articles** · page {page} of {pages}",
        count,
        page=page,
        pages=pages,
    )


def list_line(number: int, title: str, count: int, left_out: int) -> str:
    """List one article."""
    line = count_of(
        "#{number} {title} · {count:,} passage",
        "#{number} {title} · {count:,} passages",
        count,
        number=number,
        title=title,
    )
    if not left_out:
        return line
    return count_of("{line}, {count:,} line left out", "{line}, {count:,} lines left out", left_out, line=line)
