"""Every message and form that the bot draws, made of records whose own words hold no ASCII letter."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from typing import Any

import discord
from discord import app_commands, ui

from bot.engine.asking.quoting import quote_passage
from bot.engine.records.answers import Answer, AnswerState, Quote
from bot.engine.records.articles import Article, ArticleDetails, ArticleSummary
from bot.engine.records.freshness import FetchState
from bot.engine.records.passages import Line, LineLabel, Passage, Span, digest
from bot.engine.records.sources import AddReport, AddStatus, PassageChanges
from bot.engine.records.summaries import Summary, SummarySentence
from bot.engine.summaries.contents import read_contents
from bot.ui import adding_words, answer_words, article_words, asking_words, summary_words
from bot.ui.anchors import Anchor
from bot.ui.article_card import confirm_view, info_view, kept_view, preview_view, renamed_view
from bot.ui.article_form import ArticleForm
from bot.ui.article_list import added_view, list_view, removed_view
from bot.ui.buttons import AnswerButton, Press, Verb
from bot.ui.contents import contents_view, section_pages, section_view
from bot.ui.help_card import Place, help_views, lacking_lines
from bot.ui.layout import Card, build_view, notice
from bot.ui.offers import Offers
from bot.ui.question_form import follow_up_form, question_form, reason_form
from bot.ui.quotes import answer_views, quote_views
from bot.ui.rights import RIGHTS, needed_permissions
from bot.ui.server_menu import which_server_view
from bot.ui.sources import source_view, verify_view
from bot.ui.summaries import Offer, Sheet, draw_sheet, summary_views
from bot.ui.summary_buttons import Shelf
from bot.ui.summary_lines import find_links, make_lines, set_open
from bot.ui.welcome import welcome_view
from tests.repo.sentences import OPERATORS, words_modules

FIRST = "Лиса написала письмо. Его не отправили."
SECOND = "Почта была закрыта. Её открыли снова."
LONG = "Лиса написала очень длинное письмо. " * 700
_LEFT_OUT = (LineLabel.CAPTION, LineLabel.ALT, LineLabel.CREDIT, LineLabel.CHROME)
_URL = "https://example.com/foxes"
_FETCH = FetchState(fetched_at=9000, problem="The page answered 404: there is no such page. Check the address.")


def article(*texts: str, left_out: int = 12) -> Article:
    """An article from the web of some passages, with lines that are never quoted."""
    text = "\n\n".join(texts)
    passages = []
    for position, passage in enumerate(texts, start=1):
        start = text.index(passage)
        end = start + len(passage)
        passages.append(Passage(position, start, end, LineLabel.PARAGRAPH, ("Звери", "Лисы"), digest(passage)))
    lines = tuple(Line(number, 0, 4, _LEFT_OUT[number % len(_LEFT_OUT)]) for number in range(left_out))
    details = ArticleDetails(author="Ада", site="Вести", published="1903", language="ру")
    hashed = digest(text)
    return Article(1, "Лисы", _URL, 5000, hashed, text, lines, tuple(passages), 3, details=details, fetch=_FETCH)


def listed(number: int, *, passages: int = 2000, left_out: int = 1) -> ArticleSummary:
    """An article of the list."""
    details = ArticleDetails(language="ру")
    return ArticleSummary(
        number, "Лисы", _URL, 5000, passages, left_out, 123_456, revision=number, details=details, fetch=_FETCH
    )


def quotes_of(owner: Article) -> list[Quote]:
    """Every passage as a quote whose first word is bold."""
    return [quote_passage(owner, passage, (Span(0, 4),)) for passage in owner.passages]


def answers() -> list[ui.LayoutView]:
    """Answers in every state, of one message and of several, with every button."""
    short, long = article(FIRST, SECOND), article(LONG, SECOND)
    views: list[ui.LayoutView] = []
    for owner in (short, long):
        found, offers = quotes_of(owner), Offers({1: owner}, can_post=True, asker=7)
        for state in (AnswerState.ANSWERS, AnswerState.UNSURE):
            answer = Answer("?", state, 0.9, tuple(found), corrections=(("лсиа", "лиса"),))
            views += answer_views(answer, question="где?", offers=offers)
            views += answer_views(replace(answer, quotes=tuple(found[:1])), offers=offers)
    nothing = Answer("?", AnswerState.NOT_IN_ARTICLES, 0.1, (), corrections=(("лсиа", "лиса"),))
    nearest = Offers({1: short}, quotes_of(short)[0])
    views += answer_views(nothing, question="где?", offers=nearest)
    views += answer_views(nothing, is_one_article=True, origin=asking_words.server_line("Гавань"))
    many = quotes_of(long) * 12
    return views + quote_views(many, (answer_words.CLOSEST,), Offers({1: long}, asker=7))


def chapters() -> Article:
    """A long article of thirty sections, the first of them with passages that fill pages."""
    texts = [LONG[:1700] + str(number) for number in range(5)] + [f"{SECOND} {number}" for number in range(40)]
    paths = [("Море", "Рыбы")] * 5 + [(f"Звери {number}",) for number in range(40)]
    of = article(*texts)
    passages = tuple(replace(passage, headings=path) for passage, path in zip(of.passages, paths, strict=True))
    return replace(of, passages=passages)


def summaries() -> list[ui.LayoutView]:
    """Summaries of every kind, of guests, unfolded; contents and sections."""
    of, long = article(FIRST, SECOND), article(*[LONG + str(number) for number in range(8)])

    def made(owner: Article, *texts: str, **changes: Any) -> Summary:
        sentences = []
        for text in texts:
            start = owner.text.index(text)
            passage = next(passage for passage in owner.passages if passage.start <= start < passage.end)
            sentences.append(SummarySentence(text, passage.position, passage.headings, start, start + len(text)))
        return replace(Summary(owner.ref, tuple(sentences)), **changes)

    plain = made(of, FIRST.split(". ")[0], "Его не отправили.", "Её открыли снова.")
    endless = made(long, *[long.text[passage.start : passage.end] for passage in long.passages])
    guest = Offer.of(of, token="0123456789ab", can_add=True, link=(summary_words.OPEN_PAGE, _URL))
    message = Offer.of(of, token="0123456789ab", link=(summary_words.OPEN_MESSAGE, _URL))
    lines = make_lines(plain.sentences, of)
    links = find_links(lines, of)
    views = (
        summary_views(plain, of, links) + summary_views(plain, of, {}, guest) + summary_views(plain, of, {}, message)
    )
    views += summary_views(replace(plain, about="письма"), of, {})
    views += summary_views(made(of, FIRST, is_too_short=True), of, {}) + summary_views(endless, long, {})
    views += summary_views(made(of), of, {}) + summary_views(made(of, about="рыбы"), of, {})
    changed = article(FIRST)
    sheets = [(of, set_open(lines, [0])), (changed, lines)]
    for owner, shown in sheets:
        views += draw_sheet(Sheet((), tuple(shown), replace(Offer.of(owner), has_contents=True)), owner, {})
    book, shelf = chapters(), Shelf(1)
    introduced = replace(book, passages=(replace(book.passages[0], headings=()), *book.passages[1:]))
    views += [contents_view(book, shelf), contents_view(introduced, shelf, 1), contents_view(introduced, shelf, 0)]
    views.append(contents_view(replace(of, passages=(replace(of.passages[0], headings=()),)), shelf))
    section = read_contents(book)[0]
    pages = section_pages(book, section)
    views += [section_view(book, section, pages, shelf, page) for page in range(len(pages))]
    views.append(section_view(introduced, read_contents(introduced)[0], pages[:1], shelf))
    views.append(section_view(book, section, [], shelf))
    views.append(notice(summary_words.not_summarised("имя", "причина")))
    views.append(notice(summary_words.message_by("Имя")))
    told = (
        summary_words.ARTICLE_CHANGED, summary_words.GUEST_GONE, summary_words.NOT_ADDED, summary_words.NOTHING_TO_READ,
        summary_words.SUMMARISE_ONE_BY_ONE, summary_words.GUESTS_FOR_MANAGERS, summary_words.GUESTS_FOR_NOBODY,
        summary_words.PASSAGE_NOT_IN_PLACE,
    )  # fmt: skip
    return views + [notice(text) for text in told]


def articles() -> list[ui.LayoutView]:
    """What managers see of articles."""
    one, many = listed(1, passages=1, left_out=0), [listed(number) for number in range(1, 40)]
    views = [list_view([]), list_view([one]), *(list_view(many, page) for page in range(3))]
    for about in (one, many[1], many[2]):
        views += [info_view(about), confirm_view(about), kept_view(about), renamed_view(about), removed_view(about)]
    for status in AddStatus:
        for changes in (None, PassageChanges(3, 1, 2)):
            for count in (1, 2000):
                report = _report(status, count, changes)
                views.append(added_view(report))
    views += [preview_view(article(FIRST, SECOND)), preview_view(article(*[SECOND + str(n) for n in range(9)]))]
    views.append(preview_view(article(FIRST, left_out=1)))
    views.append(notice(adding_words.not_added("имя", "причина")))
    views.append(notice(adding_words.source_under_way("имя", 1, 2, adding_words.progress(1000, 2000))))
    views.append(notice(adding_words.progress(0, 0)))
    return views


def _report(status: AddStatus, count: int, changes: PassageChanges | None) -> AddReport:
    return AddReport(id=3, title="Лисы", status=status, passages=count, left_out=count - 1, changes=changes)


def proofs() -> list[ui.LayoutView]:
    """Sources and proofs, of what is unchanged, changed and gone."""
    owner = article(FIRST, SECOND)
    anchors = [Anchor.of(quote, owner) for quote in quotes_of(owner)]
    changed = replace(article(FIRST, LONG), content_hash=digest("другое"))
    views = []
    for shelf in ({1: owner}, {1: changed}, {}):
        views += [source_view(anchors, shelf), verify_view(anchors, shelf, [f"> {FIRST}"])]
    return views


class _Interface:
    """Commands to be helped with, that have descriptions of ours."""

    @staticmethod
    def commands() -> list[Any]:
        @app_commands.command(name="ask", description=asking_words.ASK)
        async def ask(_interaction: discord.Interaction[Any]) -> None: ...

        group = app_commands.Group(
            name="article",
            description=article_words.ARTICLE,
            default_permissions=discord.Permissions(manage_guild=True),
        )

        @group.command(name="list", description=article_words.ARTICLE_LIST)
        async def list_articles(_interaction: discord.Interaction[Any]) -> None: ...

        async def about(_interaction: discord.Interaction[Any], _message: discord.Message) -> None: ...

        return [ask, group, app_commands.ContextMenu(name=asking_words.ASK_ABOUT_THIS, callback=about)]


def help_and_welcome() -> list[ui.LayoutView]:
    """Help for members and for those who manage, with and without rights; greetings of both kinds."""

    def link(name: str) -> str:
        return f"</{name}:1>"

    everything, nothing = discord.Permissions.all(), discord.Permissions.none()
    commands = _Interface.commands()
    views = []
    for manages in (True, False):
        for held in (everything, nothing):
            place = Place(
                None, needed_permissions() | everything, held, manages_articles=manages, has_articles=not manages
            )
            views += help_views(place, commands, link)
    lacking = lacking_lines(RIGHTS)
    views += [welcome_view(link, ["settings"]), welcome_view(link, [], server="Гавань", lacking=lacking)]
    return views


def buttons() -> list[ui.LayoutView]:
    """Every button by itself, and the menus."""
    views = [build_view([Card(("№",), None, (AnswerButton(Press(verb)),))]) for verb in Verb]
    return [*views, which_server_view([(1, "Гавань"), (2, "Обсерватория")])]


def notices() -> list[ui.LayoutView]:
    """Every sentence that stands by itself, as a message; not what is for the terminal, nor what has fields."""
    modules = [vars(import_module(f"bot.ui.{name}")) for name in words_modules()]
    constants = [item for module in modules for item in module.items() if item[0].isupper()]
    return [
        notice(value)
        for name, value in constants
        if isinstance(value, str) and name not in OPERATORS and "{" not in value
    ]


def forms() -> list[ui.Modal]:
    """Every form."""

    async def ignore(*_arguments: Any) -> None: ...

    texts = [question_form(ignore, ignore), follow_up_form(ignore, ignore), reason_form(ignore, ignore)]
    return [ArticleForm(ignore, ignore), *texts]


ROOMS: tuple[Callable[[], list[ui.LayoutView]], ...] = (
    answers,
    summaries,
    articles,
    proofs,
    help_and_welcome,
    buttons,
    notices,
)
