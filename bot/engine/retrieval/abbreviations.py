"""Abbreviations that passages introduce, "World Health Organization (WHO)": the question gets the other form too."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from bot.engine.retrieval.snapshot import Snapshot
from bot.engine.retrieval.spelling import Correction
from bot.engine.retrieval.tokens import Word, is_stop_word, stem
from bot.engine.retrieval.word_rows import are_held, find_common_rows, find_word_rows, is_among, read_words

_SHORTEST, _LONGEST = 2, 6
_SHORTEST_SMALL = 3
_MOST_READ = 12
_MOST_SKIPPED = 2


def find_other_forms(
    snapshot: Snapshot, scope: npt.NDArray[np.int64], text: str, words: Sequence[Word]
) -> list[Correction]:
    """Return what to put after an abbreviation or after the words it stands for: insertions of no characters' width."""
    held = {word.text for word in words}
    is_small = text.lower() == text
    found = []
    for word in words:
        if not _may_abbreviate(word.text, text[word.start : word.end], is_small=is_small):
            continue
        phrase = _find_phrase(snapshot, scope, word.text)
        if not phrase or held.issuperset(part for part in phrase if not is_stop_word(part)):
            continue
        if is_stop_word(word.text) or _is_commoner(snapshot, scope, phrase, [word.text]):
            found.append(Correction(word.end, word.end, f" ({' '.join(phrase)})"))
    runs = [run for run in _find_runs(words) if run[2] not in held]
    for (first, last, short), is_known in zip(runs, are_held(snapshot, [run[2] for run in runs]), strict=True):
        phrase = [word.text for word in words[first:last]]
        if (
            is_known
            and _is_introduced(snapshot, scope, phrase, short)
            and _is_commoner(snapshot, scope, [short], phrase)
        ):
            found.append(Correction(words[last - 1].end, words[last - 1].end, f" ({short})"))
    return found


def _is_commoner(snapshot: Snapshot, scope: npt.NDArray[np.int64], other: Sequence[str], asked: Sequence[str]) -> bool:
    """Return whether more rows have the other form than the one asked with.

    Where the passages mostly use the question's own form, the other one only drew the ranking to the passage that
    introduces it (squad_train_slice: 7 answers lost, 3 won).
    """
    return len(find_common_rows(snapshot, scope, other)) > len(find_common_rows(snapshot, scope, asked))


def _may_abbreviate(word: str, written: str, *, is_small: bool) -> bool:
    if not word.isalpha() or not _SHORTEST <= len(word) <= _LONGEST:
        return False
    return written.isupper() or (is_small and len(word) >= _SHORTEST_SMALL and not is_stop_word(word))


def _find_phrase(snapshot: Snapshot, scope: npt.NDArray[np.int64], short: str) -> list[str] | None:
    """Return the words right before or after an abbreviation of whose first letters it is made."""
    for row in _first_rows(snapshot, scope, short):
        names = read_words(snapshot, row)
        for place, name in enumerate(names):
            if name != short:
                continue
            before = _match_initials(names[:place][::-1], short[::-1])
            if before:
                return before[::-1]
            after = _match_initials(names[place + 1 :], short)
            if after:
                return after
    return None


def _match_initials(names: Sequence[str], letters: str) -> list[str] | None:
    """Return the words, from the first on, that begin with these letters in order; function words may be between."""
    taken: list[str] = []
    skipped = 0
    left = list(letters)
    for name in names:
        if not left:
            break
        if name[0] == left[0]:
            left.pop(0)
        elif is_stop_word(name) and skipped < _MOST_SKIPPED:
            skipped += 1
            if not taken:
                continue
        else:
            return None
        taken.append(name)
    topical = sum(not is_stop_word(name) and len(name) > 1 for name in taken)
    return taken if not left and topical >= _SHORTEST else None


def _find_runs(words: Sequence[Word]) -> Iterator[tuple[int, int, str]]:
    """Give each run of words that an abbreviation may stand for, with the initials of all and of the topical ones."""
    for first, word in enumerate(words):
        if is_stop_word(word.text):
            continue
        for last in range(first + 2, min(len(words), first + _LONGEST + _MOST_SKIPPED) + 1):
            run = [other.text for other in words[first:last]]
            if is_stop_word(run[-1]):
                continue
            topical = [other for other in run if not is_stop_word(other)]
            for chosen in (run, topical) if len(topical) < len(run) else (run,):
                short = "".join(other[0] for other in chosen)
                if _SHORTEST_SMALL <= len(short) <= _LONGEST and short.isalpha():
                    yield first, last, short


def _is_introduced(snapshot: Snapshot, scope: npt.NDArray[np.int64], phrase: Sequence[str], short: str) -> bool:
    """Return whether the abbreviation stands right after or before these words somewhere."""
    wanted = [stem(word) for word in phrase]
    width = len(wanted)
    for row in _first_rows(snapshot, scope, short):
        names = read_words(snapshot, row)
        for place, name in enumerate(names):
            if name == short:
                before, after = (
                    _skip_linking(names[:place][::-1])[:width][::-1],
                    _skip_linking(names[place + 1 :])[:width],
                )
                if wanted in ([stem(other) for other in before], [stem(other) for other in after]):
                    return True
    return False


def _skip_linking(names: list[str]) -> list[str]:
    """Drop function words between an abbreviation and what it stands for: "the Fund, or IMF"."""
    linking = 0
    while linking < min(_MOST_SKIPPED, len(names)) and is_stop_word(names[linking]):
        linking += 1
    return names[linking:]


def _first_rows(snapshot: Snapshot, scope: npt.NDArray[np.int64], word: str) -> list[int]:
    """Return the first rows that hold a word: an abbreviation is introduced where it first stands."""
    rows = find_word_rows(snapshot, word)
    found: list[int] = rows[is_among(rows, scope)][:_MOST_READ].tolist()
    return found
