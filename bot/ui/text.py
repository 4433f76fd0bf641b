r"""Text safety: an article's characters reach the reader unchanged, and none of them acts as Discord markup.

Only backslash escapes are used; nothing is inserted that a reader would copy (no zero-width characters), and
:func:`unescape` is the exact inverse. Discord drops a backslash before any character that is not alphanumeric or white
space, so the same rule serves all of these:

- ``\ * _ ~ | ``` `` ``` are escaped everywhere: emphasis, spoilers, code spans and fences.
- ``<`` everywhere: ``<@1>``, ``<@&1>``, ``<#1>``, ``</cmd:1>``, ``<id:home>``, ``<:emoji:1>``, ``<t:1>``, ``<https://…>``.
- ``@`` everywhere: ``\@everyone`` is drawn as plain text (AllowedMentions.none() is what stops the ping itself).
- ``[`` and ``]`` everywhere: masked links.
- ``:`` everywhere: ``:shortcode:``, and the ``://`` of a bare address. Discord's address rule would otherwise swallow
  the other escapes inside the address and show their backslashes; with ``https\://`` no link is made and no preview.
- ``# > - +`` and ``1.`` or ``1)`` where a line begins: headings, quotes, subtext and lists.

A *rendered* text is escaped text in which some runs stand between ``**`` and some between ``||`` (spoilers.py). No
asterisk and no bar of the article is left unescaped in it, so bare ones are always ours and :func:`shown` can take them
out again. A *quoted* text is a rendered one with ``> `` before each line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from urllib.parse import quote as percent_encode
from urllib.parse import urlsplit

from bot.engine.records.passages import Span

_BREAKS = r"\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029"
_ESCAPABLE = re.compile(
    rf"(?:\A|(?<=[{_BREAKS}]))(?P<indent>[^\S{_BREAKS}]*)(?P<number>[0-9]*)(?P<mark>(?<=[0-9])[.)]|(?<![0-9])[-+#>])"
    r"|(?P<special>[\\*_~|`<@\[\]:])"
)
_ESCAPED = re.compile(r"\\([^0-9A-Za-z\s])")
_ESCAPED_OR_MARKED = re.compile(r"\\([^0-9A-Za-z\s])|\*\*|\|\|")
# Bold for the spoiler's sake, see spoilers.py: nothing that was highlighted.
_BAR_AT_END = re.compile(r"\*\*(\\\|)\*\*(?=\|\|)")
# Discord turns a carriage return into a line feed before it parses, so each of these ends a quoted line.
_LINE_END = re.compile(r"\r\n|\r|\n")
_QUOTED_LINE_END = re.compile(r"(\r\n|\r|\n)> ")
_WHITE_SPACE = re.compile(r"\s+")

SPOILER = "||"
LONGEST_URL = 512
_URL_SAFE = "/:?#@!$&'*+,;=%-._~"


def escape(text: str) -> str:
    """Escape text so that Discord shows exactly these characters; see the module's docstring for the rules."""
    return _ESCAPABLE.sub(_escape_match, text)


def _escape_match(match: re.Match[str]) -> str:
    special: str | None = match["special"]
    if special is not None:
        return "\\" + special
    return f"{match['indent']}{match['number']}\\{match['mark']}"


def unescape(escaped: str) -> str:
    """Return the text that :func:`escape` was given."""
    return _ESCAPED.sub(r"\1", escaped)


def render(text: str, bold: Iterable[Span] = ()) -> str:
    """Escape text and put the spans between ``**``.

    Spans are offsets into ``text``; overlapping and touching ones are merged, what lies outside the text is ignored.
    Bold is closed at each line's end and never begins or ends with white space, where Discord would not see it.
    """
    pieces: list[str] = []
    at = 0
    for start, end in _bold_runs(text, bold):
        pieces += [escape(text[at:start]), "**", escape(text[start:end]), "**"]
        at = end
    pieces.append(escape(text[at:]))
    return "".join(pieces)


def _bold_runs(text: str, spans: Iterable[Span]) -> Iterator[Span]:
    merged: list[Span] = []
    for span in sorted(spans):
        start, end = max(span.start, 0), min(span.end, len(text))
        if merged and start <= merged[-1].end:
            merged[-1] = Span(merged[-1].start, max(end, merged[-1].end))
        elif start < end:
            merged.append(Span(start, end))
    for start, end in merged:
        at = start
        for line in text[start:end].splitlines(keepends=True):
            run = line.strip()
            if run:
                begin = at + line.index(run)
                yield Span(begin, begin + len(run))
            at += len(line)


def quote(rendered: str) -> str:
    """Put ``> `` before each line."""
    return "> " + _LINE_END.sub(lambda match: match[0] + "> ", rendered)


def unquote(quoted: str) -> str:
    """Take the ``> `` of :func:`quote` out; a text that is not quoted stays as it is."""
    return _QUOTED_LINE_END.sub(r"\1", quoted[2:]) if quoted.startswith("> ") else quoted


def shown(quoted: str) -> str:
    """Return the characters of a rendered or quoted text: prefixes, bold, spoilers and escapes taken out."""
    return _ESCAPED_OR_MARKED.sub(lambda match: match[1] or "", unquote(quoted))


def bold_spans(quoted: str) -> list[Span]:
    """Return what is bold in a rendered or quoted text, as offsets into what :func:`shown` returns for it."""
    rendered = _BAR_AT_END.sub(r"\1", unquote(quoted))
    spans: list[Span] = []
    taken, begin = 0, -1
    for match in _ESCAPED_OR_MARKED.finditer(rendered):
        if match[1]:
            taken += 1
            continue
        at = match.start() - taken
        taken += 2
        if match[0] == SPOILER:
            continue
        if begin < 0:
            begin = at
        else:
            spans.append(Span(begin, at))
            begin = -1
    return spans


def units(text: str) -> int:
    """Count UTF-16 code units, the strictest way in which Discord's text limits can be read."""
    return len(text) + sum(character > "\uffff" for character in text)


def cut(text: str, limit: int) -> str:
    """Put a label (a title, a heading: never a quote) on one line of at most ``limit`` units, … where it is cut."""
    line = _WHITE_SPACE.sub(" ", text).strip()
    if units(line) <= limit:
        return line
    while units(line) >= limit:
        line = line[: limit - 1 if len(line) >= limit else -1]
    return line.rstrip() + "…"


def link_target(url: str | None) -> str | None:
    """Return the web address in a form that cannot end a masked link early, or None where it should not be a link."""
    if not url:
        return None
    try:
        parts = urlsplit(url)
        refused = parts.scheme not in {"http", "https"} or not parts.hostname or "@" in parts.netloc
        # Percent-encoding is wrong in a host name; such an address is shown by its title alone.
        refused = refused or percent_encode(parts.netloc, safe=":[]%-._~") != parts.netloc or "[" in parts.netloc
        target = percent_encode(url, safe=_URL_SAFE)
    except (ValueError, UnicodeError):
        return None
    return None if refused or len(target) > LONGEST_URL else target
