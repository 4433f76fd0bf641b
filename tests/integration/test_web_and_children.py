"""The wiring of the fetcher and of the child parser: settings in, behaviour out."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.async_library import AsyncLibrary
from bot.cli.main import cli
from bot.engine.encoders.hashing import HashingEncoder
from bot.engine.errors import Busy, TooLarge
from bot.engine.ingest.worker.parser import ChildParser
from bot.engine.library import Library
from bot.engine.records.sources import AddStatus, ArticleSource
from bot.engine.stores.sqlite import SQLiteStore
from bot.wiring import open_fetcher
from config.settings import Settings, SettingsError, load_settings
from tests.integration.conftest import open_hashing_library

PAGE = b"# The tower\n\nThe tower of Varnby was built in 1742 by the mason Elsa Thorne. It is forty metres high.\n"


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        """Answer with the page."""
        self.server.agents.append(self.headers["User-Agent"])  # type: ignore[attr-defined]
        self.send_response(200 if self.path == "/tower.md" else 404)
        self.send_header("Content-Type", "text/markdown")
        self.send_header("Content-Length", str(len(PAGE)))
        self.end_headers()
        self.wfile.write(PAGE)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- the base class's name
        """Say nothing."""


@contextmanager
def website() -> Iterator[ThreadingHTTPServer]:
    """Serve the page from a thread: the command runs an event loop of its own."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Handler) as server:
        server.agents = []  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


def test_command_line_adds_a_web_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`pullquote add URL` fetches, stores under the address, and finds it again; the setting names the program."""
    with website() as server:
        url = f"http://127.0.0.1:{server.server_port}/tower.md"
        monkeypatch.chdir(tmp_path)
        monkeypatch.setenv("PULLQUOTE_ENCODER__MODEL", "hashing")
        monkeypatch.setenv("PULLQUOTE_FETCH__ALLOWED_HOSTS", json.dumps([f"127.0.0.1:{server.server_port}"]))
        monkeypatch.setenv("PULLQUOTE_FETCH__CONTACT", "mailto:me@example.com")
        folder = ["--data-dir", str(tmp_path), "--json"]
        added = CliRunner().invoke(cli, ["add", url, *folder])
        assert added.exit_code == 0, added.output
        assert json.loads(added.stdout)["status"] == "added"
        assert json.loads(CliRunner().invoke(cli, ["add", url, *folder]).stdout)["status"] == "unchanged"
        missing = CliRunner().invoke(cli, ["add", url + "x", *folder])
        assert (missing.exit_code, "answered 404" in missing.stderr) == (1, True)
        assert all(agent.endswith("(+mailto:me@example.com)") for agent in server.agents)  # type: ignore[attr-defined]
        assert server.agents[0].startswith("Pullquote/")  # type: ignore[attr-defined]


def test_web_can_be_switched_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Then nothing is fetched, and the command says how to go on."""
    monkeypatch.setenv("PULLQUOTE_FETCH__ENABLED", "false")
    result = CliRunner().invoke(cli, ["add", "https://example.com/", "--data-dir", str(tmp_path)])
    assert (result.exit_code, "fetch.enabled" in result.stderr) == (1, True)
    assert open_fetcher(load_settings()) is None


def test_wrong_host_list_is_refused_at_the_start() -> None:
    """A mistake in fetch.allowed_hosts is a wrong setting, named."""
    with pytest.raises(SettingsError, match=r"fetch\.allowed_hosts: 'http://wiki"):
        open_fetcher(load_settings({"fetch": {"allowed_hosts": ["http://wiki.corp"]}}, environ={}))


@pytest.mark.parametrize("contact", ["me\r\nHost: x", "mé", "a" * 201, " "])
def test_contact_cannot_break_a_header(contact: str) -> None:
    """What goes into a header is short ASCII on one line."""
    with pytest.raises(SettingsError, match=r"fetch\.contact"):
        load_settings({"fetch": {"contact": contact}}, environ={})


def test_library_parses_files_in_a_child_of_the_settings(tmp_path: Path) -> None:
    """A file over 64 KB is parsed in a child, within the limits that the settings give."""
    text = "# Tower\n\n" + "".join(
        f"Part {number} of the tower is {number} metres high.\n\n" for number in range(2_000)
    )
    source = ArticleSource(text.encode(), file_name="tower.md", source="tower.md")
    library = open_hashing_library(tmp_path)
    calls: list[tuple[int, int]] = []
    try:
        report = library.add_article(0, source, progress=lambda done, total: calls.append((done, total)))
    finally:
        library.close()
    assert (report.status, report.passages) == (AddStatus.ADDED, 2_000)
    assert calls[0] == (0, 0)
    assert calls[-1] == (2_000, 2_000)
    library = open_hashing_library(tmp_path / "small", ingest={"child_seconds": 1, "max_lines": 1_000})
    try:
        with pytest.raises(TooLarge):
            library.add_article(0, source)
    finally:
        library.close()


async def test_closing_ends_a_file_that_is_read(tmp_path: Path) -> None:
    """A bot that is stopped does not wait for a hostile file: the child is killed, the member told, nothing stored."""
    store = SQLiteStore.open(tmp_path / "pullquote.sqlite3")
    parser = ChildParser(target="tests.unit.worker.hostile:sleep_for_ever")
    library = AsyncLibrary(Library(store, HashingEncoder(), parser=parser))
    reading = asyncio.Event()
    adding = asyncio.create_task(
        library.add_article(1, ArticleSource(b"\x01", file_name="a.pdf"), progress=lambda *_: reading.set())
    )
    await reading.wait()
    started = time.monotonic()
    await library.close()
    assert time.monotonic() - started < 10
    with pytest.raises(Busy, match="shutting down"):
        await adding
    again = SQLiteStore.open(tmp_path / "pullquote.sqlite3")
    assert again.list_articles(1) == []
    again.close()


def test_child_needs_nothing_heavy() -> None:
    """What a child loads before it reads is small: no numpy, no torch, no Discord, no network library."""
    code = (
        "import sys, bot.engine.ingest.worker.child\n"
        "heavy = {'numpy', 'torch', 'discord', 'aiohttp', 'asyncio', 'pydantic', 'sqlite3', 'ssl'}\n"
        "sys.exit(f'loaded: {sorted(heavy & set(sys.modules))}' if heavy & set(sys.modules) else 0)"
    )
    root = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_settings_of_the_fetcher_have_variables() -> None:
    """A list in the environment is JSON."""
    settings: Settings = load_settings(environ={"PULLQUOTE_FETCH__ALLOWED_HOSTS": '["wiki.corp", "10.0.0.0/8"]'})
    assert settings.fetch.allowed_hosts == ["wiki.corp", "10.0.0.0/8"]
