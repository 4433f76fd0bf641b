"""Tables of contents."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.engine.records.articles import Article
from bot.engine.records.passages import LineLabel, Passage, digest
from bot.engine.summaries.contents import Section, is_long, read_contents


def article(*paths: tuple[str, ...]) -> Article:
    """An article of one-word passages under these heading paths."""
    text = "x" * len(paths)
    passages = tuple(
        Passage(number, number - 1, number, LineLabel.PARAGRAPH, path, digest("x"))
        for number, path in enumerate(paths, start=1)
    )
    return Article(1, "A", "", 0, digest(text), text, (), passages)


def test_contents_literally() -> None:
    """The introduction, sections with all that stands below them, subsections after the section that holds them."""
    found = read_contents(article((), (), ("A",), ("A", "B"), ("A", "B"), ("A", "C"), ("D",)))
    assert found == (
        Section((), 1, 2),
        Section(("A",), 3, 6),
        Section(("A", "B"), 4, 5),
        Section(("A", "C"), 6, 6),
        Section(("D",), 7, 7),
    )
    assert [section.level for section in found] == [0, 1, 2, 2, 1]
    assert [len(section) for section in found] == [2, 4, 2, 1, 1]


def test_a_heading_without_text_of_its_own_holds_its_subsections() -> None:
    """It is listed, and reading it reads what is below."""
    assert read_contents(article(("A", "B"), ("A", "C"))) == (
        Section(("A",), 1, 2),
        Section(("A", "B"), 1, 1),
        Section(("A", "C"), 2, 2),
    )


def test_a_heading_that_comes_again_is_another_section() -> None:
    """Two sections of one name are not one."""
    assert read_contents(article(("A",), ("B",), ("A",))) == (
        Section(("A",), 1, 1),
        Section(("B",), 2, 2),
        Section(("A",), 3, 3),
    )


def test_long_is_what_has_sections_and_passages() -> None:
    """Neither a long text without headings nor a few lines with many is offered a table of contents."""
    assert is_long(article(*[(str(n // 4),) for n in range(12)]))
    assert not is_long(article(*[()] * 40))
    assert not is_long(article(("A",), ("B",), ("C",)))


@given(st.lists(st.lists(st.sampled_from("ABC"), max_size=3).map(tuple), max_size=30))
def test_every_passage_stands_in_a_section(paths: list[tuple[str, ...]]) -> None:
    """Each passage is in a section of exactly its path, and each section's passages lie below its path."""
    of = article(*paths)
    sections = read_contents(of)
    for passage in of.passages:
        own = [s for s in sections if s.path == passage.headings and s.first <= passage.position <= s.last]
        assert len(own) == 1
    for section in sections:
        held = of.passages[section.first - 1 : section.last]
        assert all(passage.headings[: section.level] == section.path for passage in held)
