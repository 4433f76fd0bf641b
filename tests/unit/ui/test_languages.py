"""Every message and form in another language: nothing stays English, and nothing exceeds Discord's limits."""

from __future__ import annotations

import ast
import contextvars
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from discord import ui

from bot.sandbox.rules.form import Form
from bot.sandbox.rules.messages import LAYOUT, check_message
from bot.sandbox.rules.modals import check_modal
from bot.ui import adding_words, answer_words, article_words, settings_words, summary_words
from bot.ui.catalogs import Catalog, find_catalog
from bot.ui.language import (
    Said,
    as_is,
    count,
    hearing,
    retell,
    say,
    speak,
    speak_privately,
    speak_publicly,
    spoken,
    translate,
    translate_failure,
)
from bot.ui.layout import Card
from tests.unit.ui import gallery, gallery_questions, gallery_settings
from tests.unit.ui.pseudo import pseudo_catalog, untranslated

SEEN = ("content", "label", "placeholder", "description", "title")
UI = Path(__file__).parents[3] / "bot/ui"
ROOMS = (*gallery.ROOMS, *gallery_questions.ROOMS, *gallery_settings.ROOMS)


def speaking(catalog: Catalog, draw: Callable[[], Any]) -> Any:
    """Draw in a language, without leaving it behind."""

    def run() -> Any:
        speak(catalog)
        return draw()

    return contextvars.copy_context().run(run)


def seen_texts(part: Any) -> Iterator[str]:
    """Every text that people see in a payload, nested ones included."""
    if isinstance(part, dict):
        for key, value in part.items():
            if key in SEEN and isinstance(value, str):
                yield value
            else:
                yield from seen_texts(value)
    elif isinstance(part, list | tuple):
        for value in part:
            yield from seen_texts(value)


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.__name__)
def test_every_message_is_translated_and_fits(room: Callable[[], list[ui.LayoutView]]) -> None:
    """In a language that is two fifths longer, no letter of English is left, and Discord takes each message."""
    views = speaking(pseudo_catalog(), room)
    assert views
    for view in views:
        payload = view.to_components()
        left = [untranslated(text) for text in seen_texts(payload)]
        assert not any(left), (left, list(seen_texts(payload)))
        check_message({"components": payload, "flags": LAYOUT}, [])
        assert view.content_length() <= 4000


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.__name__)
def test_every_message_fits_in_german(room: Callable[[], list[ui.LayoutView]]) -> None:
    """Labels and texts of the real catalog are within Discord's limits too."""
    for view in speaking(find_catalog("de"), room):
        check_message({"components": view.to_components(), "flags": LAYOUT}, [])


@pytest.mark.parametrize("catalog", [find_catalog("de"), find_catalog("en-US")], ids=lambda one: one.language)
def test_every_form_fits(catalog: Catalog) -> None:
    """Titles, labels and descriptions of forms are short."""
    for modal in speaking(catalog, gallery.forms):
        form = Form()
        check_modal(form, modal.to_dict())
        form.refuse_if_wrong()


def test_every_form_is_translated() -> None:
    """Title, labels, descriptions."""
    for modal in speaking(pseudo_catalog(), gallery.forms):
        payload = modal.to_dict()
        assert list(seen_texts(payload))
        assert not any(untranslated(text) for text in seen_texts(payload))


def test_the_gallery_walks_every_view() -> None:
    """Each function of the interface that draws a message, and each form, is drawn above."""
    drawn = "".join(path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("gallery*.py"))
    missing = set()
    for path in UI.glob("*.py"):
        parts = ast.parse(path.read_text(encoding="utf-8")).body
        forms = {part.name for part in parts if isinstance(part, ast.ClassDef) and "Modal" in _bases(part)}
        makers = {part.name: _returned(part) for part in parts if isinstance(part, ast.FunctionDef)}
        # A form that functions make is drawn by them.
        wanted = {name for name, made in makers.items() if "LayoutView" in made or made in forms}
        wanted |= forms - set(makers.values())
        missing |= {f"{path.name}: {name}" for name in wanted if not name.startswith("_") and f"{name}(" not in drawn}
    assert not missing, "not drawn in a gallery, so not known to be translated"


def _bases(node: ast.ClassDef) -> str:
    return " ".join(map(ast.unparse, node.bases))


