"""Web pages: what of them is the article, of which kind, and what they say of themselves."""

from __future__ import annotations

import sys
import time

import pytest

from bot.engine.errors import EngineError, ExtractFailed, TooLarge
from bot.engine.ingest.extract.charsets import decode_html
from bot.engine.ingest.parse import parse_bytes
from bot.engine.records.articles import ParsedArticle
from bot.engine.records.passages import LEFT_OUT, LineLabel

PROSE = [
    "The weir below the paper mill was built in 1803, and eleven metres of it still stand across the stream.",
    "In a dry summer no water passes over the crest at all, so the eels wait in the pool until the autumn rain comes.",
    "The parish council voted in March to mend the crest with granite from the same quarry that the first masons used.",
]
PAGE = f"""<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>The old weir | Wessel Post</title>
<meta property="og:title" content="The old weir is mended"><meta property="og:site_name" content="Wessel Post">
<meta name="author" content="Ragna Holt"><meta property="article:published_time" content="2025-02-14T08:00:00Z">
<link rel="canonical" href="https://post.example/weir"></head><body>
<nav><ul><li><a href="/">Home</a></li><li><a href="/news">News</a></li></ul></nav>
<article><h1>The old weir is mended</h1>
<p>{PROSE[0]}</p>
<figure><img src="a.jpg" alt="A weir"><figcaption>Masons at the weir in May, seen from the mill.</figcaption></figure>
<h2>Eels and water</h2><p>{PROSE[1]}</p>
<div class="newsletter"><a href="/sub">Get the harbour news by mail</a></div>
<ul><li>Granite blocks from the old quarry</li><li>Lime mortar that was mixed on the bank</li></ul>
<blockquote><p>“Water remembers every stone,” the mason Elsa Thorne said.</p></blockquote>
<table><tr><th>Year</th><th>Width</th></tr><tr><td>1803</td><td>11 m</td></tr></table>
<h3>Cost</h3><p>{PROSE[2]}</p>
<pre><code>depth = 3
flow = depth * 2</code></pre>
<p>Work begins when the harvest is in, and the mill will stand still for two weeks.</p>
</article><footer>© 2025 Wessel Post. All rights reserved.</footer></body></html>"""


def parse(page: str | bytes, **options: str) -> ParsedArticle:
    """Parse a page as a saved file."""
    return parse_bytes(page.encode() if isinstance(page, str) else page, file_name="page.html", **options)


def texts(parsed: ParsedArticle, *labels: LineLabel) -> list[str]:
    """The texts of the lines with these labels."""
    return [parsed.text[line.start : line.end] for line in parsed.lines if line.label in labels]


def test_kinds_of_blocks_are_kept_apart() -> None:
    """Headings with their level, paragraphs, list items, quotations, table rows and code come out as what they are."""
    parsed = parse(PAGE)
    levels = [(line.level, parsed.text[line.start : line.end]) for line in parsed.lines if line.level]
    assert levels == [(2, "Eels and water"), (3, "Cost")]
    assert texts(parsed, LineLabel.TITLE) == ["The old weir is mended"]
    assert texts(parsed, LineLabel.PARAGRAPH)[:3] == PROSE
    assert texts(parsed, LineLabel.LIST_ITEM) == [
        "Granite blocks from the old quarry",
        "Lime mortar that was mixed on the bank",
    ]
    assert texts(parsed, LineLabel.BLOCK_QUOTE) == ["“Water remembers every stone,” the mason Elsa Thorne said."]
    assert texts(parsed, LineLabel.TABLE_ROW) == ["Year | Width", "1803 | 11 m"]
    assert texts(parsed, LineLabel.CODE) == ["depth = 3\nflow = depth * 2"]


def test_captions_and_chrome_between_are_stored_and_never_quoted() -> None:
    """A caption and an offer inside the article are kept with their label; menus and footers around it are dropped."""
    parsed = parse(PAGE)
    assert texts(parsed, LineLabel.CAPTION) == ["Masons at the weir in May, seen from the mill."]
    assert texts(parsed, LineLabel.CHROME) == ["Get the harbour news by mail"]
    assert "Home" not in parsed.text
    assert "rights reserved" not in parsed.text
    quoted = " ".join(parsed.text[found.start : found.end] for found in parsed.passages)
    assert not any(words in quoted for words in texts(parsed, *LEFT_OUT))


