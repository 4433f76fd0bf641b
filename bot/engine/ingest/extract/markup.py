"""The words in a stretch of HTML inside Markdown: tags, comments, scripts and styles go, nothing else is lost."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

_INLINE = re.compile(
    r"(?:a|abbr|b|bd[io]|cite|code|del|dfn|em|font|i|ins|kbd|mark|q|s|samp|small|span|strong|su[bp]|time|u|var)\Z",
    re.IGNORECASE,
)
_TAG = re.compile(r"</?([a-zA-Z][a-zA-Z0-9-]*)(?=[\s/>])")
_SILENT = re.compile(r"<(script|style|template|svg)(?=[\s/>])", re.IGNORECASE)
_PARAGRAPH_GAP = re.compile(r"\n[ \t]*\n")


def find_words(source: str) -> Iterator[str]:
    """Yield the words between block tags, one string a block, entities decoded, line breaks made spaces."""
    words: list[str] = []
    for part in _parts(source):
        first, *others = _PARAGRAPH_GAP.split(part) if part is not None else [None]
        if first is not None:
            words.append(first)
        for following in [*others, *([""] if part is None else [])]:
            yield " ".join(html.unescape("".join(words)).split())
            words = [following or ""]
    yield " ".join(html.unescape("".join(words)).split())


def _parts(source: str) -> Iterator[str | None]:
    """Yield the stretches of text, and None for each tag that ends a block. Linear: an unclosed mark ends the walk."""
    at = 0
    while (start := source.find("<", at)) >= 0:
        yield source[at:start]
        silent, tag = _SILENT.match(source, start), _TAG.match(source, start)
        if source.startswith("<!--", start):
            end = _after(source, "-->", start)
        elif silent:
            end = _after_closing(source, silent.group(1), silent.end())
        elif tag or source.startswith(("<!", "<?"), start):
            end = _after(source, ">", start)
        else:
            yield "<"
            at = start + 1
            continue
        if tag and not _INLINE.match(tag.group(1)):
            yield None
        if end < 0:
            return
        at = end
    yield source[at:]


def _after(source: str, mark: str, start: int) -> int:
    found = source.find(mark, start)
    return found + len(mark) if found >= 0 else -1


def _after_closing(source: str, name: str, start: int) -> int:
    found = re.compile(rf"</{name}\b[^>]*>", re.IGNORECASE).search(source, start)
    return found.end() if found else -1