def _returned(node: ast.FunctionDef) -> str:
    return ast.unparse(node.returns) if node.returns else ""


def test_english_is_what_the_code_says() -> None:
    """Without a catalog a sentence is filled in as it stands, numbers as in English."""
    assert adding_words.passages(1200, 1) == "1,200 passages to quote, 1 line left out (captions, credits, page chrome)"
    assert translate(answer_words.UNSURE) == answer_words.UNSURE


def test_german_counts_and_groups() -> None:
    """Plurals by the language's rule, numbers with its marks; ids are numbers without groups."""
    said = speaking(
        find_catalog("de"),
        lambda: [adding_words.passages(1, 0), adding_words.passages(1200, 2), article_words.kept("T", 12345)],
    )
    assert said[0] == "1 Absatz zum Zitieren"
    assert said[1].startswith("1.200 Absätze zum Zitieren, 2 Zeilen ausgelassen")
    assert "#12345" in said[2]
    assert speaking(find_catalog("de"), lambda: settings_words.rate(2.5)) == "2,5 von 100"


def test_values_are_never_looked_up_nor_read_for_fields() -> None:
    """A title that is one of our sentences, or that holds braces, stays as it is."""
    title = "Next"
    said = speaking(find_catalog("de"), lambda: (article_words.kept(title, 1), article_words.kept("{count} {0}", 1)))
    assert said[0] == "**Behalten:** Next (#1) bleibt erhalten."
    assert said[1] == "**Behalten:** {count} {0} (#1) bleibt erhalten."
    assert speaking(find_catalog("de"), lambda: translate(as_is("Next"))) == "Next"


def test_quotes_and_headings_are_never_translated() -> None:
    """An article may say what we say: its text, headings and titles are shown as they are stored."""
    owner = replace(gallery.article("Next"), title="Remove")
    heading = summary_words.TOO_SHORT_TO_SUMMARISE.removeprefix("-# ")
    quotes = [replace(quote, headings=(heading,)) for quote in gallery.quotes_of(owner)]
    views = speaking(find_catalog("de"), lambda: gallery.quote_views(quotes, ()))
    seen = [text for view in views for text in seen_texts(view.to_components())]
    assert "> **Next**" in seen
    assert summary_words.TOO_SHORT_TO_SUMMARISE in seen
    assert any("[Remove](" in text for text in seen)


def test_what_is_said_already_is_not_looked_up_again() -> None:
    """A translation may be a sentence of ours in English by chance."""
    catalog = Catalog("x", sentences={"Next": "Previous", "Previous": "Earlier"})
    assert speaking(catalog, lambda: Card((say("Next"), "Next")).texts) == ("Previous", "Previous")


def test_the_language_follows_who_reads() -> None:
    """Private: the member's; public: the guild's; each falls back to the other, then to English."""

    def languages(member: str | None, guild: str | None) -> list[str]:
        found = []
        with hearing(member, guild):
            for turn in (speak_privately, speak_publicly):
                turn()
                found.append(spoken().language)
        return found

    assert languages("de", "en-US") == ["Deutsch", "English"]
    assert languages("en-GB", "de") == ["English", "Deutsch"]
    assert languages(None, "de") == ["Deutsch", "Deutsch"]
    assert languages("de", None) == ["Deutsch", "Deutsch"]
    assert languages(None, None) == ["English", "English"]
    assert spoken().language == "English"


def test_what_was_said_privately_is_said_again_publicly() -> None:
    """With its values as they were; what is none of the sentences stays."""
    with hearing("de", "en-US"):
        private = [answer_words.asked("Tee {oder} Kaffee?"), translate(answer_words.UNSURE), "-# something else"]
        speak_publicly()
        public = [retell(line, answer_words.OPENINGS) for line in private]
    assert private[0] == "-# Frage: Tee {oder} Kaffee?"
    assert public == ["-# Question: Tee {oder} Kaffee?", answer_words.UNSURE, "-# something else"]


def test_a_failure_is_said_in_the_readers_language() -> None:
    """And what is unknown stays as the engine says it."""
    german = find_catalog("de")
    assert speaking(german, lambda: translate_failure("Check the address.")) == "Prüf die Adresse."
    assert speaking(german, lambda: translate_failure("No such thing.")) == "No such thing."
    assert isinstance(count("{count} a", "{count} b", 2), Said)
