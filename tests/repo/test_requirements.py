"""What Pullquote declares is what it imports, and the lock pins all of it, extras of extras included."""

from __future__ import annotations

import ast
import sys
import tomllib
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]

# Imported by name, installed by a package that is declared and whose public interface they are.
COME_WITH = {
    "yarl": "aiohttp",
    "pydantic": "pydantic-settings",
    "torch": "sentence-transformers",
    "transformers": "sentence-transformers",
    "huggingface_hub": "sentence-transformers",
}

# pip freeze leaves it out below Python 3.12, where every virtual environment already holds it.
MADE_WITH_THE_ENVIRONMENT = {"setuptools"}


def declared(*groups: str) -> list[Requirement]:
    """Return the requirements of pyproject.toml, with those of the optional groups named."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lines = project["dependencies"] + [line for group in groups for line in project["optional-dependencies"][group]]
    return [Requirement(line) for line in lines]


def pinned() -> dict[str, str]:
    """Return the versions of requirements.lock by canonical name."""
    lines = (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines()
    return {canonicalize_name(name): version for name, _, version in (li.partition("==") for li in lines if "==" in li)}


def closure(requirements: list[Requirement]) -> dict[str, Requirement]:
    """Return all that these requirements pull in on this machine, by canonical name.

    Extras are compared by their canonical names, as the packaging standard says; pip before 23.3 does not, and so
    leaves out ``lxml[html_clean]``: what this finds missing is missing on such a machine too.
    """
    found: dict[str, Requirement] = {}
    seen: set[tuple[str, frozenset[str]]] = set()
    waiting = list(requirements)
    while waiting:
        requirement = waiting.pop()
        name = canonicalize_name(requirement.name)
        extras = frozenset(canonicalize_name(extra) for extra in requirement.extras)
        found.setdefault(name, requirement)
        if (name, extras) in seen:
            continue
        seen.add((name, extras))
        for line in metadata.distribution(name).requires or ():
            needed = Requirement(line)
            marker = needed.marker
            if marker is None or any(marker.evaluate({"extra": extra}) for extra in {"", *extras}):
                waiting.append(needed)
    return found


def imported(folder: str) -> dict[str, str]:
    """Return the top-level third-party modules that a folder's files import, each with one file that does."""
    found: dict[str, str] = {}
    for path in sorted((ROOT / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names: list[str] = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
                names = [node.module]
            for name in names:
                top = name.partition(".")[0]
                if top not in sys.stdlib_module_names and top not in {"bot", "config"}:
                    found.setdefault(top, str(path.relative_to(ROOT)))
    return found


def test_lock_pins_everything_that_is_needed() -> None:
    """Whatever the declared packages pull in has its line in the lock, at the version that is installed."""
    pins = pinned()
    needed = {name: r for name, r in closure(declared("dev")).items() if name not in MADE_WITH_THE_ENVIRONMENT}
    assert sorted(needed.keys() - pins.keys()) == []
    assert {name: metadata.version(name).partition("+")[0] for name in needed} == {name: pins[name] for name in needed}


def test_declared_bounds_hold_for_the_pins() -> None:
    """No pin lies outside the bounds that pyproject.toml gives."""
    pins = pinned()
    outside = [str(r) for r in declared("dev") if not r.specifier.contains(pins[canonicalize_name(r.name)])]
    assert outside == []


def test_every_import_is_declared() -> None:
    """The bot imports nothing that only happens to be there: each module's package is in pyproject.toml."""
    names = {canonicalize_name(requirement.name) for requirement in declared()}
    owners = metadata.packages_distributions()
    stray = {
        module: path
        for module, path in {**imported("bot"), **imported("config")}.items()
        if COME_WITH.get(module, "-") not in names
        and not names & {canonicalize_name(owner) for owner in owners.get(module, [module])}
    }
    assert stray == {}
