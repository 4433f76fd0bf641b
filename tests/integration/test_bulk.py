"""Many sources at once in the terminal, and refreshing: real files, a real website, real kills."""

from __future__ import annotations

import gzip
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from bot.cli.main import cli
from bot.engine.stores.sqlite import SQLiteStore

ROOT = Path(__file__).parents[2]
STORE = "store/pullquote.sqlite3"


class Website(ThreadingHTTPServer):
    """Serves ``pages`` (path → media type, text) with an ETag of their text; ``asked`` holds path and condition."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.pages: dict[str, tuple[str, str | bytes]] = {}
        self.asked: list[tuple[str, str | None]] = []

    def url(self, path: str) -> str:
        """The address of a path."""
        return f"http://127.0.0.1:{self.server_port}{path}"


class _Handler(BaseHTTPRequestHandler):
    server: Website

    def do_GET(self) -> None:
        """Answer with a page, "not modified" or 404."""
        condition = self.headers["If-None-Match"]
        if self.path != "/robots.txt":
            self.server.asked.append((self.path, condition))
        media_type, text = self.server.pages.get(self.path, ("", ""))
        data = text if isinstance(text, bytes) else text.encode()
        etag = f'"{hash(text)}"'
        status = 404 if not text else 304 if condition == etag else 200
        self.send_response(status)
        self.send_header("ETag", etag)
        self.send_header("Content-Type", media_type or "text/plain")
        self.send_header("Content-Length", str(len(data) if status == 200 else 0))
        self.end_headers()
        if status == 200:
            self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- the base class's name
        """Say nothing."""


@pytest.fixture
def website() -> Iterator[Website]:
    """A website in a thread: the command runs an event loop of its own."""
    with Website() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture(autouse=True)
def _own_environment(tmp_path: Path, website: Website, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("PULLQUOTE_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PULLQUOTE_STORE__URL", f"sqlite:///{tmp_path / STORE}")
    monkeypatch.setenv("PULLQUOTE_ENCODER__MODEL", "hashing")
    monkeypatch.setenv("PULLQUOTE_FETCH__ALLOWED_HOSTS", json.dumps([f"127.0.0.1:{website.server_port}"]))
    monkeypatch.setenv("PULLQUOTE_FETCH__PER_GUILD_PER_HOUR", "1")
    monkeypatch.chdir(tmp_path)


def text(name: str, extra: str = "") -> str:
    """An article of two passages."""
    return (
        f"# The {name}\n\nThe {name} was built in 1742 by Elsa Thorne.\n\nThe {name} stands forty metres high.\n{extra}"
    )


def pullquote(*arguments: str, code: int = 0) -> Result:
    """Run the command in this process and check its exit code."""
    result = CliRunner().invoke(cli, arguments)
    assert result.exit_code == code, f"{result.output}\n{result.exception!r}"
    return result


def run_json(*arguments: str, code: int = 0) -> Any:
    """Run the command with --json and read what it prints."""
    return json.loads(pullquote(*arguments, "--json", code=code).stdout)


def fill(folder: Path) -> None:
    """Three articles, one of them deeper, one file that cannot be read, and what is no article."""
    (folder / "deep").mkdir(parents=True)
    (folder / ".hidden").mkdir()
    (folder / "a.md").write_text(text("tower"))
    (folder / "b.TXT").write_text(text("bridge"))
    (folder / "deep" / "c.md").write_text(text("harbour"))
    (folder / "d.pdf").write_bytes(b"no pdf")
    (folder / "picture.png").write_bytes(b"x")
    (folder / ".hidden" / "e.md").write_text(text("secret"))
    (folder / ".f.md").write_text(text("other secret"))


def test_a_folder_is_added_whole(tmp_path: Path) -> None:
    """Every file of a known kind gets its line; the one that fails is listed, stops none, and makes the exit code 1."""
    fill(tmp_path / "in")
    result = pullquote("add", "in", code=1)
    lines = result.stdout.splitlines()
    assert [line.split()[:2] for line in lines[:-1]] == [
        ["1/4", "added"],
        ["2/4", "added"],
        ["3/4", "failed"],
        ["4/4", "added"],
    ]
    assert "d.pdf: That file is not a PDF file" in lines[2]
    assert lines[-1] == "4 sources: 3 added, 1 failed."
    again = run_json("add", "in", code=1)
    assert again["counts"] == {"failed": 1, "unchanged": 3}
    (tmp_path / "in" / "d.pdf").unlink()
    (tmp_path / "in" / "a.md").write_text(text("tower", "\nA lift was built in 1999 for visitors.\n"))
    assert "updated    The tower (article 1, +1 passages)" in pullquote("add", "in").stdout


def test_a_list_is_added(tmp_path: Path, website: Website) -> None:
    """Paths count from the list's folder, addresses are fetched without an hourly limit, comments are none."""
    (tmp_path / "lists").mkdir()
    (tmp_path / "lists" / "a.md").write_text(text("tower"))
    for name in ("bridge", "harbour"):
        website.pages[f"/{name}.md"] = ("text/markdown", text(name))
    entries = [
        "# mine",
        "a.md",
        "",
        website.url("/bridge.md"),
        website.url("/harbour.md"),
        website.url("/gone"),
        "a.md",
    ]
    (tmp_path / "lists" / "list.txt").write_text("\n".join(entries))
    found = run_json("add", "--from-list", "lists/list.txt", code=1)
    assert found["counts"] == {"added": 3, "failed": 1}
    assert [item["status"] for item in found["items"]] == ["added", "added", "added", "failed"]
    assert "answered 404" in found["items"][3]["problem"]
    website.asked.clear()
    assert run_json("add", "--from-list", "lists/list.txt", code=1)["counts"] == {"failed": 1, "unchanged": 3}
    assert all(condition for path, condition in website.asked if path != "/gone"), "what is stored is asked for by ETag"


