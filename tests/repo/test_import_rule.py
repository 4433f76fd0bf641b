"""The import rule of ARCHITECTURE.md, checked by reading every module's imports."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

OWNERS = {
    "discord": (
        "bot.client",
        "bot.conversations",
        "bot.events",
        "bot.features",
        "bot.refusals",
        "bot.tree",
        "bot.cogs",
        "bot.ui",
        "bot.doctor",
    ),
    "yarl": ("bot.client", "bot.sandbox", "bot.engine.ingest.fetch"),
    "aiohttp": ("bot.client", "bot.refusals", "bot.doctor", "bot.sandbox", "bot.engine.ingest.fetch"),
    "sqlite3": ("bot.engine.stores",),
    "psycopg": ("bot.engine.stores",),
    "torch": ("bot.engine.encoders",),
    "sentence_transformers": ("bot.engine.encoders",),
    "transformers": ("bot.engine.encoders",),
    "onnxruntime": ("bot.engine.encoders",),
    "pydantic": ("config",),
    "pydantic_settings": ("config",),
    "dotenv": ("config",),
    "click": ("bot.cli",),
}
"""Third-party name → the only places that may import it."""

ADAPTERS = ("bot.engine.encoders", "bot.engine.stores", "bot.engine.ingest.fetch", "bot.engine.ingest.worker")
"""Only wiring names these (and they may name their own siblings)."""

LAYERS = {
    "config": ("config",),
    "bot.__main__": ("bot.cli",),
    "bot.cli": (
        "bot.cli",
        "bot.wiring",
        "bot.log",
        "bot.heartbeat",
        "bot.client",
        "bot.refusals",
        "bot.async_library",
        "bot.async_questions",
        "bot.doctor",
        "bot.engine",
        "bot.sandbox",
        "bot.ui.rights",
        "config",
    ),
    "bot.heartbeat": (),
    "bot.wiring": ("bot.client", "bot.async_library", "bot.async_questions", "bot.engine", "config"),
    "bot.log": ("config",),
    "bot.client": (
        "bot.events",
        "bot.features",
        "bot.refusals",
        "bot.tree",
        "bot.cogs.settings",
        "bot.cogs.welcome",
        "bot.ui",
        "bot.async_library",
        "bot.async_questions",
        "bot.guild_memory",
        "bot.keeping",
        "bot.refreshing",
        "bot.engine",
    ),
    "bot.events": ("bot.ui",),
    "bot.features": ("bot.tree", "bot.cogs", "bot.ui", "bot.async_library", "bot.async_questions", "bot.engine"),
    "bot.refusals": ("bot.ui",),
    "bot.tree": ("bot.ui", "bot.async_library", "bot.engine"),
    "bot.cogs": (
        "bot.ui",
        "bot.conversations",
        "bot.coverage",
        "bot.async_library",
        "bot.async_questions",
        "bot.guild_memory",
        "bot.engine",
    ),
    "bot.conversations": ("bot.ui", "bot.async_questions", "bot.engine"),
    "bot.coverage": ("bot.async_library", "bot.async_questions", "bot.engine"),
    "bot.guild_memory": (),
    "bot.doctor": (
        "bot.doctor",
        "bot.client",
        "bot.async_library",
        "bot.ui",
        "bot.heartbeat",
        "bot.wiring",
        "bot.engine",
        "config",
    ),
    "bot.ui": ("bot.ui", "bot.engine"),
    "bot.async_library": ("bot.lanes", "bot.async_pages", "bot.async_settings", "bot.guests", "bot.engine"),
    "bot.async_pages": ("bot.lanes", "bot.engine"),
    "bot.guests": ("bot.lanes", "bot.engine"),
    "bot.async_settings": ("bot.lanes", "bot.engine"),
    "bot.async_questions": ("bot.lanes", "bot.engine"),
    "bot.keeping": ("bot.async_questions", "bot.engine"),
    "bot.lanes": ("bot.engine",),
    "bot.refreshing": ("bot.async_library", "bot.engine"),
    "bot.sandbox": ("bot.sandbox",),
    "bot.engine": ("bot.engine",),
}
"""Package → what of this project it may import. A cog never imports a cog: checked apart."""


def modules() -> list[tuple[str, Path]]:
    """Every module of ours as (dotted name, path)."""
    found = []
    for path in sorted([*ROOT.glob("bot/**/*.py"), *ROOT.glob("config/**/*.py")]):
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        found.append((name.removesuffix(".__init__"), path))
    return found


def imported_names(path: Path) -> set[str]:
    """Every module name that a file imports, wherever in the file it stands."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative imports hide where a name comes from"
            names |= {f"{node.module}.{alias.name}" for alias in node.names} | {str(node.module)}
    return names


def is_within(name: str, packages: tuple[str, ...]) -> bool:
    """Whether a dotted name is one of the packages or lies in one."""
    return any(name == package or name.startswith(f"{package}.") for package in packages)


@pytest.mark.parametrize(("name", "path"), modules(), ids=lambda value: value if isinstance(value, str) else "")
def test_module_imports_only_what_it_may(name: str, path: Path) -> None:
    """A module imports downwards, third-party names only where they are owned, adapters only from wiring."""
    imports = imported_names(path)
    layer = max((package for package in LAYERS if is_within(name, (package,))), key=len, default=None)
    for other in sorted(imports):
        top = other.split(".")[0]
        if top in OWNERS:
            assert is_within(name, OWNERS[top]), f"{name} imports {top}, which belongs to {OWNERS[top]}"
        if top in ("bot", "config") and other != "bot":
            assert layer is not None, f"{name} has no layer: add it to LAYERS"
            assert is_within(other, LAYERS[layer]), f"{name} may not import {other}"
        if is_within(other, ADAPTERS) and name != "bot.wiring":
            homes = tuple(adapter for adapter in ADAPTERS if is_within(name, (adapter,)))
            assert is_within(other, homes), f"{name} names the adapter {other}"
        if is_within(name, ("bot.cogs",)) and is_within(other, ("bot.cogs",)):
            raise AssertionError(f"{name} imports the cog {other}; what they share belongs in bot.ui or the library")


def test_packages_are_only_a_docstring() -> None:
    """An ``__init__.py`` holds a docstring and nothing else, so that importing a module does no hidden work."""
    for name, path in modules():
        if path.name == "__init__.py":
            body = ast.parse(path.read_text(encoding="utf-8")).body
            assert len(body) == 1, f"{name} holds more than a docstring"
            assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))), f"{name} has no docstring"


def test_engine_imports_without_heavy_or_foreign_libraries() -> None:
    """Importing the library loads neither Discord nor torch nor a database driver nor the settings."""
    code = (
        "import sys, bot.engine.library\n"
        "heavy = {'discord', 'torch', 'sentence_transformers', 'psycopg', 'pydantic_settings', 'aiohttp'}\n"
        "bad = heavy & set(sys.modules)\n"
        "sys.exit(f'loaded: {sorted(bad)}' if bad else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
