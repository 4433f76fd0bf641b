"""Whether a sentence reads on its own, outside the paragraph it was taken from.

A summary takes sentences out of their place. One that opens with "He", "However" or "This" then hangs in the air; so it
comes with the sentence it leans on, or not at all. The rules are English: of other languages every whole sentence is
taken to stand.
"""

from __future__ import annotations

import re
from enum import Enum

SHORTEST_WORDS = 5
LONGEST_WORDS = 80


class Footing(Enum):
    """What a sentence needs to be understood."""

    STANDS = "stands"
    LEANS = "leans"
    """On the sentence before it."""

    NEVER = "never"
    """Not in a summary: a question, a fragment, an editor's line, half of a quotation."""


_CLOSERS = "\"'”’»)]"
_FINAL_STOP = re.compile(rf"[.!…。！؟۔।][{re.escape(_CLOSERS)}]*$")
_QUESTION = re.compile(rf"\?[{re.escape(_CLOSERS)}]*$")
_OPENERS = re.compile(r"^[\"'“‘«(\[\s]+")
_ATTRIBUTED_OPENING = re.compile(r"^[\"“‘«]")

_EDITORIAL = re.compile(
    r"\b(?:our|this|the)\s+(?:editor|reporter|correspondent|journalist|team)s?\b.{0,60}\b(?:asked|spoke|talked"
    r"|interviewed|"
    r"explains?|answers?|visited|look(?:s|ed) at)"
    r"|\b(?:editor|reporter|correspondent|journalist)\b.{0,60}\b(?:asked|spoke to|spoke with|talked to|interviewed)\b"
    r"|\b(?:read|see|find out) more\b|\bsubscribe\b|\bsign up\b|\bnewsletter\b|\bfirst published\b|\bupdated (?:on"
    r"|at)\b"
    r"|\bwe (?:asked|put|spoke|talked|sat down)\b.{0,60}\b(?:to|with|questions?|experts?)\b"
    r"|\bthank you for\b|\bplease note\b|\bopinions? (?:expressed|above|herein)\b|\bviews expressed\b"
    r"|\bcontributed to this"
    r"|\breport(?:ed|ing) from\b.{0,120}\b(?:wrote|from)\b|\bwrote (?:this|and reported)\b"
    r"|\ball rights reserved\b|\bclick here\b|\bscroll down\b|\bfollow us\b|\bphoto(?:graph)? by\b"
    r"|\bthis (?:article|story"
    r"|piece|post|page) (?:was|is|has|first|originally|explains|looks)\b|\b(?:email|write to) us\b"
    r"|\bcookies?\b.{0,30}\bpolicy\b",
    re.IGNORECASE,
)
_EDITORIAL_SIGNS = (
    "editor", "reporter", "correspondent", "journalist", "team", "read more", "see more", "find out more", "subscribe",
    "sign up", "newsletter", "first published", "updated ", "we asked", "we put", "we spoke", "we talked",
    "we sat down", "thank you for", "please note", "opinion", "views expressed", "contributed to", "report", "wrote",
    "all rights reserved", "click here", "scroll down", "follow us", "photo", "this article", "this story",
    "this piece", "this post", "this page", "email us", "write to us", "cookie",
)  # fmt: skip
"""One of these stands in whatever the pattern above finds; looking for them takes a tenth of the time."""
_BYLINE = re.compile(
    r"^(?:by|from|words|text|photos?|reporting|edited|written|additional reporting)\b[ :](?=.{0,60}$)", re.IGNORECASE
)
_INSTRUCTION = re.compile(
    r"^(?:watch|listen|read|see|click|scroll|follow|join|share|send|tell us|vote|download)\b", re.IGNORECASE
)

