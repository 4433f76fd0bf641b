"""The one entry from a source's bytes to a stored text: find the format, extract, assemble."""

from __future__ import annotations

import logging
from dataclasses import replace

from bot.engine.errors import EngineError, ExtractFailed, TooLarge
from bot.engine.ingest.extract.formats import Format, find_format
from bot.engine.ingest.extract.markdown import extract_markdown
from bot.engine.ingest.extract.pieces import Extract, Pieces, assemble_pieces
from bot.engine.ingest.extract.text import clean_text, decode_text
from bot.engine.ingest.label import label_lines
from bot.engine.ingest.language import find_language
from bot.engine.ingest.limits import IngestLimits

log = logging.getLogger(__name__)

_NAMES = {Format.HTML: "page", Format.PDF: "PDF", Format.DOCX: "DOCX file", Format.EPUB: "EPUB file"}


def extract(
    data: bytes,
    *,
    file_name: str = "",
    media_type: str = "",
    url: str = "",
    title: str | None = None,
    limits: IngestLimits | None = None,
) -> Extract:
    """Extract the article from the bytes of a file or a page.

    ``media_type`` is what a server called them (``text/html; charset=…``), ``url`` where they came from, ``title`` the
    one that was given, which wins. Raises ExtractFailed, TooLarge, Unsupported and nothing else.
    """
    limits = limits or IngestLimits()
    found = find_format(data, file_name, media_type)
    if found in (Format.TEXT, Format.MARKDOWN):
        text = clean_text(decode_text(data))
        return extract_text(text, title, is_markdown=found is Format.MARKDOWN, limits=limits)
    try:
        extracted = assemble_pieces(_extract_pieces(found, data, media_type, url), title)
    except EngineError:
        raise
    except MemoryError:
        raise TooLarge(f"That {_NAMES[found]} takes more memory than there is. Split it, or paste its text.") from None
    except ImportError as error:  # not the file's fault: never call it damaged
        log.exception("the library that reads a %s is missing or broken", found)
        raise ExtractFailed(
            f"This bot cannot read a {_NAMES[found]}: {error.name or 'a library'} is missing where it runs. "
            "Ask its operator to install Pullquote again; meanwhile, paste the text."
        ) from error
    except Exception as error:  # noqa: BLE001 -- on damaged or hostile bytes the parsers raise whatever comes up
        log.info("a parser failed on %d bytes of %s: %s", len(data), found, type(error).__name__)
        raise ExtractFailed(f"That {_NAMES[found]} is damaged. Save or download it again, or paste its text.") from None
    limits.check_text(extracted.text)
    return _with_language(extracted)


def extract_text(text: str, title: str | None, *, is_markdown: bool, limits: IngestLimits) -> Extract:
    """Extract an article from text that has been decoded already. Raises ExtractFailed, TooLarge."""
    limits.check_text(text)
    if is_markdown:
        extracted = assemble_pieces(extract_markdown(text), title)
    else:
        found, lines = label_lines(text, title)
        extracted = Extract(found, text, lines)
    return _with_language(extracted)


def _extract_pieces(found: Format, data: bytes, media_type: str, url: str) -> Pieces:
    """Call the format's extractor; its libraries are loaded only here, for most articles need none of the others."""
    if found is Format.PDF:
        from bot.engine.ingest.extract.pdf import extract_pdf

        return extract_pdf(data)
    if found is Format.DOCX:
        from bot.engine.ingest.extract.docx import extract_docx

        return extract_docx(data)
    if found is Format.EPUB:
        from bot.engine.ingest.extract.epub import extract_epub

        return extract_epub(data)
    from bot.engine.ingest.extract.html import extract_html

    return extract_html(data, media_type=media_type, url=url)


def _with_language(extracted: Extract) -> Extract:
    """Note the language of the quotable text; what the text itself shows goes before what its source declares."""
    language = find_language(extracted.text) or extracted.details.language
    return replace(extracted, details=replace(extracted.details, language=language))
