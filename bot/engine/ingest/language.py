"""Which language a text is in: by its script where that decides, by its most frequent small words where it does not."""

from __future__ import annotations

import re
from collections import Counter

_SAMPLE = 20_000
_FEWEST_LETTERS, _FEWEST_HITS = 20, 3
_SHARE, _LEAD = 0.06, 1.15
# Not \w: the vowel signs of Indic scripts are no letters to it.
_WORD = re.compile(r"[^\s\d_.,;:!?…()\[\]{}<>|/\"'“”‘’‚„«»।॥؟،؛–—-]+")

# Script by code point: first, last, name. What is not here (signs, digits) says nothing.
_SCRIPTS = (
    (0x0041, 0x024F, "latin"), (0x1E00, 0x1EFF, "latin"), (0x0370, 0x03FF, "el"), (0x1F00, 0x1FFF, "el"),
    (0x0400, 0x052F, "cyrillic"), (0x0530, 0x058F, "hy"), (0x0590, 0x05FF, "he"), (0x0600, 0x06FF, "arabic"),
    (0x0750, 0x077F, "arabic"), (0x0900, 0x097F, "devanagari"), (0x0980, 0x09FF, "bn"), (0x0A00, 0x0A7F, "pa"),
    (0x0A80, 0x0AFF, "gu"), (0x0B80, 0x0BFF, "ta"), (0x0C00, 0x0C7F, "te"), (0x0C80, 0x0CFF, "kn"),
    (0x0D00, 0x0D7F, "ml"), (0x0D80, 0x0DFF, "si"), (0x0E00, 0x0E7F, "th"), (0x0E80, 0x0EFF, "lo"),
    (0x1000, 0x109F, "my"), (0x10A0, 0x10FF, "ka"), (0x1200, 0x137F, "am"), (0x1780, 0x17FF, "km"),
    (0x3040, 0x30FF, "ja"), (0x31F0, 0x31FF, "ja"), (0x3400, 0x9FFF, "han"), (0xAC00, 0xD7AF, "ko"),
    (0x1100, 0x11FF, "ko"),
)  # fmt: skip
_SMALL_WORDS = {
    "latin": {
        "en": "the of and to in a is that it was for on with as at by he his from are this be had not have which you",
        "de": "der die und in den von zu das mit sich des auf für ist im dem nicht ein eine als auch es an"
        " werden aus er",
        "fr": "de la le et les des en un du une que est pour qui dans a par plus pas au sur ne se ce il sont avec elle",
        "es": "de la que el en y a los se del las un por con no una su para es al lo como más o pero sus le ha este",
        "it": "di e il la che in a per un è del non sono una con i le da si della al dei nel come più anche lo gli ma",
        "pt": "de a o que e do da em um para é com não uma os no se na por mais as dos como mas foi ao ele das tem à",
        "nl": "de van het een en in is dat op te zijn met voor die niet aan er om ook als dan maar bij uit nog"
        " naar door",
        "sv": "och i att det som en på är av för med den till inte har de ett om var jag men sig från vi så kan"
        " när hade",
        "da": "og i at det er en til på som af for med de den ikke der har et om var jeg men sig fra vi"
        " kan når havde blev efter igen også hun ind blive fik være",
        "no": "og i det er på til som en av for at med de har ikke den et om var jeg men seg fra vi så"
        " kan når hadde ble etter igjen også hun inn bli fikk være",
        "fi": "ja on ei se että oli hän mutta ovat kun myös ole joka tai niin kuin mukaan sen nyt vain hänen jo sitä",
        "pl": "w i na z do się nie że jest to o od za po jak przez dla ale co są był ma tym które oraz ze może tylko",
        "cs": "a v se na je že s z do o i to k ve pro za by ale jsou jako po od jeho které nebo však také být byl jen",
        "tr": "ve bir bu da de için ile olarak çok daha en gibi olan ne kadar sonra var ama değil her o ki mi ise göre",
        "ro": "de și în a la cu pe că nu o din care un mai este pentru se sau au fi o fost prin dar le după ca al lui",
        "hu": "a az és hogy nem is egy meg de ez volt csak el ha már mint vagy ki még van azt lehet után minden volna",
        "id": "yang dan di dengan untuk ini dari dalam pada tidak itu adalah akan oleh ke juga sebagai ada bisa telah",
        "vi": "và của là có trong được cho không các một người với đã này những để khi từ về ra như đến tại vào cũng",
    },
    "cyrillic": {
        "ru": "и в не на что с он как это по но из у за к от так для же все бы был о его она мы они или вы если",
        "uk": "і в не на що з як це та до але за від у для є був його вона ми вони або ви якщо також про після ще",
        "bg": "и в на да не се от за че с по е са това като до има във със или си но той ще след през към още",
        "sr": "и у је да се на за од са су не што као који али то из бити по овај или до био када они после",
    },
    "arabic": {
        "ar": "في من على إلى أن التي هذا عن مع كان لا ما هذه الذي ذلك هو قد بين كما بعد أو لم كل هي",
        "fa": "و در به از که این را با است برای آن یک خود تا کرد بر هم نیز می شود شده اما یا هر باید",
        "ur": "کے کی میں ہے اور سے کا کو اس نے پر کہ ہیں یہ بھی ایک نہیں تھا کر جو وہ گیا اپنے کیا",
    },
    "devanagari": {
        "hi": "के में है की और से का को पर इस यह ने एक हैं कि भी नहीं हो लिए तो कर था जो वह थे",
        "mr": "आणि आहे या व की हे ते मध्ये तर होते नाही असे आहेत त्या करून एक होता म्हणून ही पण केली",
        "ne": "र छ मा को लाई हो पनि यो एक गरेको भएको छन् हुन् तर गर्न थियो भने यस लागि",
    },
}  # fmt: skip
_WORDS = {
    script: {code: frozenset(words.split()) for code, words in found.items()} for script, found in _SMALL_WORDS.items()
}


