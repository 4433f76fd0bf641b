"""Which sentences make the summary: the best of every section, or the best of all by marginal relevance.

The weights were chosen on 1,175 CNN/DailyMail articles (benchmarks/summary_quality.py); RESULTS.md has others.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from bot.engine.ports.encoders import FloatArray
from bot.engine.summaries.material import Material, find_centres

MINIMUM_SECTIONS = 3
MAXIMUM_SENTENCES = 8

# Maximal marginal relevance (Carbonell and Goldstein, 1998): centrality and the pull of the beginning, against
# redundancy with what is chosen already.
RELEVANCE = 0.9
LEAD_WEIGHT = 1.0
LEAD_REACH = 3.0
NUMBER_WEIGHT = 0.05
SALIENCE_WEIGHT = 0.025

# A sentence within its section. From the prototype in which they were set by hand; see RESULTS.md for coverage.
SECTION_WEIGHT = 0.6
ARTICLE_WEIGHT = 0.3
HEADING_WEIGHT = 0.3
TITLE_WEIGHT = 0.1
OPENING_WEIGHT = 0.12
COMPANION_COST = 0.1

_WORDS_A_SECTION = 18
_OVERFLOW = 1.15
_PRICES = (0.0, 0.002, 0.005, 0.01, 0.02, 0.04, 0.08)
"""Merit that a word costs: the lowest price at which the sections' sentences fit the budget is taken."""

_FILLED = 0.75
_ENOUGH = 0.65
"""Of the budget: with so much in hand, a summary ends rather than pass its next best sentence over for a worse one."""
_ON_TOPIC = 0.7
_LEAST_COSINE = 0.3


def choose_sentences(material: Material, budget: int) -> list[int]:
    """Return the numbers of the summary's sentences, ascending; at least one where there is any."""
    sections = [section for section in _order_sections(material) if _has_able(material, section)]
    if not sections:
        return _first_whole(material, budget)
    if len(sections) < MINIMUM_SECTIONS:
        return _add_within(material, [], _by_marginal_relevance(material), budget)
    chosen = _cover_sections(material, sections, budget)
    if material.words[chosen].sum() < _FILLED * budget:
        chosen = _add_within(material, chosen, _by_marginal_relevance(material), budget)
    return chosen


def choose_key(material: Material) -> list[int]:
    """Return the number of the one sentence that says most, if any stands alone."""
    found = next((number for number in _by_marginal_relevance(material) if material.stands(number)), None)
    return [found] if found is not None else _first_whole(material, 1)


def choose_about(material: Material, query: FloatArray, overlap: FloatArray, budget: int) -> list[int]:
    """Return the numbers of the sentences on a topic, ascending; none where the article has none.

    ``query``: (d,) the topic's embedding; ``overlap``: (s,) the share of the topic's words in each sentence.
    """
    cosines = material.embeddings @ query
    able = material.list_able()
    if not able or (cosines[able].max() < _LEAST_COSINE and overlap[able].max() <= 0):
        return []
    scores = cosines + overlap
    bound = _ON_TOPIC * float(scores[able].max())
    ranked = sorted((number for number in able if scores[number] >= bound), key=lambda number: -scores[number])
    return _add_within(material, [], ranked, budget)


def _order_sections(material: Material) -> list[int]:
    return list(dict.fromkeys(material.sections.tolist()))


def _has_able(material: Material, section: int) -> bool:
    return any(material.companions(number) for number in np.flatnonzero(material.sections == section).tolist())


def _by_marginal_relevance(material: Material) -> Iterator[int]:
    """Yield sentences that may be chosen by what each adds to those before it, up to twice as many as are ever shown.

    Which sentences may be chosen is asked as late as possible.
    """
    embeddings = material.embeddings
    relevance = (
        material.centrality
        + LEAD_WEIGHT * np.exp(-np.arange(len(material), dtype=np.float32) / np.float32(LEAD_REACH))
        + NUMBER_WEIGHT * material.has_number
        + SALIENCE_WEIGHT * material.salience
    )
    redundancy = np.zeros(len(material), dtype=np.float32)
    left = np.ones(len(material), dtype=np.bool_)
    found = 0
    while found < 2 * MAXIMUM_SENTENCES and left.any():
        gain = np.where(left, RELEVANCE * relevance - (1 - RELEVANCE) * redundancy, -np.inf)
        pick = int(np.argmax(gain))
        left[pick] = False
        if material.companions(pick):
            found += 1
            yield pick
            redundancy = np.maximum(redundancy, embeddings @ embeddings[pick])


