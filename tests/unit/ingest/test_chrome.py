"""Pasted pages lose the page around the article; texts without one lose nothing, whatever their form and language."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.engine.ingest.blocks import split_blocks
from bot.engine.ingest.chrome import network
from bot.engine.ingest.chrome.features import FIRST_WORDS, describe_blocks, first_words
from bot.engine.ingest.chrome.marking import FEWEST_BLOCKS, judge_blocks
from bot.engine.ingest.chrome.network import load_network
from bot.engine.ingest.drafts import draft
from bot.engine.ingest.parse import parse_text
from bot.engine.records.passages import LEFT_OUT, LineLabel

TITLE = "How the ferry of Ellerby came to cross by night"
_WRAPPED = """\
For sixty years the ferry of Ellerby stopped at sunset. Whoever came late slept in the boathouse or walked nine miles
to the bridge, and most of those who lived on the far bank had done both more than once.

That changed in the winter of 1931, when the ferryman's daughter, Nora Vale, hung two railway lamps on the landing and
began to cross after dark. She had asked nobody, and for a month nobody noticed.

The first lamp

The lamps came from the yard at Sutton, where her brother mended engines. One was red and one was green, and she hung
them so that a boat which kept between them could not touch the sandbank.

“People said that I would drown somebody,” she told the council in March. “Nobody has asked yet how many went into the
river on their way round by the bridge.”

What the council decided

The council voted by seven to two to pay for the oil. The minutes give no reason, but the doctor had crossed twice
that winter, and the doctor's wife was sitting in the second row.

By 1934 the night ferry carried more people than the day ferry. It ran until the new bridge was opened, thirty years
later, and one of the lamps still hangs in the library.
"""
BODY = [" ".join(paragraph.split()) for paragraph in _WRAPPED.split("\n\n")]
MENU = [
    "Skip to content",
    "Menu",
    "Home",
    "News",
    "Sport",
    "Culture",
    "Opinion",
    "Weather",
    "Subscribe",
    "Log in",
    "World",
    "Business",
    "Science",
    "Travel",
    "Food",
    "Books",
    "Film",
    "Music",
    "Letters",
    "Obituaries",
    "Jobs",
    "Cars",
]
FOOTER = [
    "Share this story", "Facebook", "Twitter", "Email", "Related articles", "Ten walks along the Ell",
    "The bridge that nobody wanted", "Most read", "Council to close two libraries", "Comments (4)", "Newsletter",
    "Get the best of the Ellerby Courier in your inbox every Friday.", "Enter your email", "Sign up", "About us",
    "Contact", "Privacy policy", "Cookie settings", "Terms and conditions", "Advertise with us",
    "© 2026 Ellerby Courier. All rights reserved.",
]  # fmt: skip

POEM = """The Ferry

She hung a lamp upon the pier
  And one beyond the reeds,
And nobody who crosses here
  Remembers how it leads

Between the bank of sand and stone
  To where the boathouse stood.
The ferryman had gone alone
  As nobody else would.

O lamp of red and lamp of green,
  O river running black,
The things that nobody has seen
  Are those that bring us back.
"""
LIST = """Things to take across

- two lamps, one red and one green
- oil
- a rope of forty feet
- bread
- the doctor's bag
- a whistle
- dry matches
- Nora's coat
"""
QUESTIONS = """Q: When does the ferry leave?
A: At eight, at noon and at sunset.

Q: Is there a night ferry?
A: Yes.

Q: What does it cost?
A: A penny.

Q: Who pays for the oil?
A: The council does.

Q: May I bring a horse?
A: No.
"""
TRANSCRIPT = """Minutes of the council, 3 March 1931

CHAIR: We come to the lamps.

VALE: I have brought them with me.

CHAIR: Put them on the table, please.

HOLT: Who paid for the oil?

VALE: I did.

HOLT: And who asked you to?

VALE: Nobody.

CHAIR: Order, please.

HOLT: I only ask.
"""
CODE = """Reading the log

The log is a text file. This reads it:

def read(path):
    with open(path) as file:
        for line in file:
            yield line.split(",")

It yields one list for each crossing. To count them:

total = sum(1 for _ in read("log.csv"))
print(total)

Both take less than a second.
"""
RECIPE = """Ferryman's bread

Ingredients

500 g flour
1 tsp salt
7 g yeast
300 ml water

Method

Mix the flour, the salt and the yeast.

Add the water and knead for ten minutes.

Bake for forty minutes.
"""
GERMAN = """Die Fähre von Ellerby

Sechzig Jahre lang hörte die Fähre bei Sonnenuntergang auf. Wer zu spät kam, schlief im Bootshaus.

Im Winter 1931 hängte Nora Vale zwei Lampen an den Steg. Sie hatte niemanden gefragt.

Die erste Lampe

Die Lampen kamen aus Sutton, wo ihr Bruder Lokomotiven reparierte.

Was der Rat beschloss

Der Rat bezahlte das Öl. Einen Grund nennt das Protokoll nicht.
"""
RUSSIAN = """Паром в Эллерби

Шестьдесят лет паром останавливался на закате. Кто опаздывал, ночевал в лодочном сарае.

Зимой 1931 года Нора Вейл повесила на пристани два фонаря. Она никого не спрашивала.

Первый фонарь

Фонари привезли из Саттона, где её брат чинил паровозы.

Что решил совет

