"""Markdown: what of it is kept, as what, and under which headings."""

from __future__ import annotations

import pytest

from bot.engine.ingest.parse import parse_text
from bot.engine.records.articles import ParsedArticle
from bot.engine.records.passages import LineLabel

BODY = "The weir below the paper mill was built in 1803."


def parse(source: str, title: str | None = None) -> ParsedArticle:
    """Parse Markdown."""
    return parse_text(source, title=title, markdown=True)


def lines(parsed: ParsedArticle) -> list[tuple[str, str]]:
    """Label and text of every line."""
    return [(str(line.label), parsed.text[line.start : line.end]) for line in parsed.lines]


KINDS = {
    "paragraph": (BODY, [("paragraph", BODY)]),
    "emphasis": ("A *narrow*, **deep** and `cold` pool.", [("paragraph", "A narrow, deep and cold pool.")]),
    "link": ('See [the ladder](https://example.org/a "t") now.', [("paragraph", "See the ladder now.")]),
    "reference link": ("See [the ladder][1] now.\n\n[1]: https://example.org", [("paragraph", "See the ladder now.")]),
    "autolink": ("At <https://example.org> today.", [("paragraph", "At https://example.org today.")]),
    "soft break": ("The weir\nis wide.", [("paragraph", "The weir is wide.")]),
    "hard break": ("The weir  \nis wide.", [("paragraph", "The weir\nis wide.")]),
    "entity": ("Salt &amp; herring &mdash; fresh.", [("paragraph", "Salt & herring — fresh.")]),
    "escape": ("Not \\*emphasis\\* here.", [("paragraph", "Not *emphasis* here.")]),
    "bullet list": ("- one eel\n- two eels", [("list_item", "one eel"), ("list_item", "two eels")]),
    "numbered list": ("1. one eel\n2. two eels", [("list_item", "one eel"), ("list_item", "two eels")]),
    "nested list": (
        "- river eels\n  - silver ones\n    - old ones\n- sea eels",
        [
            ("list_item", "river eels"),
            ("list_item", "silver ones"),
            ("list_item", "old ones"),
            ("list_item", "sea eels"),
        ],
    ),
    "loose list": (
        "- one eel\n\n  and its shade\n\n- two eels",
        [
            ("list_item", "one eel"),
            ("list_item", "and its shade"),
            ("list_item", "two eels"),
        ],
    ),
    "quotation": (
        "> One packet.\n> One garden.\n>\n> It grew.",
        [
            ("block_quote", "One packet. One garden."),
            ("block_quote", "It grew."),
        ],
    ),
    "quoted list": ("> - one eel here", [("list_item", "one eel here")]),
    "list with a quotation": ("- > one eel here", [("block_quote", "one eel here")]),
    "fence": ("```sh\ntidebook serve\n\ntidebook list\n```", [("code", "tidebook serve\n\ntidebook list")]),
    "indented code": ("Run:\n\n    tidebook serve", [("paragraph", "Run:"), ("code", "tidebook serve")]),
    "table": (
        "| key | default |\n|---|---|\n| port | 8021 |\n| | |",
        [("table_row", "key | default"), ("table_row", "port | 8021")],
    ),
    "picture": (f"![the mill at dusk](mill.png)\n\n{BODY}", [("alt", "the mill at dusk"), ("paragraph", BODY)]),
    "picture in text": (
        "The mill ![at dusk](m.png) stands.",
        [("paragraph", "The mill  stands."), ("alt", "at dusk")],
    ),
    "rule": (f"{BODY}\n\n---\n\nEels.", [("paragraph", BODY), ("paragraph", "Eels.")]),
    "comment": (f"<!-- draft: do not print -->\n\n{BODY}", [("paragraph", BODY)]),
    "unclosed comment": (f"{BODY}\n\n<!-- draft", [("paragraph", BODY)]),
    "inline tags": ("The <b>wide</b> weir<br>falls.", [("paragraph", "The wide weir\nfalls.")]),
    "block tags": (
        '<div align="center">\n<p>The <b>wide</b> weir &amp; pool.</p>\n<p>Eels.</p>\n</div>',
        [("paragraph", "The wide weir & pool."), ("paragraph", "Eels.")],
    ),
    "script and style": (
        f"<script>\nsteal('eels')\n</script>\n\n<style>p {{ color: red }}</style>\n\n{BODY}",
        [("paragraph", BODY)],
    ),
    "details": (
        "<details>\n<summary>Depth</summary>\n\nTwo metres in spring.\n\n</details>",
        [("paragraph", "Depth"), ("paragraph", "Two metres in spring.")],
    ),
    "carriage returns": ("# Weir\r\n\r\nIt is\r\nwide.", [("title", "Weir"), ("paragraph", "It is wide.")]),
}