def test_page_says_who_wrote_it_where_and_when() -> None:
    """Author, site, date, address and language are read from the page."""
    details = parse(PAGE).details
    assert (details.author, details.site, details.published) == ("Ragna Holt", "Wessel Post", "2025-02-14")
    assert (details.canonical_url, details.language) == ("https://post.example/weir", "en")


def test_passages_lie_under_their_headings() -> None:
    """Heading levels make the path above a passage."""
    parsed = parse(PAGE)
    paths = {parsed.text[found.start : found.end]: found.headings for found in parsed.passages}
    assert paths[PROSE[0]] == ()
    assert paths[PROSE[2]] == ("Eels and water", "Cost")


@pytest.mark.parametrize(
    ("data", "media_type"),
    [
        ("Größe und Fuß".encode("cp1252"), "text/html; charset=ISO-8859-1"),
        (b'<meta charset="windows-1252">' + "Größe und Fuß".encode("cp1252"), ""),
        (
            b'<meta http-equiv="content-type" content="text/html; charset=iso-8859-15">'
            + "Größe und Fuß".encode("cp1252"),
            "",
        ),
        ("Größe und Fuß".encode(), "text/html; charset=iso-8859-1-no-such"),
        ("Größe und Fuß".encode("utf-8-sig"), "text/html; charset=koi8-r"),
        ("Größe und Fuß".encode("utf-16"), "text/html"),
        ("Größe und Fuß".encode(), ""),
        (b'<meta charset="koi8-r">' + "Größe und Fuß".encode(), ""),
        (b'<meta charset="hex">' + "Größe und Fuß".encode(), "text/html; charset=zlib"),
    ],
)
def test_page_is_decoded_by_mark_header_bytes_or_declaration(data: bytes, media_type: str) -> None:
    """A mark wins, then the header, then UTF-8 where the bytes are that, then what the page declares."""
    assert decode_html(data, media_type).endswith("Größe und Fuß")


def test_undeclared_encoding_is_guessed() -> None:
    """Cyrillic in an old encoding that nobody names is read all the same."""
    text = "Башня стоит на глине и наклоняется к югу, но опасности для жителей нет. " * 8
    assert decode_html(text.encode("cp1251")) == text


def test_one_broken_character_does_not_change_the_encoding() -> None:
    """A single bad byte in a long UTF-8 page is replaced; the rest stays as it is."""
    decoded = decode_html(("Größe und Fuß. " * 200).encode() + b"\xff")
    assert decoded.count("\ufffd") == 1
    assert decoded.startswith("Größe")


BODY = f"<p>{PROSE[0]}</p>"
HOSTILE = {
    "a million tags": ("<html><body>" + "<i>a</i>" * 500_000, TooLarge),
    "deep nesting": ("<html><body>" + "<b>" * 100_000 + BODY, ExtractFailed),
    "nothing": ("<html></html>", ExtractFailed),
    "only a script": ("<html><script>" + "x" * 100_000, ExtractFailed),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_page_is_refused_in_a_sentence(name: str) -> None:
    """A page that would keep the parser busy, or holds no article, is refused with a reason and the next step."""
    page, kind = HOSTILE[name]
    started = time.perf_counter()
    with pytest.raises(EngineError, match="add that instead") as caught:
        parse(page)
    assert type(caught.value) is kind
    assert time.perf_counter() - started < 10


def test_entities_of_a_page_are_not_expanded() -> None:
    """Entities that a page declares, of a file or of each other, stay what they are: words."""
    head = '<?xml version="1.0"?><!DOCTYPE html [<!ENTITY a "lol"><!ENTITY b "&a;&a;"><!ENTITY f SYSTEM "file:///etc/passwd">]>'
    parsed = parse(
        f"{head}<html><body><p>The weir &b; and &f; stand by the mill and by the bridge.</p>{BODY}</body></html>"
    )
    assert "lol" not in parsed.text
    assert "root:" not in parsed.text


def test_missing_library_is_not_called_a_damaged_page(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where an installation lacks what reads pages, the refusal says so and names the library, not the page."""
    monkeypatch.setitem(sys.modules, "trafilatura", None)
    with pytest.raises(ExtractFailed, match=r"trafilatura is missing.*paste the text"):
        parse_bytes(PAGE.encode(), file_name="weir.html")
