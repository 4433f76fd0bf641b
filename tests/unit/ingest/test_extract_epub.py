"""EPUB: the chapters in the order of the spine, each kind of block apart."""

from __future__ import annotations

import pytest

from bot.engine.errors import ExtractFailed, TooLarge, Unsupported
from bot.engine.ingest.parse import parse_bytes
from tests.unit.ingest.books import CONTAINER, make_archive, make_book, replace_member

FIRST = """<h1>The river</h1><p>The weir was built in <b>1803</b> by hand.</p>
<ul><li>Granite from the quarry</li><li><p>Sand from the bay</p></li></ul>
<blockquote><p>Water remembers every stone.</p></blockquote>
<figure><img src="a.jpg" alt="x"/><figcaption>The weir in May</figcaption></figure>"""
SECOND = """<h2>The mill</h2><p>It stands still on<br/>three days a week.</p><pre>depth = 3
  flow = 2</pre><table><tr><th>Year</th><th><p>Width</p></th></tr><tr><td>1803</td><td>11 m</td></tr></table>"""


def test_every_kind_of_block_is_kept_in_the_spines_order() -> None:
    """Chapters come as the spine has them, whatever the order of the members; contents pages are passed over."""
    parsed = parse_bytes(
        make_book({"b.xhtml": SECOND, "a.xhtml": FIRST}, spine=["a.xhtml", "b.xhtml"]), file_name="b.epub"
    )
    assert [(str(line.label), line.level, parsed.text[line.start : line.end]) for line in parsed.lines] == [
        ("heading", 1, "The river"),
        ("paragraph", 0, "The weir was built in 1803 by hand."),
        ("list_item", 0, "Granite from the quarry"),
        ("list_item", 0, "Sand from the bay"),
        ("block_quote", 0, "Water remembers every stone."),
        ("caption", 0, "The weir in May"),
        ("heading", 2, "The mill"),
        ("paragraph", 0, "It stands still on\nthree days a week."),
        ("code", 0, "depth = 3\n  flow = 2"),
        ("table_row", 0, "Year | Width"),
        ("table_row", 0, "1803 | 11 m"),
    ]
    assert parsed.title == "The Weir Book"
    details = parsed.details
    assert (details.author, details.site, details.published) == ("Ottilie Brandt", "Fennel Lane Press", "2024-05-11")


BOOK = make_book({"a.xhtml": FIRST})
LAUGHS = '<!DOCTYPE p [<!ENTITY a "aaaa"><!ENTITY b "' + "&a;" * 50 + '">]>'
BAD = {
    "zip bomb": (lambda: replace_member(BOOK, "OEBPS/zeros.bin", bytes(30_000_000)), TooLarge, "unpacks"),
    "billion laughs": (lambda: make_book({"a.xhtml": FIRST}, doctype=LAUGHS), ExtractFailed, "entities"),
    "external entity": (
        lambda: make_book({"a.xhtml": FIRST}, doctype='<!DOCTYPE p [<!ENTITY b SYSTEM "file:///etc/passwd">]>'),
        ExtractFailed,
        "entities",
    ),
    "way out by name": (lambda: replace_member(BOOK, "../evil", "x"), Unsupported, "outside"),
    "way out by reference": (lambda: make_book({"../../a.xhtml": FIRST}), Unsupported, "outside"),
    "way out by container": (
        lambda: replace_member(BOOK, "META-INF/container.xml", CONTAINER.replace("OEBPS/book.opf", "../../book.opf")),
        Unsupported,
        "outside",
    ),
    "no container": (lambda: make_archive({"a": "b"}, first="application/epub+zip"), ExtractFailed, "damaged"),
    "cut off": (lambda: BOOK[: len(BOOK) // 2], ExtractFailed, "damaged"),
    "no text": (lambda: make_book({"a.xhtml": "<p> </p>"}), ExtractFailed, "no text"),
    "deep package": (
        lambda: replace_member(BOOK, "OEBPS/book.opf", "<a>" * 100_000 + "</a>" * 100_000),
        ExtractFailed,
        "damaged|no text",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_book_that_cannot_be_read_is_refused_in_a_sentence(name: str) -> None:
    """Bombs, entities, ways out and damage are each called what they are, with the next step."""
    make, kind, words = BAD[name]
    with pytest.raises(kind, match=words) as caught:
        parse_bytes(make(), file_name="book.epub")
    assert "paste its text" in caught.value.user_message
