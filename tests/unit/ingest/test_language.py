"""The language of an article, told from its text alone."""

from __future__ import annotations

import pytest

from bot.engine.ingest.language import find_language
from bot.engine.ingest.parse import parse_text
from bot.engine.ingest.sentences import split_sentences
from bot.engine.retrieval.tokens import find_words

TEXTS = {
    "en": "The ferry returns in June after nine years, and the town is waiting for it.",
    "de": "Der Turm steht auf Lehm und neigt sich nach Süden, aber er ist nicht in Gefahr.",
    "fr": "Le pont est fermé depuis lundi et les habitants vont à l'école dans une barque.",
    "es": "El puente se cerró el lunes y los vecinos no tienen más remedio que ir a la escuela en barco.",
    "it": "Il ponte è chiuso da lunedì e gli abitanti non sono contenti della barca che li porta.",
    "pt": "A ponte foi fechada na segunda-feira e os moradores não têm mais como ir para a escola.",
    "nl": "De brug is sinds maandag dicht en de kinderen gaan met een boot naar school.",
    "sv": "Färjan går igen till ön och staden har väntat på den i nio år, men inte alla är glada.",
    "da": "Færgen sejler igen til øen, og byen har ventet på den i ni år, men ikke alle blev glade efter det.",
    "no": "Fergen går igjen til øya, og byen har ventet på den i ni år, men ikke alle ble glade etter det.",
    "pl": "Most jest zamknięty od poniedziałku i nie ma już drogi do szkoły, ale dzieci się cieszą.",
    "tr": "Köprü pazartesi gününden beri kapalı ve çocuklar için okula giden bir yol daha yok ama bu iyi.",
    "ru": "Башня стоит на глине и наклоняется к югу, но опасности для жителей нет.",
    "uk": "Вежа стоїть на глині і нахиляється до півдня, але небезпеки для мешканців немає.",
    "el": "Ο φάρος άναψε ξανά και οι κάτοικοι μαζεύτηκαν στην προβλήτα.",
    "he": "אין מעבורת בלילה, והאי מחכה עד הבוקר לסירת הדגים.",
    "ar": "تعود العبارة الليلية إلى العمل في الثاني من يونيو بعد توقف دام تسع سنوات.",
    "hi": "पुल सोमवार को बंद रहा और किसी को चोट नहीं आई, यह जानकारी पुलिस ने दी है।",
    "zh": "灯塔重新点亮了，人们聚集在码头上，没有人知道是谁修好了它，夜里很安静。",
    "ja": "灯台が再び点灯した。町の人々は静かに見守った。",
    "ko": "등대가 다시 켜졌다. 사람들이 부두에 모였다. 밤이 깊었고 모두 기뻐했다.",
    "th": "สะพานข้ามแม่น้ำปิดซ่อมตั้งแต่วันจันทร์ ชาวบ้านต้องนั่งเรือไปโรงเรียน",
}


@pytest.mark.parametrize("code", TEXTS)
def test_language_is_told_from_one_sentence(code: str) -> None:
    """A sentence of ordinary words is enough."""
    assert find_language(TEXTS[code]) == code


@pytest.mark.parametrize(
    "text", ["", "12 345 — 6", "Xyzzy plugh qwrt zork", "Berlin", "Granite, mortar, oak, iron, lead"]
)
def test_too_little_to_go_by_is_no_language(text: str) -> None:
    """Names, numbers and invented words are not guessed at."""
    assert find_language(text) == ""


def test_article_knows_its_language() -> None:
    """A parsed article carries the code of its text; a foreign name in it changes nothing."""
    assert parse_text(f"{TEXTS['de']} Das sagte Александр Иванов am Montag.").details.language == "de"


@pytest.mark.parametrize("code", TEXTS)
def test_words_of_any_language_are_found(code: str) -> None:
    """Words lie in order inside the text; scripts without spaces give pairs of characters, never one endless word."""
    words = find_words(TEXTS[code])
    assert len(words) >= 8
    assert all(0 <= one.start < one.end <= len(TEXTS[code]) for one in words)
    assert max(len(one.text) for one in words) < 20


@pytest.mark.parametrize("code", ["de", "ru", "ar", "hi", "zh", "ja"])
def test_sentences_of_any_language_are_parted(code: str) -> None:
    """The same sentence three times is at least three sentences, each ending where one ends."""
    gap = "" if code in ("zh", "ja") else " "
    text = gap.join([TEXTS[code]] * 3)
    spans = split_sentences(text)
    assert {span.end for span in spans} >= {len(TEXTS[code]), len(text)}
    assert "".join(text[start:end] for start, end in spans).replace(" ", "") == text.replace(" ", "")
