"""PRIVACY.md states what the code does: its tables are compared with the schema and with the settings."""

from __future__ import annotations

import re
from contextlib import closing
from pathlib import Path

import pytest

from bot.engine.stores.migrate import load_migrations, open_migrated
from bot.keeping import INTERVAL_SECONDS
from config.settings import Settings, load_settings

TEXT = (Path(__file__).parents[2] / "PRIVACY.md").read_text(encoding="utf-8")
ABOUT_PEOPLE = ("question", "vote", "opt_out", "departure")


@pytest.fixture(scope="module")
def schema(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    """Table → columns of a new store."""
    with closing(open_migrated(tmp_path_factory.mktemp("store") / "s.sqlite3", load_migrations())) as connection:
        tables = [
            row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        ]
        return {
            table: {row[0] for row in connection.execute("SELECT name FROM pragma_table_info(?)", (table,)).fetchall()}
            for table in tables
        }


def first_cells(heading: str) -> list[str]:
    """The code names in the first column of the table below a heading."""
    part = TEXT.split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0]
    rows = [line for line in part.splitlines() if line.startswith("| `")]
    return [name for row in rows for name in re.findall(r"`([^`]+)`", row.split("|")[1])]


def test_every_column_about_people_is_named(schema: dict[str, set[str]]) -> None:
    """The page lists the columns that there are: none is missing, none is invented."""
    named = first_cells("What is stored of questions")
    there = [f"{table}.{column}" for table in ABOUT_PEOPLE for column in schema[table]]
    assert sorted(named) == sorted(there)


def test_no_table_is_left_out(schema: dict[str, set[str]]) -> None:
    """Each table of the store is named, so that one that is added is thought about."""
    unnamed = [table for table in schema if f"`{table}`" not in TEXT and f"`{table}." not in TEXT]
    assert unnamed == []


def test_settings_and_their_defaults_are_true() -> None:
    """The page's defaults are the program's, and every setting of the section is there but the key."""
    settings = load_settings(environ={})
    part = TEXT.split("## What decides how long\n", 1)[1]
    rows = re.findall(r"^\| `(\w+)\.(\w+)` \| (\w+) \|", part, re.MULTILINE)
    assert {f"{section}.{key}": default for section, key, default in rows} == {
        f"{section}.{key}": str(getattr(getattr(settings, section), key)) for section, key, _ in rows
    }
    kept = {key for section, key, _ in rows if section == "privacy"}
    assert kept | {"key"} == set(Settings.model_fields["privacy"].annotation.model_fields)  # type: ignore[union-attr]
    assert "`privacy.key`" in TEXT


def test_commands_that_are_promised_exist() -> None:
    """Each subcommand of /privacy that the page names is one, and the other way round."""
    from bot.cogs.privacy import Privacy

    there = {command.name for command in Privacy.__cog_app_commands__}
    named = {
        name for name in re.findall(r"`(?:/privacy )?(\w+)`", TEXT) if name in {*there, "show", "delete", "optout"}
    }
    assert named == there == {"show", "delete", "optout", "export"}


def test_nothing_is_kept_longer_than_an_hour_over_its_time() -> None:
    """The page says "every hour"."""
    assert INTERVAL_SECONDS == 3600
    assert "every hour" in TEXT