def find_language(text: str) -> str:
    """Return the ISO 639-1 code of the language that most of the text is in, ``""`` where that cannot be told."""
    sample = _sample(text)
    scripts: Counter[str] = Counter()
    for letter, count in Counter(filter(str.isalpha, sample)).items():
        scripts[_script(ord(letter))] += count
    del scripts[""]
    if not scripts or scripts.total() < _FEWEST_LETTERS:
        return ""
    # Japanese is written with many Han signs among few kana; names in Latin letters are common anywhere.
    if scripts["ja"] * 10 > scripts["ja"] + scripts["han"] and scripts["ja"] + scripts["han"] > scripts["latin"]:
        return "ja"
    script, _ = scripts.most_common(1)[0]
    if script == "han":
        return "zh"
    return _by_words(sample, _WORDS[script]) if script in _WORDS else script


def _sample(text: str) -> str:
    """Return the middle of a long text: it begins and ends with names, menus and credits."""
    start = max(0, (len(text) - _SAMPLE) // 2)
    return text[start : start + _SAMPLE]


def _script(code: int) -> str:
    return next((name for first, last, name in _SCRIPTS if first <= code <= last), "")


def _by_words(sample: str, profiles: dict[str, frozenset[str]]) -> str:
    """Return the language whose small words are frequent enough; a word of several languages counts less for each."""
    words = Counter(_WORD.findall(sample.casefold()))
    shared = Counter(word for profile in profiles.values() for word in profile)
    weights = Counter({code: sum(words[word] / shared[word] for word in profile) for code, profile in profiles.items()})
    (best, weight), (_, second) = weights.most_common(2)
    hits = sum(words[word] for word in profiles[best])
    is_clear = hits >= _FEWEST_HITS and hits >= _SHARE * words.total() and weight >= _LEAD * second
    return best if is_clear else ""
