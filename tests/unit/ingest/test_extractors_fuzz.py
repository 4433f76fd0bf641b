"""Damaged files: whatever a byte becomes, an extractor answers with an article or with an error that says why."""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.engine.errors import EngineError
from bot.engine.ingest.parse import parse_bytes
from tests.unit.ingest.books import make_book, replace_member
from tests.unit.ingest.pdf_writer import Layout, make_paper
from tests.unit.ingest.test_extract_docx import make_document
from tests.unit.ingest.test_extract_epub import FIRST, SECOND
from tests.unit.ingest.test_extract_html import PAGE

DOCUMENT = make_document()
FILES: dict[str, bytes] = {
    "html": PAGE.encode(),
    "pdf": make_paper(Layout(columns=2), seed=3, paragraphs=4)[0],
    "docx": DOCUMENT,
    "epub": make_book({"a.xhtml": FIRST, "b.xhtml": SECOND}),
}
INNER: dict[str, tuple[bytes, str, bytes]] = {
    "docx": (
        DOCUMENT,
        "word/document.xml",
        b"<w:document><w:body><w:p><w:r><w:t>The weir is old.</w:t></w:r></w:p></w:body></w:document>",
    ),
    "epub": (FILES["epub"], "OEBPS/a.xhtml", SECOND.encode()),
}
SECONDS = 10.0
FUZZ = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])

EDITS = st.lists(
    st.tuples(st.integers(0, 1_000_000), st.integers(0, 3), st.binary(min_size=1, max_size=8)), min_size=1, max_size=12
)


def damage(data: bytes, edits: list[tuple[int, int, bytes]]) -> bytes:
    """Overwrite, insert, remove or repeat bytes at the places given."""
    for place, kind, piece in edits:
        at = place % (len(data) + 1)
        if kind == 0:
            data = data[:at] + piece + data[at + len(piece) :]
        elif kind == 1:
            data = data[:at] + piece + data[at:]
        elif kind == 2:
            data = data[:at] + data[at + len(piece) ** 2 :]
        else:
            data = data[:at] + data[max(0, at - 40) : at] * 3 + data[at:]
    return data


def check(data: bytes, name: str) -> None:
    """Parse; only an EngineError may come out, and soon."""
    started = time.perf_counter()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the parsers warn of what they mend
        try:
            parsed = parse_bytes(data, file_name=name)
        except EngineError as error:
            message = error.user_message
        else:
            message = "."
            assert parsed.passages
            assert all(0 <= found.start < found.end <= len(parsed.text) for found in parsed.passages)
    assert message.endswith(".")
    assert time.perf_counter() - started < SECONDS


def fuzz(name: str) -> Callable[[], None]:
    """Make the test of one format."""

    @FUZZ
    @given(EDITS)
    def run(edits: list[tuple[int, int, bytes]]) -> None:
        check(damage(FILES[name], edits), f"article.{name}")

    return run


@pytest.mark.parametrize("name", FILES)
def test_damaged_file_is_read_or_refused(name: str) -> None:
    """Bytes of a sound file changed, inserted, removed and repeated."""
    fuzz(name)()


@pytest.mark.parametrize("name", INNER)
def test_sound_archive_of_damaged_markup_is_read_or_refused(name: str) -> None:
    """The same inside an archive whose checksums are right."""
    archive, member, content = INNER[name]

    @FUZZ
    @given(EDITS)
    def run(edits: list[tuple[int, int, bytes]]) -> None:
        check(replace_member(archive, member, damage(content, edits)), f"article.{name}")

    run()


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("share", [0.0005, 0.1, 0.5, 0.9, 0.999])
def test_file_that_was_cut_off_is_read_or_refused(name: str, share: float) -> None:
    """A download that ended early."""
    data = FILES[name]
    check(data[: max(1, int(len(data) * share))], f"article.{name}")
