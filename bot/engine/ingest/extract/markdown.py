"""Markdown: the words of its blocks without the mark-up, kinds kept apart."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from bot.engine.ingest.characters import is_visible
from bot.engine.ingest.extract.markup import find_words
from bot.engine.ingest.extract.pieces import Piece, Pieces
from bot.engine.records.passages import LineLabel

_FRONT_MATTER = re.compile(
    r"(?P<mark>---|\+\+\+)[ \t]*\n(?P<fields>(?:(?:[\w.-]+[ \t]*[:=]|[ \t]|- |\#|[\]})]).*\n|\n)*)"
    r"(?:(?P=mark)|\.\.\.)[ \t]*(?:\n|\Z)"
)
_FRONT_TITLE = re.compile(r"^title[ \t]*[:=][ \t]*(.+?)[ \t]*$", re.MULTILINE | re.IGNORECASE)
_BREAK = re.compile(r"<br\b", re.IGNORECASE)
_DEEPEST = 100
_LONGEST_INLINE = 20_000
"""A paragraph of more characters is taken as it is: the parser of inline mark-up is not linear on every input."""


def extract_markdown(source: str) -> Pieces:
    """Extract the blocks' words. Line numbers are the source's.

    The title is that of the front matter, else the first heading of level 1.
    """
    source = source.replace("\r\n", "\n").replace("\r", "\n")
    front = _FRONT_MATTER.match(source)
    skipped = source.count("\n", 0, front.end()) if front else 0
    title = None
    if front and (named := _FRONT_TITLE.search(front["fields"])):
        title = named.group(1).strip("\"'") or None
    tokens = _parser().parse(source[front.end() :] if front else source)
    pieces = tuple(replace(piece, number=piece.number + skipped) for piece in _raw_pieces(tokens))
    if title is None:
        title = next((piece.text.strip() for piece in pieces if piece.level == 1 and is_visible(piece.text)), None)
    return Pieces(pieces, title)


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


def _raw_pieces(tokens: Sequence[Token]) -> Iterator[Piece]:
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
            yield Piece(LineLabel.TABLE_ROW, " | ".join(row) if any(map(is_visible, row)) else "", number=number)
            row = []
        elif token.type in ("fence", "code_block"):
            yield Piece(LineLabel.CODE, token.content, number=number)
        elif token.type == "html_block":
            for words in find_words(token.content):
                yield Piece(_kind(containers), words, number=number)
        elif token.type == "inline" and row:
            row[-1] = _words(token)
        elif token.type == "inline":
            yield from _inline_pieces(token, containers, number)


def _inline_pieces(token: Token, containers: Sequence[str], number: int) -> Iterator[Piece]:
    words = _words(token)
    if containers and containers[-1].startswith("h"):
        yield Piece(LineLabel.HEADING, " ".join(words.split()), int(containers[-1][1:]), number)
    else:
        yield Piece(_kind(containers), words, number=number)
    for child in token.children or []:
        if child.type == "image":
            yield Piece(LineLabel.ALT, child.content, number=number)


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