_CONNECTIVE = re.compile(
    r"^(?:but|and|or|nor|so(?! far\b)|however|moreover|furthermore|also|therefore|thus|hence|meanwhile|nevertheless|"
    r"nonetheless|likewise|similarly|otherwise|consequently|accordingly|conversely|not|then(?!-)|instead(?! of\b)|"
    r"in addition(?! to\b)|as a result(?! of\b)|for example|for instance|as such|even so|since then|until then|by then|"
    r"(?:despite|because of|after|before|apart from|on top of) (?:that|this|it|these)|hence why|that said|"
    r"at (?:that|this) (?:time|point|moment|stage)|in (?:that|this) (?:case|way|respect|sense)|to (?:this|that) end|"
    r"on the (?:other hand|contrary)|at the same time|by contrast|more importantly|here|there(?! (?:is|are|was|were"
    r"|has|have|"
    r"had|will|would|may|might|can|could|must|used|seems?|remains?|exists?|came|comes?)\b)|"
    r"the (?:latter|former|others|pair|duo|trio)|the (?:same|rest|second|third|first|other) (?:is|was|are|were|has"
    r"|had|goes|"
    r"applies|holds|happened)|the (?:two|three|four|five) (?:met|were|are|have|had|said|will|also|men|women|sides"
    r"|agreed|"
    r"countries|leaders|then|never|later|first|now|could|did|do|would)|"
    r"both(?! [\w’'-]+(?: [\w’'-]+){0,3} and\b)|neither(?! [\w’'-]+(?: [\w’'-]+){0,3} nor\b)|"
    r"either(?! [\w’'-]+(?: [\w’'-]+){0,4} or\b)|such(?! as\b)|another|others|"
    r"(?:one|two|three|four|five|six|seven|eight|nine|ten|\d+|some|many|most|few|several|all|each|none) (?:was|were"
    r"|is|are|has"
    r"|have|had)|(?:\w+|\d+) of (?:them|these|those)|as for (?:him|her|them|it)|among (?:them|these|those))\b"
    r"|^(?:yes|no|well|sure|okay|exactly|again|too|next|indeed|of course|still|yet|besides|rather|finally|secondly"
    r"|thirdly|"
    r"either way|in (?:contrast|turn|fact|other words|short|all)),",
    re.IGNORECASE,
)
_DEMONSTRATIVE = re.compile(
    r"^(?:(?:in|on|at|to|for|from|with|under|of|by|about|through|like|unlike|given|despite|among|all|both|after|before|"
    r"during|without|against) )?(?:this|that|these|those)\b"
    r"(?! (?:who|whose|the|an?|his|her|their|its|he|she|they|we)\b)"
    r"(?!(?<=this) (?:week|month|year|morning|afternoon|evening|spring|summer|autumn|fall|winter|season|term|decade"
    r"|century|"
    r"weekend|monday|tuesday|wednesday|thursday|friday|saturday|sunday|january|february|march|april|may|june|july"
    r"|august|"
    r"september|october|november|december)\b)(?!(?<=these) days\b)",
    re.IGNORECASE,
)
_EXPLETIVE = re.compile(
    r"^it (?:is|was|will be|has been|would be|may be|might be|seems|appears|remains|became|isn['’]t|wasn['’]t)"
    r"(?: not| now| also| still| often| never| too| yet| only| \w+ly)*"
    r"(?: \w+)? (?:that|whether|how|why|who)\b"
    r"|^it (?:is|was|will be|has been|would be|may be|seems|appears|remains|became)(?: not| now| still| often"
    r"| never| too| \w+ly)*"
    r" (?!\w+(?:ed|en|er|ilt|ade|ght|old|ept|eft|one) )\w+ (?:to|for|if)\b"
    r"|^it (?:is|was) (?:in|on|at|only|not until) .{3,60}\bthat\b"
    r"|^it (?:takes|took|costs?|rained|rains|snowed|snows|turns out|turned out|looks as if)\b",
    re.IGNORECASE,
)
_PRONOUN = re.compile(
    r"^(?!(?:her|his|their) (?:majest|holiness|excellenc|royal|honou?r|grace))"
    r"(?:he|she|it|they|him|her|them|his|hers|its|their|theirs|himself|herself|itself|themselves)\b",
    re.IGNORECASE,
)
_FIRST_PERSON = re.compile(r"^(?:i|we|my|our|us|me|mine|ours)\b(?!')|^(?:i|we)['’](?:m|re|ve|ll|d)\b", re.IGNORECASE)
_SPOKEN_BY_PRONOUN = re.compile(
    r"[,?!.…][\"”’»] ?(?:(?:he|she|they|it) (?:also |then |later )?(?:said|says|told|tells|added|adds|wrote|writes"
    r"|asked|"
    r"asks|explained|explains|continued|recalled|admitted|argued|insisted|claimed|warned|noted|joked|replied"
    r"|tweeted|concluded)"
    r"|(?:said|says|added|wrote) (?:he|she|they))\b",
    re.IGNORECASE,
)
_REPORTED_BY_PRONOUN = re.compile(
    r"(?:^|, )(?:he|she|they) (?:said|says|told|added|wrote|explained|recalled|warned|noted)\b[^\"“]*[.!]$",
    re.IGNORECASE,
)
_OBLIQUE_PRONOUN = re.compile(
    r"^(?:according to|for|to|with|by|from|of|about|like|unlike|in|on|among|between|behind|beside|near|around"
    r"|against|without)"
    r" (?:him|her|them|it)(?:,| (?!\w+[,\s]))",
    re.IGNORECASE,
)
_ATTRIBUTED_LEAN = re.compile(
    r"^according to [^,]{2,60}, (?:the (?:two|three|four|pair|duo|trio|latter|former|others)(?! \w+s\b)"
    r"|both(?! \w+ and\b)|such|this|that|these|those)\b",
    re.IGNORECASE,
)
"""Who says it is named, and whom it is about is not: "According to Lavrov, the two were due to meet"."""
_EARLY_PRONOUN = re.compile(r"\b(?:he|she|they|him|her|them|his|their|its|it)\b", re.IGNORECASE)
_HEAD = re.compile(
    r"\b(?:the|a|an|some|many|most|every|each|no|two|three|four|five|several|[0-9][\d,.]*)\s+\w+", re.IGNORECASE
)
_SUBORDINATE = re.compile(
    r"^(?:when|while|after|before|although|though|because|since|if|as|once|until|despite|in|at|during|with|by|on"
    r"|for|to|what|who|how|why|where|under)\b",
    re.IGNORECASE,
)
_ADJUNCT = re.compile(
    r"^(?:when|if|while|after|before|once|until|though|although) (?:\w+ed|\w+ing|\w+en|told)\b", re.IGNORECASE
)
_EARLY_WORDS = 6

