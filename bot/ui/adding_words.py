"""What members see of adding articles: the command's options, the form, progress and reports."""

from __future__ import annotations

from bot.ui.language import as_is, say, translate
from bot.ui.language import count as count_of

TEXT_OPTION_LIMIT = 6000
FORM_TEXT_LIMIT = 4000
FILE_LIMIT_BYTES = 10 * 1024 * 1024
ARTICLE_ADD = "Add an article: a file, a web address or pasted text; with none of them, a form opens"
ADD_TEXT = "The article's text; Discord drops line breaks here, so a file or the form is better"
ADD_FILE = "A PDF, Word (DOCX), EPUB, HTML, Markdown or text file of at most 10 MB"
ADD_URL = "The web address of the article's page"
ADD_TITLE = "The article's title (default: its first heading or line)"
ADD_AS_ARTICLE = "Add as article"

# The form.
FORM_TITLE = "Add an article"
FORM_TEXT_LABEL = "Text"
FORM_TEXT_DESCRIPTION = "Up to 4,000 characters. For a longer article choose a file instead."
FORM_FILES_LABEL = "Files"
FORM_FILES_DESCRIPTION = "Up to 10 PDF, Word (DOCX), EPUB, HTML, Markdown or text files of at most 10 MB each."
FORM_TITLE_LABEL = "Title"
FORM_TITLE_DESCRIPTION = "Leave empty to use the first heading or line."

# Articles.
ONE_SOURCE = "Give one of `text`, `file` and `url`, not several; or none of them to open a form."
EMPTY_FORM = "There was nothing in the form. Paste a text or choose files, and send it again."
EMPTY_MESSAGE = "That message has neither a text nor a file, so there is nothing to add. Choose another one."
EMPTY_TEXT = "That text is empty. Paste the article's text, or attach it as `file`."
FILE_TOO_LARGE = "That file is larger than 10 MB. Split it into several articles and add them one by one."
FILE_NOT_FETCHED = "Discord did not hand over that file. Attach it again."
READING = "Reading …"


def added(title: str, number: int, passages: str) -> str:
    """Report a new article."""
    return say("**Added:** {title} (#{number}): {passages}.", title=title, number=number, passages=passages)


def updated(title: str, number: int, passages: str, changes: str = "") -> str:
    """Report a replaced article. ``changes`` counts the passages that came, went and were edited."""
    if changes:
        return say(
            "**Updated:** {title} (#{number}): {changes} passages; {passages}.",
            title=title,
            number=number,
            changes=changes,
            passages=passages,
        )
    return say("**Updated:** {title} (#{number}): {passages}.", title=title, number=number, passages=passages)


def duplicate(title: str, number: int) -> str:
    """Report that nothing was done, because another source gave the same article."""
    return say(
        "**Already stored as #{number}:** {title}. Nothing was added; to bring it up to date, refresh that one.",
        title=title,
        number=number,
    )


def not_added(name: str, reason: str) -> str:
    """Report one of several sources that failed."""
    return say("**Not added:** {name}: {reason}", name=name, reason=reason)


def not_refreshed(title: str, reason: str) -> str:
    """Report a page that could not be had again."""
    return say("**Not refreshed:** {title}. {reason}", title=title, reason=reason)


def source_under_way(name: str, number: int, total: int, progress: str) -> str:
    """Head the progress of one of several sources. ``number`` counts from 1."""
    if total == 1:
        return as_is(progress)
    return say("{number} of {total} · {name}\n{progress}", number=number, total=total, name=name, progress=progress)


def unchanged(title: str, number: int) -> str:
    """Report that nothing was done."""
    return say(
        "**Nothing changed:** {title} (#{number}) is already stored with exactly this text.", title=title, number=number
    )


def passages(count: int, left_out: int) -> str:
    """Count what can be quoted and what cannot."""
    quotable = count_of("{count:,} passage to quote", "{count:,} passages to quote", count)
    if not left_out:
        return quotable
    return count_of(
        "{passages}, {count:,} line left out (captions, credits, page chrome)",
        "{passages}, {count:,} lines left out (captions, credits, page chrome)",
        left_out,
        passages=quotable,
    )


def progress(done: int, total: int) -> str:
    """Report work under way; without a total the article is still being read."""
    return say("Reading … {done:,} of {total:,} passages", done=done, total=total) if total else translate(READING)
