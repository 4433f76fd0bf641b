"""Summaries as messages."""

from __future__ import annotations

from dataclasses import replace

from bot.ui import words
from bot.ui.summaries import summary_views
from tests.unit.ui.samples import check_limits, components, make_summary, quoted, texts


def test_a_summary_literally() -> None:
    """Sentences in order under their headings, a gap shown as such, each passage with its number."""
    views = summary_views(
        make_summary(
            ("One.", 1, ("A",), 0),
            ("Two.", 1, ("A",), 5),
            ("Five *stars*.", 3, ("A",), 90),
            ("Next.", 4, ("A", "B"), 120),
        )
    )
    assert [texts(view) for view in views] == [
        [
            "**Foxes**, in its own sentences",
            "-# A",
            "> One.",
            "> Two.",
            "-# ¶ 1",
            "[…]",
            r"> Five \*stars\*.",
            "-# ¶ 3",
            "-# A › B",
            "> Next.",
            "-# ¶ 4",
        ]
    ]
    assert [component["type"] for component in components(views[0])].count(17) == 2


def test_nothing_to_summarise_is_said() -> None:
    """No sentences: a sentence about that, not an empty message."""
    assert texts(summary_views(make_summary())[0]) == [words.NOTHING_TO_SUMMARISE]


def test_too_short_to_summarise_is_said() -> None:
    """The first passage is shown, and that it is not a summary."""
    summary = replace(make_summary(("One. Two.", 1, (), 0)), is_too_short=True)
    shown = texts(summary_views(summary)[0])
    assert shown == ["**Foxes**, in its own sentences", words.TOO_SHORT_TO_SUMMARISE, "> One. Two.", "-# ¶ 1"]


def test_a_long_summary_keeps_the_limits() -> None:
    """Many long sentences come in several messages and all of them arrive."""
    sentences = [(f"Sentence {n} " + "and so on " * 60 + ".", n, (f"H{n // 3}",), n * 1000) for n in range(1, 30)]
    views = summary_views(make_summary(*sentences))
    check_limits(views)
    assert len(views) > 1
    assert quoted(views) == "".join(sentence[0] for sentence in sentences)


def test_one_giant_sentence_is_parted() -> None:
    """A sentence over the limit comes in numbered parts, whole."""
    text = "word " * 2000 + "end."
    views = summary_views(make_summary((text, 1, (), 0)))
    check_limits(views)
    assert quoted(views) == text
    assert texts(views[-1])[-1] == f"-# ¶ 1 · part {len(views)} of {len(views)}"


def test_a_summary_that_does_not_fit_says_so() -> None:
    """Beyond the message limit the cut is stated."""
    views = summary_views(make_summary(*[("word " * 700, n, (), n * 9000) for n in range(1, 20)]))
    check_limits(views)
    assert texts(views[-1]) == [words.REST_OF_SUMMARY]
