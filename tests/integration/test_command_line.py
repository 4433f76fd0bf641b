"""The pullquote command as a person uses it: real processes, real files, exit codes, JSON."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from bot.cli.main import COMMANDS, cli

ARTICLE = """The lighthouse keeper

The keeper of Holm lighthouse retired in 1988 after thirty years. Her name was Ada Brandt.

What happened to the lamp?

The lamp was sold to a museum in Lund for two hundred crowns. It still works.
"""


@pytest.fixture(autouse=True)
def _own_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test has a store, a working directory and an environment of its own, and needs no model."""
    for name in [name for name in os.environ if name.startswith("PULLQUOTE_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PULLQUOTE_STORE__URL", f"sqlite:///{tmp_path}/store/pullquote.sqlite3")
    monkeypatch.setenv("PULLQUOTE_ENCODER__MODEL", "hashing")
    monkeypatch.chdir(tmp_path)


def pullquote(*arguments: str, stdin: str | bytes | None = None, code: int = 0) -> Result:
    """Run the command in this process and check its exit code."""
    result = CliRunner().invoke(cli, arguments, input=stdin)
    assert result.exit_code == code, f"{result.output}\n{result.exception!r}"
    return result


def as_json(*arguments: str, stdin: str | None = None) -> Any:
    """Run the command with --json and read what it prints."""
    return json.loads(pullquote(*arguments, "--json", stdin=stdin).stdout)


def add_article() -> int:
    """Add the lighthouse article and return its id."""
    identifier: int = as_json("add", "-", stdin=ARTICLE)["id"]
    return identifier


def test_add_prints_the_promised_json(tmp_path: Path) -> None:
    """Add --json gives id, title, status, passages and left_out; a second add is unchanged, an edited one updated."""
    path = tmp_path / "keeper.txt"
    path.write_text(ARTICLE, encoding="utf-8")
    added = as_json("add", str(path))
    assert added == {"id": 1, "title": "The lighthouse keeper", "status": "added", "passages": 2, "left_out": 0}
    assert as_json("add", str(path))["status"] == "unchanged"
    path.write_text(ARTICLE.replace("Lund", "Malmo"), encoding="utf-8")
    changes = {"added": 0, "removed": 0, "edited": 1}
    assert as_json("add", str(path)) == {**added, "status": "updated", "changes": changes, "encoded": 1}


def test_title_option_names_the_article() -> None:
    """--title wins over what the text begins with."""
    assert as_json("add", "-", "--title", "Ada", stdin=ARTICLE)["title"] == "Ada"
    assert pullquote("list").stdout.startswith("1  Ada")


def test_ask_prints_the_promised_json() -> None:
    """Ask --json gives the documented keys; offsets cut the quote from the stored text, highlight from the quote."""
    add_article()
    answer = as_json("ask", "What happened to the lamp, and who bought it?")
    assert set(answer) == {"query", "answered", "state", "confidence", "quotes", "elapsed_ms"}
    assert answer["answered"] is True
    quote = answer["quotes"][0]
    assert set(quote) == {"article", "position", "heading", "text", "start", "end", "highlight", "score"}
    assert quote["article"] == {"id": 1, "title": "The lighthouse keeper", "url": None, "language": "en"}
    assert quote["heading"] == "What happened to the lamp?"
    text = as_json("show", "1")["text"]
    assert text == ARTICLE
    assert text[quote["start"] : quote["end"]] == quote["text"]
    (start, end), *_ = quote["highlight"]
    assert quote["text"][start:end].startswith("The lamp was sold")


def test_unanswered_question_is_a_success_that_says_so() -> None:
    """A question that the articles do not answer exits 0, with answered false and no quotes."""
    add_article()
    answer = as_json("ask", "Which enzymes digest lactose in mammals?")
    assert (answer["answered"], answer["quotes"]) == (False, [])
    assert pullquote("ask", "Which enzymes digest lactose in mammals?").stdout.startswith("Not in the articles.")


def test_misspelt_words_are_named() -> None:
    """A corrected question says so in text and in JSON, whose query is what was typed."""
    add_article()
    typed = "What hapened to the lmap?"
    answer = as_json("ask", typed)
    assert answer["query"] == typed
    assert answer["corrections"] == [["hapened", "happened"], ["lmap", "lamp"]]
    assert answer["quotes"][0]["text"].startswith("The lamp was sold")
    shown = pullquote("ask", typed).stdout
    assert shown.startswith("(Searched for happened instead of hapened, lamp instead of lmap.)\n\n")


def test_top_k_bounds_the_quotes() -> None:
    """--top-k 1 shows one quote."""
    add_article()
    assert len(as_json("ask", "What happened to the lamp?", "--top-k", "1")["quotes"]) == 1


def test_show_prints_the_promised_json() -> None:
    """Show --json gives title, headings, passages with spans and kinds, left_out lines with labels, and the text."""
    text = f"Skip to content\n\n{ARTICLE}"
    as_json("add", "-", stdin=text)
    shown = as_json("show", "1")
    assert shown["title"] == "The lighthouse keeper"
    assert [heading["text"] for heading in shown["headings"]] == ["What happened to the lamp?"]
    assert [item["position"] for item in shown["passages"]] == [1, 2]
    for item in shown["passages"]:
        assert shown["text"][item["start"] : item["end"]] == item["text"]
        assert item["kind"] == "paragraph"
    assert [(item["text"], item["label"]) for item in shown["left_out"]] == [("Skip to content", "chrome")]


def test_summary_prints_the_promised_json() -> None:
    """Summary --json gives the article and its own sentences with position, heading and span."""
    add_article()
    summary = as_json("summary", "1", "--length", "short")
    assert summary["article"]["id"] == 1
    for sentence in summary["sentences"]:
        assert set(sentence) == {"text", "position", "heading", "start", "end"}
        assert ARTICLE[sentence["start"] : sentence["end"]] == sentence["text"]


def test_remove_and_list() -> None:
    """Remove forgets the article; list --json is then empty and the text form says what to do."""
    add_article()
    assert as_json("remove", "lighthouse") == {"id": 1, "title": "The lighthouse keeper", "status": "removed"}
    assert as_json("list") == {"articles": []}
    assert pullquote("list").stdout == "No articles yet. Add one: pullquote add FILE\n"


def test_guild_option_keeps_libraries_apart() -> None:
    """What is added with --guild 5 is not in the terminal's own library."""
    pullquote("add", "-", "--guild", "5", stdin=ARTICLE)
    assert as_json("list")["articles"] == []
    assert len(as_json("list", "--guild", "5")["articles"]) == 1


def test_data_dir_option_wins(tmp_path: Path) -> None:
    """--data-dir names another store than the environment does."""
    pullquote("add", "-", "--data-dir", str(tmp_path / "other"), stdin=ARTICLE)
    assert as_json("list")["articles"] == []
    assert (tmp_path / "other" / "pullquote.sqlite3").is_file()


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("ask", "Who?"), 1, "Add one first"),
        (("ask", ""), 1, "Ask in a few words"),
        (("ask", "why " * 1000), 1, "at most 1,000"),
        (("show", "7"), 1, "There are no articles yet"),
        (("add", "nowhere.txt"), 2, "Check the path"),
        (("add", "."), 2, "nothing to add in that"),
        (("add", "https://localhost/a"), 1, "private or reserved network"),
        (("add", "https://user@example.org/"), 1, "user name"),
        (("ask",), 2, "Missing argument"),
        (("asq", "Who?"), 2, "No such command"),
        (("summary", "1", "--length", "huge"), 2, "short"),
        (("run",), 1, "PULLQUOTE_DISCORD__TOKEN"),
        (("health",), 1, "Not connected"),
    ],
    ids=lambda value: " ".join(value)[:20] if isinstance(value, tuple) else "",
)
def test_failures_are_one_line_with_the_next_step(arguments: tuple[str, ...], code: int, says: str) -> None:
    """Each failure exits with its code, says what to do on standard error, and prints no traceback."""
    result = pullquote(*arguments, code=code)
    assert says in result.stderr
    assert result.stdout == ""
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (b"a", ""),
        (b"%PDF-1.7\n\x00\x01\x02", "PDF"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", ""),
        (b"Menu\n\nSign up\n\nSubscribe now\n", ""),
    ],
    ids=["empty", "one character", "pdf", "png", "only chrome"],
)
def test_unreadable_files_are_refused_kindly(tmp_path: Path, content: bytes, says: str) -> None:
    """A file that cannot be an article exits 1 with one clear sentence, and nothing is stored."""
    path = tmp_path / "article.txt"
    path.write_bytes(content)
    result = pullquote("add", str(path), code=1)
    assert says.lower() in result.stderr.lower()
    assert 30 < len(result.stderr) < 300
    assert as_json("list") == {"articles": []}