def test_a_feed_and_a_sitemap_are_added(tmp_path: Path, website: Website) -> None:
    """Both are read from an address or a file; an index of sitemaps is followed."""
    for name in ("tower", "bridge"):
        website.pages[f"/{name}.md"] = ("text/markdown", text(name))
    item = f"<item><link>{website.url('/tower.md')}</link></item>"
    website.pages["/feed"] = ("application/rss+xml", f'<rss version="2.0"><channel>{item}</channel></rss>')
    website.pages["/s.xml"] = ("text/xml", f"<urlset><url><loc>{website.url('/bridge.md')}</loc></url></urlset>")
    (tmp_path / "index.xml").write_text(
        f"<sitemapindex><sitemap><loc>{website.url('/s.xml')}</loc></sitemap></sitemapindex>"
    )
    assert "Added: The tower (article 1)" in pullquote("add", "--from-feed", website.url("/feed")).stdout
    assert [item["title"] for item in run_json("list")["articles"]] == ["The tower"]
    assert run_json("add", "--from-feed", "index.xml")["counts"] == {"added": 1}
    for name, kind in (("harbour", "application/x-gzip"), ("market", "application/octet-stream")):
        website.pages[f"/{name}.md"] = ("text/markdown", text(name))
        sitemap = f"<urlset><url><loc>{website.url(f'/{name}.md')}</loc></url></urlset>"
        website.pages["/s.xml.gz"] = (kind, gzip.compress(sitemap.encode()))
        assert run_json("add", "--from-feed", website.url("/s.xml.gz"))["counts"] == {"added": 1}
    assert "cannot be read" in pullquote("add", website.url("/s.xml.gz"), code=1).stderr
    assert "neither an RSS" in pullquote("add", "--from-feed", website.url("/tower.md"), code=1).stderr
    assert "no article but text/xml" in pullquote("add", website.url("/s.xml"), code=1).stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "Give one of"),
        (("a.md", "--from-list", "b"), "Give one of"),
        (("--from-feed", "x", "--from-list", "b"), "Give one of"),
        ((".", "--title", "T"), "--title is for one"),
    ],
)
def test_wrong_use_is_said(arguments: tuple[str, ...], said: str) -> None:
    """Exactly one kind of source, and a title for one article only."""
    assert said in pullquote("add", *arguments, code=2).stderr


