"""Every string a member sees, in one place. Article text, titles and headings come in already escaped."""

from __future__ import annotations

from bot.ui.language import as_is, say, translate
from bot.ui.language import count as count_of

QUESTION_LIMIT = 1000
TEXT_OPTION_LIMIT = 6000
FORM_TEXT_LIMIT = 4000
TITLE_LIMIT = 200
FILE_LIMIT_BYTES = 10 * 1024 * 1024

# Commands and their options (each at most 100 characters).
ASK = "Ask the articles: the answer is a quote, word for word, with its source"
ASK_QUESTION = "Your question, in your own words"
ASK_ARTICLE = "Search this article only"
ASK_PRIVATE = "Show the answer to you alone"
SUMMARY = "Summarise an article in its own sentences"
SUMMARY_LENGTH = "One sentence, or about 60, 100 or 150 words (default: medium)"
SUMMARY_ABOUT = "Only what the article says about this"
ARTICLE = "Add, list and remove the articles of this server"
ARTICLE_ADD = "Add an article: a file, a web address or pasted text; with none of them, a form opens"
ADD_TEXT = "The article's text; Discord drops line breaks here, so a file or the form is better"
ADD_FILE = "A PDF, Word (DOCX), EPUB, HTML, Markdown or text file of at most 10 MB"
ADD_URL = "The web address of the article's page"
ADD_TITLE = "The article's title (default: its first heading or line)"
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
ADD_AS_ARTICLE = "Add as article"

# The form.
FORM_TITLE = "Add an article"
FORM_TEXT_LABEL = "Text"
FORM_TEXT_DESCRIPTION = "Up to 4,000 characters. For a longer article choose a file instead."
FORM_FILES_LABEL = "Files"
FORM_FILES_DESCRIPTION = "Up to 10 PDF, Word (DOCX), EPUB, HTML, Markdown or text files of at most 10 MB each."
FORM_TITLE_LABEL = "Title"
FORM_TITLE_DESCRIPTION = "Leave empty to use the first heading or line."

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
NO_ARTICLES_YET = (
    "**There are no articles here yet**, so there is nothing to quote. Someone who manages this server can add one "
    "with `/article add`."
)
NOTHING_TO_SHOW = (
    "**A passage was found but is not shown**, because it is no longer exactly what was stored. Ask someone who "
    "manages this server to add the article again."
)
NOTHING_TO_SUMMARISE = (
    "**Nothing to summarise.** This article has no sentences to choose from; ask it a question with `/ask` instead."
)
TOO_SHORT_TO_SUMMARISE = "-# Too short to summarise. Here is its first passage."
STARTING_UP = "Starting up. The answer follows here in a moment."
GAP = "[…]"
REST_OF_SUMMARY = "-# The summary goes on, but does not fit here. Ask for a shorter one."

# Buttons under answers.
EARLIER = "Earlier"
LATER = "Later"
SOURCE = "Source"
VERIFY = "Verify"
POST = "Post to channel"
SHOW_CLOSEST = "Show the closest passage (it may not answer)"
ASK_BUTTON = "Ask"
CLOSEST = "**The closest passage.** It may not answer the question."
PASSAGE_CHANGED = (
    "**This passage has changed since it was quoted**, or its article was removed. Ask again to see what the articles "
    "say now."
)
NO_NEIGHBOUR = "The article ends here: there is no further passage in this direction."
NO_ROOM = "-# The message above is full, so this passage comes to you alone."
NOT_YOURS_TO_REMOVE = "Only the member who asked, or a member with the Manage Messages permission, can remove this."
MEMBER_CANNOT_POST = "You may not write in this channel, so the answer stays with you alone."
BOT_CANNOT_POST = "I may not write in this channel. Ask someone who manages this server to let me send messages here."

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
SERVERS_ONLY = "I work in servers only: ask me in one that has added me, with `/ask` or by mentioning me."
EMPTY_MENTION = "Ask me something: mention me with a question, or use `/ask`."
LONG_MENTION = f"That question is too long: ask it in at most {QUESTION_LIMIT:,} characters."

# Articles.
ONE_SOURCE = "Give one of `text`, `file` and `url`, not several; or none of them to open a form."
EMPTY_FORM = "There was nothing in the form. Paste a text or choose files, and send it again."
EMPTY_MESSAGE = "That message has neither a text nor a file, so there is nothing to add. Choose another one."
EMPTY_TEXT = "That text is empty. Paste the article's text, or attach it as `file`."
FILE_TOO_LARGE = "That file is larger than 10 MB. Split it into several articles and add them one by one."
FILE_NOT_FETCHED = "Discord did not hand over that file. Attach it again; nothing was added."
READING = "Reading …"

