"""Make a clean question messy, the way members type, seeded: typos, case, keywords, spelling, greetings."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

from bot.engine.retrieval.tokens import is_stop_word

_WORD = re.compile(r"[A-Za-z]{4,}")
_KEYS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_NEIGHBOURS = {
    key: {
        other
        for other_row, letters in enumerate(_KEYS)
        for place, other in enumerate(letters)
        if abs(other_row - row) <= 1 and abs(place - column) <= 1 and other != key
    }
    for row, keys in enumerate(_KEYS)
    for column, key in enumerate(keys)
}
_BRITISH = {
    "color": "colour", "colors": "colours", "labor": "labour", "harbor": "harbour", "honor": "honour",
    "honors": "honours", "favor": "favour", "favorite": "favourite", "behavior": "behaviour", "neighbor": "neighbour",
    "neighbors": "neighbours", "neighborhood": "neighbourhood", "neighboring": "neighbouring", "rumors": "rumours",
    "armor": "armour", "humor": "humour", "center": "centre", "centers": "centres", "centered": "centred",
    "theater": "theatre", "theaters": "theatres", "meter": "metre", "meters": "metres", "kilometers": "kilometres",
    "liter": "litre", "fiber": "fibre", "organize": "organise", "organized": "organised",
    "organization": "organisation", "organizations": "organisations", "recognize": "recognise",
    "recognized": "recognised", "realize": "realise", "realized": "realised", "civilization": "civilisation",
    "colonization": "colonisation", "colonize": "colonise", "colonized": "colonised", "criticize": "criticise",
    "criticized": "criticised", "industrialization": "industrialisation", "privatization": "privatisation",
    "specialized": "specialised", "characterized": "characterised", "utilize": "utilise", "utilized": "utilised",
    "emphasize": "emphasise", "emphasized": "emphasised", "analyze": "analyse", "analyzed": "analysed",
    "catalog": "catalogue", "dialog": "dialogue", "defense": "defence", "offense": "offence", "license": "licence",
    "traveled": "travelled", "traveling": "travelling", "traveler": "traveller", "labeled": "labelled",
    "modeled": "modelled", "canceled": "cancelled", "fulfill": "fulfil", "enrollment": "enrolment",
    "program": "programme", "programs": "programmes", "gray": "grey", "plow": "plough", "sulfur": "sulphur",
    "aluminum": "aluminium", "skeptical": "sceptical", "archeologists": "archaeologists", "maneuver": "manoeuvre",
    "artifacts": "artefacts", "mold": "mould", "judgment": "judgement", "encyclopedia": "encyclopaedia",
}  # fmt: skip
_OTHER = _BRITISH | {british: american for american, british in _BRITISH.items()}
_GREETINGS = (
    ("hi bot, quick question: ", " thanks!"),
    ("Hey everyone! ", " 🙏 thx in advance"),
    ("Hello, I was wondering: ", " Thank you so much"),
    ("@Pullquote hey, can you tell me ", ""),
    ("> ", ""),
    ("good morning all, sorry if this was asked before but ", " cheers 😊"),
)
_SCAFFOLDS = (
    "what does the article say about {}",
    "Can you tell me {}",
    "does anyone know {}",
    "I would like to know {}",
    "according to the article, {}",
    "Please explain: {}",
)


def misspell(text: str, chance: random.Random, edits: int = 1) -> str:
    """Put typos into one content word of at least four letters; the text itself where it has none."""
    words = [found for found in _WORD.finditer(text) if not is_stop_word(found[0].lower())]
    if not words:
        return text
    chosen = chance.choice(words)
    word = chosen[0]
    for _ in range(edits):
        word = _slip(word, chance)
    return text[: chosen.start()] + word + text[chosen.end() :]


def _slip(word: str, chance: random.Random) -> str:
    """One slip that changes the word: two letters swapped, one left out, doubled or added, or a neighbouring key."""
    while True:
        place = chance.randrange(len(word))
        key = chance.choice(sorted(_NEIGHBOURS.get(word[place].lower(), {"e"})))
        changed = chance.choice(
            (
                word[:place] + word[place + 1 : place + 2] + word[place : place + 1] + word[place + 2 :],
                word[:place] + word[place + 1 :],
                word[:place] + chance.choice((word[place], key)) + word[place:],
                word[:place] + key + word[place + 1 :],
            )
        )
        if changed.lower() != word.lower():
            return changed


def lower(text: str, chance: random.Random) -> str:  # noqa: ARG001
    """Small letters, no question mark."""
    return text.lower().rstrip("?! .")


def shout(text: str, chance: random.Random) -> str:  # noqa: ARG001
    """Capitals."""
    return text.upper()


def no_mark(text: str, chance: random.Random) -> str:  # noqa: ARG001
    """No punctuation at all."""
    return re.sub(r"[?!.,;:\"]+(?=\s|$)", "", text)


def keywords(text: str, chance: random.Random) -> str:  # noqa: ARG001
    """Content words alone; the text itself where it has none."""
    return " ".join(word for word in re.findall(r"[^\s?!,;:\"]+", text.lower()) if not is_stop_word(word)) or text


def respell(text: str, chance: random.Random) -> str:  # noqa: ARG001
    """British words the American way and the other way round; the text itself where it has none."""
    return re.sub(r"[A-Za-z]+", lambda found: _like(found[0], _OTHER.get(found[0].lower(), found[0])), text)


def _like(word: str, other: str) -> str:
    return other.capitalize() if word[0].isupper() else other


def greet(text: str, chance: random.Random) -> str:
    """A greeting before, thanks behind."""
    before, after = chance.choice(_GREETINGS)
    return before + text + after


def wrap(text: str, chance: random.Random) -> str:
    """A question inside a question."""
    return chance.choice(_SCAFFOLDS).format(text[0].lower() + text[1:])


FORMS: dict[str, Callable[[str, random.Random], str]] = {
    "one typo": misspell,
    "two edits in a word": lambda text, chance: misspell(text, chance, 2),
    "lower case, no question mark": lower,
    "no punctuation": no_mark,
    "ALL CAPS": shout,
    "keywords only": keywords,
    "British/American": respell,
    "greeting and thanks": greet,
    "wrapped": wrap,
}
