"""The catalogs hold what members can be shown: complete, with the same fields, and within Discord's limits."""

from __future__ import annotations

import re
from typing import Any

import pytest

from bot.doctor.commands import describe_commands
from bot.sandbox.rules.commands import is_command_name
from bot.ui.catalogs import ENGLISH, Catalog, field_names, find_catalog, read_catalogs
from tests.repo.sentences import GAPS, Sentences, engine_failures, read_words, words_modules

LOCALES = sorted(read_catalogs())
_COMMAND = re.compile(r"(?<![\w:/<}.])/([^\W\d_][\w-]*)(?: (?!mit\b|with\b|oder\b|or\b)([\w-]+))?")
"""A command in a sentence, with the word after it, which is a subcommand where the command is a group."""


def all_sentences() -> Sentences:
    """What all modules of words hold together."""
    found = Sentences()
    for path in words_modules().values():
        read = read_words(path)
        found.sentences |= read.sentences
        found.plurals |= read.plurals
    return found


@pytest.mark.parametrize("module", sorted(words_modules()))
@pytest.mark.parametrize("locale", LOCALES)
def test_every_sentence_is_translated(locale: str, module: str) -> None:
    """What a module of words says stands in the catalog, or in the list of known gaps."""
    catalog = read_catalogs()[locale]
    found = read_words(words_modules()[module])
    missing = sorted(found.sentences - catalog.sentences.keys() - set(GAPS["sentences"]))
    missing += sorted(found.plurals.keys() - catalog.plurals.keys() - set(GAPS["sentences"])) + found.fragments
    if missing and module in GAPS["modules"]:
        pytest.xfail(f"{len(missing)} not in {locale}.toml: {missing}")
    assert not missing
    assert module not in GAPS["modules"], "no gap any more: take it off known_gaps.toml"


@pytest.mark.parametrize("locale", LOCALES)
def test_no_translation_is_left_over(locale: str) -> None:
    """Each key is a sentence of the code, so that one that was reworded is noticed; each known gap is a gap."""
    catalog, said = read_catalogs()[locale], all_sentences()
    assert sorted(catalog.sentences.keys() - said.sentences) == []
    assert sorted(catalog.plurals.keys() - said.plurals.keys()) == []
    assert not set(GAPS["sentences"]) & (catalog.sentences.keys() | catalog.plurals.keys())
    assert not set(GAPS["failures"]) & catalog.failures.keys()


@pytest.mark.parametrize("locale", LOCALES)
def test_translations_keep_the_fields_and_the_marks(locale: str) -> None:
    """The same fields, the same beginning where it is Discord's (subtext), and never what begins a quote."""
    catalog = read_catalogs()[locale]
    pairs = [*catalog.sentences.items(), *catalog.failures.items()]
    for english, translation in pairs:
        assert sorted(field_names(english)) == sorted(field_names(translation)), english
    for plural, forms in catalog.plurals.items():
        assert all(set(field_names(form)) >= set(field_names(plural)) - {"count"} for form in forms), plural
        pairs += [(plural, form) for form in forms]
    for english, translation in pairs:
        assert translation.strip()
        assert not translation.startswith(">")
        assert translation.startswith("-# ") is english.startswith("-# "), english
        assert translation.count("**") == english.count("**"), english


@pytest.mark.parametrize("locale", LOCALES)
def test_plurals_have_a_form_for_every_number(locale: str) -> None:
    """The rule chooses among the forms that there are, and all of them."""
    catalog = read_catalogs()[locale]
    for plural, forms in catalog.plurals.items():
        chosen = {catalog.plural("", plural, number) for number in range(200)}
        assert chosen == set(forms), plural


@pytest.mark.parametrize("locale", LOCALES)
def test_what_the_engine_says_of_failures_is_translated(locale: str) -> None:
    """By its shape, with its values and the advice at its end; what is not stands in the list of known gaps."""
    catalog = read_catalogs()[locale]
    missing = {
        failure.template
        for failure in engine_failures()
        if failure.module not in GAPS["operators"] and catalog.failure(failure.filled()) == failure.filled()
    }
    assert missing == set(GAPS["failures"])


