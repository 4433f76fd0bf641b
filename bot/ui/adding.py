"""Adding articles with one message that shows how far it is and then what became of each."""

from __future__ import annotations

import asyncio
import contextvars
import functools
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import discord

from bot.engine.errors import ExtractFailed, TooLarge
from bot.engine.ports.encoders import Progress
from bot.engine.records.sources import AddReport, ArticleSource
from bot.ui import adding_words
from bot.ui.article_list import added_line, added_view
from bot.ui.delivery import announce, show
from bot.ui.failures import sentence_for
from bot.ui.language import translate
from bot.ui.layout import Accent, Card, build_view, notice
from bot.ui.text import cut, escape

log = logging.getLogger(__name__)

PROGRESS_SECONDS = 2.0
"""Between two edits of the message that shows progress."""
_NAME_UNITS = 80
_REASON_UNITS = 180


class Add(Protocol):
    """Adds one source to a library."""

    def __call__(self, source: ArticleSource, /, *, progress: Progress) -> Awaitable[AddReport]:
        """Add it; ``progress`` is called on the way."""
        ...


@dataclass(frozen=True, slots=True)
class Job:
    """One source to add: what to call it, and what adds it."""

    name: str
    add: Callable[[Progress], Awaitable[AddReport]]


async def carry_out(interaction: discord.Interaction[Any], jobs: Sequence[Job]) -> list[AddReport]:
    """Add sources one after the other, showing how far it is and then a line for each; return the reports.

    Of a single source the error is raised; of several, one that fails stops none.
    """
    lines, reports = [], []
    progress = ProgressMessage(interaction)
    for number, job in enumerate(jobs, start=1):
        progress.turn_to(escape(cut(job.name, _NAME_UNITS)), number, len(jobs))
        try:
            report = await job.add(progress)
        except Exception as error:
            reason = sentence_for(error, "adding one of several") if len(jobs) > 1 else None
            if reason is None:
                raise
            lines.append(adding_words.not_added(escape(cut(job.name, _NAME_UNITS)), cut(reason, _REASON_UNITS)))
            continue
        finally:
            await progress.stop()
        reports.append(report)
        lines.append(added_line(report))
    if len(jobs) == 1:
        await show(interaction, [added_view(reports[0])])
    else:
        accent = Accent.DONE if reports else Accent.REFUSED
        await show(interaction, [build_view([Card(("\n".join(lines),), accent)])])
    return reports


async def read_attachment(file: discord.Attachment, title: str | None = None) -> ArticleSource:
    """Fetch the bytes. The size is checked before, so that a giant file is not even downloaded."""
    if file.size > adding_words.FILE_LIMIT_BYTES:
        raise TooLarge(adding_words.FILE_TOO_LARGE)
    try:
        data = await file.read()
    except (discord.HTTPException, OSError) as error:
        log.info("An attachment could not be fetched: %s", error)
        raise ExtractFailed(adding_words.FILE_NOT_FETCHED) from error
    return ArticleSource(data=data, file_name=file.filename, title=title, source=file.filename)


def pasted(text: str, title: str | None = None) -> ArticleSource:
    """Make a source of a pasted text. Raises ExtractFailed for an empty one."""
    if not text.strip():
        raise ExtractFailed(adding_words.EMPTY_TEXT)
    return ArticleSource(data=text, title=title)


def form_jobs(add: Add, text: str, title: str | None, files: Sequence[discord.Attachment]) -> list[Job]:
    """Make a job of each source in the form; none where it is empty."""

    def job_of(name: str, read: Callable[[], Awaitable[ArticleSource]]) -> Job:
        async def run(progress: Progress) -> AddReport:
            return await add(await read(), progress=progress)

        return Job(name, run)

    async def paste() -> ArticleSource:
        return pasted(text, title)

    jobs = [job_of(title or translate(adding_words.FORM_TEXT_LABEL), paste)] if text.strip() else []
    # A title is for one article: of several each finds its own.
    own_title = title if not jobs and len(files) == 1 else None
    return jobs + [job_of(file.filename, functools.partial(read_attachment, file, own_title)) for file in files]


class ProgressMessage:
    """Shows progress by editing the one message, never faster than Discord likes; the report replaces it."""

    def __init__(self, interaction: discord.Interaction[Any]) -> None:
        self._interaction = interaction
        self._source = ("", 1, 1)
        self._edited_at = time.monotonic()
        self._edit: asyncio.Task[None] | None = None
        self._shown = ""
        # Figures come from another thread, which knows nothing of the reader's language.
        self._context = contextvars.copy_context()

    def turn_to(self, name: str, number: int, total: int) -> None:
        """Go on with another source, counted from 1 of ``total``."""
        self._source = (name, number, total)

    def __call__(self, done: int, total: int) -> None:
        """Show a figure, unless another one was shown a moment ago."""
        self._context.run(self._note, done, total)

    def _note(self, done: int, total: int) -> None:
        now, text = time.monotonic(), adding_words.source_under_way(*self._source, adding_words.progress(done, total))
        is_editing = self._edit is not None and not self._edit.done()
        if now - self._edited_at < PROGRESS_SECONDS or is_editing or text == self._shown:
            return
        self._edited_at, self._shown = now, text
        self._edit = asyncio.create_task(self._show(text))

    async def _show(self, text: str) -> None:
        try:
            await announce(self._interaction, notice(text))
        except discord.HTTPException as error:
            log.debug("Progress could not be shown: %s", error)

    async def stop(self) -> None:
        """Wait for an edit under way, which could otherwise overtake the report."""
        if self._edit is not None:
            await self._edit
