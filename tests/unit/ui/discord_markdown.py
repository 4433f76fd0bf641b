"""A second opinion on Discord's markup: a small parser of its own, against which escaping is tested.

The rules are those of the simple-markdown grammar that Discord's client builds on, with Discord's additions, written
from their documented behaviour and on the greedy side: a construct may begin at any character.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_LINE_RULES = {
    "heading": re.compile(r" *#{1,3}\s+\S"),
    "subtext": re.compile(r" *-#\s+\S"),
    "list": re.compile(r"[ \t]*(?:[*+-]|[0-9]+[.)])\s"),
}
_QUOTE = re.compile(r" *>>> [\s\S]*| *> [^\n]*(?:\n *> [^\n]*)*\n?")
_QUOTE_PREFIX = re.compile(r"(?:(?<=[\n\r\u2028\u2029])|\A) *> ?")
_RULES = {
    "code_block": re.compile(r"```[\s\S]+?```"),
    "code": re.compile(r"(`+)[\s\S]*?[^`]\1(?!`)"),
    "strong": re.compile(r"\*\*((?:\\[\s\S]|[^\\])+?)\*\*(?!\*)"),
    "underline": re.compile(r"__((?:\\[\s\S]|[^\\])+?)__(?!_)"),
    "emphasis": re.compile(r"\*(?=\S)(?:\\[\s\S]|[^\\*])+?\*(?!\*)|_(?:\\[\s\S]|[^\\_])+?_"),
    "strike": re.compile(r"~~(?=\S)[\s\S]*?\S~~"),
    "spoiler": re.compile(r"\|\|[\s\S]+?\|\|"),
    "mention": re.compile(r"<@[!&]?[0-9]+>|<#[0-9]+>|</[^:>]+:[0-9]+>|<id:\w+>|@everyone|@here"),
    "emoji": re.compile(r"<a?:\w+:[0-9]+>|:[\w+-]+:"),
    "timestamp": re.compile(r"<t:-?[0-9]+(?::[tTdDfFsSR])?>"),
    "address": re.compile(r"<[^ :>]+:/?[^ >]+>|(?:https?|steam)://[^\s<]+[^<.,:;\"'\]\s]"),
}
_MASKED_LINK = re.compile(r"\[((?:\\[\s\S]|[^\\\]])+)\]\((?:<[^<>]*>|[^)]*)\)")
_MIDDLE = "\0"
"""Stands before a text that does not begin a line."""
_ESCAPE = re.compile(r"\\([^0-9A-Za-z\s])")


@dataclass
class Drawn:
    """What a reader sees: the characters, the markup that acted, the bold runs, and what stands behind spoilers."""

    text: str = ""
    kinds: set[str] = field(default_factory=set)
    bold: list[str] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)

    @property
    def open_text(self) -> str:
        """What can be read before any spoiler is opened."""
        rest = self.text
        before = ""
        for part in self.hidden:
            head, _, rest = rest.partition(part)
            before += head
        return before + rest


def normalise(text: str) -> str:
    """Do what Discord does before it parses: every line end becomes a line feed."""
    return re.sub(r"\r\n?", "\n", text)


def draw(source: str) -> Drawn:
    """Parse markup and return what is drawn. Quotes, bold and spoilers are entered, any other markup just reported."""
    drawn = Drawn()
    _draw(normalise(source), drawn, in_quote=False)
    return drawn


def _draw(source: str, drawn: Drawn, *, in_quote: bool) -> None:
    at = 0
    while at < len(source):
        begins_line = at == 0 or source[at - 1] in "\n\r\u2028\u2029"
        if begins_line and not in_quote and (match := _QUOTE.match(source, at)):
            drawn.kinds.add("quote")
            _draw(_QUOTE_PREFIX.sub("", match[0]), drawn, in_quote=True)
            at = match.end()
            continue
        if begins_line:
            drawn.kinds |= {kind for kind, rule in _LINE_RULES.items() if rule.match(source, at)}
        if match := _ESCAPE.match(source, at):
            drawn.text += match[1]
            at = match.end()
            continue
        if match := _MASKED_LINK.match(source, at):
            drawn.kinds.add("masked_link")
            inner = Drawn(kinds=drawn.kinds)
            _draw(_MIDDLE + match[1], inner, in_quote=True)
            drawn.text += inner.text[1:]
            at = match.end()
            continue
        found = [(kind, match) for kind, rule in _RULES.items() if (match := rule.match(source, at))]
        drawn.kinds |= {kind for kind, _ in found}
        strong = next((match for kind, match in found if kind == "strong"), None)
        if strong:
            inner = Drawn(kinds=drawn.kinds)
            _draw(_MIDDLE + strong[1], inner, in_quote=True)
            drawn.bold.append(inner.text[1:])
            drawn.text += inner.text[1:]
            at = strong.end()
            continue
        spoiler = next((match for kind, match in found if kind == "spoiler"), None)
        if spoiler:
            inner = Drawn(kinds=drawn.kinds, bold=drawn.bold)
            _draw(spoiler[0][2:-2], inner, in_quote=True)
            drawn.hidden.append(inner.text)
            drawn.text += inner.text
            at = spoiler.end()
            continue
        drawn.text += source[at]
        at += 1