# Refusals by Discord when the process starts.
DISCORD_REFUSES_LOGIN = (
    "Discord refused the token. Copy it again from the Discord Developer Portal (your application, Bot, Reset Token) "
    "into PULLQUOTE_DISCORD__TOKEN."
)
NEEDS_INTENT = (
    "Discord refused a privileged intent. Pullquote needs none: remove the intents given to the client, or switch them "
    "on in the Discord Developer Portal (your application, Bot, Privileged Gateway Intents)."
)
CONNECTION_BROKE = (
    "The connection to Discord broke in a way that was not expected; the log has the details. Start again; if it "
    "stays, update Pullquote or report it."
)
UNREACHABLE = (
    "Discord cannot be reached. Check this machine's connection and https://discordstatus.com, then start again."
)


def connection_refused(reason: str) -> str:
    """Say that Discord ended the connection for good."""
    return f"Discord ended the connection for good: {reason}. Check the bot's settings, then start again."


def not_loopback(url: str) -> str:
    """Refuse an address that would be handed the token."""
    return f"{url} is not an address of this machine: the token would be sent there. Use http://127.0.0.1 with a port."


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
IDENTICAL = "**Identical: yes**"
NOT_IDENTICAL = "**Identical: no**, changed since it was quoted, or removed"
LABELS = ("caption", "alt", "credit", "chrome")
"""What lines are that were left out, as the engine labels them."""


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


def as_of(seconds: int) -> str:
    """Say when a web page was last seen to hold what is quoted, in the reader's own time."""
    return say("as of <t:{seconds}:D>", seconds=seconds)


def source_under_way(name: str, number: int, total: int, progress: str) -> str:
    """Head the progress of one of several sources. ``number`` counts from 1."""
    if total == 1:
        return as_is(progress)
    return say("{number} of {total} · {name}\n{progress}", number=number, total=total, name=name, progress=progress)


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


def removed(title: str, number: int, count: int) -> str:
    """Report a removal."""
    return count_of(
        "**Removed:** {title} (#{number}) and its {count:,} passage.",
        "**Removed:** {title} (#{number}) and its {count:,} passages.",
        count,
        title=title,
        number=number,
    )


def progress(done: int, total: int) -> str:
    """Report work under way; without a total the article is still being read."""
    return say("Reading … {done:,} of {total:,} passages", done=done, total=total) if total else translate(READING)


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


def incident(number: str) -> str:
    """Report a failure that is ours."""
    return say(
        "Something went wrong on my side. Try again; if it stays, tell whoever runs this bot the number `{number}`.",
        number=number,
    )


def server_line(name: str) -> str:
    """Say whose articles a direct message was answered from."""
    return say("-# From the articles of {name}", name=name)


def source_title(title: str, number: int) -> str:
    """Head what is told of an article."""
    return as_is(f"**{title}** (#{number})")


def added_on(seconds: int) -> str:
    """Tell when an article was added, in the reader's own time."""
    return say("Added <t:{seconds}:D>", seconds=seconds)


def place(strip: str, position: int, count: int) -> str:
    """Show where in an article a quote stands."""
    return say("{strip} ¶ {position} of {count}", strip=strip, position=position, count=count)


def verdict(is_identical: bool) -> str:
    """Say whether a quote is still what the article says."""
    return translate(IDENTICAL if is_identical else NOT_IDENTICAL)


def proof(number: int, title: str, revision: str) -> str:
    """Name an article and its revision."""
    return say("{title} (#{number}) · revision `{revision}`", title=title, number=number, revision=revision)


def proved_passage(position: int, start: int, end: int, passage_digest: str) -> str:
    """Name a passage's place and digest."""
    return say(
        "¶ {position}, characters {start:,} to {end:,} · digest `{digest}`",
        position=position,
        start=start,
        end=end,
        digest=passage_digest,
    )


ARTICLE_CHANGED = "The article was changed elsewhere since; this passage was not."
SHOWN_IDENTICAL = "Every quoted line of the message above stands in the stored articles, character for character."
SHOWN_DIFFERENT = "**A quoted line of the message above does not stand in the stored articles as they are now.**"
