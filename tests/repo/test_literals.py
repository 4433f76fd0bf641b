"""No sentence that a member sees is written anywhere but in a module of words."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.repo.sentences import GAPS, ROOT

SEEN = frozenset({"label", "placeholder", "description", "title", "text", "content"})
"""Keywords whose values people read."""
UNSEEN_CALLS = frozenset(
    {"debug", "info", "warning", "error", "exception", "log", "sentence_for", "compile", "create_task", "link"}
)
"""What goes to the log, to a pattern, or is the name of a task or a command."""
PROGRAMMING = frozenset({"ValueError", "TypeError", "RuntimeError", "AssertionError"})
_WORDS = re.compile(r"[A-Za-z]{2,}[,:]? [A-Za-z]{2,}")


def sources() -> list[Path]:
    """Every module that makes what members see, the words apart."""
    paths = [*sorted((ROOT / "bot/cogs").glob("*.py")), *sorted((ROOT / "bot/ui").glob("*.py"))]
    return [*(path for path in paths if not path.stem.endswith("words")), ROOT / "bot/tree.py"]


def literals(path: Path) -> Iterator[str]:
    """Yield each literal that a member may be shown, with its place."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    hidden = _hidden(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in hidden:
            if _WORDS.search(node.value):
                yield f"{path.name}:{node.lineno}: {node.value[:60]!r}"
        elif isinstance(node, ast.keyword) and node.arg in SEEN and _has_letters(node.value):
            yield f"{path.name}:{node.value.lineno}: {node.arg}={ast.unparse(node.value)[:60]}"


def _has_letters(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and any(map(str.isalpha, node.value))


def _hidden(tree: ast.Module) -> set[int]:
    """The ids of docstrings, and of all that goes to the log, to a pattern or to a programmer."""
    hidden: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            hidden.add(id(node.value))
        elif isinstance(node, ast.Call) and _name(node.func) in UNSEEN_CALLS | PROGRAMMING:
            hidden |= {id(part) for part in ast.walk(node)}
        elif isinstance(node, ast.Assert) and node.msg is not None:
            hidden.add(id(node.msg))
        elif isinstance(node, ast.AnnAssign | ast.arg) and node.annotation is not None:
            hidden |= {id(part) for part in ast.walk(node.annotation)}
    return hidden


def _name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


@pytest.mark.parametrize("path", sources(), ids=lambda path: f"{path.parent.name}.{path.stem}")
def test_no_sentence_stands_outside_the_words(path: Path) -> None:
    """Texts, labels, titles, placeholders and descriptions come from a module of words."""
    found = list(literals(path))
    if found and path.name in GAPS["files"]:
        pytest.xfail(f"known: {found}")
    assert not found


def test_the_test_sees_what_it_should(tmp_path: Path) -> None:
    """A sentence, an f-string's piece and a label are found; docstrings, the log and errors of ours are not."""
    source = tmp_path / "sample.py"
    source.write_text(
        '"""A docstring of words."""\n'
        'log.info("to the log only")\n'
        'raise ValueError("for a programmer")\n'
        'send("Hello dear member")\n'
        'send(f"{x} more than that")\n'
        'Button(label="Press")\n'
        'Button(label="…", custom_id="ask button")\n'
    )
    found = list(literals(source))
    assert sorted(line.split(":")[1] for line in found) == ["4", "5", "6", "7"]


def test_every_form_translates_itself() -> None:
    """A modal is not made of cards, so its ``__init__`` ends with translate_modal."""
    for path in sources():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef) and any(_name(base) == "Modal" for base in node.bases):
                called = {_name(call.func) for call in ast.walk(node) if isinstance(call, ast.Call)}
                known = path.name in GAPS["files"]
                assert "translate_modal" in called or known, f"{path.name}: {node.name} does not translate itself"
