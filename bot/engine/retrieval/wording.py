"""What stands around a question and is none of it: greetings, thanks, mentions, "can you tell me …"."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from bot.engine.retrieval.tokens import find_words, is_stop_word

_MARKUP = re.compile(
    r"<(?:@[!&]?|#)[0-9]+>|<a?:\w+:[0-9]+>|(?<!\S)@\w+|\A\s*(?:[>*•–-]+\s+)+|[\u200b\u200c\u2060\ufeff]"
)
_SHOUTED_LETTERS = 8
_FIRST_PICTURE, _FIRST_FACE = 0x2190, 0x1F000
_SKIN_TONES = range(0x1F3FB, 0x1F400)
_PAUSE = r"[\s,;:!.…–—-]*"
_ARTICLE = (
    r"(?:the|this|that|your|these|those)\s+(?:articles?|texts?|pages?|documents?|docs|passages?|stor(?:y|ies)|author)"
)
_SOMEONE = r"(?:you|u|someone|somebody|anyone|anybody|any\s?one)(?:\s+here)?"
_PLEASE = r"(?:please|pls|plz)"
_ASKING = r"(?:what|who|whom|whose|when|where|which|why|how|if|whether|can|could|do|does|did|is|are|was|i|i'm|quick)"

_GREETING = (
    r"(?:hi+|hiya|hello+|hey+|heya|howdy|yo|greetings|good\s+(?:morning|afternoon|evening|day))"
    r"(?:\s+(?:there|all|everyone|everybody|guys|folks|team|people|bot|again|y'all|pullquote))*"
    rf"(?:\s*[,;:!.…–—]+|\s*\n|(?=\s+{_ASKING}\b))"
)
_ANNOUNCING = (
    r"(?:(?:i\s+have|i've\s+got|just|here\s+is|here's|one)?\s*(?:a\s+|another\s+)?"
    r"(?:quick|short|small|simple|silly|dumb|stupid|noob|newbie)\s+question(?:\s+for\s+you)?\s*[,;:!.–—-]*)"
    r"|question\s*:|explain\s*:"
)
_REGRET = r"(?:i'm\s+)?sorry(?:\s+(?:if|for|to)\b[^,.:;!?]{0,60}?)?(?:[,.:;]\s*(?:but\b)?|\s+but\b)"
_FILLER = rf"(?:so|ok|okay|well|um+|uh+|btw|also)\s*,|{_PLEASE}(?=[\s,:])"
_WONDERING = r"(?:i\s+was\s+|i\s+am\s+|i'm\s+|)(?:just\s+)?(?:wondering|curious)(?=[\s,:])"
_REQUEST = (
    rf"(?:if\s+)?(?:can|could|would|will)\s+{_SOMEONE}\s+(?:{_PLEASE}\s+)?"
    r"(?:(?:tell|explain\s+to|remind|show|inform)\s+(?:me|us)(?:\s+about)?|explain|answer(?:\s+this)?)"
    rf"|(?:if\s+|do\s+|does\s+|would\s+)?{_SOMEONE}\s+(?:(?:happen\s+to|would)\s+)?knows?(?=\s+\S)"
    r"|(?:i\s+would|i'd|i\s+want|i\s+need)(?:\s+(?:like|love))?\s+to\s+(?:know|find\s+out|understand|learn|ask)"
    r"(?:\s+about)?"
    r"|(?:tell|explain\s+to|remind|show)\s+(?:me|us)(?:\s+about)?"
)
_OF_THE_ARTICLE = (
    rf"(?:according\s+to|in|from|based\s+on)\s+{_ARTICLE}(?=[\s,:])"
    rf"|what\s+(?:do|does|did)\s+{_ARTICLE}\s+(?:say|state|mention|tell(?:\s+(?:me|us))?|write|have)"
    r"\s+(?:about|on|regarding)"
    rf"|what\s+(?:is|was)\s+(?:said|written|mentioned)\s+(?:in\s+{_ARTICLE}\s+)?(?:about|on|regarding)"
    rf"|is\s+there\s+(?:anything|something)\s+(?:in\s+{_ARTICLE}\s+)?(?:about|on|regarding)"
    rf"|do(?:es)?\s+{_ARTICLE}\s+(?:say|state|mention|tell(?:\s+(?:me|us))?)"
    r"(?:\s+(?:anything|something)\s+(?:about|on|regarding))?"
)
_BEFORE = re.compile(
    rf"\A(?:{_GREETING}|{_ANNOUNCING}|{_REGRET}|{_FILLER}|{_WONDERING}|{_REQUEST}|{_OF_THE_ARTICLE}){_PAUSE}",
    re.IGNORECASE,
)
_THANKS = (
    r"(?:many\s+)?(?:thanks|thx|thank\s+(?:you|u)|tysm|tyvm|cheers)"
    r"(?:\s+(?:a\s+lot|a\s+bunch|so\s+much|very\s+much|in\s+advance|all|everyone|guys|bot))*"
)
_AFTER = re.compile(
    rf"(?P<pause>[\s,;:!?.…–—-]+)(?:{_THANKS}|{_PLEASE}|lol|lmao|asap|(?:according\s+to|in)\s+(?:the|this|that|your)\s+"
    r"(?:articles?|texts?|pages?|documents?|docs|passages?)"
    r"|(?<=[,;:!?.…–—-]\s)(?:any\s?(?:one|body)(?:\s+knows?)?|ty|any\s+help(?:\s+(?:is|would\s+be))?\s+appreciated))"
    r"[\s,;:!?.…–—-]*\Z",
    re.IGNORECASE,
)
_ENDS_OPEN = re.compile(
    r"\b(?:in|of|for|give|gave|giving|say|said|to|the|a|his|her|their|with|or|and|word)\Z", re.IGNORECASE
)
_CODE = re.compile(r"`+([^`]+)`+")
_QUOTED_WHOLE = re.compile(
    rf"\A[\"“”«„'‘]\s*((?={_ASKING}\b)[^\"“”«»„]+?|[^\"“”«»„]+\?)\s*[\"“”»'’]([?!.]*)\Z", re.IGNORECASE
)


def strip_wording(text: str) -> str:
    """Return the question without what only surrounds it, where a question remains; else the text, trimmed.

    Text in capitals throughout comes in small letters. What is left is otherwise the member's own characters.
    """
    question = _CODE.sub(r'"\1"', text)
    question = _apply(" ".join(question.split()), lambda found: " ".join(_MARKUP.sub(" ", _drop_faces(found)).split()))
    question = _apply(question, lambda found: _QUOTED_WHOLE.sub(r"\1\2", found))
    while True:
        shorter = _apply(_apply(_apply(question, _strip_pictures), _cut_before), _cut_after)
        if shorter == question:
            break
        question = shorter
    return question.lower() if _is_shouted(question) else question


def _apply(text: str, change: Callable[[str], str]) -> str:
    """Change a text, unless nothing that a question could be about is left."""
    changed = change(text)
    if changed == text or any(not is_stop_word(word.text) for word in find_words(changed)):
        return changed
    return text


def _cut_before(text: str) -> str:
    return _BEFORE.sub("", text)


def _cut_after(text: str) -> str:
    found = _AFTER.search(text)
    if found is None or (found["pause"].isspace() and _ENDS_OPEN.search(text[: found.start()])):
        return text
    mark = next((char for char in text[found.start() :] if char in "?!"), "")
    return text[: found.start()].rstrip() + ("?" if mark == "?" else "")


def _strip_pictures(text: str) -> str:
    """Drop emoji and their joiners at both ends; between words they may belong to a name."""
    first, last = 0, len(text)
    while first < last and (_is_picture(text[first]) or text[first].isspace()):
        first += 1
    while last > first and (_is_picture(text[last - 1]) or text[last - 1].isspace()):
        last -= 1
    return text[first:last]


def _drop_faces(text: str) -> str:
    """Drop the pictures of the astral planes everywhere: they stand in no name."""
    return "".join(" " if ord(char) >= _FIRST_FACE and _is_picture(char) else char for char in text)


def _is_picture(char: str) -> bool:
    code = ord(char)
    is_symbol = unicodedata.category(char) == "So" and code >= _FIRST_PICTURE
    return is_symbol or code in _SKIN_TONES or char in "\ufe0f\u20e3\u200d"


def _is_shouted(text: str) -> bool:
    letters = sum(char.isalpha() for char in text)
    return letters >= _SHOUTED_LETTERS and text.upper() == text and text.lower() != text and " " in text