def test_an_empty_folder_is_said(tmp_path: Path) -> None:
    """A folder without an article is a mistake, not a success."""
    (tmp_path / "in").mkdir()
    assert "nothing to add" in pullquote("add", "in", code=2).stderr


@pytest.mark.skipif(sys.platform == "win32", reason="kills with a signal")
def test_a_killed_run_goes_on_where_it_was(tmp_path: Path) -> None:
    """After a kill, running the command again leaves what is stored as it is and adds the rest."""
    (tmp_path / "in").mkdir()
    for number in range(40):
        (tmp_path / "in" / f"{number:02d}.md").write_text(text(f"tower number {number}"))
    command = [sys.executable, "-m", "bot", "add", str(tmp_path / "in")]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        for _ in range(3):
            assert b"added" in child.stdout.readline()
        child.send_signal(signal.SIGKILL)
    with closing(SQLiteStore.open(tmp_path / STORE)) as store:
        held = len(store.list_articles(0))
        assert store.check() == []
    assert held >= 3
    counts = run_json("add", "in")["counts"]
    assert counts.get("unchanged", 0) == held
    assert sum(counts.values()) == 40
    assert len(run_json("list")["articles"]) == 40


def test_refresh_brings_articles_up(tmp_path: Path, website: Website) -> None:
    """Unchanged by ETag, updated with what changed, failed with the old text kept and the reason shown."""
    for name in ("tower", "bridge", "harbour"):
        website.pages[f"/{name}.md"] = ("text/markdown", text(name))
        pullquote("add", website.url(f"/{name}.md"))
    (tmp_path / "a.md").write_text(text("castle"))
    pullquote("add", "a.md")
    website.pages["/bridge.md"] = ("text/markdown", text("bridge", "\nA lift was built in 1999 for visitors.\n"))
    del website.pages["/harbour.md"]
    lines = pullquote("refresh", "--all", code=1).stdout.splitlines()
    assert [line.split()[1] for line in lines[:3]] == ["unchanged", "updated", "failed"]
    assert "+1 passages" in lines[1]
    assert "answered 404" in lines[2]
    shown = run_json("show", "3")
    assert "stands forty metres" in shown["text"]
    assert "answered 404" in shown["problem"]
    assert "Last refresh" in pullquote("show", "3").stdout
    assert (run_json("show", "2")["revision"], run_json("show", "1")["revision"]) == (2, 1)
    assert "as of " in pullquote("ask", "Who built the bridge in 1742?").stdout
    assert "The article stays as it is" in pullquote("refresh", "3", code=1).stderr
    assert "did not come from a web address" in pullquote("refresh", "4", code=1).stderr
    pullquote("refresh", code=2)


def test_rename(tmp_path: Path) -> None:
    """A title can be changed; the list shows it."""
    (tmp_path / "a.md").write_text(text("tower"))
    pullquote("add", "a.md")
    assert run_json("rename", "1", "Old  tower") == {"id": 1, "title": "Old tower", "status": "renamed"}
    assert "Old tower" in pullquote("list").stdout


def test_details_are_shown(tmp_path: Path) -> None:
    """What a page says of itself stands in list, show and under a quote."""
    page = (
        "<html lang=en><head><title>The tower</title><meta name=author content='Ada Brandt'>"
        "<meta property='og:site_name' content='The Ferry'>"
        "<meta property='article:published_time' content='2025-02-14'>"
        "</head><body><article><h1>The tower</h1>"
        + "".join(
            f"<p>The tower number {n} was built in 1742 by the mason Elsa Thorne, and it stands there still.</p>"
            for n in range(9)
        )
        + "</article></body></html>"
    )
    (tmp_path / "a.html").write_text(page)
    pullquote("add", "a.html")
    details = run_json("list")["articles"][0]["details"]
    assert (details["author"], details["site"], details["published"]) == ("Ada Brandt", "The Ferry", "2025-02-14")
    assert "Ada Brandt, The Ferry, 2025-02-14" in pullquote("show", "1").stdout
    assert "Ada Brandt, The Ferry, 2025-02-14, ¶" in pullquote("ask", "Who built the tower number 3?").stdout
