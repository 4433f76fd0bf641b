"""Whether a page that was asked for again still is the article, or a notice in its place that answers 200."""

from __future__ import annotations

import re

from bot.engine.errors import FetchFailed
from bot.engine.ingest.characters import count_words
from bot.engine.records.articles import Article, ParsedArticle

LONG_WORDS = 150
"""Words of a stored article from which a page that nearly vanished is doubted."""
VANISHED_SHARE = 0.2
"""A page with fewer of the article's words than this is doubted: a teaser or a notice, hardly an edit."""
NOTICE_WORDS = 40
NOTICE_SHARE = 0.6
"""A page that says "not found" or "sign in" where the article did not is doubted below this share of its words."""
_OPENING_CHARACTERS = 300

_GONE = re.compile(
    r"\b404\b|\b(?:page|article|story|post|content|url) (?:was |could |can )?not (?:be )?found|\bnot found\b"
    r"|no longer (?:available|exists?|here|online)|(?:does not|doesn['’]t|don['’]t) exist"
    r"|(?:has been|was) (?:removed|deleted|taken down|archived)|(?:can['’]?t|cannot|couldn['’]t) find (?:that|this|the)"
    r"|nicht (?:gefunden|mehr verfügbar)|existiert nicht|introuvable|n['’]existe (?:pas|plus)|no (?:se )?encontrad"
    r"|no existe|não (?:foi )?encontrad|non (?:è stata )?trovat|niet gevonden|не найден",
    re.IGNORECASE,
)
_WALL = re.compile(
    r"\b(?:sign|log)[ -]?in\b|\blogin\b|subscribe (?:now )?to (?:continue|read|keep)"
    r"|(?:create|need) an? (?:free )?account|for (?:subscribers|members) only|already a (?:subscriber|member)"
    r"|access (?:denied|to this page)"
    r"|verify (?:that )?you are|are you a (?:human|robot)|checking your browser|just a moment|enable javascript"
    r"|unusual traffic|too many requests|under maintenance|temporarily unavailable|be right back"
    r"|\banmelden\b|\beinloggen\b|se connecter|connectez-vous|inicia(?:r)? sesión|faça login|accedi\b|войдите",
    re.IGNORECASE,
)


def check_refreshed(old: Article, new: ParsedArticle) -> None:
    """Raise FetchFailed where the page as it is now seems not to be the article any more, saying why."""
    before, now = _count(old), _count(new)
    if before >= NOTICE_WORDS and now < NOTICE_SHARE * before:
        opening, known = _opening(new), _opening(old)
        if _GONE.search(opening) and not _GONE.search(known):
            raise FetchFailed(
                f"The page says that it is gone ({now:,} words now, {before:,} in the article), so its text was not "
                f"taken over. Look at it in a browser; if it is right, use pullquote refresh {old.id} --force, or "
                "/article refresh with anyway."
            )
        if _WALL.search(opening) and not _WALL.search(known):
            raise FetchFailed(
                f"The page asks to sign in, to pay or to wait ({now:,} words now, {before:,} in the article), so its "
                f"text was not taken over. Look at it in a browser; if it is right, use pullquote refresh {old.id} "
                "--force, or /article refresh with anyway."
            )
    if before >= LONG_WORDS and now < VANISHED_SHARE * before:
        raise FetchFailed(
            f"The page is nearly empty ({now:,} words now, {before:,} in the article), so its text was not taken over. "
            f"Look at it in a browser; if it is right, use pullquote refresh {old.id} --force, or /article refresh "
            "with anyway."
        )


def _count(article: Article | ParsedArticle) -> int:
    return sum(count_words(article.text[passage.start : passage.end]) for passage in article.passages)


def _opening(article: Article | ParsedArticle) -> str:
    return f"{article.title}\n{article.text[:_OPENING_CHARACTERS]}"
