"""``pullquote summary`` of what is stored and of what is not."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.cli.main import cli
from tests.integration.test_web_and_children import PAGE, website

TEXT = """# The council

## Lamps

The council of Ellerby switched off two thirds of its lamps in March of this year. Nobody had been asked about it.

## Bath

The swimming bath of Ellerby will be open on Sundays from the first of May. Tickets for it cost two crowns as before.

## Roads

Two of the roads to the harbour of Ellerby are closed for eleven weeks of this winter. The buses go by the old bridge.
"""


@pytest.fixture(autouse=True)
def _own_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A store, a folder and an environment of the test's own, and no model."""
    for name in [name for name in os.environ if name.startswith("PULLQUOTE_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PULLQUOTE_STORE__URL", f"sqlite:///{tmp_path}/store/pullquote.sqlite3")
    monkeypatch.setenv("PULLQUOTE_ENCODER__MODEL", "hashing")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "council.md").write_text(TEXT, encoding="utf-8")


def pullquote(*arguments: str, stdin: str | None = None, code: int = 0) -> Result:
    """Run the command and check its exit code."""
    result = CliRunner().invoke(cli, arguments, input=stdin)
    assert result.exit_code == code, f"{result.output}\n{result.exception!r}"
    return result


def test_a_file_is_summarised_and_not_stored() -> None:
    """Its own sentences; the library stays empty."""
    found = json.loads(pullquote("summary", "council.md", "--length", "long", "--json").stdout)
    assert not found["stored"]
    assert {sentence["heading"] for sentence in found["sentences"]} == {"Lamps", "Bath", "Roads"}
    assert all(sentence["text"] in TEXT for sentence in found["sentences"])
    assert json.loads(pullquote("list", "--json").stdout) == {"articles": []}


def test_standard_input_is_summarised() -> None:
    """A single dash reads it."""
    assert "switched off" in pullquote("summary", "-", "--length", "long", stdin=TEXT).stdout


def test_a_file_can_be_added_too() -> None:
    """With --add the library has it afterwards, as `pullquote add` would have it."""
    result = pullquote("summary", "council.md", "--add")
    assert "Added to the library: The council (article 1)" in result.stderr
    assert "Unchanged" in pullquote("add", "council.md").stdout


def test_contents_number_the_sections_that_can_be_summarised() -> None:
    """The list names passages; --section takes its numbers, and refuses others."""
    pullquote("add", "council.md")
    listed = pullquote("summary", "1", "--contents").stdout.splitlines()
    assert listed == ["The council", "1  Lamps  ¶ 1", "2  Bath  ¶ 2", "3  Roads  ¶ 3"]
    sections = json.loads(pullquote("summary", "council.md", "--contents", "--json").stdout)["sections"]
    assert sections[1] == {"number": 2, "path": ["Bath"], "first": 2, "last": 2}
    for article in ("1", "council.md"):
        found = json.loads(pullquote("summary", article, "--section", "2", "--json").stdout)
        assert {sentence["position"] for sentence in found["sentences"]} == {2}
    assert "has 3 sections" in pullquote("summary", "1", "--section", "4", code=2).stderr


def test_a_page_is_summarised_from_the_web_or_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not stored, it is fetched each time; stored, it is not fetched at all."""
    with website() as server:
        url = f"http://127.0.0.1:{server.server_port}/tower.md"
        monkeypatch.setenv("PULLQUOTE_FETCH__ALLOWED_HOSTS", json.dumps([f"127.0.0.1:{server.server_port}"]))
        monkeypatch.setenv("PULLQUOTE_FETCH__HONOUR_ROBOTS", "false")
        found = json.loads(pullquote("summary", url, "--json").stdout)
        assert not found["stored"]
        assert all(sentence["text"].encode() in PAGE for sentence in found["sentences"])
        fetched = len(server.agents)  # type: ignore[attr-defined]
        assert fetched == 1
        pullquote("add", url)
        assert json.loads(pullquote("summary", url, "--json").stdout)["stored"]
        assert len(server.agents) == fetched + 1  # type: ignore[attr-defined]
        assert "404" in pullquote("summary", url + "x", code=1).stderr


def test_what_is_neither_stored_nor_a_file_is_named() -> None:
    """The sentence says what to do."""
    pullquote("add", "council.md")
    assert "List the articles" in pullquote("summary", "nowhere.txt", code=1).stderr