_PLAIN_OPENINGS = frozenset(
    ("there", "i", "we", "you", "it", "what", "not", "nobody", "nothing", "most", "many", "all", "some", "few")
)
_ONLY_SPEECH = re.compile(r"^[\"“«](?:[^\"“”»]*)[\"”»][.!]?$")
"""A quotation and nothing else: nobody knows who says it."""

_LABEL = re.compile(r"^(?:\d+[.)] |[A-Z]{3,}: |[A-Z][a-z]{2} \d{1,2} )")
"""A list number, a label such as OPINION:, a date in a calendar."""

# Spelled so that the search skips to the letters that it can begin with.
_PERSON = re.compile(r"[HhSs](?<!\w[HhSs])(?:(?<=[Hh])(?:e|im|is|er)|(?<=[Ss])he)\b")
_SOMEBODY = re.compile(
    r"\b(?:the|an?|one|every|each|no|any|some|whose|who|my|our|your|their|its|this|that|two|three|four|five"
    r"|[0-9][\d,.]*)"
    r"(?: [\w’'-]+)+|(?<=[\w,;:—–-] )[\"“]?[A-Z][\w’'-]+",
)


def judge_sentence(text: str, *, is_english: bool = True, words: int | None = None) -> Footing:
    """Return whether a sentence stands on its own, leans on the one before it, or never belongs in a summary.

    ``words``: how many it has, where that is known.
    """
    count = len(text.split()) if words is None else words
    if _LABEL.match(text):
        return Footing.NEVER
    is_whole = SHORTEST_WORDS <= count <= LONGEST_WORDS and _FINAL_STOP.search(text) is not None
    if not is_whole or _QUESTION.search(text) or not closes_quotations(text):
        return Footing.NEVER
    if not is_english:
        return Footing.STANDS
    if _is_editorial(text) or _BYLINE.match(text) or _INSTRUCTION.match(text):
        return Footing.NEVER
    return Footing.LEANS if _leans(text) else Footing.STANDS


