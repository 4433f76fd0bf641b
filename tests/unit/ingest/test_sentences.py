"""Sentence ends: what parts two sentences, and what only looks like it."""

from __future__ import annotations

import pytest

from bot.engine.ingest.sentences import split_sentences

# Every case is the list of its sentences; the text is them joined by a space, in Chinese and Japanese by nothing.
ENGLISH = [
    ["The tide turned at noon.", "Nobody saw it."],
    ["Is the mill open?", "It is.", "Bring boots!"],
    ["Dr. Amina Solberg measured the lamps.", "She used a borrowed meter."],
    ["Mr. and Mrs. Osei keep two hives.", "Both are full."],
    ["Prof. Lindqvist spoke for St. Mary’s parish.", "He was brief."],
    ["The ferry carries cargo, e.g. herring and salt.", "It sails at six."],
    ["Bring the large tools, i.e. the saw and the axe, on Monday.", "Leave the rest."],
    ["The U.S. market bought the glass.", "The rest stayed here."],
    ["She moved to the U.K. in 1998.", "Her brother stayed."],
    ["Pi is about 3.14 in the mill’s books.", "The miller was no fool."],
    ["The fee rose to 2.5 per cent.", "Members voted for it."],
    ["J. R. Calloway wrote the ledger.", "It has ninety pages."],
    ["The author is A. B. Thorne.", "She lives in Orrin."],
    ["The shop opens at 9 a.m. on weekdays.", "It closes at noon."],
    ["They met at 6 p.m. in the hall.", "The talk was short."],
    ["Work begins on Jan. 5 next year.", "It ends in spring."],
    ["See Fig. 3 for the weir.", "The ladder is on the left."],
    ["It costs approx. 40 crowns.", "Children pay half."],
    ["The firm Orrin Glass Ltd. employs 210 people.", "Half of them blow bottles."],
    ["Compare vol. 2, pp. 14 and 15, of the minutes.", "They disagree."],
    ["“We sold herring as news,” said Marit.", "She laughed."],
    ["He asked, “Who owns the bank?”", "Nobody answered."],
    ["“The lamps went out.”", "“They did.”"],
    ["She wrote “closed” on the door.", "Then she left."],
    ["The sign said “Keep out!” in red.", "We went in."],
    ["It rained (as it does in March).", "The roof held."],
    ["The roof held.", "(It had been mended.)"],
    ["Wait … there is more.", "There always is."],
    ["No. 7 is the last house.", "Its door is green."],
    ["The page is at example.org/help.html today.", "Read it."],
    ["Version 2.11.3 mends the leak.", "Upgrade soon."],
    ["He lost, alas!", "The crowd went home."],
    ["What?!", "You sold the mill?", "For how much?"],
    ["The bill is $4.6 million a year.", "Parliament agreed."],
    ["Add flour, water, salt, etc. to the bowl.", "Stir it."],
    ["One sentence without a stop"],
    ["1. Rinse the lentils.", "2. Boil them for an hour."],
    ["Sgt. Holt vs. the town was heard in May.", "He won."],
    ["The year 1742.", "The mason was Elsa Thorne."],
    ["Kept verbatim near Alaska .", "The drills go on."],
]

OTHERS = {
    "German": ["Dr. Vogt misst den Turm am 3. Mai.", "Er neigt sich um 0,3 mm im Jahr."],
    "German abbreviation": ["Das gilt z. B. für Lehm.", "Sand ist anders."],
    "French": ["M. Duval a vendu le moulin.", "Il part demain."],
    "Spanish": ["¿Quién repara la torre?", "¡El gremio!", "Cobran en cebada."],
    "Russian": ["Башня стоит на глине.", "Она наклоняется к югу.", "Опасности нет."],
    "Arabic": ["تعود العبارة في يونيو.", "هل التذاكر غالية؟", "لا."],
    "Hindi": ["पुल सोमवार को बंद रहा।", "किसी को चोट नहीं आई।"],
    "Chinese": ["灯塔重新点亮了。", "人们聚集在码头上！", "谁修好了它？"],
    "Japanese": ["灯台が再び点灯した。", "町の人々は静かに見守った。"],
    "Korean": ["등대가 다시 켜졌다.", "사람들이 부두에 모였다."],
    "Greek": ["Ο φάρος άναψε ξανά.", "Ποιος τον επισκεύασε;"],
}


@pytest.mark.parametrize("sentences", ENGLISH, ids=[case[0][:30] for case in ENGLISH])
def test_english_is_parted_at_its_sentence_ends(sentences: list[str]) -> None:
    """Abbreviations, initials, decimals, quotations and lists neither merge nor split sentences."""
    text = " ".join(sentences)
    assert [text[start:end] for start, end in split_sentences(text)] == sentences


@pytest.mark.parametrize("language", OTHERS)
def test_other_languages_do_not_fall_apart(language: str) -> None:
    """Other languages and scripts are parted at their own stops and nowhere else."""
    sentences = OTHERS[language]
    text = ("" if language in ("Chinese", "Japanese") else " ").join(sentences)
    assert [text[start:end] for start, end in split_sentences(text)] == sentences


@pytest.mark.parametrize(
    "text",
    [
        "สะพานข้ามแม่น้ำปิดซ่อมตั้งแต่วันจันทร์ ชาวบ้านต้องนั่งเรือไปโรงเรียน",
        "ສະຖານີລົດໄຟປິດ",
        "ਪੁਲ ਬੰਦ ਹੈ",
    ],
)
def test_script_without_stops_is_one_sentence(text: str) -> None:
    """A text in a script that writes no stops stays whole."""
    assert split_sentences(text) == ((0, len(text)),)


def test_long_quotation_is_parted_inside() -> None:
    """A quotation of several sentences does not come back as one, so that a highlight stays short."""
    first = "“The furnace went cold in the winter of 2019 and nobody thought that it would burn again."
    second = "We kept every mould in straw, and we swept the hall each spring.”"
    text = f"{first} {second}"
    assert [text[start:end] for start, end in split_sentences(text)] == [first, second]


def test_only_the_last_of_a_document_of_blanks_and_signs_is_kept_whole() -> None:
    """Pieces without a letter join a neighbour: a number or a dash is no sentence."""
    text = "— 3.\n\nThe pump will be repaired before Easter. —"
    spans = split_sentences(text)
    assert [text[start:end] for start, end in spans] == ["— 3.\n\nThe pump will be repaired before Easter. —"]


@pytest.mark.parametrize("text", ["", " ", "\n\t\u2003"])
def test_blank_text_has_no_sentences(text: str) -> None:
    """Nothing but whitespace gives no span."""
    assert split_sentences(text) == ()


@pytest.mark.parametrize("unit", ["«a. ", '"a. ', "A. B. ", ". ", "1. 2. ", "<!--", "(", "…a"])
def test_hostile_repetition_is_split_in_linear_time(unit: str) -> None:
    """A megabyte of what makes the library slow is split, whole, without a wait."""
    text = unit * (1_000_000 // len(unit))
    spans = split_sentences(text)
    assert sum(end - start for start, end in spans) <= len(text)
    assert spans[-1].end == len(text.rstrip())