def test_values_of_failures_are_put_in_and_looked_up() -> None:
    """Numbers are grouped as the language does, advice is translated, and a value is never read as a field."""
    german = find_catalog("de")
    assert german.failure(
        "That file has 12,345,678 bytes; 10,485,760 are possible. Split it into several articles."
    ) == ("Diese Datei hat 12.345.678 Bytes; erlaubt sind 10.485.760. Teil sie in mehrere Artikel auf.")
    assert german.failure("The page answered 404: there is no such page. Check the address.") == (
        "Die Seite antwortete mit 404: Es gibt keine solche Seite. Prüf die Adresse."
    )
    assert german.failure("There is no website called {0}.example. Check the address.") == (
        "Es gibt keine Website namens {0}.example. Prüf die Adresse."
    )
    assert german.failure("PNG pictures cannot be read. Copy the text and add that instead.") == (
        "PNG-Bilder kann ich nicht lesen. Kopier den Text und füg ihn so hinzu."
    )
    assert german.failure("Nothing known") == "Nothing known"


def test_locales_fall_back_to_their_language_and_then_to_english() -> None:
    """Discord has several Englishes and Spanishes, and languages without a catalog."""
    assert find_catalog("de").language == "Deutsch"
    assert find_catalog("de-AT").language == "Deutsch"
    assert find_catalog("en-GB") is ENGLISH
    assert find_catalog("ja") is ENGLISH
    assert ENGLISH.plural("one", "many", 1) == "one"
    assert ENGLISH.plural("one", "many", 0) == "many"


def test_other_languages_plural_rules_work() -> None:
    """Three forms, as in Polish."""
    polish = Catalog(
        "Polski",
        plural_rule="(n==1 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2)",
        plurals={"many": ["jeden", "kilka", "wiele"]},
    )
    forms = [polish.plural("one", "many", number) for number in (1, 3, 5, 12, 22)]
    assert forms == ["jeden", "kilka", "wiele", "wiele", "kilka"]


async def test_commands_are_translated_within_discords_limits() -> None:
    """Names that Discord takes, descriptions of at most 100 characters, no two alike, nothing forgotten."""
    catalogs = read_catalogs()
    for locale in LOCALES:
        for parts in _levels(await describe_commands()):
            names = [(part.get("name_localizations") or {}).get(locale, part["name"]) for part in parts]
            assert len(set(names)) == len(names), names
        missing = []
        for part in _parts(await describe_commands()):
            name = (part.get("name_localizations") or {}).get(locale)
            about = (part.get("description_localizations") or {}).get(locale)
            is_known = part["name"] in catalogs[locale].names or part["name"] in GAPS["names"]
            missing += [part["name"]] if name is None and not is_known else []
            is_menu = part.get("type") in (2, 3) and "description" not in part
            is_choice = "value" in part
            assert name is None or is_menu or is_choice or is_command_name(name), name
            assert about is None or 1 <= len(about) <= 100, about
            missing += [part["description"]] if part.get("description") and about is None else []
        assert missing == []


async def test_commands_are_named_as_discord_names_them() -> None:
    """A sentence that mentions a command calls it what the reader types, in English and in each translation."""
    listing = await describe_commands()
    for locale in (None, *LOCALES):
        catalog = ENGLISH if locale is None else read_catalogs()[locale]
        known = {_typed(part, locale): {_typed(sub, locale) for sub in _subcommands(part)} for part in listing}
        mentioned = set()
        for sentence in _said_in(catalog):
            for name, rest in _COMMAND.findall(sentence):
                assert name in known, sentence
                assert not known[name] or not rest or rest in known[name], sentence
                mentioned.add(name)
        assert len(mentioned) > 3


def _said_in(catalog: Catalog) -> list[str]:
    """Every sentence of a catalog; for English, the keys of all."""
    if catalog is ENGLISH:
        said = all_sentences()
        return [*said.sentences, *said.plurals, *(failure.template for failure in engine_failures())]
    forms = [form for forms in catalog.plurals.values() for form in forms]
    return [*catalog.sentences.values(), *forms, *catalog.failures.values()]


def _typed(part: dict[str, Any], locale: str | None) -> str:
    """What a command, a subcommand or an option is called in a language."""
    return str((part.get("name_localizations") or {}).get(locale, part["name"]))


def _subcommands(part: dict[str, Any]) -> list[dict[str, Any]]:
    return [option for option in part.get("options") or [] if option["type"] in (1, 2)]


def _parts(listing: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Every command, option and choice, nested ones included."""
    found = list(listing)
    for part in listing:
        found += _parts([*(part.get("options") or []), *(part.get("choices") or [])])
    return found


def _levels(listing: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """The commands, and the options of each."""
    return [listing] + [level for part in listing if part.get("options") for level in _levels(part["options"])]