def _cover_sections(material: Material, sections: Sequence[int], budget: int) -> list[int]:
    """Take the lead and one sentence, with its companions, of as many sections as the budget holds."""
    merits, weight = _merit_in_section(material)
    members: dict[int, list[int]] = {section: [] for section in sections}
    for number, section in enumerate(material.sections.tolist()):
        if section in members:
            members[section].append(number)
    lead = _find_lead(material, members[sections[0]])
    ranked = [sections[0], *sorted(sections[1:], key=lambda section: -weight[members[section][0]])]
    members[sections[0]] = [lead]
    merit: list[float] = merits.tolist()
    words: list[int] = material.words.tolist()
    bounds = {price: (price * material.words - merits.astype(np.float64)).tolist() for price in _PRICES}
    most = min(len(sections), MAXIMUM_SENTENCES, max(MINIMUM_SECTIONS, round(budget / _WORDS_A_SECTION)))
    found: dict[tuple[int, float], tuple[int, ...]] = {}
    for count in range(most, 0, -1):
        for price in _PRICES:
            picked: set[int] = set()
            for section in ranked[:count]:
                if (section, price) not in found:
                    best = _find_best(material, members[section], merit, words, price, bounds[price])
                    found[section, price] = material.companions(best)
                picked.update(found[section, price])
            if len(picked) <= MAXIMUM_SENTENCES + 2 and sum(words[number] for number in picked) <= _OVERFLOW * budget:
                return sorted(picked)
    return sorted(material.companions(lead))


def _find_lead(material: Material, members: Sequence[int]) -> int:
    """Return the first sentence that stands, else the first that may be chosen."""
    standing = next((number for number in members if material.stands(number)), None)
    return next(number for number in members if material.companions(number)) if standing is None else standing


def _find_best(
    material: Material,
    members: Sequence[int],
    merit: Sequence[float],
    words: Sequence[int],
    price: float,
    bounds: Sequence[float],
) -> int:
    """Return the sentence worth most; companions only ever take worth away, so few need to be looked at.

    ``bounds``: of every sentence, the least by which its price exceeds its merit. ``members`` ascend.
    """
    best, most = -1, -math.inf
    for number in sorted(members, key=bounds.__getitem__):
        bound = bounds[number]
        if -bound < most or (-bound == most and number > best):
            break
        chain = material.companions(number)
        if not chain:
            continue
        worth = merit[number] - COMPANION_COST * (len(chain) - 1) - price * sum(words[other] for other in chain)
        if worth > most or (worth == most and number < best):
            best, most = number, worth
    return best


def _merit_in_section(material: Material) -> tuple[FloatArray, FloatArray]:
    """Return (s,) how good each sentence is for its section, and how near its section is to the whole article."""
    centres = find_centres(material.embeddings, material.sections)
    merit = (
        SECTION_WEIGHT * np.einsum("ij,ij->i", material.embeddings, centres)
        + ARTICLE_WEIGHT * material.centrality
        + HEADING_WEIGHT * material.on_heading
        + TITLE_WEIGHT * material.on_title
        + NUMBER_WEIGHT * material.has_number
        + OPENING_WEIGHT * np.exp(-material.ranks / 2)
    ).astype(np.float32)
    return merit, centres @ material.centre


def _add_within(material: Material, chosen: Iterable[int], ranked: Iterable[int], budget: int) -> list[int]:
    """Add sentences with their companions by merit until one would pass the budget by half its length.

    Where little is in hand by then, that one is passed over for shorter ones.
    """
    taken = set(chosen)
    words = int(material.words[list(taken)].sum()) if taken else 0
    for number in ranked:
        if taken and (words >= budget or len(taken) >= MAXIMUM_SENTENCES):
            break
        new = set(material.companions(number)) - taken
        length = int(material.words[list(new)].sum()) if new else 0
        if taken and words + length / 2 > budget and words >= _ENOUGH * budget:
            break
        if not new or (taken and (words + length / 2 > budget or len(taken) + len(new) > MAXIMUM_SENTENCES)):
            continue
        taken |= new
        words += length
    return sorted(taken)


def _first_whole(material: Material, budget: int) -> list[int]:
    """Return the beginning of an article none of whose sentences stands alone."""
    ends = np.cumsum(material.words)
    return list(range(max(1, int(np.searchsorted(ends, budget, side="right"))))) if len(material) else []
