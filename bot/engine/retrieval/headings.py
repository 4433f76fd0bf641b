"""Questions that are a heading's own words: what answers them stands under that heading, whatever words it uses."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from bot.engine.ports.encoders import FloatArray
from bot.engine.retrieval.query import QueryTerms
from bot.engine.retrieval.snapshot import Snapshot

HEADING_BOOST = 8.0
"""Added to the score of a passage whose heading is the question itself. Chosen by hand on the nine questions that head
one article, for no public set at hand has headings: a rule for questions put as the article puts them, not a fit."""

_LEAST_SHARE = 0.6
_ENOUGH_OF_HEADING = 0.5


def boost_by_heading(snapshot: Snapshot, rows: npt.NDArray[np.int64], query: QueryTerms) -> FloatArray:
    """Return (c,) what each row gains.

    That grows from three fifths of the question's topical words (by idf) upwards, and with the share of the headings'
    own words that the question holds, up to a half: a word or two that many headings share are no heading.
    """
    boosts = np.zeros(len(rows), dtype=np.float32)
    terms = query.hashes[query.topical]
    weights = snapshot.postings.idf(terms)
    total = float(weights.sum())
    if total <= 0:
        return boosts
    for place, row in enumerate(rows.tolist()):
        headings = snapshot.heading_terms(row)
        if not len(headings):
            continue
        headings = np.unique(headings)
        asked = float(weights[np.isin(terms, headings)].sum()) / total
        if asked > _LEAST_SHARE:
            own = snapshot.postings.idf(headings)
            held = float(own[np.isin(headings, query.hashes)].sum()) / max(float(own.sum()), 1e-9)
            share = (asked - _LEAST_SHARE) / (1 - _LEAST_SHARE)
            boosts[place] = HEADING_BOOST * share * min(1.0, held / _ENOUGH_OF_HEADING)
    return boosts