@pytest.mark.parametrize("name", KINDS)
def test_each_kind_of_block_is_kept_as_what_it_is(name: str) -> None:
    """The words stay and the mark-up goes; each block is a line of its own kind."""
    source, expected = KINDS[name]
    assert lines(parse(source)) == expected


def test_heading_levels_make_the_path() -> None:
    """A passage's path is the headings above it, outermost first; a level that is left out leaves no gap."""
    blocks = ["# Weirs", "zero words", "## Mill", "one word", "#### Ladder", "two words", "### Pool", "three words"]
    source = "\n\n".join([*blocks, "## Sea", "four words"])
    parsed = parse(source)
    assert [found.headings for found in parsed.passages] == [
        (),
        ("Mill",),
        ("Mill", "Ladder"),
        ("Mill", "Pool"),
        ("Sea",),
    ]
    assert [line.level for line in parsed.lines if line.label is LineLabel.HEADING] == [2, 4, 3, 2]


def test_underlined_headings_are_headings() -> None:
    """The underlined form of headings gives levels 1 and 2."""
    parsed = parse(f"The Old Weir\n============\n\n{BODY}\n\nEels\n----\n\nThey wait in the pool below.")
    assert parsed.title == "The Old Weir"
    assert parsed.passages[1].headings == ("Eels",)


def test_heading_marks_and_inline_marks_are_no_part_of_a_heading() -> None:
    """A heading is its words: closing hashes, emphasis, links and pictures' addresses go."""
    parsed = parse(f"## The *old* [weir](x) `mill` ##\n\n{BODY}")
    assert parsed.passages[0].headings == ("The old weir mill",)


TITLES = {
    "first heading": (f"# The Weir\n\n{BODY}", None, "The Weir", ()),
    "below a badge": (f"![build](b.svg)\n\n# The Weir\n\n{BODY}", None, "The Weir", ()),
    "after some text": (f"{BODY}\n\n# Eels\n\nThey wait below.", None, "Eels", ()),
    "given and repeated": (f"# The Weir\n\n{BODY}", "the weir", "the weir", ()),
    "given and other": (f"# The Weir\n\n{BODY}", "Notes", "Notes", ("The Weir",)),
    "front matter": (f'---\ntitle: "The Weir"\ntags: [a, b]\n---\n\n{BODY}', None, "The Weir", ()),
    "front matter repeated": (f"---\ntitle: The Weir\n---\n# The Weir\n\n{BODY}", None, "The Weir", ()),
    "TOML front matter": (f"+++\ntitle = 'The Weir'\n+++\n\n{BODY}", None, "The Weir", ()),
    "front matter without a title": (f"---\ndate: 2025-03-04\n---\n\n# The Weir\n\n{BODY}", None, "The Weir", ()),
    "no heading of level 1": (f"## Eels\n\n{BODY}", None, BODY, ("Eels",)),
}


@pytest.mark.parametrize("name", TITLES)
def test_title_is_given_or_of_the_front_matter_or_the_first_heading(name: str) -> None:
    """The title and the path of the first passage follow from where the title is named."""
    source, given, title, path = TITLES[name]
    parsed = parse(source, given)
    assert (parsed.title, parsed.passages[0].headings) == (title, path)
    assert "tags" not in parsed.text


def test_text_between_two_rules_is_no_front_matter() -> None:
    """A text that begins with a rule loses nothing."""
    parsed = parse(f"---\n{BODY}\n\n---\n\nEels wait in the pool.")
    assert BODY in parsed.text


def test_line_numbers_are_the_sources() -> None:
    """Numbers count the file's lines, front matter included."""
    parsed = parse(f"---\ntitle: The Weir\n---\n\n# The Weir\n\n{BODY}\n\n- one eel\n- two eels")
    assert [line.number for line in parsed.lines] == [5, 7, 9, 10]


def test_long_code_is_cut_at_line_ends() -> None:
    """Code longer than a passage is parted between its lines and loses none of them."""
    rows = [f"    print('row {number}')  # the eel. The weir." for number in range(200)]
    parsed = parse("```\n" + "\n".join(rows) + "\n```")
    assert len(parsed.passages) > 1
    found = [parsed.text[passage.start : passage.end] for passage in parsed.passages]
    assert [row.strip() for part in found for row in part.split("\n")] == [row.strip() for row in rows]


def test_paragraph_without_end_is_kept_as_written() -> None:
    """A paragraph of a size that no one writes is taken as it is, mark-up and all, and nothing of it is lost."""
    source = "The *old* weir. " * 2_000
    assert parse(source).text == source.strip()
