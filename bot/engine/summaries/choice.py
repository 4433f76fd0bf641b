"""Which sentences make the summary: the best of every section, or the best of all by marginal relevance.

The weights were chosen on 300 CNN/DailyMail articles (benchmarks/summary_quality.py); RESULTS.md has 700 others.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from bot.engine.ports import FloatArray
from bot.engine.summaries.material import Material, find_centre

MINIMUM_SECTIONS = 3
MAXIMUM_SENTENCES = 8

# Maximal marginal relevance (Carbonell and Goldstein, 1998): centrality and the pull of the beginning, against
# redundancy with what is chosen already.
RELEVANCE = 0.9
LEAD_WEIGHT = 0.6
LEAD_REACH = 5.0
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
_ON_TOPIC = 0.7
_LEAST_COSINE = 0.3

Floats = npt.NDArray[np.float32]


def choose_sentences(material: Material, budget: int) -> list[int]:
    """Return the numbers of the summary's sentences, ascending; at least one where there is any."""
    able = [number for number, chain in enumerate(material.companions) if chain]
    if not able:
        return _first_whole(material, budget)
    sections = list(dict.fromkeys(material.sections[able].tolist()))
    if len(sections) < MINIMUM_SECTIONS:
        return _add_within(material, [], _by_marginal_relevance(material, able), budget)
    chosen = _cover_sections(material, able, sections, budget)
    if material.words[chosen].sum() < _FILLED * budget:
        chosen = _add_within(material, chosen, _by_marginal_relevance(material, able), budget)
    return chosen


def choose_key(material: Material) -> list[int]:
    """Return the number of the one sentence that says most, if any stands alone."""
    able = np.flatnonzero(material.stands).tolist()
    return _by_marginal_relevance(material, able)[:1] if able else _first_whole(material, 1)


def choose_about(material: Material, query: FloatArray, overlap: FloatArray, budget: int) -> list[int]:
    """Return the numbers of the sentences on a topic, ascending; none where the article has none.

    ``query``: (d,) the topic's embedding; ``overlap``: (s,) the share of the topic's words in each sentence.
    """
    cosines = material.embeddings @ query
    able = [number for number, chain in enumerate(material.companions) if chain]
    if not able or (cosines[able].max() < _LEAST_COSINE and overlap[able].max() <= 0):
        return []
    scores = cosines + overlap
    bound = _ON_TOPIC * float(scores[able].max())
    ranked = sorted((number for number in able if scores[number] >= bound), key=lambda number: -scores[number])
    return _add_within(material, [], ranked, budget)


def _by_marginal_relevance(material: Material, able: Sequence[int]) -> list[int]:
    """Return sentences by what each adds to those before it."""
    embeddings = material.embeddings[able]
    relevance = (
        embeddings @ find_centre(embeddings)
        + LEAD_WEIGHT * np.exp(-np.array(able, dtype=np.float32) / np.float32(LEAD_REACH))
        + NUMBER_WEIGHT * material.has_number[able]
        + SALIENCE_WEIGHT * material.salience[able]
    )
    order: list[int] = []
    redundancy = np.zeros(len(able), dtype=np.float32)
    while len(order) < min(len(able), 2 * MAXIMUM_SENTENCES):
        gain = RELEVANCE * relevance - (1 - RELEVANCE) * redundancy
        gain[order] = -np.inf
        pick = int(np.argmax(gain))
        order.append(pick)
        redundancy = np.maximum(redundancy, embeddings @ embeddings[pick])
    return [able[place] for place in order]


def _cover_sections(material: Material, able: Sequence[int], sections: Sequence[int], budget: int) -> list[int]:
    """Take the lead and one sentence, with its companions, of as many sections as the budget holds."""
    merit = _merit_in_section(material)
    members = {section: [number for number in able if material.sections[number] == section] for section in sections}
    article = find_centre(material.embeddings)
    weight = {
        section: float(find_centre(material.embeddings[material.sections == section]) @ article) for section in sections
    }
    lead = min(members[sections[0]], key=lambda number: (not material.stands[number], number))
    members[sections[0]] = [lead]
    ranked = [sections[0], *sorted(sections[1:], key=lambda section: -weight[section])]
    most = min(len(sections), MAXIMUM_SENTENCES, max(MINIMUM_SECTIONS, round(budget / _WORDS_A_SECTION)))
    for count in range(most, 0, -1):
        for price in _PRICES:
            picked: set[int] = set()
            for section in ranked[:count]:
                best = max(members[section], key=lambda number: (_worth(material, merit, number, price), -number))
                picked.update(material.companions[best])
            if len(picked) <= MAXIMUM_SENTENCES + 2 and material.words[list(picked)].sum() <= _OVERFLOW * budget:
                return sorted(picked)
    return sorted(material.companions[lead])


def _worth(material: Material, merit: Floats, number: int, price: float) -> float:
    chain = material.companions[number]
    words = int(material.words[list(chain)].sum())
    return float(merit[number]) - COMPANION_COST * (len(chain) - 1) - price * words


def _merit_in_section(material: Material) -> Floats:
    own = np.zeros(len(material), dtype=np.float32)
    for section in np.unique(material.sections):
        held = material.sections == section
        own[held] = material.embeddings[held] @ find_centre(material.embeddings[held])
    merit: Floats = (
        SECTION_WEIGHT * own
        + ARTICLE_WEIGHT * material.centrality
        + HEADING_WEIGHT * material.on_heading
        + TITLE_WEIGHT * material.on_title
        + NUMBER_WEIGHT * material.has_number
        + OPENING_WEIGHT * np.exp(-material.ranks / 2)
    ).astype(np.float32)
    return merit


def _add_within(material: Material, chosen: Iterable[int], ranked: Sequence[int], budget: int) -> list[int]:
    """Add sentences with their companions by merit; what passes the budget by half its length is passed over."""
    taken = set(chosen)
    words = int(material.words[list(taken)].sum()) if taken else 0
    for number in ranked:
        new = set(material.companions[number]) - taken
        length = int(material.words[list(new)].sum()) if new else 0
        if not new or (taken and (words + length / 2 > budget or len(taken) + len(new) > MAXIMUM_SENTENCES)):
            continue
        taken |= new
        words += length
    return sorted(taken)


def _first_whole(material: Material, budget: int) -> list[int]:
    """Return the beginning of an article none of whose sentences stands alone."""
    ends = np.cumsum(material.words)
    return list(range(max(1, int(np.searchsorted(ends, budget, side="right"))))) if len(material) else []
