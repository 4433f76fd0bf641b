"""British and American spellings of a word are one term, other words stay apart."""

from __future__ import annotations

import pytest

from bot.engine.retrieval.tokens import find_words, stem

PAIRS = """
colour color · neighbourhoods neighborhoods · favourite favorite · odour odor · honourable honorable
organise organize · organisation organization · colonised colonized · criticising criticizing · analysed analyzed
centre center · centred centered · kilometres kilometers · theatre theater · catalogue catalog · dialogues dialogs
defence defense · licence license · practised practiced · travelled traveled · counsellor counselor
enrolment enrollment · fulfil fulfill · skilful skillful · fuelled fueled · jewellery jewelry · marvellous marvelous
haemoglobin hemoglobin · encyclopaedia encyclopedia · archaeologist archeologist · foetus fetus · diarrhoea diarrhea
manoeuvre maneuver · grey gray · tyres tires · programme program · aluminium aluminum · sulphur sulfur · mould mold
judgement judgment · ageing aging · learnt learned · sceptical skeptical · plough plow · whisky whiskey
"""

APART = """
four for · hour her · flour floor · paradise parade · mummy mommy · prise price · string stering · hundred hunder
wise wide · basis base · called cal · rise ride · metrics meters
"""

KIN = """
advise advised advising · supervise supervision · precise precisely · franchise franchises · skill skilled
surprise surprising · promise promised · exercise exercises · hour hours · called calling · install installed
"""


def split(text: str) -> list[list[str]]:
    """Return the groups between dots and line ends."""
    return [group.split() for line in text.strip().splitlines() for group in line.split("·")]


@pytest.mark.parametrize(("british", "american"), split(PAIRS))
def test_both_spellings_are_one_term(british: str, american: str) -> None:
    """A question in one spelling finds passages in the other."""
    assert stem(british) == stem(american)


@pytest.mark.parametrize(("one", "other"), split(APART))
def test_other_words_stay_apart(one: str, other: str) -> None:
    """The rules bring no two different words together."""
    assert stem(one) != stem(other)


@pytest.mark.parametrize("forms", split(KIN), ids=" ".join)
def test_forms_of_a_word_stay_together(forms: list[str]) -> None:
    """The rules part no word from its own forms."""
    assert len({stem(form) for form in forms}) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("2,000 %", "2000%"),
        ("2000%", "2000 percent"),
        ("40 per cent", "40 percent"),
        ("$2m", "$2 million"),
        ("£3.5bn", "£3.5 billion"),
        ("$1,200", "$1200"),
        ("v3.11.2", "3.11.2"),
        ("the 1990's", "the 1990s"),
    ],
)
def test_figures_are_read_alike(one: str, other: str) -> None:
    """Signs, groups of thousands and abbreviated scales do not tell figures apart."""
    assert [stem(word.text) for word in find_words(one)] == [stem(word.text) for word in find_words(other)] != []


@pytest.mark.parametrize(("one", "other"), [("C++", "C"), ("C#", "C"), ("C++", "C#"), ("3.11.2", "3.11"), ("$5", "£5")])
def test_names_that_differ_in_signs_stay_different(one: str, other: str) -> None:
    """A language's plus signs and a version's last number count."""
    assert [word.text for word in find_words(one)] != [word.text for word in find_words(other)]


def test_codes_are_one_word() -> None:
    """Error codes come through whole."""
    assert [word.text for word in find_words("E1234, 0x80070057; (ECONNRESET) KB5034441.")] == [
        "e1234",
        "0x80070057",
        "econnreset",
        "kb5034441",
    ]
