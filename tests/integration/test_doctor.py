"""``pullquote doctor`` without Discord: the machine, the store, the encoder, the invitation."""

from __future__ import annotations

import base64
import json
import os
import sqlite3
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from bot.cli.main import cli
from bot.doctor import machine
from bot.doctor.commands import compare_commands
from bot.doctor.discord_side import application_of
from bot.engine.errors import StoreUnavailable
from bot.engine.stores.examination import examine
from tests.integration.conftest import open_hashing_library

APPLICATION = 1234567890123456789
TOKEN = f"{base64.urlsafe_b64encode(str(APPLICATION).encode()).decode().rstrip('=')}.abc.def-ghi_jkl"


@pytest.fixture(autouse=True)
def _own_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test has a store, a working directory and an environment of its own, and needs no model."""
    for name in [name for name in os.environ if name.startswith("PULLQUOTE_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PULLQUOTE_STORE__URL", f"sqlite:///{tmp_path}/pullquote.sqlite3")
    monkeypatch.setenv("PULLQUOTE_ENCODER__MODEL", "hashing")
    monkeypatch.chdir(tmp_path)


def doctor(*arguments: str) -> tuple[int, dict[str, Any], dict[str, str]]:
    """Run it and return exit code, JSON, and the state of each check."""
    result = CliRunner().invoke(cli, ["doctor", "--json", *arguments])
    report = json.loads(result.stdout)
    return result.exit_code, report, {one["check"]: one["state"] for one in report["findings"]}


def finding(report: dict[str, Any], check: str) -> str:
    """What is said of a check, with its next step."""
    return next(f"{one['says']} {one['next_step']}" for one in report["findings"] if one["check"] == check)


def test_without_a_token_the_rest_is_checked() -> None:
    """It says so, names the next step, and fails, because the bot could not run."""
    code, report, states = doctor()
    assert code == 1
    assert states.pop("token") == "fail"
    assert set(states.values()) <= {"ok", "warn"}
    assert {"python", "open files", "data folder", "disk", "store", "running", "encoder"} <= set(states)
    assert "PULLQUOTE_DISCORD__TOKEN" in finding(report, "token")
    assert report["invitation"] is None


def test_offline_a_token_still_gives_the_invitation(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The token begins with the application's id; nothing is asked, nothing is made, and the token is not printed."""
    monkeypatch.setenv("PULLQUOTE_DISCORD__TOKEN", TOKEN)
    code, report, _ = doctor("--offline")
    assert code == 0
    assert f"client_id={APPLICATION}" in report["invitation"]
    assert TOKEN not in json.dumps(report)
    assert not (tmp_path / "pullquote.sqlite3").exists()


def test_what_is_no_token_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Such as the application's secret, pasted by mistake."""
    monkeypatch.setenv("PULLQUOTE_DISCORD__TOKEN", "0123456789abcdef0123456789abcdef")
    code, report, _ = doctor("--offline")
    assert code == 0
    assert any(one["check"] == "token" and one["state"] == "warn" for one in report["findings"])
    assert report["invitation"] is None


def test_every_warning_and_failure_names_a_next_step() -> None:
    """And what is well names none."""
    _, report, _ = doctor()
    assert all(bool(one["next_step"]) is (one["state"] != "ok") for one in report["findings"])


def test_text_says_the_same_as_json(monkeypatch: pytest.MonkeyPatch) -> None:
    """A line for each check, and the invitation at the end."""
    monkeypatch.setenv("PULLQUOTE_DISCORD__TOKEN", TOKEN)
    result = CliRunner().invoke(cli, ["doctor", "--offline"])
    _, report, _ = doctor("--offline")
    assert result.exit_code == 0
    for one in report["findings"]:
        assert one["check"] in result.stdout
    assert result.stdout.rstrip().endswith(report["invitation"])


def test_a_store_with_articles_is_described(tmp_path: Path) -> None:
    """How many, of how many servers, and the encoder that made them."""
    library = open_hashing_library(tmp_path)
    from bot.engine.records.sources import ArticleSource

    library.add_article(7, ArticleSource("A lamp\n\nThe lamp was sold to a museum in Lund.\n"))
    library.close()
    _, report, states = doctor()
    assert states["store"] == "ok"
    assert "articles 1, servers 1" in finding(report, "store")
    assert "the one that made the store" in finding(report, "encoder")


def test_another_encoder_than_the_stores_fails(tmp_path: Path) -> None:
    """With the command that mends it."""
    library = open_hashing_library(tmp_path)
    from bot.engine.records.sources import ArticleSource

    library.add_article(7, ArticleSource("A lamp\n\nThe lamp was sold to a museum in Lund.\n"))
    library.close()
    with closing(sqlite3.connect(tmp_path / "pullquote.sqlite3")) as connection:
        connection.execute("UPDATE encoder SET revision = 'another'")
        connection.commit()
    code, report, states = doctor("--offline")
    assert (code, states["encoder"]) == (1, "fail")
    assert "pullquote migrate --reindex" in finding(report, "encoder")


