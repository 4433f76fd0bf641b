"""PDF: probed for what would harm, then lines from pdfminer.six, columns and paragraphs of our own."""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Iterator
from typing import Any

from bot.engine.errors import ExtractFailed, TooLarge, Unsupported
from bot.engine.ingest.characters import count_words
from bot.engine.ingest.extract.pdf_lines import read_sheets
from bot.engine.ingest.extract.pdf_paragraphs import regroup
from bot.engine.ingest.extract.pieces import Piece, Pieces
from bot.engine.records.articles import ArticleDetails

MAX_PAGES = 200
_MAX_STREAM_BYTES = 32 * 1024 * 1024
_MAX_STREAMS_BYTES = 128 * 1024 * 1024
_STREAM = re.compile(rb"stream\r?\n")
_IMAGE = re.compile(rb"/Subtype\s*/Image\b|/DCTDecode|/JPXDecode|/CCITTFaxDecode|/JBIG2Decode")
_DATE = re.compile(r"D?:?(\d{4})(\d\d)?(\d\d)?")
_FEWEST_WORDS_A_PAGE, _TITLE_BLOCKS = 2, 8
_FILE_LIKE = re.compile(
    r"\.(?:docx?|pdf|indd|tex|dvi|qxd|odt|rtf)\Z|\A(?:microsoft word|untitled|slide \d|powerpoint)", re.IGNORECASE
)


def extract_pdf(data: bytes) -> Pieces:
    """Extract a PDF with a text layer. Raises ExtractFailed, TooLarge, Unsupported."""
    _check_streams(data)
    information = _probe(data)
    sheets = read_sheets(data)
    if sum(count_words(line.text) for sheet in sheets for line in sheet.lines) < _FEWEST_WORDS_A_PAGE * len(sheets):
        raise ExtractFailed(
            "That PDF has no text layer: its pages are pictures. Run text recognition over it (OCR) and add the "
            "result, or paste its text."
        )
    pieces = regroup(sheets)
    return Pieces(tuple(pieces), _title(information, pieces), _details(information))


def _probe(data: bytes) -> dict[str, str]:
    """Count the pages and read what the file says of itself, with a parser that limits what it unpacks."""
    from pypdf import PdfReader
    from pypdf.errors import DependencyError, FileNotDecryptedError, LimitReachedError, PyPdfError

    try:
        reader = PdfReader(io.BytesIO(data), strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            raise Unsupported("That PDF is locked with a password. Save it without one, or paste its text.")
        pages = len(reader.pages)
        if pages > MAX_PAGES:
            raise TooLarge(f"That PDF has {pages:,} pages; {MAX_PAGES} are possible. Split it and add the parts.")
        for page in reader.pages:
            contents = page.get_contents()
            if contents is not None:
                contents.get_data()
        return {str(key): str(value) for key, value in (reader.metadata or {}).items()}
    except LimitReachedError:
        raise _bomb() from None
    except (FileNotDecryptedError, DependencyError):
        raise Unsupported("That PDF is locked with a password. Save it without one, or paste its text.") from None
    except PyPdfError:
        raise ExtractFailed("That PDF is damaged. Save or download it again, or paste its text.") from None


def _check_streams(data: bytes) -> None:
    """Unpack each compressed stream that is no picture, up to a limit, before any parser does so without one."""
    total = 0
    for found in _STREAM.finditer(data):
        if _IMAGE.search(data[max(0, found.start() - 512) : found.start()].rpartition(b"obj")[2]):
            continue
        unpacker = zlib.decompressobj()
        try:
            size = len(unpacker.decompress(data[found.end() :][: 4 * 1024 * 1024], _MAX_STREAM_BYTES + 1))
        except zlib.error:
            continue
        total += size
        if size > _MAX_STREAM_BYTES or total > _MAX_STREAMS_BYTES:
            raise _bomb()


def _bomb() -> TooLarge:
    return TooLarge(
        "That PDF unpacks to far more than it should. Save it anew with another program, or paste its text."
    )


def _title(information: dict[str, str], pieces: list[Piece]) -> str | None:
    """Return the first large words, else the title that the file names, unless that is a file name."""
    headed = next((piece.text for piece in pieces[:_TITLE_BLOCKS] if piece.level == 1), None)
    if headed is not None:
        return headed
    named = " ".join(information.get("/Title", "").split())
    return named if named and not _FILE_LIKE.search(named) else None


def _details(information: dict[str, str]) -> ArticleDetails:
    author = " ".join(information.get("/Author", "").split())
    return ArticleDetails(author=author, published=next(_date(information.get("/CreationDate", "")), ""))


def _date(value: str) -> Iterator[Any]:
    found = _DATE.match(value)
    if found:
        yield "-".join(part for part in found.groups() if part)
