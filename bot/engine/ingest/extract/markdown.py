"""Markdown: the words of its blocks without the mark-up, kinds kept apart."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from bot.engine.ingest.characters import is_visible
from bot.engine.ingest.extract.markup import find_words
from bot.engine.records import LEFT_OUT, Line, LineLabel

_FRONT_MATTER = re.compile(
    r"(?P<mark>---|\+\+\+)[ \t]*\n(?P<fields>(?:(?:[\w.-]+[ \t]*[:=]|[ \t]|- |\#|[\]})]).*\n|\n)*)"
    r"(?:(?P=mark)|\.\.\.)[ \t]*(?:\n|\Z)"
)
_FRONT_TITLE = re.compile(r"^title[ \t]*[:=][ \t]*(.+?)[ \t]*$", re.MULTILINE | re.IGNORECASE)
_BREAK = re.compile(r"<br\b", re.IGNORECASE)
_DEEPEST = 100
_LONGEST_INLINE = 20_000
"""A paragraph of more characters is taken as it is: the parser of inline mark-up is not linear on every input."""


@dataclass(frozen=True, slots=True)
class _Piece:
    label: LineLabel
    text: str
    number: int
    level: int = 0


def extract_markdown(source: str, title: str | None) -> tuple[str | None, str, tuple[Line, ...]]:
    """Return the title, the text, and its lines: the blocks' words, parted by blank lines, each block a line.

    Line numbers are the source's. The title is the one given, else that of the front matter, else the first heading of
    level 1. A heading that says the title and has no text before it is the title's line.
    """
    source = source.replace("\r\n", "\n").replace("\r", "\n")
    front = _FRONT_MATTER.match(source)
    skipped = source.count("\n", 0, front.end()) if front else 0
    if front and title is None and (named := _FRONT_TITLE.search(front["fields"])):
        title = named.group(1).strip("\"'") or None
    pieces = list(_pieces(_parser().parse(source[front.end() :] if front else source)))
    if title is None:
        title = next((piece.text for piece in pieces if piece.level == 1), None)
    text, lines = _assemble(pieces, _find_title(pieces, title), skipped)
    return title, text, lines


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": True, "maxNesting": _DEEPEST}).enable("table")
    parser.core.ruler.at("inline", _parse_inline)
    return parser


def _parse_inline(state: StateCore) -> None:
    for token in state.tokens:
        if token.type != "inline":
            continue
        token.children = []
        if len(token.content) <= _LONGEST_INLINE:
            state.md.inline.parse(token.content, state.md, state.env, token.children)
        else:
            token.children.append(Token("text", "", 0, content=token.content))


def _assemble(pieces: Sequence[_Piece], title: int | None, skipped: int) -> tuple[str, tuple[Line, ...]]:
    text: list[str] = []
    lines: list[Line] = []
    at = 0
    for index, piece in enumerate(pieces):
        if text:
            text.append("\n\n")
            at += 2
        label, level = (LineLabel.TITLE, 0) if index == title else (piece.label, piece.level)
        text.append(piece.text)
        lines.append(Line(piece.number + skipped, at, at + len(piece.text), label, level))
        at += len(piece.text)
    return "".join(text), tuple(lines)


def _find_title(pieces: Sequence[_Piece], title: str | None) -> int | None:
    """Return the index of the heading that says the title, where nothing but pictures stands before it."""
    first = next((index for index, piece in enumerate(pieces) if piece.label not in LEFT_OUT), None)
    if first is None or title is None or pieces[first].label is not LineLabel.HEADING:
        return None
    return first if pieces[first].text.casefold() == " ".join(title.split()).casefold() else None


def _pieces(tokens: Sequence[Token]) -> Iterator[_Piece]:
    for piece in _raw_pieces(tokens):
        words = piece.text.strip()
        if is_visible(words):
            yield _Piece(piece.label, words, piece.number, piece.level)


def _raw_pieces(tokens: Sequence[Token]) -> Iterator[_Piece]:
    containers: list[str] = []
    row: list[str] = []
    number = 1
    for token in tokens:
        if token.map:
            number = token.map[0] + 1
        if token.type in ("list_item_open", "blockquote_open", "heading_open"):
            containers.append(token.tag)
        elif token.type in ("list_item_close", "blockquote_close", "heading_close"):
            containers.pop()
        elif token.type in ("th_open", "td_open"):
            row.append("")
        elif token.type == "tr_close":
            yield _Piece(LineLabel.TABLE_ROW, " | ".join(row) if any(map(is_visible, row)) else "", number)
            row = []
        elif token.type in ("fence", "code_block"):
            yield _Piece(LineLabel.CODE, token.content, number)
        elif token.type == "html_block":
            for words in find_words(token.content):
                yield _Piece(_kind(containers), words, number)
        elif token.type == "inline" and row:
            row[-1] = _words(token)
        elif token.type == "inline":
            yield from _inline_pieces(token, containers, number)


def _inline_pieces(token: Token, containers: Sequence[str], number: int) -> Iterator[_Piece]:
    words = _words(token)
    if containers and containers[-1].startswith("h"):
        yield _Piece(LineLabel.HEADING, " ".join(words.split()), number, int(containers[-1][1:]))
    else:
        yield _Piece(_kind(containers), words, number)
    for child in token.children or []:
        if child.type == "image":
            yield _Piece(LineLabel.ALT, child.content, number)


def _kind(containers: Sequence[str]) -> LineLabel:
    innermost = containers[-1] if containers else ""
    return {"li": LineLabel.LIST_ITEM, "blockquote": LineLabel.BLOCK_QUOTE}.get(innermost, LineLabel.PARAGRAPH)


def _words(token: Token) -> str:
    """Return the words of an inline token: link texts stay, addresses, pictures and tags go."""
    parts = []
    for child in token.children or []:
        if child.type in ("text", "code_inline"):
            parts.append(child.content)
        elif child.type in ("softbreak", "hardbreak"):
            parts.append("\n" if child.type == "hardbreak" else " ")
        elif child.type == "html_inline" and _BREAK.match(child.content):
            parts.append("\n")
    return "".join(parts)