def test_wrong_settings_exit_with_two(monkeypatch: pytest.MonkeyPatch) -> None:
    """A misspelt variable is refused with the name it is nearest to, and exit code 2."""
    monkeypatch.setenv("PULLQUOTE_ENCODER__MODLE", "hashing")
    assert "PULLQUOTE_ENCODER__MODEL" in pullquote("list", code=2).stderr


def test_unsupported_store_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A store URL that cannot be used is refused without printing what may hold a password."""
    monkeypatch.setenv("PULLQUOTE_STORE__URL", "mysql://user:secret@host/db")
    result = pullquote("list", code=1)
    assert "sqlite:///" in result.stderr
    assert "secret" not in result.stderr


def test_backup_is_a_store_of_its_own(tmp_path: Path) -> None:
    """Backup copies everything; the copy opens and holds the article. An existing file is not overwritten."""
    add_article()
    (tmp_path / "copy").mkdir()
    target = tmp_path / "copy" / "pullquote.sqlite3"
    assert as_json("backup", str(target))["bytes"] == target.stat().st_size
    assert len(as_json("list", "--data-dir", str(target.parent))["articles"]) == 1
    before = target.read_bytes()
    assert "exists already" in pullquote("backup", str(target), code=1).stderr
    assert target.read_bytes() == before


def test_migrate_reindexes_for_another_encoder() -> None:
    """Migrate --reindex on a current store changes nothing and says so."""
    add_article()
    assert as_json("migrate", "--reindex") == {"status": "current", "reindexed": 0}


def test_help_teaches_every_command() -> None:
    """--help lists each command with its first line and shows a first minute."""
    text = pullquote("--help").stdout
    assert all(f"\n  {command} " in text for command in COMMANDS)
    assert "A first minute:" in text


def test_module_and_pipes_work_in_a_real_process(tmp_path: Path) -> None:
    """`python -m bot` reads standard input, writes UTF-8 whatever the locale says, and is quiet on standard error."""
    environment = {**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONWARNINGS": "error"}
    command = [sys.executable, "-m", "bot"]
    root = Path(__file__).parents[2]
    text = ARTICLE.replace("Ada", "Åda 😀")
    done = subprocess.run(
        [*command, "add", "-", "--json"],
        input=text.encode(),
        capture_output=True,
        cwd=root,
        env=environment,
        check=True,
    )
    assert json.loads(done.stdout)["status"] == "added"
    assert done.stderr == b""
    done = subprocess.run(
        [*command, "ask", "Who was the keeper of the lighthouse?"],
        capture_output=True,
        cwd=root,
        env=environment,
        check=True,
    )
    assert "Åda 😀" in done.stdout.decode()
    assert done.stderr == b""


def test_help_loads_nothing_heavy() -> None:
    """--help answers without loading torch, Discord or the settings library."""
    code = (
        "import sys\nfrom bot.cli.main import cli\n"
        "try: cli(['--help'])\nexcept SystemExit: pass\n"
        "heavy = {'torch', 'sentence_transformers', 'discord', 'pydantic', 'numpy'} & set(sys.modules)\n"
        "sys.exit(f'loaded {heavy}' if heavy else 0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=Path(__file__).parents[2], check=False
    )
    assert done.returncode == 0, done.stderr
