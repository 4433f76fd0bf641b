"""What is shown of one article."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bot.engine.ingest.language import _SCRIPTS, _SMALL_WORDS
from bot.engine.ingest.parse import parse_text
from bot.engine.records.articles import Article, ArticleDetails, ArticleSummary
from bot.engine.records.freshness import FetchState
from bot.engine.records.passages import Line, LineLabel
from bot.ui.article_card import confirm_view, info_view, kept_view, preview_view, renamed_view
from bot.ui.language import hearing
from bot.ui.settings_words import LANGUAGE_NAMES
from tests.unit.ui.samples import check_limits, components, quoted, texts
from tests.unit.ui.test_text import MARKUP

TEXT = "# The tower\n\nThe tower *stands*.\n\n## Bells\n\nThe bell rings at noon.\n\nIt rings at sunset too.\n"
labels = st.lists(st.sampled_from(MARKUP), max_size=30).map("".join)


def make(text: str = TEXT, **changes: object) -> Article:
    """An article of a text, as the store would hold it."""
    parsed = parse_text(text, markdown=True)
    article = Article(3, parsed.title, "tower.md", 7, "", parsed.text, parsed.lines, parsed.passages)
    return replace(article, **changes)  # type: ignore[arg-type]


def summary(**changes: object) -> ArticleSummary:
    """An article of the list."""
    return replace(ArticleSummary(3, "The tower", "tower.md", 7, 2, 1, 900), **changes)  # type: ignore[arg-type]


def test_preview_quotes_the_first_passages_under_their_headings() -> None:
    """Passages stand as quotes, each heading once, and what is left out below with its label."""
    article = make()
    left_out = Line(9, 0, 9, LineLabel.CAPTION)
    shown = texts(preview_view(replace(article, lines=(*article.lines, left_out))))
    assert shown[0] == "**#3** The tower"
    assert [text for text in shown if text.startswith("> ")] == [
        "> The tower stands.",
        "> The bell rings at noon.",
        "> It rings at sunset too.",
    ]
    assert sum("Bells" in text for text in shown) == 1
    assert shown[-1] == "-# 1 line left out, never quoted:\n-# caption: The tower"


def test_a_long_article_is_not_shown_whole() -> None:
    """A preview ends after a few passages and says how many more there are."""
    article = make("# Long\n\n" + "".join(f"Paragraph {n} says that it is number {n} of many.\n\n" for n in range(40)))
    view = preview_view(article)
    check_limits([view])
    assert any(text.startswith("-# 35 more passages") for text in texts(view))


@given(st.lists(labels.filter(lambda text: text.strip()), min_size=1, max_size=8), labels)
def test_any_article_fits_one_message(blocks: list[str], title: str) -> None:
    """Whatever an article holds, its preview is one message within Discord's limits."""
    text = "\n\n".join(f"The words of it are {block} and so on and on." * 9 for block in blocks)
    article = make(f"# T\n\n{text}", title=title, details=ArticleDetails(title, title, title))
    check_limits([preview_view(article)])
    assert quoted([preview_view(article)])


@given(labels, labels)
def test_any_details_fit_one_message(title: str, problem: str) -> None:
    """Titles, sources, authors and problems of any length and markup."""
    details = ArticleDetails(title * 9, title, title, "en", title)
    article = summary(
        title=title * 9, source=title * 9, details=details, fetch=FetchState(5, problem=problem * 20), revision=3
    )
    check_limits([info_view(article), confirm_view(article), kept_view(article), renamed_view(article)])


def test_info_says_only_what_is_known() -> None:
    """A file that says nothing of itself has three lines."""
    [text] = texts(info_view(summary()))
    assert text.splitlines() == [
        "**#3** The tower",
        "tower.md",
        "2 passages to quote, 1 line left out (captions, credits, page chrome), 900 characters",
        "Added <t:7:f>",
    ]
    [text] = texts(info_view(summary(revision=2)))
    assert text.endswith("Added <t:7:f>, text changed once since")


def test_removal_is_asked_with_two_buttons() -> None:
    """The dangerous one is red; both carry the article's id."""
    buttons = [item for item in components(confirm_view(summary())) if item["type"] == 2]
    assert [(item["label"], item["style"], item["custom_id"]) for item in buttons] == [
        ("Remove", 4, "articles:remove:3"),
        ("Keep", 2, "articles:keep:3"),
    ]


def test_a_language_is_named_and_not_coded() -> None:
    """Whatever the ingest finds has a name, in the reader's language; a code without one stays a code."""
    found = {name for _, _, name in _SCRIPTS} - {"latin", "cyrillic", "arabic", "devanagari", "han"} | {"zh"}
    assert found | {code for codes in _SMALL_WORDS.values() for code in codes} <= set(LANGUAGE_NAMES)
    german = summary(details=ArticleDetails(language="de"))
    assert "Language: German" in texts(info_view(german))[0]
    with hearing("de", None):
        assert "Sprache: Deutsch" in texts(info_view(german))[0]
    assert "Language: xx" in texts(info_view(summary(details=ArticleDetails(language="xx"))))[0]