def _is_editorial(text: str) -> bool:
    lowered = text.lower()
    for sign in _EDITORIAL_SIGNS:  # a loop, because this is asked of every sentence: any() takes half as long again
        if sign in lowered:
            return _EDITORIAL.search(text) is not None
    return False


def _leans(text: str) -> bool:
    if _ONLY_SPEECH.match(text):
        return True
    bare = _OPENERS.sub("", text)
    if _EXPLETIVE.match(bare):
        return False
    if _CONNECTIVE.match(bare) or _DEMONSTRATIVE.match(bare) or _PRONOUN.match(bare) or _OBLIQUE_PRONOUN.match(bare):
        return True
    if (
        _ATTRIBUTED_LEAN.match(bare)
        or _SPOKEN_BY_PRONOUN.search(text)
        or (", " in text and _REPORTED_BY_PRONOUN.search(text))
    ):
        return True
    if _names_nobody(bare):
        return True
    if _FIRST_PERSON.match(bare):
        # A voice without a name; "we" of the article itself cannot be told from a speaker's.
        return _ATTRIBUTED_OPENING.match(text) is None or not _names_speaker(text)
    return _has_early_pronoun(bare)


def _names_nobody(bare: str) -> bool:
    """Whether a person is meant before, or without, anybody being named: "There was no one to protect him"."""
    found = _PERSON.search(bare)
    if found is None or bare[: found.start()].count(" ") == 0:
        return False
    before = bare[: found.start()]
    first = before.split()[0]
    is_name = first[:1].isupper() and first.lower() not in _PLAIN_OPENINGS and not _SUBORDINATE.match(before)
    if is_name or _SOMEBODY.search(before):
        return False
    # "In her second term, Anna Lind …": the main clause names whom the opening means.
    return re.match(r"(?:[A-Z]|the |an? )", bare.partition(", ")[2]) is None


def _names_speaker(text: str) -> bool:
    """Whether a sentence that opens with a quotation says who speaks."""
    said = re.search(r"[\"”»],? (?:\w+ )*", text[1:])
    rest = text[1 + said.start() :] if said else ""
    return re.search(r"\b[A-Z][\w’'-]+", rest) is not None or re.search(r"\b(?:the|a|an) \w+", rest) is not None


def _has_early_pronoun(bare: str) -> bool:
    """Whether a pronoun comes before anything it could stand for: "When asked, he …", "In his view …"."""
    if _ADJUNCT.match(bare) and _PRONOUN.match(bare.partition(", ")[2]):
        return True
    opening = " ".join(bare.split(maxsplit=_EARLY_WORDS)[:_EARLY_WORDS])
    found = _EARLY_PRONOUN.search(opening)
    if found is None:
        return False
    before = opening[: found.start()]
    if _HEAD.search(before) or re.search(r"(?<!^)\b[A-Z]\w+", before):
        return False
    if not _SUBORDINATE.match(bare):
        # "Doctors say they …", "Russia wants its …": the first word is what the pronoun means.
        return False
    # "Despite his age, Ellis …": the main clause names whom the opening means.
    clause = bare.partition(", ")[2]
    return re.match(r"(?:[A-Z]|the |a |an )", clause) is None


def closes_quotations(text: str) -> bool:
    """Return whether every quotation that the sentence opens is closed in it, and the other way round."""
    if text.isascii() and not any(mark in text for mark in "\"'()[]"):
        return True
    if text.count('"') % 2 or text.count("“") != text.count("”") or text.count("«") != text.count("»"):
        return False
    if re.search(r"[.!?,]['’]$", text) and not re.search(r"(?:^|\s)['‘]", text):
        return False
    return text.count("(") == text.count(")") and text.count("[") == text.count("]")