def test_an_older_store_is_announced_and_left_alone(tmp_path: Path) -> None:
    """Looking upgrades nothing."""
    open_hashing_library(tmp_path).close()
    path = tmp_path / "pullquote.sqlite3"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DELETE FROM schema_version WHERE number = (SELECT max(number) FROM schema_version)")
        connection.commit()
    _, report, states = doctor()
    assert states["schema"] == "warn"
    assert "pullquote migrate" in finding(report, "schema")
    state = examine(path)
    assert state is not None
    assert state.version == state.newest - 1


@pytest.mark.parametrize("damage", ["cut", "overwritten"])
def test_a_damaged_store_fails(tmp_path: Path, damage: str) -> None:
    """A file that lost its end, and one whose middle was overwritten."""
    library = open_hashing_library(tmp_path)
    from bot.engine.records.sources import ArticleSource

    text = "Lamps\n\n" + "\n\n".join(f"Lamp {number} was sold to a museum in Lund." for number in range(900))
    library.add_article(7, ArticleSource(text))
    library.close()
    path = tmp_path / "pullquote.sqlite3"
    content = bytearray(path.read_bytes())
    middle = len(content) // 2
    if damage == "cut":
        content = content[:middle]
    else:
        content[middle : middle + 20_000] = b"\xff" * 20_000
    path.write_bytes(content)
    code, report, states = doctor()
    assert (code, states["store"]) == (1, "fail")
    assert "backup" in finding(report, "store")


def test_another_programs_database_is_left_alone(tmp_path: Path) -> None:
    """It is named as what it is."""
    path = tmp_path / "pullquote.sqlite3"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE theirs (a)")
        connection.commit()
    with pytest.raises(StoreUnavailable, match="another program"):
        examine(path)
    assert doctor()[2]["store"] == "fail"


def test_a_missing_encoder_folder_fails(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A model of the hub is not downloaded to be looked at."""
    monkeypatch.setenv("PULLQUOTE_ENCODER__MODEL", "/nowhere/model")
    assert doctor()[2]["encoder"] == "fail"
    monkeypatch.setenv("PULLQUOTE_ENCODER__MODEL", "somebody/some-model")
    assert doctor()[2]["encoder"] == "warn"


def test_a_folder_that_cannot_be_made_fails(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A file stands where the folder should be made."""
    (tmp_path / "file").write_text("")
    found = {one.check: one.state.value for one in machine.check_machine(Path("/proc/nowhere"), 0)}
    assert found["data folder"] == "fail"


def test_the_limits_of_the_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Few open files and little disk warn, too few fail."""
    resource = pytest.importorskip("resource")
    for limit, state in ((64, "fail"), (256, "warn"), (1024, "ok"), (resource.RLIM_INFINITY, "ok")):
        monkeypatch.setattr(resource, "getrlimit", lambda _, limit=limit: (limit, resource.RLIM_INFINITY))
        found = {one.check: one for one in machine.check_machine(tmp_path, 0)}
        assert found["open files"].state.value == state
    for free, state in ((10**7, "fail"), (5 * 10**8, "warn"), (10**11, "ok")):
        usage = type("Usage", (), {"free": free})
        monkeypatch.setattr(machine.shutil, "disk_usage", lambda _, usage=usage: usage)
        found = {one.check: one for one in machine.check_machine(tmp_path, 0)}
        assert found["disk"].state.value == state
    usage = type("Usage", (), {"free": 10**10})
    monkeypatch.setattr(machine.shutil, "disk_usage", lambda _: usage)
    found = {one.check: one for one in machine.check_machine(tmp_path, 9 * 10**9)}
    assert found["disk"].state.value == "warn"


def test_a_running_bot_and_a_silent_one_are_told_apart(tmp_path: Path) -> None:
    """By the sign of life beside the store."""
    heartbeat = tmp_path / "pullquote.heartbeat"
    heartbeat.write_text(f"{time.time():.0f}\n")
    _, report, states = doctor()
    assert (states["running"], "connected" in finding(report, "running")) == ("ok", True)
    heartbeat.write_text(f"{time.time() - 600:.0f}\n")
    assert doctor()[2]["running"] == "warn"


def test_an_application_is_read_from_its_token() -> None:
    """And nothing from what is none."""
    assert application_of(TOKEN) == APPLICATION
    for text in ("", "abc", "a.b.c", "0123456789abcdef0123456789abcdef", "!!!!!!!!!!!!.b.c", "aGVsbG8gd29ybGQ.b.c"):
        assert application_of(text) is None


def test_commands_are_compared_by_what_members_notice() -> None:
    """Empty values and ids count for nothing; a description, an option or a translation does."""
    ours = {"name": "ask", "type": 1, "description": "Ask", "nsfw": False, "default_member_permissions": 32,
            "options": [{"name": "q", "type": 3, "description": "Q", "required": True}]}  # fmt: skip
    theirs = {**ours, "id": "1", "version": "2", "default_member_permissions": "32", "name_localizations": None}
    assert compare_commands([ours], [theirs]) == []
    assert compare_commands([ours], []) == ["/ask"]
    assert compare_commands([], [{"name": "Do", "type": 3}]) == ["“Do”"]
    assert compare_commands([{**ours, "description_localizations": {"de": "Frag"}}], [theirs]) == ["/ask"]
    assert compare_commands([{**ours, "options": []}], [theirs]) == ["/ask"]
