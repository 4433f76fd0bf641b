"""The list of articles and the reports about them."""

from __future__ import annotations

from bot.engine.records.sources import AddReport, AddStatus
from bot.ui import words
from bot.ui.article_list import PAGE_SIZE, added_view, list_view, removed_view
from tests.unit.ui.samples import check_limits, components, make_article, texts


def buttons(page: int, count: int) -> dict[str, str]:
    """Label → custom id of the buttons on a page."""
    view = list_view([make_article(number) for number in range(1, count + 1)], page)
    return {component["label"]: component["custom_id"] for component in components(view) if component["type"] == 2}


def test_no_articles_says_how_to_add_one() -> None:
    """An empty list names the next step."""
    assert texts(list_view([])) == [words.NO_ARTICLES_YET]


def test_a_short_list_literally() -> None:
    """One line an article, with its number and counts; titles cannot act as markup."""
    view = list_view([make_article(1), make_article(3, "**@here**", left_out=9)])
    assert texts(view) == [
        "**2 articles**",
        "#1 Foxes · 16 passages\n#3 \\*\\*\\@here\\*\\* · 16 passages, 9 lines left out",
    ]
    assert buttons(0, 2) == {}


def test_pages_have_the_buttons_that_lead_somewhere() -> None:
    """First page: next. Middle: both. Last: previous. Ids are distinct and carry the page."""
    count = 2 * PAGE_SIZE + 1
    assert buttons(0, count) == {"Next": "articles:page:1"}
    assert buttons(1, count) == {"Previous": "articles:page:0", "Next": "articles:page:2"}
    assert buttons(2, count) == {"Previous": "articles:page:1"}
    assert buttons(99, count) == buttons(2, count)


def test_every_article_is_on_one_page() -> None:
    """Turning through the pages shows each article once, within the limits even for the longest titles."""
    articles = [make_article(number, "*" * 300) for number in range(1, 100)]
    views = [list_view(articles, page) for page in range(-(-len(articles) // PAGE_SIZE))]
    check_limits(views)
    lines = [line for view in views for line in texts(view)[1].splitlines()]
    assert [int(line.split()[0][1:]) for line in lines] == list(range(1, 100))
    assert texts(views[1])[0] == f"**99 articles** · page 2 of {len(views)}"


def test_reports_say_what_happened() -> None:
    """Added, updated and unchanged are three sentences; a no-op never claims to have added."""

    def said(status: AddStatus) -> str:
        return texts(added_view(AddReport(3, "Foxes", status, 16, 9)))[0]

    assert said(AddStatus.ADDED).startswith("**Added:** Foxes (#3): 16 passages to quote, 9 lines left out")
    assert said(AddStatus.UPDATED).startswith("**Updated:** Foxes (#3)")
    assert said(AddStatus.UNCHANGED).startswith("**Nothing changed:** Foxes (#3)")
    assert "dded" not in said(AddStatus.UNCHANGED)
    assert texts(removed_view(make_article(3)))[0] == "**Removed:** Foxes (#3) and its 16 passages."
