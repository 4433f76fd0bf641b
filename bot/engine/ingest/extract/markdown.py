"""Markdown: the words of its blocks, without the mark-up, kinds kept apart. Raw HTML is dropped."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.token import Token

from bot.engine.records import Line, LineLabel

_FRONT_MATTER = re.compile(r"\A---[ \t]*\r?\n(.*?)\r?\n(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.DOTALL)
_FRONT_TITLE = re.compile(r"^title:[ \t]*(.+?)[ \t]*$", re.MULTILINE | re.IGNORECASE)
_DEEPEST = 20


@dataclass(frozen=True, slots=True)
class _Piece:
    label: LineLabel
    text: str
    number: int
    level: int = 0


def extract_markdown(source: str, title: str | None) -> tuple[str | None, str, tuple[Line, ...]]:
    """Return the title (given, of the front matter, or the first heading of level 1), the text, and its lines.

    The text is the blocks' words, parted by blank lines; each line is a span of it. Line numbers are the source's.
    """
    front = _FRONT_MATTER.match(source)
    offset = source.count("\n", 0, front.end()) if front else 0
    if front and title is None and (named := _FRONT_TITLE.search(front.group(1))):
        title = named.group(1).strip("\"'") or None
    parser = MarkdownIt("commonmark", {"html": True, "maxNesting": _DEEPEST}).enable("table")
    tokens = parser.parse(source[front.end() :] if front else source)
    text: list[str] = []
    lines: list[Line] = []
    at = 0
    for piece in _pieces(tokens):
        words = piece.text.strip()
        if not words:
            continue
        label = piece.label
        if label is LineLabel.HEADING and LineLabel.TITLE not in {line.label for line in lines[:1]} and not lines:
            is_title = title is None if piece.level == 1 else False
            if is_title or (title is not None and " ".join(words.split()) == " ".join(title.split())):
                title, label = title or words, LineLabel.TITLE
        if text:
            text.append("\n\n")
            at += 2
        text.append(words)
        level = piece.level if label is LineLabel.HEADING else 0
        lines.append(Line(piece.number + offset, at, at + len(words), label, level))
        at += len(words)
    return title, "".join(text), tuple(lines)


def _pieces(tokens: Sequence[Token]) -> Iterator[_Piece]:
    containers: list[str] = []
    row: list[str] = []
    number = 1
    for token in tokens:
        if token.map:
            number = token.map[0] + 1
        if token.type in ("list_item_open", "blockquote_open"):
            containers.append(token.type)
        elif token.type in ("list_item_close", "blockquote_close"):
            containers.pop()
        elif token.type == "heading_open":
            containers.append(f"heading {token.tag[1:]}")
        elif token.type == "heading_close":
            containers.pop()
        elif token.type in ("th_open", "td_open"):
            row.append("")
        elif token.type == "tr_close":
            yield _Piece(LineLabel.TABLE_ROW, " | ".join(row), number)
            row = []
        elif token.type in ("fence", "code_block"):
            yield _Piece(LineLabel.CODE, token.content.rstrip("\n"), number)
        elif token.type == "inline" and row:
            row[-1] = _words(token)
        elif token.type == "inline":
            yield from _inline_pieces(token, containers[-1] if containers else "", number)


def _inline_pieces(token: Token, container: str, number: int) -> Iterator[_Piece]:
    words = _words(token)
    if words.strip():
        if container.startswith("heading"):
            yield _Piece(LineLabel.HEADING, " ".join(words.split()), number, int(container[-1]))
        elif container == "list_item_open":
            yield _Piece(LineLabel.LIST_ITEM, words, number)
        elif container == "blockquote_open":
            yield _Piece(LineLabel.BLOCK_QUOTE, words, number)
        else:
            yield _Piece(LineLabel.PARAGRAPH, words, number)
    for child in token.children or []:
        if child.type == "image" and child.content.strip():
            yield _Piece(LineLabel.ALT, child.content, number)


def _words(token: Token) -> str:
    """Return the words of an inline token: link texts stay, addresses, pictures and raw HTML go."""
    parts = []
    for child in token.children or []:
        if child.type in ("text", "code_inline"):
            parts.append(child.content)
        elif child.type in ("softbreak", "hardbreak"):
            parts.append("\n" if child.type == "hardbreak" else " ")
    return "".join(parts)