Совет заплатил за масло. Причины в протоколе нет.
"""
JAPANESE = """エラビーの渡し船

六十年のあいだ、渡し船は日没で止まった。遅れた人は船小屋で眠った。

一九三一年の冬、ノラは桟橋に二つの灯を掛けた。誰にも尋ねなかった。

最初の灯

灯はサットンから来た。兄が機関車を直していた町である。

議会の決定

議会は油の代金を払った。理由は書かれていない。
"""
HINDI = """एलर्बी की नाव

साठ साल तक नाव सूर्यास्त पर रुक जाती थी। जो देर से आता वह नावघर में सोता था।

सन 1931 की सर्दियों में नोरा ने घाट पर दो दीये टाँगे। उसने किसी से नहीं पूछा।

पहला दीया

दीये सटन से आए थे, जहाँ उसका भाई इंजन ठीक करता था।

परिषद ने तेल का दाम दिया। कारण नहीं लिखा है।
"""
PLAIN = {
    "poem": POEM, "list": LIST, "questions": QUESTIONS, "transcript": TRANSCRIPT, "code": CODE, "recipe": RECIPE,
    "German": GERMAN, "Russian": RUSSIAN, "Japanese": JAPANESE, "Hindi": HINDI,
    "article": "\n\n".join([TITLE, *BODY]),
}  # fmt: skip


def quoted(text: str) -> list[str]:
    """What may be quoted of a text, and its headings."""
    parsed = parse_text(text)
    return [
        parsed.text[line.start : line.end]
        for line in parsed.lines
        if line.label not in LEFT_OUT and line.label is not LineLabel.TITLE
    ]


@pytest.mark.parametrize(("menu", "gap"), list(product(["\n", "\n\n"], ["\n", "\n\n"])))
def test_the_page_around_an_article_is_left_out(menu: str, gap: str) -> None:
    """However menus and paragraphs are spaced, the article stays whole, word for word, and its menu and footer go."""
    text = menu.join(MENU) + "\n\n" + gap.join([TITLE, "By Joan Marrick", "14 March 2026", *BODY]) + "\n\n"
    shown = quoted(text + menu.join(FOOTER))
    assert [line for line in shown if line in BODY] == BODY
    assert len(shown) <= len(BODY) + 3
    assert parse_text(text + menu.join(FOOTER)).title == TITLE


@pytest.mark.parametrize("name", sorted(PLAIN))
@pytest.mark.parametrize("gap", ["as it is", "closed", "open"])
def test_a_text_without_a_page_loses_nothing(name: str, gap: str) -> None:
    """Poems, lists, questions, transcripts, code, recipes, other languages: with or without their blank lines."""
    lines = PLAIN[name].splitlines()
    text = {
        "as it is": PLAIN[name],
        "closed": "\n".join(line for line in lines if line.strip()),
        "open": "\n\n".join(line for line in lines if line.strip()),
    }[gap]
    assert [line for line in parse_text(text).left_out if text[line.start : line.end].strip("-*")] == []


def test_everything_left_out_is_stored() -> None:
    """Each visible line of the page lies in a line of the article, so that it can be restored."""
    text = "\n".join(MENU) + "\n\n" + "\n\n".join([TITLE, *BODY]) + "\n\n" + "\n".join(FOOTER)
    parsed = parse_text(text)
    covered = set[int]()
    for line in parsed.lines:
        covered.update(range(line.start, line.end))
    assert [index for index, character in enumerate(text) if not character.isspace() and index not in covered] == []


def test_short_texts_are_not_judged() -> None:
    """A few lines say too little of what is around them."""
    drafts = [draft(block) for block in split_blocks("\n".join(MENU[: FEWEST_BLOCKS - 1]))]
    assert judge_blocks(drafts) is None


def test_scores_are_probabilities_and_one_row_a_block() -> None:
    """Five columns that sum to one, for any number of blocks."""
    drafts = [draft(block) for block in split_blocks("\n".join(MENU + BODY + FOOTER))]
    opinion = judge_blocks(drafts)
    assert opinion is not None
    assert opinion.scores.shape == (len(drafts), 5)
    assert np.allclose(opinion.scores.sum(axis=1), 1, atol=1e-5)
    assert opinion.is_page


def test_stretches_give_what_the_whole_gives(monkeypatch: pytest.MonkeyPatch) -> None:
    """A long text is scored in stretches that overlap by as much as the network sees."""
    drafts = [draft(block) for block in split_blocks("\n".join((MENU + BODY + FOOTER) * 4))]
    numbers, words = describe_blocks(drafts), [first_words(item.text) for item in drafts]
    whole = load_network().score(numbers, words)
    monkeypatch.setattr(network, "_STRETCH", 13)
    assert np.allclose(load_network().score(numbers, words), whole, atol=1e-5)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(max_size=60), min_size=1, max_size=40))
def test_any_text_is_described(lines: list[str]) -> None:
    """Rows are of one length, finite and small, and no more words are looked up than promised."""
    drafts = [draft(block) for block in split_blocks("\n".join(lines))]
    if not drafts:
        return
    rows = describe_blocks(drafts)
    width = load_network().first.weight.shape[0] - load_network().vectors.shape[1]
    assert {len(row) for row in rows} == {width}
    assert np.isfinite(rows).all()
    assert np.abs(rows).max() <= 8
    assert all(len(first_words(item.text)) <= FIRST_WORDS for item in drafts)
