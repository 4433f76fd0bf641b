"""Finds every sentence that members can be shown, by reading the code: what a complete catalog has to hold."""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path

ROOT = Path(__file__).parents[2]
GAPS = tomllib.loads((ROOT / "tests/data/translation/known_gaps.toml").read_text(encoding="utf-8"))
"""What is known not to be translated yet."""

OPERATORS = frozenset({"DISCORD_REFUSES_LOGIN", "CONTENT_REFUSED", "NEEDS_INTENT", "CONNECTION_BROKE", "UNREACHABLE"})
"""Constants of the words that are printed in the operator's terminal and never shown in Discord."""
OPERATOR_FUNCTIONS = frozenset({"connection_refused", "not_loopback"})
SAYING, COUNTING = {"say"}, {"count", "count_of"}
ERRORS = frozenset(
    {"BadQuery", "NotFound", "Ambiguous", "FetchFailed", "ExtractFailed", "TooLarge", "LibraryFull", "Unsupported"}
    | {"EncoderMismatch", "EncoderUnavailable", "StoreUnavailable", "Busy"}
)


@dataclass
class Sentences:
    """The English sentences of some modules: whole ones, ones with fields, and pairs by their plural."""

    sentences: set[str] = field(default_factory=set)
    plurals: dict[str, str] = field(default_factory=dict)
    fragments: list[str] = field(default_factory=list)
    """Places where a sentence is made in a way that no catalog can translate."""


def words_modules() -> dict[str, Path]:
    """Every module of words by its name."""
    return {path.stem: path for path in sorted((ROOT / "bot/ui").glob("*words.py"))}


def read_words(path: Path) -> Sentences:
    """Read a module of words: its constants, and what its functions say."""
    found = Sentences()
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign | ast.AnnAssign):
            names = [node.target] if isinstance(node, ast.AnnAssign) else node.targets
            if not any(isinstance(name, ast.Name) and name.id in OPERATORS for name in names):
                _read_constant(path, node, found)
        elif isinstance(node, ast.FunctionDef) and node.name not in OPERATOR_FUNCTIONS:
            _read_function(path, node, found)
    return found


def _read_constant(path: Path, node: ast.Assign | ast.AnnAssign, found: Sentences) -> None:
    module = import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    for target in targets:
        if isinstance(target, ast.Name):
            found.sentences |= set(_texts(getattr(module, target.id)))


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        if any(character.isalpha() for character in value):
            yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, tuple | list | set | frozenset):
        for item in value:
            yield from _texts(item)


def _read_function(path: Path, function: ast.FunctionDef, found: Sentences) -> None:
    spoken: set[int] = set()
    for node in ast.walk(function):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            continue
        texts = [constant.value for constant in node.args if isinstance(constant, ast.Constant)]
        if node.func.id in SAYING and texts:
            found.sentences.add(str(texts[0]))
        elif node.func.id in COUNTING and len(texts) >= 2:
            found.plurals[str(texts[1])] = str(texts[0])
        else:
            continue
        spoken |= {id(part) for argument in node.args for part in ast.walk(argument)}
    for node in ast.walk(function):
        if isinstance(node, ast.JoinedStr) and id(node) not in spoken:
            letters = "".join(part.value for part in node.values if isinstance(part, ast.Constant))
            if any(character.isalpha() for character in letters):
                found.fragments.append(f"{path.name}:{node.lineno}: {letters!r} is not said with say() or count()")


@dataclass(frozen=True)
class Failure:
    """A sentence of the engine with ``{0}``, ``{1}`` … for its values, and where it is raised."""

    module: str
    template: str

    def filled(self) -> str:
        """The sentence as somebody may read it."""
        count = self.template.count("{")
        return self.template.format(*(f"value-{number}" for number in range(count)))


def engine_failures() -> list[Failure]:
    """Every sentence that an error of the engine is raised with."""
    apart = ("async_library", "async_pages", "lanes")
    paths = [*sorted((ROOT / "bot/engine").rglob("*.py")), *(ROOT / f"bot/{name}.py" for name in apart)]
    return [failure for path in paths for failure in _failures(path)]


def _failures(path: Path) -> Iterator[Failure]:
    name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ERRORS and node.args:
            template = _template(name, node.args[0])
            if template:
                yield Failure(name, template)


def _template(module: str, node: ast.expr) -> str | None:
    """Return a sentence with numbers for its values; constants of the module are put in."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value.replace("{", "{{").replace("}", "}}")
    if isinstance(node, ast.Name):
        known = getattr(import_module(module), node.id, None)
        return known if isinstance(known, str) else None
    if not isinstance(node, ast.JoinedStr):
        return None
    text, fields = "", 0
    for part in node.values:
        if isinstance(part, ast.Constant):
            text += str(part.value)
            continue
        assert isinstance(part, ast.FormattedValue)
        known = getattr(import_module(module), part.value.id, None) if isinstance(part.value, ast.Name) else None
        if isinstance(known, str):
            text += known
        else:
            text += f"{{{fields}}}"
            fields += 1
    return text
